using Baton.Core;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;

namespace Baton.Tests.Handoffs;

/// <summary>In the queue: who comes, who leaves, and what happens when nobody does.</summary>
public sealed class WaitingTests
{
    static Story WaitedInVain => Story.Of(The.WithFallback).Queued().After(121).Looked(The.ViewInQueue);
    static Story TriedBackup => WaitedInVain.Prepared(The.ViewInQueue, The.Backup);

    [Fact]
    public void Customer_who_leaves_while_queued_ends_the_handoff()
    {
        var story = Story.Of().Queued().WhenDue().Looked(The.View(The.Gone(The.Customer), The.Gone(The.Leg())));
        (story.State, story.Todo, story.Handoff.EndedAt).ShouldBe((HandoffState.Abandoned, Todo.None, story.Now));
    }

    [Fact]
    public void A_look_comes_exactly_when_the_wait_is_over()
    {
        var story = Story.Of(The.WithFallback).Queued();
        while (story.Handoff.Step == 0) story.WhenDue().Looked(The.ViewInQueue);
        (story.Now - story.Handoff.QueuedAt).ShouldBe(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void When_nobody_came_in_time_the_next_queue_is_tried()
    {
        var story = WaitedInVain;
        (story.State, story.Todo, story.Handoff.Step, story.Handoff.Failure).ShouldBe((HandoffState.Queued, Todo.Prepare, 1, FailureKind.NobodyCame));
    }

    [Fact]
    public void The_next_queue_gets_the_conversation_from_the_queues_leg_without_another_briefing()
    {
        var story = TriedBackup;
        (story.State, story.Todo).ShouldBe((HandoffState.Transferring, Todo.FindTransfer));
        var intent = story.Transfers.Last();
        (intent.Attempt, intent.LegId, intent.QueueId).ShouldBe((1, "leg-1", "q-backup"));
        intent.Seen.ShouldContain("leg-1");
    }

    [Fact]
    public void In_the_next_queue_the_customer_hears_that_the_search_goes_on()
    {
        var story = TriedBackup.Replied(Story.Accepts).WhenDue().Looked(The.ViewInBackup).MessageDue();
        story.Told.ShouldBe([The.Messages.Transferring!, The.Messages.StillLooking!]);
        story.Handoff.QueuedAt.ShouldBe(story.Now);
        story.Handoff.ConfirmedAt!.Value.ShouldBeLessThan(story.Now);
    }

    [Fact]
    public void After_the_last_step_the_customer_hears_it_and_keeps_the_place()
    {
        var story = TriedBackup.Replied(Story.Accepts).WhenDue().Looked(The.ViewInBackup).MessageDue().MessageReplied(Story.Accepts).After(121).Looked(The.ViewInBackup);
        (story.State, story.Handoff.IsExhausted, story.Handoff.Failure).ShouldBe((HandoffState.Queued, true, FailureKind.NobodyCame));
        story.MessageDue().MessageReplied(Story.Accepts).Told.Last().ShouldBe(The.Messages.NobodyCame);
        for (var look = 0; look < 20; look++) story.WhenDue().Looked(The.ViewInBackup);
        story.State.ShouldBe(HandoffState.Queued);
        story.WhenDue().Looked(The.View(The.Customer, The.Gone(The.Leg("leg-2", "q-backup")), The.Agent)).State.ShouldBe(HandoffState.WithAgent);
    }

    [Fact]
    public void An_agent_who_is_being_alerted_gets_half_a_minute_to_answer()
    {
        var alerting = The.View(The.Customer, The.Gone(The.Bot), The.Leg(), The.AlertedAgent);
        var story = Story.Of(The.WithFallback).Queued().After(125).Looked(alerting);
        (story.Handoff.Step, story.Todo).ShouldBe((0, Todo.Follow));
        story.After(30).Looked(alerting).Handoff.Step.ShouldBe(1);
    }

    [Fact]
    public void A_queue_without_a_limit_waits_as_long_as_it_takes()
    {
        var story = Story.Of().Queued().After(24 * 3600).Looked(The.ViewInQueue);
        (story.State, story.Todo).ShouldBe((HandoffState.Queued, Todo.Follow));
    }

    [Fact]
    public void A_conversation_the_platform_gave_back_is_with_the_bot() =>
        Story.Of().Queued().WhenDue().Looked(The.View(The.Customer, The.Bot with { Id = "bot-again" }, The.Gone(The.Leg()))).State.ShouldBe(HandoffState.ReturnedToBot);

    [Fact]
    public void A_reading_from_before_the_transfer_does_not_bring_the_bot_back()
    {
        var queued = Story.Of().Queued().WhenDue().Looked(The.View(The.Customer, The.Bot));
        (queued.State, queued.Todo, queued.Last.IsQuiet).ShouldBe((HandoffState.Queued, Todo.Follow, true));
        var withAgent = Story.Of().WithAgent().WhenDue().Looked(The.View(The.Customer, The.Bot));
        (withAgent.State, withAgent.Todo).ShouldBe((HandoffState.WithAgent, Todo.Follow));
    }

    [Fact]
    public void A_reading_that_shows_nobody_at_all_knows_nothing()
    {
        Story.Of().Queued().WhenDue().Looked(The.View()).State.ShouldBe(HandoffState.Queued);
        Story.Of().WithAgent().WhenDue().Looked(The.View()).State.ShouldBe(HandoffState.WithAgent);
        var early = Story.Of().Prepared(The.View());
        (early.State, early.Todo, early.Handoff.Failure).ShouldBe((HandoffState.Requested, Todo.Prepare, FailureKind.MalformedReply));
        early.WhenDue().Prepared().Todo.ShouldBe(Todo.Brief);
    }

    [Fact]
    public void A_leg_that_vanishes_is_looked_for_a_while_before_it_counts_as_lost()
    {
        var nowhere = The.View(The.Customer, The.Gone(The.Bot), The.Gone(The.Leg()));
        var story = Story.Of().Queued();
        for (var look = 0; look < 8; look++) story.WhenDue().Looked(nowhere).State.ShouldBe(HandoffState.Queued);
        story.WhenDue().Looked(nowhere);
        (story.State, story.Handoff.Failure).ShouldBe((HandoffState.Failed, FailureKind.LegGone));
    }

    [Fact]
    public void An_agent_who_answers_while_the_customer_is_being_told_has_it_and_the_message_is_dropped()
    {
        var story = Story.Of().Confirmed().Looked(The.ViewWithAgent);
        (story.State, story.Todo, story.Handoff.Telling).ShouldBe((HandoffState.WithAgent, Todo.Follow, null));
        story.MessageDue().Last.Rejection.ShouldNotBeNull();
    }

    // Between two queues.

    [Fact]
    public void An_agent_who_answers_just_before_the_next_queue_is_tried_has_it() =>
        WaitedInVain.Prepared(The.ViewWithAgent, The.Backup).State.ShouldBe(HandoffState.WithAgent);

    [Fact]
    public void A_next_queue_without_anybody_leaves_the_conversation_where_it_waits()
    {
        var story = WaitedInVain.Prepared(The.ViewInQueue, The.Backup with { OnQueue = 0 });
        (story.State, story.Handoff.IsExhausted, story.Todo).ShouldBe((HandoffState.Queued, true, Todo.SendMessage));
        story.MessageDue().Told.Last().ShouldBe(The.Messages.NobodyCame);
    }

    [Fact]
    public void A_next_queue_is_not_skipped_because_the_queues_leg_is_away_for_an_alert()
    {
        var alerting = The.View(The.Customer, The.Gone(The.Bot), The.Gone(The.Leg()), The.AlertedAgent);
        var story = WaitedInVain.Prepared(alerting, The.Backup);
        (story.State, story.Todo).ShouldBe((HandoffState.Queued, Todo.Follow));
        while (story.Todo == Todo.Follow) story.WhenDue().Looked(The.ViewInQueue);
        (story.Todo, story.Handoff.Step, story.Handoff.IsExhausted).ShouldBe((Todo.Prepare, 1, false));
    }

    [Theory]
    [InlineData(FailureKind.MissingPermission)]
    [InlineData(FailureKind.BadRequest)]
    public void A_refused_move_to_the_next_queue_leaves_the_conversation_where_it_waits(FailureKind kind)
    {
        var story = TriedBackup.Replied(Story.Refuses(kind));
        (story.State, story.Handoff.IsExhausted).ShouldBe((HandoffState.Queued, true));
        story.Handoff.FailureSentence.ShouldBe($"Refused for {kind}.");
        story.MessageDue().Told.Last().ShouldBe(The.Messages.NobodyCame);
        story.MessageReplied(Story.Accepts).WhenDue().Looked(The.ViewWithAgent).State.ShouldBe(HandoffState.WithAgent);
    }

    [Fact]
    public void A_move_to_the_next_queue_that_takes_too_long_leaves_the_conversation_where_it_waits()
    {
        var story = TriedBackup.Replied(Story.Accepts).After(15 * 60).Looked(The.ViewInQueue);
        (story.State, story.Handoff.IsExhausted).ShouldBe((HandoffState.Queued, true));
    }

    [Fact]
    public void An_agent_already_alerted_who_is_quicker_than_the_move_to_the_next_queue_has_it()
    {
        var story = WaitedInVain.Prepared(The.View(The.Customer, The.Gone(The.Bot), The.Leg(), The.AlertedAgent), The.Backup)
            .Replied(Story.Refuses(FailureKind.LegGone)).WhenDue().Looked(The.ViewWithAgent);
        while (story.Todo == Todo.Follow && story.State == HandoffState.Queued) story.WhenDue().Looked(The.ViewWithAgent);
        (story.State, story.Handoff.AgentId).ShouldBe((HandoffState.WithAgent, "ada"));
    }

    [Fact]
    public void A_conversation_that_went_back_to_the_bot_while_it_was_to_be_moved_on_is_with_the_bot()
    {
        var back = The.View(The.Customer, The.Gone(The.Bot), The.Gone(The.Leg()), new Participant("bot-2", ParticipantRole.Bot) { Connected = true });
        var story = Story.Of(The.WithFallback).Queued().After(120).Looked(The.ViewInQueue).Prepared(The.ViewInQueue, The.Backup);
        story.State.ShouldBe(HandoffState.Transferring);
        // One reading may trail; what is still so after a few is believed.
        for (var look = 0; look < 5; look++) story.WhenDue().Looked(back);
        (story.State, story.Todo).ShouldBe((HandoffState.ReturnedToBot, Todo.None));
    }

    [Fact]
    public void Who_was_told_with_the_transfer_is_not_told_the_same_again_though_an_agent_was_already_alerted()
    {
        var story = Story.Of(The.WithFallback).Hears(new HandoffEvent.Prepared(The.ViewWithBot, The.Support) { Enqueues = true }).Hears(new HandoffEvent.Briefed("[guest] Hello.")).Replied(Story.Accepts);
        story.WhenDue().Looked(The.View(The.Customer, The.Gone(The.Bot), The.Gone(The.Leg()), The.AlertedAgent));
        story.After(121).Looked(The.ViewInQueue).Hears(new HandoffEvent.Prepared(The.ViewInQueue, The.Backup) { Enqueues = true });
        story.Sent.OfType<OneSend.Transfer>().Select(t => t.Words!.Initial).ShouldBe([The.Messages.Transferring, The.Messages.StillLooking]);
    }
}
