using System.Text.Json;
using Baton.Core;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using FsCheck;
using FsCheck.Fluent;

namespace Baton.Tests.Handoffs;

/// <summary>What must hold whatever happens, in whatever order: tried with generated sequences of events.</summary>
public sealed class HandoffPropertyTests
{
    const int Walks = 1_500;
    const int Longest = 90;

    static readonly HandoffPlan[] plans =
    [
        The.OneQueue, The.WithFallback, The.WithSkills, The.Silent(The.WithFallback),
        The.WithFallback with { Steps = [.. The.WithFallback.Steps, new RouteStep { Queue = "Support", MaxWait = TimeSpan.FromMinutes(1), Language = "en-US" }] },
    ];

    [Fact]
    public void Whatever_happens_in_whatever_order_the_rules_hold()
    {
        var reached = new HashSet<(HandoffState State, Todo Todo)>();
        Hold(draws => Walk(draws, handoff => reached.Add((handoff.State, handoff.Todo))));
        // The walks have been everywhere: no state and no step was left untried.
        reached.Select(r => r.State).Distinct().Count().ShouldBe(Enum.GetValues<HandoffState>().Length);
        reached.Select(r => r.Todo).Distinct().Count().ShouldBe(Enum.GetValues<Todo>().Length);
    }

    [Fact]
    public void Every_event_in_every_state_that_can_be_reached_gives_an_answer()
    {
        var reached = new Dictionary<(HandoffState, Todo, bool), Handoff>();
        Hold(draws => Walk(draws, handoff => reached.TryAdd((handoff.State, handoff.Todo, handoff.QueuedAt is null), handoff)));
        foreach (var known in reached.Values)
        {
            var now = known.ChangedAt.AddSeconds(20);
            foreach (var occurred in new Chance().From(4).Each()) Check(known, occurred, known.Apply(occurred, now, The.Pace), now);
        }
    }

    // A walk that breaks a rule is shrunk to the fewest draws that still do. The same walks in each run: what fails here fails everywhere.
    static void Hold(Action<DoNotSize<int>[]> property) => Prop.ForAll(property).Check(Config.QuickThrowOnFailure.WithMaxTest(Walks).WithEndSize(Longest).WithReplay(3, 7));

    static void Walk(DoNotSize<int>[] draws, Action<Handoff> seen)
    {
        var chance = new Chance();
        var (handoff, now) = Fresh(chance.From(draws.Length), The.Start);
        foreach (var draw in draws.Select(d => d.Item))
        {
            var random = chance.From(draw).Random;
            now += TimeSpan.FromSeconds(random.Next(8) == 0 ? random.Next(600) : random.Next(12));
            if (random.Next(2) == 0 && handoff.DueAt > now) now = handoff.DueAt.Value;
            seen(handoff);
            var occurred = random.Next(3) > 0 ? chance.Expected(handoff.Todo) : chance.Any();
            var transition = handoff.Apply(occurred, now, The.Pace);
            Check(handoff, occurred, transition, now);
            handoff = transition.Handoff;
            if (handoff.State.IsFinal() && random.Next(6) == 0) (handoff, now) = Fresh(chance, now);
        }
    }

    [Fact]
    public void The_same_event_at_the_same_instant_gives_the_same_answer()
    {
        var story = Story.Of().Accepted();
        var looked = new HandoffEvent.Looked(The.ViewInQueue);
        story.Handoff.Apply(looked, story.Now, The.Pace).ShouldBe(story.Handoff.Apply(looked, story.Now, The.Pace));
    }

    [Fact]
    public void A_stored_handoff_is_read_as_it_was()
    {
        foreach (var story in new[] { Story.Of(The.WithSkills), Story.Of(The.WithFallback).Accepted(), Story.Of().Queued(), Story.Of().Prepared(queue: The.NoQueue).MessageDue() })
        {
            var json = JsonSerializer.Serialize(story.Handoff, CoreJson.Default.Handoff);
            var read = JsonSerializer.Deserialize(json, CoreJson.Default.Handoff)!;
            JsonSerializer.Serialize(read, CoreJson.Default.Handoff).ShouldBe(json);
            (read.Id, read.State, read.Todo, read.DueAt, read.Intent?.Attempt).ShouldBe((story.Handoff.Id, story.State, story.Todo, story.Handoff.DueAt, story.Handoff.Intent?.Attempt));
        }
    }

