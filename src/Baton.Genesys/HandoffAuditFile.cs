using System.Buffers;
using System.Text.Json;
using Baton.Core;
using Baton.Core.Handoffs;
using Baton.Genesys.Http;
using Microsoft.Extensions.Logging;

namespace Baton.Genesys;

/// <summary>
/// Guide 000's own audit log, beside Baton's chained trail: one line of JSON for every transfer that was sent, successful or not. Only ever appended to,
/// a line with one write, so that several processes may share the file. A file that cannot be written stops no transfer: it has happened by then.
/// </summary>
sealed partial class HandoffAuditFile(string path, ILogger log)
{
    static readonly JsonWriterOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly Lock gate = new();

    /// <param name="sent">Null when the process was stopped before an answer came.</param>
    public void Append(TransferIntent intent, string transferType, SendReply? sent, DateTimeOffset at, TimeSpan latency)
    {
        var line = Line(intent, transferType, sent, at, latency);
        try
        {
            lock (gate)
            {
                using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
                file.Write(line);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            NotWritten(log, path, e.Message);
        }
    }

    static ReadOnlySpan<byte> Line(TransferIntent intent, string transferType, SendReply? sent, DateTimeOffset at, TimeSpan latency)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteString("timestamp", at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", System.Globalization.CultureInfo.InvariantCulture));
            json.WriteString("conversation_id", intent.ConversationId);
            json.WriteString("participant_id", intent.LegId);
            json.WriteString("queue_id", intent.QueueId);
            json.WriteString("transfer_type", transferType);
            json.WriteNumber("latency_ms", Math.Round((decimal)latency.TotalMilliseconds, 2));
            if (sent is SendReply.Accepted { Status: { } status })
            {
                json.WriteString("status", "success");
                json.WriteNumber("response_status", status);
            }
            else
            {
                json.WriteString("status", "failed");
                if (sent?.Status is { } code) json.WriteNumber("error_code", code);
                else json.WriteNull("error_code");
                json.WriteString("error_message", sent is { } said ? Sentence(said) : "Stopped before an answer came; Baton looks whether it happened.");
            }
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan;
    }

    static string Sentence(SendReply reply) => reply switch
    {
        SendReply.Refused r => r.Sentence,
        SendReply.NotNow r => r.Sentence,
        SendReply.Unknown r => r.Sentence,
        _ => "",
    };

    [LoggerMessage(LogLevel.Error, "The handoff audit file {Path} could not be written: {Why}")]
    static partial void NotWritten(ILogger log, string path, string why);
}
