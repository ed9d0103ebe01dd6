using System.Text.Json.Serialization;

namespace Baton.Core.Assist;

/// <summary>
/// One request for suggestions, from asking to its end. Stored before anybody is asked, so that an answer that overtakes the reply to our question finds it, and a restart loses none.
/// It holds no word of the transcript.
/// </summary>
public sealed record AssistRequest
{
    public required AssistRequestId Id { get; init; }
    public required string ConversationId { get; init; }
    public string? QueueId { get; init; }
    public string? AgentId { get; init; }
    public required IReadOnlyList<string> AgentSkills { get; init; }
    public required IReadOnlyList<string> KnowledgeSourceIds { get; init; }
    public required int Show { get; init; }
    public required DateTimeOffset AskedAt { get; init; }
    public AssistState State { get; init; }

    /// <summary>Counts the commits; a commit that knows an older version is refused.</summary>
    public int Version { get; init; } = 1;

    /// <summary>What the platform calls it; null while that is not known.</summary>
    public string? VendorId { get; init; }

    /// <summary>When it is given up waiting for; null when nothing is waited for.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When the first suggestion was there; null while there is none.</summary>
    public DateTimeOffset? FirstAt { get; init; }

    /// <summary>When the callback came.</summary>
    public DateTimeOffset? CalledBackAt { get; init; }

    /// <summary>The last status other than <c>completed</c> that a callback told.</summary>
    public string? LastStatus { get; init; }
    public IReadOnlyList<SourceReport> Sources { get; init; } = [];

    [JsonIgnore]
    public bool IsOpen => State is AssistState.Asking or AssistState.Waiting;

    /// <summary>The sources have been asked: what they said, and whether one answers later.</summary>
    public AssistStep Answered(IReadOnlyList<SourceReport> sources, string? vendorId, IReadOnlyList<Suggestion> suggestions, DateTimeOffset now)
    {
        var waits = sources.Any(s => s.State == SourceState.Pending);
        var next = this with
        {
            Version = Version + 1,
            State = waits ? AssistState.Waiting : AssistState.Done,
            DueAt = waits ? DueAt : null,
            VendorId = vendorId ?? VendorId,
            FirstAt = suggestions.Count > 0 ? now : null,
            Sources = sources,
        };
        return new AssistStep(next, "answered", now) { Added = suggestions };
    }

    /// <summary>A callback that is <c>completed</c>, ranked: its suggestions stand behind those that an agent may be reading.</summary>
    /// <param name="folded">Suggestions already offered that the callback has as well.</param>
    public AssistStep CalledBack(DateTimeOffset at, SourceReport report, IReadOnlyList<Suggestion> added, IReadOnlyList<Suggestion> folded, DateTimeOffset now) =>
        new(this with
        {
            Version = Version + 1,
            State = AssistState.Done,
            DueAt = null,
            FirstAt = FirstAt ?? (added.Count > 0 ? now : null),
            CalledBackAt = at,
            Sources = [.. Sources.Where(s => s.Name != report.Name), report],
        }, "calledBack", now)
        { Added = added, Folded = folded };

    /// <summary>A callback that says it is not done, or that it failed.</summary>
    public AssistStep Told(string status, SourceReport? failed, DateTimeOffset now) => new(this with
    {
        Version = Version + 1,
        LastStatus = status,
        State = failed is null ? State : AssistState.Done,
        DueAt = failed is null ? DueAt : null,
        Sources = failed is null ? Sources : [.. Sources.Where(s => s.Name != failed.Name), failed],
    }, failed is null ? "stillWorking" : "sourceFailed", now);

    /// <summary>Nobody has answered in time. An answer that comes afterwards is taken all the same.</summary>
    public AssistStep TimedOut(DateTimeOffset now) => new(this with
    {
        Version = Version + 1,
        State = AssistState.TimedOut,
        DueAt = null,
        Sources = [.. Sources.Select(s => s.State == SourceState.Pending ? s with { State = SourceState.Late, Sentence = "No callback came in time." } : s)],
    }, "timedOut", now);
}

/// <summary>Names are stored; the database's CHECK constraint mirrors them.</summary>
public enum AssistState
{
    /// <summary>The sources are being asked.</summary>
    Asking,

    /// <summary>A callback is waited for.</summary>
    Waiting,
    Done,

    /// <summary>The callback did not come in time.</summary>
    TimedOut,
}

/// <param name="Milliseconds">From the question to its answer, or to the deadline.</param>
/// <param name="Count">Suggestions it gave.</param>
/// <param name="Sentence">What is to be said of it; null when there is nothing.</param>
public sealed record SourceReport(string Name, SourceState State, double Milliseconds, int Count, string? Sentence = null);

public enum SourceState
{
    Answered,

    /// <summary>It answered and has nothing.</summary>
    Empty,

    /// <summary>It answers by callback.</summary>
    Pending,

    /// <summary>Not there by the deadline.</summary>
    Late,
    Failed,
}

/// <summary>A request's next version and what comes with it: committed together.</summary>
/// <param name="What">For the audit trail: a past-tense fact.</param>
public sealed record AssistStep(AssistRequest Request, string What, DateTimeOffset At)
{
    /// <summary>Offered behind those that are there, in this order.</summary>
    public IReadOnlyList<Suggestion> Added { get; init; } = [];

    /// <summary>Already offered ones whose sources have grown.</summary>
    public IReadOnlyList<Suggestion> Folded { get; init; } = [];
}
