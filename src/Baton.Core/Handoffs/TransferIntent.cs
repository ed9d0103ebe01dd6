using Baton.Core.Conversations;

namespace Baton.Core.Handoffs;

/// <summary>
/// What was about to be sent, committed before it was sent. A repeated call names this leg again and never a newly looked-up one:
/// the platform refuses a leg that has left, and that is the last fence against a second transfer.
/// </summary>
/// <param name="Attempt">1 for the first call to this queue.</param>
/// <param name="LegId">The participant to be replaced.</param>
/// <param name="Seen">Every participant that was there before: an old leg of the same queue does not confirm a new transfer.</param>
public sealed record TransferIntent(string ConversationId, int Attempt, string LegId, string QueueId, IReadOnlyList<string> Seen, DateTimeOffset At)
{
    /// <summary>What the agent must be able to do, for flavors whose transfer itself asks for it; null or empty: nothing in particular.</summary>
    public IReadOnlyList<string>? Skills { get; init; }

    /// <summary>The transfers that were under way before, by their ids.</summary>
    public IReadOnlyList<string>? SeenTransfers { get; init; }

    /// <summary>The guest is enqueued (guide 003), in place of a transfer of the leg. Such a call names no leg: what keeps it from happening twice is the look before it is sent again.</summary>
    public bool Enqueues { get; init; }

    /// <summary>How often the platform has accepted it. What it accepts and does not carry out is given up after a few times; what got lost on the way, only when the time is over.</summary>
    public int Accepted { get; init; }

    /// <summary>How often in a row the platform answered "too many calls".</summary>
    public int Delays { get; init; }

    /// <summary>What the platform's answer was called, where it speaks HTTP; null when there was none.</summary>
    public int? Status { get; init; }

    /// <summary>When the call was answered, or its answer given up: from then on it gets its time to settle. Null while it is under way, and when the process died with it.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>From then on, a transfer that is not there has not happened. The platform may have begun as late as it answered.</summary>
    public DateTimeOffset SettledAt(HandoffPace pace) => (AnsweredAt ?? At + pace.SendWithin) + pace.Settle;

    /// <summary>What a reading of the conversation says of this intent.</summary>
    public TransferSighting Look(ConversationView view)
    {
        var arrived = view.Participants.LastOrDefault(IsOurs);
        var legIsThere = view.Participants.Any(p => p.Id == LegId && p.EndedAt is null);
        // A leg that has left for another queue can no longer leave for ours: what is under way there, and who answers, is not ours.
        var movedElsewhere = arrived is null && !legIsThere && view.Participants.Any(p => p.Role == ParticipantRole.Queue && !Seen.Contains(p.Id));
        if (view.ConnectedAgent is { } agent && !movedElsewhere && (arrived is not null || !Seen.Contains(agent.Id))) return new TransferSighting.WithAgent(arrived?.Id, agent);
        if (view.CustomerIsGone) return new TransferSighting.CustomerGone(arrived?.Id);
        if (arrived is { EndedAt: null }) return new TransferSighting.InQueue(arrived.Id);
        if (arrived is not null) return new TransferSighting.PassedThrough(arrived.Id);
        if (movedElsewhere) return new TransferSighting.LegLeft();
        if (IsUnderWay(view)) return new TransferSighting.UnderWay();
        if (view.TransferFailedAt >= At) return new TransferSighting.GivenUp();
        return legIsThere ? new TransferSighting.NotThere() : new TransferSighting.LegLeft();
    }

    // The platform calls a transfer under way until an agent accepts: the one that brought a waiting conversation to where it waits says nothing of the next.
    bool IsUnderWay(ConversationView view) => view.TransfersUnderWay.Count > 0 ? view.TransfersUnderWay.Any(t => SeenTransfers?.Contains(t) != true) : view.TransferInProgress;

    bool IsOurs(Participant p) => p.Role == ParticipantRole.Queue && p.QueueId == QueueId && !Seen.Contains(p.Id);
}

/// <summary>What an enqueuing transfer carries beside its destination.</summary>
/// <param name="Welcome">What the agent reads on accepting.</param>
/// <param name="Initial">What the customer reads on entering the queue; null: nothing.</param>
/// <param name="Priority">1..10.</param>
public sealed record TransferWords(string Welcome, string? Initial, int Priority);

/// <summary>Where the conversation is, seen from a transfer that was sent or may have been.</summary>
public abstract record TransferSighting
{
    public sealed record InQueue(string LegId) : TransferSighting;

    /// <param name="LegId">The queue's leg, when the reading still shows it.</param>
    public sealed record WithAgent(string? LegId, Participant Agent) : TransferSighting;

    /// <summary>It reached the queue and the queue's leg has ended with nobody connected: an agent is being alerted, or somebody moved it on.</summary>
    public sealed record PassedThrough(string LegId) : TransferSighting;

    public sealed record CustomerGone(string? LegId) : TransferSighting;

    /// <summary>The platform says Pending or Active.</summary>
    public sealed record UnderWay : TransferSighting;

    /// <summary>The platform gave a transfer up after the intent, and the leg is still there.</summary>
    public sealed record GivenUp : TransferSighting;

    /// <summary>Nothing has happened: the leg is still there and no new one of the queue.</summary>
    public sealed record NotThere : TransferSighting;

    /// <summary>The leg has left, but not to our queue: somebody else moved the conversation.</summary>
    public sealed record LegLeft : TransferSighting;
}