    static (Handoff, DateTimeOffset) Fresh(Chance chance, DateTimeOffset now) => (The.Handoff(plans[chance.Random.Next(plans.Length)]) with { RequestedAt = now, DueAt = now }, now);

    static void Check(Handoff before, HandoffEvent occurred, Transition transition, DateTimeOffset now)
    {
        var after = transition.Handoff;
        var what = $"{occurred} on {before.State}/{before.Todo} -> {after.State}/{after.Todo} ({transition.What})";

        if (!transition.Changed)
        {
            after.ShouldBeSameAs(before, what);
            transition.Send.ShouldBeNull(what);
            if (transition.Rejection is { } why) why.ShouldEndWith(".", customMessage: what);
            return;
        }
        transition.Rejection.ShouldBeNull(what);
        transition.What.ShouldNotBeEmpty(what);
        after.Version.ShouldBe(before.Version + 1, what);
        after.ChangedAt.ShouldBe(now, what);

        // Never stuck, and nothing due without something to do.
        (after.DueAt is null).ShouldBe(after.Todo == Todo.None, what);
        if (!after.State.IsFinal()) after.Todo.ShouldNotBe(Todo.None, what);
        if (after.DueAt is { } due) due.ShouldBeGreaterThanOrEqualTo(now, what);

        // What has ended stays ended, and owes at most a message.
        (after.EndedAt is not null).ShouldBe(after.State.IsFinal(), what);
        if (before.State.IsFinal()) (after.State, after.EndedAt).ShouldBe((before.State, before.EndedAt), what);
        if (after.State.IsFinal()) after.Todo.ShouldBeOneOf(Todo.None, Todo.SendMessage, Todo.FindMessage);

        // What a state stands on.
        if (after.State is HandoffState.Transferring or HandoffState.Queued or HandoffState.WithAgent) after.Intent.ShouldNotBeNull(what);
        if (after.State is HandoffState.Queued or HandoffState.WithAgent) (after.QueuedAt, after.ConfirmedAt).ShouldSatisfyAllConditions(t => t.QueuedAt.ShouldNotBeNull(what), t => t.ConfirmedAt.ShouldNotBeNull(what));
        if (after.State == HandoffState.WithAgent) after.AgentId.ShouldNotBeNull(what);
        if (after.Intent is { } intent) (intent.Attempt >= 0, intent.Accepted <= The.Pace.TransferAttempts).ShouldBe((true, true), what);
        if (after.Telling is { } telling) telling.Attempt.ShouldBeInRange(0, The.Pace.SideTries, what);
        after.Step.ShouldBeInRange(0, after.Plan.Steps.Count - 1, what);
        if (after.Failure is not null) after.FailureSentence.ShouldNotBeNullOrEmpty(what);

        if (transition.Send is OneSend.Transfer sent)
        {
            (after.State, after.Todo).ShouldBe((HandoffState.Transferring, Todo.FindTransfer), what);
            after.DueAt!.Value.ShouldBeGreaterThanOrEqualTo(now + The.Pace.Settle, what);
            sent.Intent.ShouldBe(after.Intent, what);
            var isFirst = before.State != HandoffState.Transferring;
            sent.Intent.Attempt.ShouldBe(isFirst ? 1 : before.Intent!.Attempt + 1, what);
            if (!isFirst) (sent.Intent.LegId, sent.Intent.QueueId).ShouldBe((before.Intent!.LegId, before.Intent.QueueId), what);
        }
        if (transition.Send is OneSend.Message message)
        {
            (after.Todo, message.Telling).ShouldBe((Todo.FindMessage, after.Telling!), what);
            after.DueAt!.Value.ShouldBeGreaterThanOrEqualTo(now + The.Pace.Settle, what);
            // "You are being transferred" only once it is true.
            if (message.Telling.Kind is MessageKind.Transferring or MessageKind.StillLooking) after.ConfirmedAt.ShouldNotBeNull(what);
        }
        // A transfer leaves only in answer to these: never out of a look.
        if (transition.Send is OneSend.Transfer) occurred.ShouldBeAssignableTo<HandoffEvent>()!.GetType().Name.ShouldBeOneOf("Prepared", "Briefed", "TransferDue", "Faulted");
    }

