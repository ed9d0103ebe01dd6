using Baton.Core.Conversations;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Core.Readings;

namespace Baton.Storage.Tests;

/// <summary>The data tests speak of.</summary>
static class The
{
    // Not a whole millisecond: a store that rounds is found.
    public static readonly DateTimeOffset Now = new DateTimeOffset(2026, 5, 4, 9, 30, 0, TimeSpan.Zero).AddTicks(1_234_567);
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    public static readonly PolicyVersion Policy = new("support", "3", "0123456789ab");

    static int ids;

    public static DateTimeOffset In(double seconds) => Now + TimeSpan.FromSeconds(seconds);

    /// <summary>Ids grow with each call, as time does.</summary>
    public static HandoffId Id() => HandoffId.New(Now.AddMilliseconds(Interlocked.Increment(ref ids)));

    public static Handoff Handoff(string conversation) => Baton.Core.Handoffs.Handoff.Request(Id(), conversation,
        new HandoffPlan { Steps = [new RouteStep { Queue = "Billing" }] },
        new HandoffOrigin("policy", [new Reason("askedForHuman", "The customer asked for a human.")], Policy), Now);

    public static Transition Step(Handoff known, string what, Func<Handoff, Handoff>? change = null)
    {
        var next = known with { Version = known.Version + 1, ChangedAt = known.ChangedAt + TimeSpan.FromSeconds(1) };
        return new Transition(change?.Invoke(next) ?? next) { What = what };
    }

    public static Transition End(Handoff known, HandoffState state = HandoffState.Completed) =>
        Step(known, "completed", h => h with { State = state, EndedAt = h.ChangedAt, Todo = Todo.None, DueAt = null });

    public static Conversation Conversation(string id, params Turn[] turns) => new()
    {
        Id = id,
        Media = Media.Message,
        StartedAt = Now,
        Language = "en-US",
        Participants = [new Participant("p1", ParticipantRole.Customer) { Name = "Ada", CommunicationId = "c1", StartedAt = Now, Connected = true }],
        Turns = turns,
        Attributes = new Dictionary<string, string> { ["tier"] = "gold" },
    };

    public static Turn Turn(string id, string text = "hello", double seconds = 0) => new(id, Speaker.Customer, text, In(seconds))
    {
        Intent = new Intent("billing", 0.4),
        Sentiment = -0.25,
        Result = BotResult.NoMatch,
    };

    public static Decision Decision(string conversation, DecisionOutcome outcome = DecisionOutcome.HandOff, string sentence = "The customer asked for a human.") => new()
    {
        ConversationId = conversation,
        At = Now,
        Outcome = outcome,
        Reasons = [new Reason("askedForHuman", sentence)],
        Readings = [new ReadingCheck("triggers.askedForHuman", new Reading(ReadingKind.AskedForHuman, 0.9, "own scorer", Now), ">= 0.5", true)],
        WouldFlip = ["askedForHuman below 0.5"],
        Policy = Policy,
    };
}
