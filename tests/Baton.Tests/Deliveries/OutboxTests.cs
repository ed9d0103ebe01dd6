using Baton.Core;
using Baton.Core.Deliveries;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Tests.Handoffs;

namespace Baton.Tests.Deliveries;

public sealed class OutboxTests
{
    static readonly Outbox outbox = new([new DeliveryTarget("wfm", new Uri("https://wfm.example/")) { Events = [HandoffNotices.Evaluated] }, new DeliveryTarget("all", new Uri("https://all.example/"))]);

    /// <summary>Every step of a handoff's life, and what is told of it.</summary>
    static List<string> Told(Story story, params Action<Story>[] steps)
    {
        var told = new List<string>();
        foreach (var step in steps)
        {
            var before = story.Handoff;
            step(story);
            told.AddRange(outbox.With(before, story.Last).Deliveries.Select(d => $"{d.Target} {d.EventType}"));
        }
        return told;
    }

    [Fact]
    public void A_handoff_is_evaluated_once_and_ends_once() =>
        Told(Story.Of(), s => s.Prepared(), s => s.Briefed(), s => s.Replied(Story.Accepts), s => s.WhenDue().Looked(The.ViewInQueue), s => s.MessageDue(), s => s.MessageReplied(Story.Accepts),
            s => s.WhenDue().Looked(The.ViewWithAgent), s => s.WhenDue().Looked(The.ViewWithoutCustomer))
            .ShouldBe(["wfm handoff_evaluated", "all handoff_evaluated", "all handoff_ended"]);

    [Fact]
    public void A_second_queue_does_not_make_it_evaluated_again() =>
        Told(Story.Of(The.Silent(The.WithFallback)), s => s.Sending(), s => s.Replied(Story.Accepts), s => s.WhenDue().Looked(The.ViewInQueue), s => s.After(200).Looked(The.ViewInQueue), s => s.Prepared(The.ViewInQueue, The.Backup),
            s => s.Replied(Story.Accepts), s => s.WhenDue().Looked(The.ViewInBackup)).ShouldBe(["wfm handoff_evaluated", "all handoff_evaluated"]);

    [Fact]
    public void One_that_is_refused_is_evaluated_and_one_that_is_called_off_is_not()
    {
        Told(Story.Of(), s => s.Prepared(The.ViewInQueue)).ShouldBe(["wfm handoff_evaluated", "all handoff_evaluated", "all handoff_ended"]);
        Told(Story.Of(), s => s.Canceled()).ShouldBe(["all handoff_ended"]);
    }

    [Fact]
    public void The_same_event_to_the_same_receiver_has_the_same_id_and_no_other_has_it()
    {
        var story = Story.Of();
        var before = story.Handoff;
        story.Prepared(The.ViewInQueue);
        var ids = outbox.With(before, story.Last).Deliveries.Select(d => d.Id).ToList();
        outbox.With(before, story.Last).Deliveries.Select(d => d.Id).ShouldBe(ids);
        ids.Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void Nothing_that_anybody_said_leaves_the_house()
    {
        var story = Story.Of();
        var before = story.Handoff with { Origin = new HandoffOrigin("policy", [new Reason("askedForHuman", "MARKER")], null), Welcome = "MARKER" };
        var after = before.Apply(new HandoffEvent.Faulted(FailureKind.MissingPermission, "MARKER", null), story.Now, The.Pace);
        outbox.With(before, after).Deliveries.ShouldAllBe(d => !d.Body.Contains("MARKER"));
        outbox.With(before, after).Deliveries.Count.ShouldBe(3);
    }
}