    /// <summary>Events, readings and answers drawn at random.</summary>
    sealed class Chance
    {
        Random random = new(0);
        int legs;

        public Random Random => random;

        public Chance From(int draw)
        {
            random = new Random(draw);
            return this;
        }

        public HandoffEvent Expected(Todo todo) => todo switch
        {
            Todo.Prepare => random.Next(8) == 0 ? Fault() : new HandoffEvent.Prepared(View(), Queue()),
            Todo.Brief => random.Next(8) == 0 ? Fault() : new HandoffEvent.Briefed(),
            Todo.SendTransfer => new HandoffEvent.TransferDue(),
            Todo.FindTransfer when random.Next(3) == 0 => new HandoffEvent.TransferReplied(Reply()),
            Todo.SetRouting => new HandoffEvent.RoutingSet(random.Next(2) == 0),
            Todo.SendMessage => new HandoffEvent.MessageDue(),
            Todo.FindMessage => random.Next(2) == 0 ? new HandoffEvent.MessageReplied(Reply()) : new HandoffEvent.MessageLookedFor(random.Next(2) == 0),
            Todo.None => Any(),
            _ => new HandoffEvent.Looked(View()),
        };

        public HandoffEvent Any() => Each()[random.Next(11)];

        /// <summary>One of every kind.</summary>
        public HandoffEvent[] Each() =>
        [
            new HandoffEvent.Prepared(View(), Queue()), Fault(), new HandoffEvent.Briefed(), new HandoffEvent.TransferDue(), new HandoffEvent.TransferReplied(Reply()),
            new HandoffEvent.Looked(View()), new HandoffEvent.RoutingSet(random.Next(2) == 0), new HandoffEvent.MessageDue(), new HandoffEvent.MessageReplied(Reply()),
            new HandoffEvent.MessageLookedFor(random.Next(2) == 0), new HandoffEvent.CancelRequested("ada"),
        ];

        HandoffEvent.Faulted Fault() => new(Kind(), "It could not be done.", random.Next(2) == 0 ? null : The.Start.AddSeconds(random.Next(10_000)));
        FailureKind Kind() => Enum.GetValues<FailureKind>()[random.Next(Enum.GetValues<FailureKind>().Length)];

        SendReply Reply() => random.Next(5) switch
        {
            0 => new SendReply.Refused(Kind(), "Refused."),
            1 => new SendReply.NotNow(The.Start.AddSeconds(random.Next(10_000)), "Too many calls."),
            2 => new SendReply.Unknown(FailureKind.ReplyLost, "No answer."),
            _ => new SendReply.Accepted(),
        };

        QueueCheck Queue() => random.Next(6) switch { 0 => The.NoQueue, 1 => The.NobodyOnQueue, 2 => The.Backup, _ => The.Support };

        ConversationView View()
        {
            var bot = random.Next(3) == 0 ? The.Gone(The.Bot) : The.Bot;
            var customer = random.Next(25) == 0 ? The.Gone(The.Customer) : The.Customer;
            var leg = The.Leg($"leg-{(random.Next(2) == 0 ? ++legs : legs)}", random.Next(4) == 0 ? "q-backup" : "q-support");
            var people = random.Next(8) switch
            {
                0 or 1 or 2 => [customer, bot],
                3 or 4 => [customer, The.Gone(bot), leg],
                5 => [customer, The.Gone(bot), The.Gone(leg), The.AlertedAgent],
                6 => [customer, The.Gone(bot), The.Gone(leg), The.Agent],
                _ => random.Next(4) == 0 ? Array.Empty<Participant>() : [customer, The.Gone(bot), The.Gone(leg)],
            };
            return The.View(people) with
            {
                TransferInProgress = random.Next(8) == 0,
                TransferFailedAt = random.Next(8) == 0 ? The.Start.AddSeconds(random.Next(10_000)) : null,
                EndedAt = random.Next(60) == 0 ? The.Start : null,
            };
        }
    }
}
