using System.Text;
using Microsoft.Extensions.Logging;

namespace Baton.Core.Assist;

/// <summary>
/// Guide 004's own audit log (<c>agentassist_audit.log</c>), beside Baton's chained trail: a line of JSON an interaction. Only ever appended to, a line with one write, so that several
/// processes may share it. A file that cannot be written stops nobody: the interaction is in the store by then.
/// </summary>
static partial class AssistAuditFile
{
    public static void Append(string? path, Suggestion suggestion, Engagement did, ILogger log)
    {
        if (path is null) return;
        try
        {
            using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            file.Write(Encoding.UTF8.GetBytes(AssistNotices.Body(suggestion, did) + "\n"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            NotWritten(log, path, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Error, "The assist audit file {Path} could not be written: {Why}")]
    static partial void NotWritten(ILogger log, string path, string why);
}
