using Baton.Core;
using Baton.Core.Handoffs;
using Baton.Core.Policies;

namespace Baton.Tests.Handoffs;

/// <summary>A step that could not be done, and a handoff that is called off.</summary>
public sealed class FaultTests
{
    static Story Waited => Story.Of(The.WithFallback).Queued().After(121).Looked(The.ViewInQueue);

    [Theory]
    [InlineData(FailureKind.Unavailable)]
    [InlineData(FailureKind.ReplyLost)]
    [InlineData(FailureKind.MalformedReply)]
    [InlineData(FailureKind.Conflict)]
    public void What_passes_is_tried_again_with_growing_pauses(FailureKind kind)
    {
        var story = Story.Of();
        for (var tries = 1; tries <= 5; tries++)
        {
            story.Faulted(kind);
            (story.State, story.Todo, story.Handoff.Tries, story.DueIn).ShouldBe((HandoffState.Requested, Todo.Prepare, tries, HandoffPace.Retry(tries, The.Id)));
            story.WhenDue();
        }
        story.Handoff.Failure.ShouldBe(kind);
    }

    [Fact]
    public void A_fault_that_says_when_to_come_back_is_believed()
    {
        var story = Story.Of().Faulted(FailureKind.RateLimited, The.Start.AddSeconds(42));
        (story.DueIn, story.Handoff.Tries).ShouldBe((TimeSpan.FromSeconds(42), 0));
    }

    [Fact]
    public void A_fault_that_says_when_and_means_the_past_is_due_now() =>
        Story.Of().After(60).Faulted(FailureKind.RateLimited, The.Start).DueIn.ShouldBe(TimeSpan.Zero);

    [Theory]
    [InlineData(FailureKind.ConversationNotFound)]
    [InlineData(FailureKind.MissingPermission)]
    [InlineData(FailureKind.BadRequest)]
    public void An_answer_while_preparing_ends_it(FailureKind kind)
    {
        var story = Story.Of().Faulted(kind);
        (story.State, story.Handoff.Failure, story.Handoff.FailureSentence).ShouldBe((HandoffState.Failed, kind, $"It was {kind}."));
    }

    [Fact]
    public void A_refused_token_may_be_a_rotation_and_is_tried_a_few_times()
    {
        var story = Story.Of();
        for (var tries = 1; tries < The.Pace.SideTries; tries++) story.Faulted(FailureKind.Unauthorized).WhenDue().State.ShouldBe(HandoffState.Requested);
        story.Faulted(FailureKind.Unauthorized).State.ShouldBe(HandoffState.Failed);
    }

    [Fact]
    public void What_could_not_be_begun_within_the_limit_has_timed_out()
    {
        var story = Story.Of().After(15 * 60).Faulted(FailureKind.Unavailable);
        (story.State, story.Handoff.Failure).ShouldBe((HandoffState.Failed, FailureKind.TimedOut));
        story.Handoff.FailureSentence!.ShouldContain("It was Unavailable.");
    }

    [Fact]
    public void A_briefing_that_cannot_be_written_does_not_hold_up_the_customer()
    {
        var story = Story.Of().Prepared().Faulted(FailureKind.MissingPermission);
        (story.State, story.Last.What, story.Handoff.IsBriefed, story.Sent.Count).ShouldBe((HandoffState.Transferring, "notBriefed", false, 1));
    }

    [Fact]
    public void A_briefing_is_tried_a_few_times_first()
    {
        var story = Story.Of().Prepared();
        for (var tries = 1; tries < The.Pace.SideTries; tries++) story.Faulted(FailureKind.Unavailable).WhenDue().Todo.ShouldBe(Todo.Brief);
        story.Faulted(FailureKind.Unavailable).State.ShouldBe(HandoffState.Transferring);
    }

    [Fact]
    public void A_doubt_is_never_given_up()
    {
        var story = Story.Of().Accepted();
        for (var tries = 0; tries < 100; tries++) story.WhenDue().Faulted(FailureKind.Unavailable).Todo.ShouldBe(Todo.FindTransfer);
        story.WhenDue().Looked(The.ViewInQueue).State.ShouldBe(HandoffState.Queued);
    }

