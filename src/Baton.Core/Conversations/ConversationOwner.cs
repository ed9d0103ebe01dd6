using Baton.Core.Handoffs;

namespace Baton.Core.Conversations;

public enum OwnerKind { Bot, Queue, Agent, Nobody }

/// <summary>Who may speak to the customer.</summary>
public sealed record Owner(OwnerKind Kind)
{
    public static Owner Nobody { get; } = new(OwnerKind.Nobody);
    public static Owner Bot { get; } = new(OwnerKind.Bot);

    public string? QueueId { get; init; }
    public string? AgentId { get; init; }

    /// <summary>Whom a handoff's transition gives the conversation to; null: it stays where it is.</summary>
    /// <param name="holder">Who has it, where that was told; asked when the people are done with it.</param>
    public static Owner? After(Handoff before, Handoff now, Owner? holder) => now.State switch
    {
        HandoffState.Queued when now.QueuedAt != before.QueuedAt => new Owner(OwnerKind.Queue) { QueueId = now.Intent?.QueueId },
        HandoffState.WithAgent => new Owner(OwnerKind.Agent) { AgentId = now.AgentId },
        // One that never left the bot is the bot's all along.
        HandoffState.ReturnedToBot when now.ConfirmedAt is not null => Bot,
        HandoffState.Abandoned => Nobody,
        HandoffState.Completed => holder?.Kind == OwnerKind.Bot ? Bot : Nobody,
        _ => null,
    };
}

/// <summary>The owner with the number of changes: whoever acts on an older number acts on what is no longer so.</summary>
/// <param name="Epoch">Grows with each change, from 1.</param>
/// <param name="Since">Null: from the beginning.</param>
public sealed record ConversationOwner(string ConversationId, Owner Owner, long Epoch, DateTimeOffset? Since);
