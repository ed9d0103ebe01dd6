using System.Text.Json.Serialization;
using Baton.Core.Policies;

namespace Baton.Core.Handoffs;

/// <summary>
/// One request to move a conversation from the bot to a human, from request to its end. Immutable; <see cref="Apply"/> is the only way it changes.
/// What is to be done next is data (<see cref="Todo"/>, <see cref="DueAt"/>), stored with the state: a process that dies leaves behind exactly what the next one
/// has to do. Calls that must not happen twice are never a todo. They are sent once, right after the commit that says so, and the todo stored with that commit
/// is the look that finds out whether they happened.
/// </summary>
public sealed partial record Handoff
{
    public required HandoffId Id { get; init; }
    public required string ConversationId { get; init; }
    public required HandoffPlan Plan { get; init; }
    public required HandoffOrigin Origin { get; init; }
    public required DateTimeOffset RequestedAt { get; init; }
    public HandoffState State { get; init; }

    /// <summary>Counts the commits; a commit that knows an older version is refused.</summary>
    public int Version { get; init; }
    public DateTimeOffset ChangedAt { get; init; }

    public Todo Todo { get; init; }

    /// <summary>When <see cref="Todo"/> is to be done; null when there is nothing to do.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>How often the current todo has been tried in vain.</summary>
    public int Tries { get; init; }

    /// <summary>Which step of the plan is being tried, from 0.</summary>
    public int Step { get; init; }

    /// <summary>The transfer that was sent, or may have been, or is next.</summary>
    public TransferIntent? Intent { get; init; }

    /// <summary>The queue's display name, for people.</summary>
    public string? QueueName { get; init; }
    public string? CustomerParticipantId { get; init; }

    /// <summary>The leg through which the customer can be told something now.</summary>
    public string? SpeakingCommunicationId { get; init; }

    public bool IsBriefed { get; init; }

    /// <summary>The leg that the last confirmed transfer replaced. A reading in which it is still there is older than what is known.</summary>
    public string? LeftLegId { get; init; }

    /// <summary>The guest in whose session the conversation is held, where that is known (guide 003).</summary>
    public string? GuestId { get; init; }

    /// <summary>What the guest and the bot wrote, redacted, as the agent reads it on accepting; erased with the customer.</summary>
    public string? Welcome { get; init; }
    public Telling? Telling { get; init; }

    /// <summary>When the first transfer was confirmed.</summary>
    public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary>When the conversation entered the queue it waits in.</summary>
    public DateTimeOffset? QueuedAt { get; init; }
    public string? AgentId { get; init; }

    /// <summary>As the platform names the agent; null where it did not.</summary>
    public string? AgentName { get; init; }
    public DateTimeOffset? AgentAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What went wrong, or nearly; kept when a later step succeeds.</summary>
    public FailureKind? Failure { get; init; }
    public string? FailureSentence { get; init; }

    [JsonIgnore]
    public RouteStep CurrentStep => Plan.Steps[Step];
    public bool IsWaitingLongerThan(TimeSpan? wait, DateTimeOffset now) => wait is { } limit && QueuedAt is { } since && now - since >= limit;

    /// <summary>A new handoff, due at once.</summary>
    public static Handoff Request(HandoffId id, string conversationId, HandoffPlan plan, HandoffOrigin origin, DateTimeOffset now) => new()
    {
        Id = id,
        ConversationId = conversationId,
        Plan = plan.Steps.Count > 0 ? plan : throw new ArgumentException("A handoff needs at least one queue to go to.", nameof(plan)),
        Origin = origin,
        RequestedAt = now,
        ChangedAt = now,
        Todo = Todo.Prepare,
        DueAt = now,
        Version = 1,
    };
}

/// <summary>Who asked, and why: what the agent reads first.</summary>
/// <param name="By"><c>policy</c>, or the name of the key or person who asked.</param>
/// <param name="Policy">The policy that decided; null when a person asked.</param>
/// <param name="Reasons">Sentences, the deciding one first.</param>
public sealed record HandoffOrigin(string By, IReadOnlyList<Reason> Reasons, PolicyVersion? Policy)
{
    /// <summary>The handoff this one tries again.</summary>
    public HandoffId? RetryOf { get; init; }
}

/// <summary>The next thing the runner does for a handoff. Each may be repeated without harm. Their order is who goes first when calls are short.</summary>
public enum Todo
{
    /// <summary>Nothing to do.</summary>
    None,

    /// <summary>The transfer was not executed (429) or is known not to have happened: commit a new attempt, then send.</summary>
    SendTransfer,

    /// <summary>Look whether the transfer has happened.</summary>
    FindTransfer,

    /// <summary>Put the briefing on the customer's participant.</summary>
    Brief,

    /// <summary>Skills, priority, language.</summary>
    SetRouting,

    /// <summary>Read the conversation, check the queue.</summary>
    Prepare,

    /// <summary>Commit that the customer is being told, then send.</summary>
    SendMessage,

    /// <summary>Look whether the customer was told.</summary>
    FindMessage,

    /// <summary>Look how it goes on.</summary>
    Follow,
}

/// <summary>A message to the customer on its way: committed before it is sent, looked for before it is sent again.</summary>
/// <param name="Attempt">0 while it has not been sent.</param>
public sealed record Telling(MessageKind Kind, string Text, int Attempt, DateTimeOffset At);

public enum MessageKind { Transferring, StillLooking, NobodyCame, NotPossible }
