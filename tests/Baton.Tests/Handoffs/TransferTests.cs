using Baton.Core;
using Baton.Core.Handoffs;

namespace Baton.Tests.Handoffs;

/// <summary>What is done with each answer to a transfer, and with none.</summary>
public sealed class TransferTests
{
    [Theory]
    [InlineData(FailureKind.BadRequest)]
    [InlineData(FailureKind.Unauthorized)]
    [InlineData(FailureKind.MissingPermission)]
    [InlineData(FailureKind.AlreadyTransferring)]
    [InlineData(FailureKind.Unsupported)]
    public void A_refusal_is_an_answer_and_ends_it_with_a_message(FailureKind kind)
    {
        var story = Story.Of().Sending().Replied(Story.Refuses(kind));
        (story.State, story.Handoff.Failure, story.Handoff.FailureSentence).ShouldBe((HandoffState.Failed, kind, $"Refused for {kind}."));
        story.MessageDue().Told.ShouldBe([The.Messages.NotPossible!]);
        story.MessageReplied(Story.Accepts);
        (story.State, story.Todo, story.Handoff.DueAt).ShouldBe((HandoffState.Failed, Todo.None, null));
    }

    [Theory]
    [InlineData(FailureKind.LegGone)]
    [InlineData(FailureKind.Conflict)]
    [InlineData(FailureKind.ConversationNotFound)]
    [InlineData(FailureKind.ConversationEnded)]
    public void A_refusal_that_may_be_our_own_doing_is_looked_into_at_once(FailureKind kind)
    {
        var story = Story.Of().Sending().Replied(Story.Refuses(kind));
        (story.State, story.Todo, story.DueIn, story.Handoff.Failure).ShouldBe((HandoffState.Transferring, Todo.FindTransfer, TimeSpan.Zero, kind));
        story.Looked(The.ViewInQueue).State.ShouldBe(HandoffState.Queued);
    }

    [Fact]
    public void A_queue_deleted_between_check_and_transfer_makes_room_for_the_next()
    {
        var story = Story.Of(The.WithFallback).Sending().Replied(Story.Refuses(FailureKind.QueueNotFound));
        (story.State, story.Todo, story.Handoff.Step).ShouldBe((HandoffState.Requested, Todo.Prepare, 1));
    }

    [Fact]
    public void A_rate_limited_transfer_was_not_executed_and_does_not_count()
    {
        var story = Story.Of().Sending();
        story.Replied(story.NotFor(7));
        (story.State, story.Todo, story.DueIn, story.Handoff.Intent!.Attempt).ShouldBe((HandoffState.Transferring, Todo.SendTransfer, TimeSpan.FromSeconds(7), 0));
        story.WhenDue().TransferDue().Transfers.Select(t => t.Attempt).ShouldBe([1, 1]);
    }

    [Fact]
    public void A_lost_reply_is_never_answered_by_sending_again_without_looking()
    {
        var story = Story.Of().Sending().Replied(Story.Loses());
        (story.Todo, story.DueIn, story.Handoff.Failure).ShouldBe((Todo.FindTransfer, The.Pace.Settle, FailureKind.ReplyLost));
        story.TransferDue().Last.Rejection.ShouldNotBeNull();
        story.Sent.Count.ShouldBe(1);
    }

    [Fact]
    public void A_transfer_that_happened_though_its_reply_was_lost_is_not_sent_again()
    {
        var story = Story.Of().Sending().Replied(Story.Loses()).WhenDue().Looked(The.ViewInQueue);
        story.State.ShouldBe(HandoffState.Queued);
        story.Sent.Count.ShouldBe(1);
    }

    [Fact]
    public void A_transfer_that_is_not_there_once_everything_has_settled_is_sent_again_with_the_same_leg()
    {
        var story = Story.Of().Sending().Replied(Story.Loses()).WhenDue().Looked(The.ViewWithBot);
        (story.Todo, story.DueIn, story.Handoff.Failure).ShouldBe((Todo.SendTransfer, TimeSpan.Zero, FailureKind.TransferFailed));
        story.TransferDue();
        story.Transfers.Select(t => (t.Attempt, t.LegId)).ShouldBe([(1, "bot"), (2, "bot")]);
    }

