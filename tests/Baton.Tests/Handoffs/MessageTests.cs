using Baton.Core;
using Baton.Core.Handoffs;

namespace Baton.Tests.Handoffs;

/// <summary>What the customer is told: once, truly, or not at all.</summary>
public sealed class MessageTests
{
    [Fact]
    public void Nothing_is_said_before_the_transfer_is_confirmed()
    {
        var story = Story.Of().Accepted().MessageDue();
        story.Last.Rejection.ShouldNotBeNull();
        story.Told.ShouldBeEmpty();
    }

    [Fact]
    public void A_message_is_sent_with_the_commit_that_will_look_for_it()
    {
        var story = Story.Of().Confirmed().MessageDue();
        (story.Todo, story.DueIn, story.Handoff.Telling!.Attempt).ShouldBe((Todo.FindMessage, The.Pace.SendWithin + The.Pace.Settle, 1));
        story.Last.Send.ShouldBeOfType<OneSend.Message>().CommunicationId.ShouldBe("leg-1-line");
    }

    [Fact]
    public void A_message_taken_is_told_once()
    {
        var story = Story.Of().Queued();
        story.Last.What.ShouldBe("customerTold");
        story.MessageDue().Told.ShouldBe([The.Messages.Transferring!]);
    }

    [Fact]
    public void A_lost_reply_is_looked_for_and_a_message_that_arrived_is_not_repeated()
    {
        var story = Story.Of().Confirmed().MessageDue().MessageReplied(Story.Loses());
        (story.Todo, story.DueIn).ShouldBe((Todo.FindMessage, The.Pace.Settle));
        story.WhenDue().MessageLookedFor(found: true);
        (story.Todo, story.Told.Count()).ShouldBe((Todo.Follow, 1));
    }

    [Fact]
    public void A_message_that_did_not_arrive_is_sent_again()
    {
        var story = Story.Of().Confirmed().MessageDue().MessageReplied(Story.Loses()).WhenDue().MessageLookedFor(found: false);
        story.Todo.ShouldBe(Todo.SendMessage);
        story.MessageDue().Told.Count().ShouldBe(2);
    }

    [Fact]
    public void A_timeout_gives_the_message_its_time_to_arrive_from_then_on() =>
        Story.Of().Confirmed().MessageDue().After(25).MessageReplied(Story.Loses()).DueIn.ShouldBe(The.Pace.Settle);

    [Fact]
    public void A_message_is_given_up_after_as_many_tries_as_the_pace_allows()
    {
        var story = Story.Of().Confirmed();
        while (story.Todo != Todo.Follow) story = story.Todo == Todo.SendMessage ? story.MessageDue() : story.WhenDue().MessageLookedFor(found: false);
        (story.State, story.Last.What, story.Told.Count()).ShouldBe((HandoffState.Queued, "messageGivenUp", The.Pace.SideTries));
    }

    [Fact]
    public void A_rate_limited_message_was_not_sent_and_does_not_count()
    {
        var story = Story.Of().Confirmed().MessageDue();
        story.MessageReplied(story.NotFor(3));
        (story.Todo, story.DueIn, story.Handoff.Telling!.Attempt).ShouldBe((Todo.SendMessage, TimeSpan.FromSeconds(3), 0));
    }

    [Fact]
    public void A_refused_message_does_not_end_the_handoff()
    {
        var story = Story.Of().Confirmed().MessageDue().MessageReplied(Story.Refuses(FailureKind.BadRequest));
        (story.State, story.Todo, story.Last.What).ShouldBe((HandoffState.Queued, Todo.Follow, "messageRefused"));
    }

    [Fact]
    public void Where_the_policy_says_nothing_nothing_is_said()
    {
        var story = Story.Of(The.Silent(The.OneQueue)).Confirmed();
        (story.Todo, story.Handoff.Telling).ShouldBe((Todo.Follow, null));
    }

    [Fact]
    public void A_failed_handoff_without_a_text_owes_no_message()
    {
        var story = Story.Of(The.Silent(The.OneQueue)).Prepared(queue: The.NoQueue);
        (story.State, story.Todo, story.Handoff.DueAt).ShouldBe((HandoffState.Failed, Todo.None, null));
    }

    [Fact]
    public void A_queue_leg_that_cannot_speak_is_not_spoken_through() =>
        Story.Of().Accepted().WhenDue().Looked(The.View(The.Customer, The.Leg() with { CommunicationId = null })).Todo.ShouldBe(Todo.Follow);

    [Fact]
    public void An_answer_to_a_message_that_comes_after_the_agent_says_nothing()
    {
        var story = Story.Of().Confirmed().MessageDue().Looked(The.ViewWithAgent).MessageReplied(Story.Accepts);
        (story.State, story.Last.Changed, story.Last.Rejection).ShouldBe((HandoffState.WithAgent, false, null));
    }

    [Fact]
    public void An_answer_to_a_message_never_sent_says_nothing() =>
        Story.Of().Confirmed().MessageReplied(Story.Accepts).Last.Changed.ShouldBeFalse();

    [Fact]
    public void What_an_ended_handoff_owes_is_still_looked_for_and_given_up_like_any_other()
    {
        var story = Story.Of().Prepared(queue: The.NoQueue).MessageDue().MessageReplied(Story.Loses());
        (story.State, story.Todo).ShouldBe((HandoffState.Failed, Todo.FindMessage));
        for (var fault = 0; fault < The.Pace.SideTries; fault++) story.WhenDue().Faulted(FailureKind.Unavailable);
        (story.State, story.Todo, story.Handoff.DueAt, story.Last.What).ShouldBe((HandoffState.Failed, Todo.None, null, "messageGivenUp"));
    }
}
