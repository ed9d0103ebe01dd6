using Baton.Core;
using Baton.Core.Handoffs;

namespace Baton.Tests.Handoffs;

/// <summary>The way from request to end, step by step, and each way out of it before anything is sent.</summary>
public sealed class HandoffPathTests
{
    [Fact]
    public void A_new_handoff_is_prepared_at_once()
    {
        var story = Story.Of();
        (story.State, story.Todo, story.DueIn, story.Handoff.Version).ShouldBe((HandoffState.Requested, Todo.Prepare, TimeSpan.Zero, 1));
    }

    [Fact]
    public void A_handoff_without_a_queue_cannot_be_requested() =>
        Should.Throw<ArgumentException>(() => The.Handoff(The.OneQueue with { Steps = [] })).Message.ShouldContain("at least one queue");

    [Fact]
    public void Once_prepared_the_agent_is_briefed_before_anything_is_sent()
    {
        var story = Story.Of().Prepared();
        (story.State, story.Todo, story.DueIn).ShouldBe((HandoffState.Requested, Todo.Brief, TimeSpan.Zero));
        story.Sent.ShouldBeEmpty();
    }

    [Fact]
    public void The_intent_names_leg_queue_and_everybody_who_was_there()
    {
        var intent = Story.Of().Prepared().Handoff.Intent!;
        (intent.Attempt, intent.LegId, intent.QueueId).ShouldBe((0, "bot", "q-support"));
        intent.Seen.ShouldBe(["customer", "bot"]);
    }

    [Fact]
    public void Briefing_done_the_transfer_is_sent_with_the_commit_that_will_look_for_it()
    {
        var story = Story.Of().Sending();
        (story.State, story.Todo, story.DueIn, story.Handoff.IsBriefed).ShouldBe((HandoffState.Transferring, Todo.FindTransfer, The.Pace.SendWithin + The.Pace.Settle, true));
        story.Transfers.ShouldHaveSingleItem().Attempt.ShouldBe(1);
    }

    [Fact]
    public void An_accepted_transfer_is_not_yet_confirmed()
    {
        var story = Story.Of().Accepted();
        (story.State, story.Todo, story.DueIn, story.Handoff.ConfirmedAt).ShouldBe((HandoffState.Transferring, Todo.FindTransfer, The.Pace.FirstLook, null));
    }

    [Fact]
    public void Seen_in_the_queue_the_transfer_is_confirmed_and_only_then_the_customer_is_to_be_told()
    {
        var story = Story.Of().Accepted().WhenDue().Looked(The.ViewInQueue);
        (story.State, story.Todo, story.Last.What).ShouldBe((HandoffState.Queued, Todo.SendMessage, "transferConfirmed"));
        (story.Handoff.ConfirmedAt, story.Handoff.QueuedAt).ShouldBe((story.Now, story.Now));
        story.Handoff.Telling!.Text.ShouldBe(The.Messages.Transferring);
        story.Handoff.SpeakingCommunicationId.ShouldBe("leg-1-line");
    }

    [Fact]
    public void Skills_and_priority_are_set_before_the_customer_is_told()
    {
        var story = Story.Of(The.WithSkills).Confirmed();
        story.Todo.ShouldBe(Todo.SetRouting);
        story.RoutingSet().Todo.ShouldBe(Todo.SendMessage);
        story.Last.What.ShouldBe("routingSet");
    }

    [Fact]
    public void An_agent_quicker_than_our_skills_is_no_failure()
    {
        var story = Story.Of(The.WithSkills).Confirmed().RoutingSet(applied: false);
        (story.State, story.Todo, story.Last.What, story.Handoff.Failure).ShouldBe((HandoffState.Queued, Todo.SendMessage, "agentWasQuicker", null));
    }

    [Fact]
    public void Told_the_handoff_is_followed_with_growing_pauses()
    {
        var story = Story.Of().Queued();
        (story.Todo, story.DueIn).ShouldBe((Todo.Follow, The.Pace.FollowLeast));
        var pauses = Enumerable.Range(0, 10).Select(_ => story.WhenDue().Looked(The.ViewInQueue).DueIn!.Value).ToList();
        pauses[0].ShouldBe(TimeSpan.FromSeconds(2));
        pauses[1].ShouldBe(TimeSpan.FromSeconds(3));
        pauses[^1].ShouldBe(The.Pace.FollowMost);
        story.Last.IsQuiet.ShouldBeTrue();
    }

    [Fact]
    public void An_agent_who_answers_has_the_conversation()
    {
        var story = Story.Of().WithAgent();
        (story.State, story.Handoff.AgentId, story.Handoff.AgentAt, story.Todo).ShouldBe((HandoffState.WithAgent, "ada", story.Now, Todo.Follow));
    }