    [Fact]
    public void Before_it_has_settled_nothing_there_means_look_again()
    {
        var story = Story.Of().Accepted().WhenDue().Looked(The.ViewWithBot);
        (story.Todo, story.Last.IsQuiet).ShouldBe((Todo.FindTransfer, true));
        while (story.Now < The.Start + The.Pace.Settle)
        {
            story.Todo.ShouldBe(Todo.FindTransfer);
            story.WhenDue().Looked(The.ViewWithBot);
        }
        story.Todo.ShouldBe(Todo.SendTransfer);
    }

    [Fact]
    public void An_answer_that_took_long_gives_the_transfer_its_time_to_settle_from_then_on()
    {
        var story = Story.Of().Sending().After(19).Replied(Story.Accepts).WhenDue().Looked(The.ViewWithBot);
        story.Todo.ShouldBe(Todo.FindTransfer);
        story.After(10).Looked(The.ViewWithBot).Todo.ShouldBe(Todo.SendTransfer);
    }

    [Fact]
    public void A_timeout_gives_the_transfer_its_time_to_settle_from_then_on()
    {
        var story = Story.Of().Sending().After(25).Replied(Story.Loses()).WhenDue().Looked(The.ViewWithBot);
        story.Todo.ShouldBe(Todo.FindTransfer);
        story.After(10).Looked(The.ViewWithBot).Todo.ShouldBe(Todo.SendTransfer);
    }

    [Fact]
    public void A_process_that_died_after_the_commit_leaves_a_look_behind()
    {
        var story = Story.Of().Sending().WhenDue();
        story.Looked(The.ViewWithBot).TransferDue().Transfers.Select(t => t.LegId).ShouldBe(["bot", "bot"]);
    }

    [Fact]
    public void While_the_platform_says_under_way_nothing_is_sent()
    {
        var story = Story.Of().Accepted();
        for (var look = 0; look < 10; look++) story.WhenDue().Looked(The.ViewWithBot with { TransferInProgress = true }).Todo.ShouldBe(Todo.FindTransfer);
        story.Sent.Count.ShouldBe(1);
        story.After(15 * 60).Looked(The.ViewWithBot with { TransferInProgress = true });
        (story.State, story.Handoff.Failure).ShouldBe((HandoffState.Failed, FailureKind.TimedOut));
    }

    [Fact]
    public void A_transfer_the_platform_gave_up_is_sent_again_after_settling()
    {
        var story = Story.Of().Accepted().WhenDue();
        var gaveUp = The.ViewWithBot with { TransferFailedAt = story.Now };
        story.Looked(gaveUp).Todo.ShouldBe(Todo.FindTransfer);
        story.After(10).Looked(gaveUp).Todo.ShouldBe(Todo.SendTransfer);
    }

    [Fact]
    public void Transfers_lost_on_the_way_are_sent_again_ever_more_slowly_until_the_limit()
    {
        var story = Story.Of(The.WithFallback).Sending();
        var pauses = new List<double>();
        while (!story.State.IsFinal())
        {
            if (story.Todo == Todo.FindTransfer) story.Replied(Story.Loses()).WhenDue().Looked(The.ViewWithBot);
            else
            {
                pauses.Add(story.DueIn!.Value.TotalSeconds);
                story.WhenDue().TransferDue();
            }
        }
        (story.Handoff.Failure, story.Handoff.Step).ShouldBe((FailureKind.TimedOut, 0));
        story.Transfers.Count().ShouldBeInRange(12, 25);
        (pauses[0], pauses[^2] > 45).ShouldBe((0, true));
        story.Now.ShouldBeInRange(The.Start.AddMinutes(15), The.Start.AddMinutes(17));
    }

    [Fact]
    public void The_transfer_that_brought_it_to_a_queue_is_not_the_one_that_takes_it_on()
    {
        var waiting = The.ViewInQueue with { TransferInProgress = true, TransfersUnderWay = ["t1"] };
        var story = Story.Of(The.Silent(The.WithFallback)).Confirmed().After(125).Looked(waiting).Prepared(waiting, The.Backup);
        story.State.ShouldBe(HandoffState.Transferring);
        // The process died before it was sent: after the settle time it is known not to have happened.
        story.WhenDue().Looked(waiting);
        (story.Todo, story.DueIn).ShouldBe((Todo.SendTransfer, TimeSpan.Zero));
        var sent = Story.Of(The.Silent(The.WithFallback)).Confirmed().After(125).Looked(waiting).Prepared(waiting, The.Backup).WhenDue().Looked(waiting with { TransfersUnderWay = ["t1", "t2"] });
        (sent.Todo, sent.State).ShouldBe((Todo.FindTransfer, HandoffState.Transferring));
    }

