namespace Baton.Core.Assist;

/// <summary>
/// One place suggestions come from. Sources are asked side by side under one deadline; one that fails or is late is reported and holds up nobody.
/// Throws <see cref="ContactCenterException"/> when it could not answer; the token ends at the deadline.
/// </summary>
public interface ISuggestionSource
{
    /// <summary>As reports and settings name it: <c>guide</c>, <c>platform</c>, <c>knowledge</c>, <c>local</c>.</summary>
    string Name { get; }

    Task<SourceAnswer> AskAsync(SourceQuestion question, CancellationToken ct);

    /// <summary>Whether it wants to know what agents do with its suggestions.</summary>
    bool TakesEngagements => false;

    /// <summary>Tells it what an agent did with a suggestion of its own; may be told twice.</summary>
    Task EngageAsync(Suggestion suggestion, SuggestionState did, CancellationToken ct) => Task.CompletedTask;
}

/// <param name="CallbackUrl">Where an answer that comes later is sent, with our request's id in it; null when nothing is configured.</param>
public sealed record SourceQuestion(AssistRequestId Request, AssistQuestion Asked, AssistQuery Query, string? CallbackUrl);

public abstract record SourceAnswer
{
    /// <summary>What it has, best first; empty when it has nothing.</summary>
    /// <param name="Passed">How many of its entries could not be used, with the first one's reason: nothing is dropped in silence.</param>
    public sealed record Found(IReadOnlyList<Candidate> Candidates, int Passed = 0, string? Why = null) : SourceAnswer;

    /// <summary>It answers later, by callback.</summary>
    /// <param name="RequestId">What the source calls the request.</param>
    public sealed record Later(string? RequestId) : SourceAnswer;
}

/// <summary>A suggestion as a source gives it, before ranking.</summary>
/// <param name="Id">The source's own id of it.</param>
/// <param name="Confidence">0..1.</param>
/// <param name="KnowledgeSourceId">Where it is from: a knowledge base, a folder. Nothing without a source is shown.</param>
public sealed record Candidate(string Source, string Id, string Title, string Content, double Confidence, string KnowledgeSourceId)
{
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>What stays the same when the same thing is suggested again: the article where there is one, else the suggestion. Feedback is counted by it.</summary>
    public string Subject { get; init; } = Id;

    /// <summary>An address a person can open; null when there is none.</summary>
    public string? Link { get; init; }
}
