namespace Baton.Core.Assist;

/// <summary>
/// Requests for suggestions, what was offered, what agents did with it. Each write is one transaction with its audit entries (chain of the conversation, kinds <c>assist.*</c> and
/// <c>suggestion.*</c>, ids and codes only). Ranking and taking callbacks may happen twice on two nodes: the version of the request decides whose result is kept.
/// </summary>
public interface IAssistStore
{
    /// <summary>Writes a request before anybody is asked for it.</summary>
    Task BeginAssistAsync(AssistRequest request, CancellationToken ct);

    /// <summary>Commits a request's next version with what comes with it. False: the version has moved on, and nothing was written.</summary>
    Task<bool> CommitAssistAsync(AssistStep step, CancellationToken ct);

    Task<AssistRequest?> FindAssistAsync(AssistRequestId id, CancellationToken ct);

    /// <summary>By the platform's name for it.</summary>
    Task<AssistRequest?> FindAssistByVendorIdAsync(string vendorId, CancellationToken ct);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<AssistRequest>> ListAssistAsync(AssistFilter filter, CancellationToken ct);

    /// <summary>What a request was answered with, in the order offered.</summary>
    Task<IReadOnlyList<Suggestion>> SuggestionsOfAsync(AssistRequestId request, CancellationToken ct);

    /// <summary>All suggestions of the requests that the filter takes, in the order offered.</summary>
    Task<IReadOnlyList<Suggestion>> ListSuggestionsAsync(AssistFilter filter, CancellationToken ct);
    Task<Suggestion?> FindSuggestionAsync(SuggestionId id, CancellationToken ct);

    /// <summary>Keeps a callback as it came, to be ranked from the table. False: the request had one; nothing was changed.</summary>
    Task<bool> TakeCallbackAsync(AssistCallback callback, CancellationToken ct);

    /// <summary>Callbacks that wait to be ranked, oldest first. Those of a request whose sources are still being asked wait for that, until <paramref name="askedBefore"/>.</summary>
    Task<IReadOnlyList<AssistCallback>> CallbacksToRankAsync(DateTimeOffset askedBefore, int limit, CancellationToken ct);

    /// <summary>Marks a callback as ranked, together with what came of it. False: somebody else has ranked it or the request's version has moved on; nothing was written.</summary>
    Task<bool> CommitCallbackAsync(AssistCallback callback, AssistStep step, CancellationToken ct);

    /// <summary>Open requests whose time is over.</summary>
    Task<IReadOnlyList<AssistRequest>> OverdueAssistAsync(DateTimeOffset now, int limit, CancellationToken ct);

    /// <summary>Offered and displayed suggestions whose time is over.</summary>
    Task<IReadOnlyList<Suggestion>> ExpiredSuggestionsAsync(DateTimeOffset now, int limit, CancellationToken ct);

    /// <summary>
    /// Records what an agent did: the suggestion's next version, the engagement, its deliveries, and the word to the source when it is to be told. The same deed twice is
    /// <see cref="EngageOutcome.Known"/> and changes nothing.
    /// </summary>
    Task<EngageOutcome> EngageAsync(SuggestionStep step, CancellationToken ct);
    Task<IReadOnlyList<RecordedEngagement>> EngagementsOfAsync(SuggestionId suggestion, CancellationToken ct);

    /// <summary>Claims engagements that their source is to be told of, oldest first: nobody else gets them before <paramref name="until"/>.</summary>
    Task<IReadOnlyList<ForwardedEngagement>> ClaimForwardsAsync(DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken ct);

    /// <summary>What telling the source came to. A claim that ran out may still say that it was told, and nothing else.</summary>
    /// <param name="again">When it is tried again; null: told when there is no <paramref name="error"/>, given up when there is one.</param>
    Task CommitForwardAsync(ForwardedEngagement forwarded, DateTimeOffset now, DateTimeOffset? again, string? error, CancellationToken ct);

    /// <summary>The newest outcomes of each subject, at most <paramref name="most"/> of one: what agents saw of it and did. Subjects without any are absent.</summary>
    Task<IReadOnlyDictionary<string, IReadOnlyList<SubjectOutcome>>> OutcomesAsync(IReadOnlyCollection<string> subjects, int most, CancellationToken ct);

    /// <summary>When something of all this is due next; null when there is nothing to wait for.</summary>
    Task<DateTimeOffset?> NextAssistDueAsync(CancellationToken ct);

    /// <summary>Completes when this process has written something an assist runner may wait for.</summary>
    Task WaitForAssistAsync(CancellationToken ct);
}

public sealed record AssistFilter
{
    public string? ConversationId { get; init; }

    /// <summary>Asked at or after.</summary>
    public DateTimeOffset? Since { get; init; }
    public int Limit { get; init; } = 50;
}

/// <summary>A callback as it came in.</summary>
/// <param name="Body">JSON, as received.</param>
public sealed record AssistCallback(AssistRequestId RequestId, string Body, DateTimeOffset At);

public enum EngageOutcome
{
    Recorded,

    /// <summary>Recorded before.</summary>
    Known,

    /// <summary>The suggestion's version has moved on; read again.</summary>
    Moved,
}

/// <param name="Forwarded">When its source was told; null when it was not, or is not to be.</param>
public sealed record RecordedEngagement(SuggestionState Did, string? AgentId, DateTimeOffset At, DateTimeOffset? Forwarded, string? ForwardError);

/// <param name="Attempts">How often telling the source has been tried before.</param>
public sealed record ForwardedEngagement(Suggestion Suggestion, SuggestionState Did, int Attempts);

/// <summary>One time that agents saw something and used it or not.</summary>
public sealed record SubjectOutcome(bool Accepted, DateTimeOffset At);