    [Fact]
    public void Skills_that_cannot_be_set_do_not_keep_the_customer_uninformed()
    {
        var story = Story.Of(The.WithSkills).Confirmed().Faulted(FailureKind.BadRequest);
        (story.State, story.Todo, story.Last.What).ShouldBe((HandoffState.Queued, Todo.SendMessage, "routingNotSet"));
    }

    [Fact]
    public void Following_has_no_end_of_its_own()
    {
        var story = Story.Of().Queued();
        for (var tries = 0; tries < 50; tries++) story.WhenDue().Faulted(FailureKind.MissingPermission).Todo.ShouldBe(Todo.Follow);
    }

    [Theory]
    [InlineData(FailureKind.ConversationNotFound)]
    [InlineData(FailureKind.ConversationEnded)]
    public void A_conversation_that_is_gone_ends_what_was_followed(FailureKind kind)
    {
        Story.Of().Queued().WhenDue().Faulted(kind).State.ShouldBe(HandoffState.Abandoned);
        Story.Of().WithAgent().WhenDue().Faulted(kind).State.ShouldBe(HandoffState.Completed);
    }

    [Fact]
    public void A_next_queue_that_cannot_be_checked_leaves_the_conversation_where_it_waits()
    {
        var story = Waited;
        for (var tries = 1; tries < The.Pace.SideTries; tries++) story.Faulted(FailureKind.Unavailable).WhenDue().Todo.ShouldBe(Todo.Prepare);
        story.Faulted(FailureKind.Unavailable);
        (story.State, story.Handoff.IsExhausted, story.Todo).ShouldBe((HandoffState.Queued, true, Todo.SendMessage));
    }

    [Fact]
    public void Progress_forgets_earlier_tries() =>
        Story.Of().Faulted(FailureKind.Unavailable).WhenDue().Prepared().Handoff.Tries.ShouldBe(0);

    // Called off.

    [Fact]
    public void Before_it_is_sent_a_handoff_can_be_called_off()
    {
        foreach (var story in new[] { Story.Of(), Story.Of().Prepared(), Story.Of().Faulted(FailureKind.Unavailable) })
        {
            story.Canceled();
            (story.State, story.Todo, story.Handoff.FailureSentence).ShouldBe((HandoffState.Canceled, Todo.None, "Canceled by ada."));
        }
    }

    [Fact]
    public void Calling_it_off_twice_says_nothing_new()
    {
        var story = Story.Of().Canceled().Canceled();
        (story.Last.Changed, story.Last.Rejection).ShouldBe((false, null));
    }

    [Fact]
    public void Once_sent_it_cannot_be_called_off_and_says_why()
    {
        Story.Of().Sending().Canceled().Last.Rejection!.ShouldContain("has been sent");
        Story.Of().Queued().Canceled().Last.Rejection!.ShouldContain("has left the bot");
        Story.Of().WithAgent().Canceled().Last.Rejection!.ShouldContain("has left the bot");
    }

    [Fact]
    public void An_ended_handoff_cannot_be_called_off()
    {
        var story = Story.Of().Prepared(The.ViewWithAgent).Canceled();
        story.Last.Rejection.ShouldBe("The handoff has ended (Refused).");
    }

    // A property the runbook stands on.

    [Fact]
    public void Only_what_can_pass_is_called_passing() =>
        Enum.GetValues<FailureKind>().Where(Failures.IsPassing).ShouldBe(
            [FailureKind.Conflict, FailureKind.RateLimited, FailureKind.Unavailable, FailureKind.ReplyLost, FailureKind.MalformedReply], ignoreOrder: true);

    [Fact]
    public void A_step_at_the_usual_priority_without_skills_sets_no_routing() =>
        Story.Of(The.OneQueue with { Steps = [new RouteStep { Queue = "Support", Priority = RouteStep.UsualPriority }] }).Confirmed().Todo.ShouldBe(Todo.SendMessage);
}
