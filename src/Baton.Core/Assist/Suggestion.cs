using System.Text.Json.Serialization;

namespace Baton.Core.Assist;

/// <summary>A suggestion that an agent was offered, and what became of it. Immutable; <see cref="Apply"/> is the only way it changes.</summary>
public sealed record Suggestion
{
    public required SuggestionId Id { get; init; }
    public required AssistRequestId RequestId { get; init; }
    public required string ConversationId { get; init; }
    public string? QueueId { get; init; }

    /// <summary>The source that has it first; all of them in <see cref="Sources"/>.</summary>
    public required string Source { get; init; }

    /// <summary>The source's own id, by which the platform knows it.</summary>
    public required string SourceId { get; init; }

    /// <summary>What it is about, whoever suggests it: the article. Feedback is counted by it.</summary>
    public required string Subject { get; init; }
    public required string KnowledgeSourceId { get; init; }
    public required string Title { get; init; }
    public required string Content { get; init; }
    public string? Link { get; init; }
    public required Score Score { get; init; }

    /// <summary>Every source that suggested it.</summary>
    public required IReadOnlyList<string> Sources { get; init; }
    public required DateTimeOffset OfferedAt { get; init; }

    /// <summary>From the question to the answer that brought it.</summary>
    public required double ResponseMilliseconds { get; init; }
    public SuggestionState State { get; init; }
    public int Version { get; init; } = 1;
    public DateTimeOffset? DisplayedAt { get; init; }

    /// <summary>When the agent first used it.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>When it stops waiting for an agent; null once its outcome is known.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>True: used; false: seen and not used; null: not known, or never seen. Only what an agent did counts.</summary>
    [JsonIgnore]
    public bool? Accepted => State switch
    {
        SuggestionState.Inserted or SuggestionState.Edited or SuggestionState.Sent => true,
        SuggestionState.Dismissed => false,
        SuggestionState.Expired when DisplayedAt is not null => false,
        _ => null,
    };

    /// <summary>
    /// What an agent did, or did not do. Goes forward only: what comes twice or late changes nothing, and is recorded if it is new. Dismissing what was used is refused, because used is what it was.
    /// </summary>
    public SuggestionStep Apply(Engagement did)
    {
        if (did.Did == SuggestionState.Offered) return Rejected("A suggestion is offered by being suggested, not by an agent.");
        var isUse = did.Did is SuggestionState.Inserted or SuggestionState.Edited or SuggestionState.Sent;
        if (Accepted == true && did.Did is SuggestionState.Dismissed or SuggestionState.Expired) return Rejected($"It was {Word(State)}; it cannot be {Word(did.Did)} any more.");
        if (did.Did == SuggestionState.Expired && State is not (SuggestionState.Offered or SuggestionState.Displayed)) return new SuggestionStep(this, null, null);
        // An agent who uses what was dismissed or has expired has used it.
        var forward = isUse ? Accepted != true || did.Did > State : did.Did > State && State is SuggestionState.Offered or SuggestionState.Displayed;
        var next = this with
        {
            Version = Version + 1,
            State = forward ? did.Did : State,
            DisplayedAt = DisplayedAt ?? (did.Did is SuggestionState.Expired ? null : did.At),
            UsedAt = UsedAt ?? (isUse ? did.At : null),
            ExpiresAt = forward && did.Did != SuggestionState.Displayed ? null : ExpiresAt,
        };
        return new SuggestionStep(next, did, null);
    }

    SuggestionStep Rejected(string sentence) => new(this, null, sentence);

    static string Word(SuggestionState state) => state.ToString().ToLowerInvariant();
}

/// <summary>How far a suggestion has come. Names are stored; the database's CHECK constraint mirrors them.</summary>
public enum SuggestionState
{
    Offered,

    /// <summary>The agent's screen shows it.</summary>
    Displayed,

    /// <summary>Put into the agent's answer.</summary>
    Inserted,

    /// <summary>Inserted and changed.</summary>
    Edited,

    /// <summary>The customer has it.</summary>
    Sent,
    Dismissed,

    /// <summary>Nobody did anything with it in time.</summary>
    Expired,
}

/// <summary>What an agent did with a suggestion, and when.</summary>
/// <param name="AgentId">Null only for <see cref="SuggestionState.Expired"/>, which nobody does.</param>
public sealed record Engagement(SuggestionState Did, string? AgentId, DateTimeOffset At);

/// <param name="Engagement">What is recorded; null when there is nothing new.</param>
/// <param name="Rejection">Why not, as a sentence.</param>
public sealed record SuggestionStep(Suggestion Suggestion, Engagement? Engagement, string? Rejection)
{
    /// <summary>What others are told of it; committed with it.</summary>
    public IReadOnlyList<Deliveries.Delivery> Deliveries { get; init; } = [];

    /// <summary>True when the source is to be told as well.</summary>
    public bool Forward { get; init; }
}
