namespace Baton.Core.Handoffs;

/// <summary>Where a handoff stands (design 4). Names are stored; the database's CHECK constraint mirrors them.</summary>
public enum HandoffState
{
    /// <summary>Decided; nothing has been sent that could move the conversation.</summary>
    Requested,

    /// <summary>The intent to transfer is committed; whether it has happened is not yet known.</summary>
    Transferring,

    /// <summary>The platform shows the conversation waiting in the queue.</summary>
    Queued,

    /// <summary>An agent has it.</summary>
    WithAgent,

    /// <summary>Not begun, because something already held the conversation or a guard did not hold.</summary>
    Refused,

    /// <summary>The customer left before an agent came.</summary>
    Abandoned,

    /// <summary>No queue could take it: the bot keeps the conversation.</summary>
    ReturnedToBot,

    /// <summary>It could not be done; <see cref="Handoff.Failure"/> says why.</summary>
    Failed,

    /// <summary>A person called it off before it was sent.</summary>
    Canceled,

    /// <summary>The agent's work with the customer is over.</summary>
    Completed,
}

public static class HandoffStates
{
    /// <summary>An ended handoff never changes its state again; it may still owe the customer a message.</summary>
    public static bool IsFinal(this HandoffState state) => state > HandoffState.WithAgent;
}