    [Fact]
    public void Transfers_that_never_happen_make_room_for_the_next_queue()
    {
        var story = Story.Of(The.WithFallback).Sending();
        while (story.Handoff.Step == 0)
        {
            if (story.Todo == Todo.FindTransfer) story.Replied(Story.Accepts).After(10).Looked(The.ViewWithBot);
            else story.TransferDue();
        }
        story.Transfers.Count().ShouldBe(The.Pace.TransferAttempts);
        (story.State, story.Todo, story.Handoff.Failure).ShouldBe((HandoffState.Requested, Todo.Prepare, FailureKind.TransferFailed));
    }

    [Fact]
    public void A_transfer_that_is_not_there_after_the_limit_has_timed_out()
    {
        var story = Story.Of().Accepted().After(15 * 60).Looked(The.ViewWithBot);
        (story.State, story.Handoff.Failure, story.Todo).ShouldBe((HandoffState.Failed, FailureKind.TimedOut, Todo.SendMessage));
    }

    [Fact]
    public void Rate_limited_for_longer_than_the_limit_fails_and_counts_the_attempts()
    {
        var story = Story.Of().Sending();
        story.Replied(story.NotFor(15 * 60)).WhenDue().TransferDue();
        (story.State, story.Handoff.Failure, story.Sent.Count).ShouldBe((HandoffState.Failed, FailureKind.RateLimited, 1));
        story.Handoff.FailureSentence.ShouldBe("Rate limit exceeded after 1 attempt within 00:15:00.");
    }

    [Fact]
    public void A_leg_that_left_for_another_queue_was_somebody_elses_transfer()
    {
        var story = Story.Of().Sending().Replied(Story.Refuses(FailureKind.LegGone)).Looked(The.View(The.Customer, The.Gone(The.Bot), The.Leg("leg-9", "q-else")));
        (story.State, story.Handoff.Failure).ShouldBe((HandoffState.Refused, FailureKind.AlreadyWithHuman));
    }

    [Fact]
    public void A_leg_that_left_for_nowhere_is_given_its_time_and_then_fails()
    {
        var story = Story.Of().Sending().Replied(Story.Refuses(FailureKind.LegGone)).Looked(The.View(The.Customer, The.Gone(The.Bot)));
        (story.State, story.Todo).ShouldBe((HandoffState.Transferring, Todo.FindTransfer));
        story.After(10).Looked(The.View(The.Customer, The.Gone(The.Bot)));
        // One reading may trail: it is believed after a few.
        (story.State, story.Todo, story.DueIn > TimeSpan.Zero).ShouldBe((HandoffState.Transferring, Todo.FindTransfer, true));
        for (var look = 0; look < 3; look++) story.WhenDue().Looked(The.View(The.Customer, The.Gone(The.Bot)));
        (story.State, story.Handoff.Failure).ShouldBe((HandoffState.Failed, FailureKind.LegGone));
    }

    [Fact]
    public void A_leg_that_only_seemed_to_have_left_is_found_where_it_went()
    {
        var story = Story.Of().Accepted().After(13).Looked(The.View(The.Customer)).WhenDue().Looked(The.View()).WhenDue().Looked(The.ViewInQueue);
        story.State.ShouldBe(HandoffState.Queued);
    }

    [Fact]
    public void Customer_who_leaves_during_the_transfer_abandons_it()
    {
        var story = Story.Of().Accepted().WhenDue().Looked(The.ViewWithoutCustomer);
        (story.State, story.Handoff.ConfirmedAt).ShouldBe((HandoffState.Abandoned, null));
    }

    [Fact]
    public void Customer_who_leaves_after_having_reached_the_queue_was_transferred()
    {
        var story = Story.Of().Accepted().WhenDue().Looked(The.View(The.Gone(The.Customer), The.Gone(The.Bot), The.Gone(The.Leg())));
        (story.State, story.Handoff.ConfirmedAt).ShouldBe((HandoffState.Abandoned, story.Now));
    }

