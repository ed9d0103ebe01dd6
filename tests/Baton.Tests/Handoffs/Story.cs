using Baton.Core;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;
using Baton.Core.Policies;

namespace Baton.Tests.Handoffs;

/// <summary>A handoff and what happens to it, event by event, on a clock that moves as told.</summary>
sealed class Story
{
    Story(HandoffPlan? plan) => (Handoff, Last) = (The.Handoff(plan), new Transition(The.Handoff(plan)));

    public Handoff Handoff { get; private set; }
    public DateTimeOffset Now { get; private set; } = The.Start;
    public Transition Last { get; private set; }
    public List<OneSend> Sent { get; } = [];

    /// <summary>A line for each event, as the history and whoever reads it would have it.</summary>
    public List<string> Lines { get; } = [];

    public HandoffState State => Handoff.State;
    public Todo Todo => Handoff.Todo;
    public TimeSpan? DueIn => Handoff.DueAt - Now;
    public IEnumerable<string> Told => Sent.OfType<OneSend.Message>().Select(m => m.Telling.Text);
    public IEnumerable<TransferIntent> Transfers => Sent.OfType<OneSend.Transfer>().Select(t => t.Intent);

    public static Story Of(HandoffPlan? plan = null) => new(plan);

    public Story After(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return this;
    }

    /// <summary>Goes to when the next step is due.</summary>
    public Story WhenDue()
    {
        if (Handoff.DueAt > Now) Now = Handoff.DueAt.Value;
        return this;
    }

    public Story Hears(HandoffEvent occurred)
    {
        Last = Handoff.Apply(occurred, Now, The.Pace);
        Handoff = Last.Handoff;
        if (Last.Send is { } send) Sent.Add(send);
        Lines.Add(Line(occurred));
        return this;
    }

    string Line(HandoffEvent occurred)
    {
        var what = Last switch { { Rejection: { } why } => $"rejected: {why}", { Changed: false } => "nothing new", { IsQuiet: true } => $"({Last.What})", _ => Last.What };
        var due = Handoff.DueAt is null ? "" : FormattableString.Invariant($" in {DueIn!.Value.TotalSeconds:0.###} s");
        var sent = Last.Send switch { OneSend.Transfer t => $" sends transfer {t.Intent.Attempt}{(t.Words is { } w ? $" with '{w.Welcome}', '{w.Initial}', priority {w.Priority}" : "")}", OneSend.Message m => $" sends '{m.Telling.Text}'", _ => "" };
        return $"{occurred.GetType().Name} -> {what}; {State}, v{Handoff.Version}, {Todo}{due}{(Handoff.Tries == 0 ? "" : $", tries {Handoff.Tries}")}{sent}{(Handoff.FailureSentence is null ? "" : $" [{Handoff.Failure}: {Handoff.FailureSentence}]")}";
    }

    public Story Prepared(ConversationView? view = null, QueueCheck? queue = null) => Hears(new HandoffEvent.Prepared(view ?? The.ViewWithBot, queue ?? The.Support));
    public Story Briefed() => Hears(new HandoffEvent.Briefed());
    public Story TransferDue() => Hears(new HandoffEvent.TransferDue());
    public Story Replied(SendReply reply) => Hears(new HandoffEvent.TransferReplied(reply));
    public Story Looked(ConversationView view) => Hears(new HandoffEvent.Looked(view));
    public Story RoutingSet(bool applied = true) => Hears(new HandoffEvent.RoutingSet(applied));
    public Story MessageDue() => Hears(new HandoffEvent.MessageDue());
    public Story MessageReplied(SendReply reply) => Hears(new HandoffEvent.MessageReplied(reply));
    public Story MessageLookedFor(bool found) => Hears(new HandoffEvent.MessageLookedFor(found));
    public Story Canceled() => Hears(new HandoffEvent.CancelRequested("ada"));
    public Story Faulted(FailureKind kind, DateTimeOffset? notBefore = null) => Hears(new HandoffEvent.Faulted(kind, $"It was {kind}.", notBefore));

    // The usual way, up to a point.

    public Story Sending() => Prepared().Briefed();
    public Story Accepted() => Sending().Replied(Accepts);
    public Story Confirmed() => Accepted().WhenDue().Looked(The.ViewInQueue);
    public Story Queued() => Confirmed().MessageDue().MessageReplied(Accepts);
    public Story WithAgent() => Queued().WhenDue().Looked(The.ViewWithAgent);

    public static SendReply Accepts => new SendReply.Accepted();
    public static SendReply Refuses(FailureKind kind) => new SendReply.Refused(kind, $"Refused for {kind}.");
    public static SendReply Loses(FailureKind kind = FailureKind.ReplyLost) => new SendReply.Unknown(kind, "No answer came.");
    public SendReply NotFor(double seconds) => new SendReply.NotNow(Now.AddSeconds(seconds), "Too many calls.");
}
