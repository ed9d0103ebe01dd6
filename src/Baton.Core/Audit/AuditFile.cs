using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baton.Core.Audit;

/// <summary>
/// An audit trail as text that can be verified elsewhere, without the database: one JSON object a line, first the checkpoints, then the heads, then the entries
/// by chain and sequence. An entry's facts are a string, so that they stay byte for byte what was hashed.
/// </summary>
public static class AuditFile
{
    public static string LineOf(AuditEntry entry) => Write(new AuditLine { Entry = entry });

    /// <summary>Null when the line holds no entry.</summary>
    public static AuditEntry? EntryOf(string line) => Read(line)?.Entry;

    public static async Task ExportAsync(IBatonStore store, TextWriter file, CancellationToken ct)
    {
        await foreach (var checkpoint in store.CheckpointsAsync(ct)) await file.WriteLineAsync(Write(new AuditLine { Checkpoint = checkpoint }).AsMemory(), ct);
        var heads = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var head in await store.AuditHeadsAsync(ct))
        {
            heads[head.Chain] = head.Sequence;
            await file.WriteLineAsync(Write(new AuditLine { Head = head }).AsMemory(), ct);
        }
        // What was entered after the heads were read belongs to the next export.
        await foreach (var entry in store.ReadAuditAsync(null, ct))
            if (entry.Sequence <= heads.GetValueOrDefault(entry.Chain)) await file.WriteLineAsync(LineOf(entry).AsMemory(), ct);
    }

    public static async Task<AuditReport> VerifyAsync(TextReader file, AuditKey? key, AuditMark? noted, CancellationToken ct)
    {
        var verifier = new AuditVerifier(key, noted);
        var hasEntries = false;
        for (var number = 1; await file.ReadLineAsync(ct) is { } text; number++)
        {
            switch (Read(text))
            {
                case { Entry: { } entry }:
                    hasEntries = true;
                    verifier.Add(entry);
                    break;
                case { Head: { } head } when !hasEntries:
                    verifier.Add(head);
                    break;
                case { Checkpoint: { } checkpoint } when !hasEntries:
                    verifier.Add(checkpoint);
                    break;
                default:
                    verifier.Found(AuditProblemKind.Malformed, AuditProblem.Lines, number, "This is no line of an audit file, or stands in the wrong place.");
                    break;
            }
        }
        return verifier.Finish();
    }

    static string Write(AuditLine line) => JsonSerializer.Serialize(line, AuditJson.Default.AuditLine);

    static AuditLine? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, AuditJson.Default.AuditLine);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

sealed record AuditLine
{
    public AuditCheckpoint? Checkpoint { get; init; }
    public AuditHead? Head { get; init; }
    public AuditEntry? Entry { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AuditLine))]
sealed partial class AuditJson : JsonSerializerContext;
