using Baton.Core.Deliveries;
using Baton.Core.Policies;

namespace Baton.Core.Handoffs;

/// <summary>Everything that can happen to a handoff. The runner makes most of them from the platform's answers; the rest come from people and vendor events.</summary>
public abstract record HandoffEvent
{
    /// <summary>The conversation was read and the step's queue checked, before anything is sent.</summary>
    public sealed record Prepared(ConversationView View, QueueCheck Queue) : HandoffEvent
    {
        /// <summary>The conversation is moved by enqueuing its guest, so briefing, message and priority go with the transfer.</summary>
        public bool Enqueues { get; init; }
    }

    /// <summary>The todo was tried and could not be done for now, or at all.</summary>
    /// <param name="NotBefore">Null: as the retry schedule says.</param>
    public sealed record Faulted(FailureKind Kind, string Sentence, DateTimeOffset? NotBefore) : HandoffEvent;

    /// <param name="Welcome">What the guest and the bot wrote, as the agent reads it, where the handoff names a guest.</param>
    public sealed record Briefed(string? Welcome = null) : HandoffEvent;

    /// <summary>It is time to send the transfer: commits the next attempt.</summary>
    public sealed record TransferDue : HandoffEvent;

    public sealed record TransferReplied(SendReply Reply) : HandoffEvent;

    /// <summary>The conversation was read, or a vendor event told the same.</summary>
    public sealed record Looked(ConversationView View) : HandoffEvent
    {
        /// <summary>When it was asked for; null: just now. What a slow answer does not show may have happened since.</summary>
        public DateTimeOffset? AsOf { get; init; }
    }

    /// <summary>Whoever tells of every change has not told of the transfer: the platform is read when it has had its time to settle, not before.</summary>
    public sealed record NotToldYet : HandoffEvent;

    /// <param name="Applied">False: an agent was quicker, which is no failure.</param>
    public sealed record RoutingSet(bool Applied) : HandoffEvent;

    /// <summary>It is time to send the message: commits the attempt.</summary>
    public sealed record MessageDue : HandoffEvent;

    public sealed record MessageReplied(SendReply Reply) : HandoffEvent;

    public sealed record MessageLookedFor(bool Found) : HandoffEvent;

    public sealed record CancelRequested(string By) : HandoffEvent;
}

/// <summary>What <see cref="Handoff.Apply"/> answers: the next value, what to send once it is committed, or why nothing changed.</summary>
public sealed record Transition(Handoff Handoff)
{
    /// <summary>False when the event said nothing new: nothing is committed.</summary>
    public bool Changed { get; init; } = true;

    /// <summary>Set when the event cannot happen now: the sentence a caller is told.</summary>
    public string? Rejection { get; init; }

    /// <summary>To be sent once, by the process that committed this, before its lease ends. It is not stored, so no other process sends it.</summary>
    public OneSend? Send { get; init; }

    /// <summary>Who outside is told of it: committed with it (<see cref="Outbox"/>).</summary>
    public IReadOnlyList<Delivery> Deliveries { get; init; } = [];

    /// <summary>What was asked of the contact center before it: goes into the history.</summary>
    public IReadOnlyList<VendorCall> Calls { get; init; } = [];

    /// <summary>What the history and the audit trail call this.</summary>
    public string What { get; init; } = "";

    /// <summary>A look that found nothing new: the row is updated, history and audit trail are not.</summary>
    public bool IsQuiet { get; init; }
}

/// <summary>A call that must not happen twice.</summary>
public abstract record OneSend
{
    /// <param name="Words">What goes with the transfer in the same call; null where nothing can.</param>
    public sealed record Transfer(TransferIntent Intent, TransferWords? Words) : OneSend;

    public sealed record Message(string CommunicationId, Telling Telling) : OneSend;
}