    // Late and duplicated.

    [Fact]
    public void An_answer_heard_twice_is_counted_once()
    {
        var story = Story.Of().Sending();
        var reply = story.NotFor(7);
        story.Replied(reply).Replied(reply);
        story.Last.Changed.ShouldBeFalse();
        story.Handoff.Intent!.Attempt.ShouldBe(0);
    }

    [Fact]
    public void A_look_of_before_anything_was_sent_says_nothing()
    {
        var story = Story.Of().Sending();
        story.Replied(story.NotFor(7)).Looked(The.ViewWithBot).Last.Changed.ShouldBeFalse();
        story.Todo.ShouldBe(Todo.SendTransfer);
    }

    [Fact]
    public void An_answer_after_the_end_says_nothing()
    {
        var story = Story.Of().Accepted().WhenDue().Looked(The.ViewWithoutCustomer).Replied(Story.Refuses(FailureKind.BadRequest));
        (story.Last.Changed, story.Last.Rejection, story.State).ShouldBe((false, null, HandoffState.Abandoned));
    }

    [Fact]
    public void A_look_after_the_end_says_nothing()
    {
        var story = Story.Of().Prepared(The.ViewWithAgent).Looked(The.ViewWithAgent);
        (story.Last.Changed, story.Last.Rejection).ShouldBe((false, null));
    }

    [Fact]
    public void Preparing_twice_is_refused_with_a_sentence()
    {
        var story = Story.Of().Prepared().Prepared();
        story.Last.Changed.ShouldBeFalse();
        story.Last.Rejection.ShouldBe("Prepared cannot happen while the handoff is Requested and its next step is Brief.");
    }

    [Fact]
    public void An_attempt_that_was_given_up_and_carried_out_after_all_is_ours_and_not_somebody_elses()
    {
        var story = Story.Of(The.WithFallback).Sending();
        for (var attempt = 1; attempt <= The.Pace.TransferAttempts; attempt++) story.Replied(Story.Accepts).After(10).Looked(The.ViewWithBot).TransferDue();
        (story.State, story.Todo, story.Handoff.Step).ShouldBe((HandoffState.Requested, Todo.Prepare, 1));

        // The platform calls a transfer under way until an agent accepts: that does not make it somebody else's.
        story.Prepared(The.ViewInQueue with { TransferInProgress = true });
        (story.State, story.Handoff.ConfirmedAt is not null).ShouldBe((HandoffState.Queued, true));
    }

    [Fact]
    public void A_refused_token_does_not_end_a_transfer_that_may_have_happened()
    {
        var story = Story.Of().Sending();
        for (var i = 0; i < 10; i++) story.WhenDue().Faulted(FailureKind.Unauthorized);
        (story.State, story.Todo).ShouldBe((HandoffState.Transferring, Todo.FindTransfer));
    }

    [Fact]
    public void A_reading_asked_for_before_the_settle_time_was_over_does_not_say_that_nothing_happened()
    {
        var story = Story.Of().Accepted().After(3);
        var asked = story.Now;
        // Its answer was under way while the transfer took place.
        story.After(30).Hears(new HandoffEvent.Looked(The.ViewWithBot) { AsOf = asked });
        (story.State, story.Todo, story.DueIn).ShouldBe((HandoffState.Transferring, Todo.FindTransfer, TimeSpan.Zero));
        story.Looked(The.ViewInQueue).State.ShouldBe(HandoffState.Queued);
    }

    [Fact]
    public void A_transfer_the_platform_has_just_accepted_is_not_given_up_because_the_handoff_is_late()
    {
        var story = Story.Of().Prepared().After(60 * 16).Briefed().Replied(Story.Accepts).After(1);
        story.Looked(The.ViewWithBot with { TransferInProgress = true }).State.ShouldBe(HandoffState.Transferring);
        story.After(The.Pace.Settle.TotalSeconds).Looked(The.ViewWithBot with { TransferInProgress = true });
        (story.State, story.Handoff.Failure).ShouldBe((HandoffState.Failed, FailureKind.TimedOut));
    }
}