    [Fact]
    public void The_handoff_is_complete_when_the_agent_is_done()
    {
        var story = Story.Of().WithAgent().WhenDue().Looked(The.View(The.Customer, The.Gone(The.Bot), The.Gone(The.Leg()), The.Gone(The.Agent)));
        (story.State, story.Todo, story.Handoff.DueAt, story.Handoff.EndedAt).ShouldBe((HandoffState.Completed, Todo.None, null, story.Now));
    }

    [Fact]
    public void A_conversation_an_agent_passes_on_to_a_queue_is_still_with_people() =>
        Story.Of().WithAgent().WhenDue().Looked(The.View(The.Customer, The.Gone(The.Agent), The.Leg("leg-9", "q-else"))).State.ShouldBe(HandoffState.WithAgent);

    [Fact]
    public void An_agent_who_is_there_before_the_first_look_is_found_too()
    {
        var story = Story.Of().Accepted().WhenDue().Looked(The.ViewWithAgent);
        (story.State, story.Handoff.ConfirmedAt, story.Handoff.Telling).ShouldBe((HandoffState.WithAgent, story.Now, null));
    }

    [Fact]
    public void A_queue_leg_that_has_come_and_gone_confirms_the_transfer()
    {
        var story = Story.Of().Accepted().WhenDue().Looked(The.View(The.Customer, The.Gone(The.Bot), The.Gone(The.Leg()), The.AlertedAgent));
        (story.State, story.Todo, story.Handoff.ConfirmedAt).ShouldBe((HandoffState.Queued, Todo.Follow, story.Now));
        story.WhenDue().Looked(The.ViewWithAgent).State.ShouldBe(HandoffState.WithAgent);
    }

    // Out, before anything is sent.

    [Fact]
    public void Customer_who_has_left_before_preparing_abandons_it() => Ended(Story.Of().Prepared(The.ViewWithoutCustomer), HandoffState.Abandoned, FailureKind.ConversationEnded);

    [Fact]
    public void A_conversation_without_a_customer_at_all_counts_as_left() => Ended(Story.Of().Prepared(The.View(The.Bot)), HandoffState.Abandoned, FailureKind.ConversationEnded);

    [Fact]
    public void Somebody_elses_transfer_under_way_refuses_it() =>
        Ended(Story.Of().Prepared(The.ViewWithBot with { TransferInProgress = true }), HandoffState.Refused, FailureKind.AlreadyTransferring);

    [Fact]
    public void A_conversation_already_in_a_queue_refuses_it() => Ended(Story.Of().Prepared(The.ViewInQueue), HandoffState.Refused, FailureKind.AlreadyWithHuman);

    [Fact]
    public void A_conversation_already_with_an_agent_refuses_it() => Ended(Story.Of().Prepared(The.ViewWithAgent), HandoffState.Refused, FailureKind.AlreadyWithHuman);

    [Fact]
    public void A_conversation_without_a_bot_refuses_it() => Ended(Story.Of().Prepared(The.View(The.Customer, The.Gone(The.Bot))), HandoffState.Refused, FailureKind.NoBotLeg);

    [Fact]
    public void A_queue_that_does_not_exist_fails_it_and_the_customer_is_told()
    {
        var story = Story.Of().Prepared(queue: The.NoQueue);
        Ended(story, HandoffState.Failed, FailureKind.QueueNotFound, owesMessage: true);
        story.Handoff.Telling!.Text.ShouldBe(The.Messages.NotPossible);
        story.Handoff.SpeakingCommunicationId.ShouldBe("bot-line");
    }

    [Fact]
    public void A_queue_without_anybody_leaves_the_conversation_with_the_bot() =>
        Ended(Story.Of().Prepared(queue: The.NobodyOnQueue), HandoffState.ReturnedToBot, FailureKind.QueueUnstaffed, owesMessage: true);

    [Fact]
    public void A_platform_that_does_not_say_who_is_on_queue_does_not_stop_it() =>
        Story.Of().Prepared(queue: The.Support with { OnQueue = null, Free = null }).Todo.ShouldBe(Todo.Brief);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_queue_that_cannot_take_it_makes_room_for_the_next_of_the_plan(bool exists)
    {
        var story = Story.Of(The.WithFallback).Prepared(queue: exists ? The.NobodyOnQueue : The.NoQueue);
        (story.State, story.Todo, story.Handoff.Step).ShouldBe((HandoffState.Requested, Todo.Prepare, 1));
        story.Prepared(queue: The.Backup).Briefed();
        story.Transfers.ShouldHaveSingleItem().QueueId.ShouldBe("q-backup");
    }

    static void Ended(Story story, HandoffState state, FailureKind kind, bool owesMessage = false)
    {
        (story.State, story.Handoff.Failure, story.Handoff.EndedAt).ShouldBe((state, kind, story.Now));
        story.Handoff.FailureSentence.ShouldNotBeNullOrEmpty();
        story.Todo.ShouldBe(owesMessage ? Todo.SendMessage : Todo.None);
        story.Sent.ShouldBeEmpty();
    }
}
