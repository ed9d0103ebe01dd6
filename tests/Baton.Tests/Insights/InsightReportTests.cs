using Baton.Core.Handoffs;
using Baton.Core.Insights;
using Baton.Core.Policies;

namespace Baton.Tests.Insights;

public sealed class InsightReportTests
{
    static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    static readonly PolicyVersion One = new("acme", "1", "aaaaaaaaaaaa"), Two = new("acme", "2", "bbbbbbbbbbbb");
    static readonly InsightFilter Day = new(Noon - TimeSpan.FromDays(1), Noon);

    static HandoffLine Line(string conversation, double hoursAgo, HandoffState state, double? agentAfter = null, string queue = "Support", string? reason = "askedForHuman", PolicyVersion? policy = null) =>
        new(conversation, state, queue, Noon.AddHours(-hoursAgo), agentAfter is { } seconds ? Noon.AddHours(-hoursAgo).AddSeconds(seconds) : null, reason, policy);

    static AcceptanceLine Dealt(string conversation, double hoursAgo, bool isUsed) => new(conversation, Noon.AddHours(-hoursAgo), isUsed);

    [Fact]
    public void Every_hour_is_there_and_its_states_add_up()
    {
        var report = InsightReport.Of(Day,
        [
            Line("c1", 0.5, HandoffState.Queued), Line("c2", 0.75, HandoffState.Completed, 10), Line("c3", 0.9, HandoffState.WithAgent, 30),
            Line("c4", 3.2, HandoffState.Abandoned), Line("c5", 3.3, HandoffState.Failed), Line("c6", 23.9, HandoffState.Refused),
        ], []);
        report.Buckets.Count.ShouldBe(24);
        report.Buckets.Select(b => b.Key).ShouldBe(Enumerable.Range(0, 24).Select(h => Noon.AddHours(h - 24)));
        report.Buckets[^1].Counts.ShouldSatisfyAllConditions(c => c.Requested.ShouldBe(3), c => c.WithAgent.ShouldBe(2), c => c.UnderWay.ShouldBe(1), c => (c.TimeToAgent!.P50, c.TimeToAgent.P95).ShouldBe((10, 30)));
        report.Buckets[20].Counts.ShouldSatisfyAllConditions(c => c.CustomerLeft.ShouldBe(1), c => c.Failed.ShouldBe(1), c => c.TimeToAgent.ShouldBeNull());
        report.Buckets[0].Counts.Refused.ShouldBe(1);
        report.Total.Requested.ShouldBe(6);
        foreach (var counts in report.Buckets.Select(b => b.Counts).Append(report.Total))
            (counts.WithAgent + counts.CustomerLeft + counts.StayedWithBot + counts.Refused + counts.Failed + counts.CalledOff + counts.UnderWay).ShouldBe(counts.Requested);
    }

    [Fact]
    public void Longer_spans_go_by_the_day_of_universal_time()
    {
        var week = new InsightFilter(Noon - TimeSpan.FromDays(7), Noon);
        week.IsByHour.ShouldBeFalse();
        week.Buckets().ShouldBe(Enumerable.Range(0, 8).Select(d => new DateTimeOffset(2026, 4, 27, 0, 0, 0, TimeSpan.Zero).AddDays(d)));
        week.BucketOf(new DateTimeOffset(2026, 5, 1, 1, 0, 0, TimeSpan.FromHours(2))).ShouldBe(new DateTimeOffset(2026, 4, 30, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void Groups_go_by_reason_queue_and_policy_the_most_frequent_first()
    {
        var report = InsightReport.Of(Day,
        [
            Line("c1", 1, HandoffState.Completed, 5, "Billing", "noMatch", One), Line("c2", 2, HandoffState.Completed, 15, policy: Two), Line("c3", 3, HandoffState.Abandoned, policy: Two), Line("c4", 4, HandoffState.Queued, reason: null),
        ], [Dealt("c1", 1, true), Dealt("c2", 1, false), Dealt("c2", 1, true), Dealt("elsewhere", 1, true)]);
        report.Queues.Select(q => (q.Key, q.Counts.Requested, q.Counts.Acceptance.Used, q.Counts.Acceptance.Seen)).ShouldBe([("Support", 3, 1, 2), ("Billing", 1, 1, 1)]);
        report.Reasons.Select(r => (r.Key, r.Counts.Requested)).ShouldBe([("askedForHuman", 2), (null, 1), ("noMatch", 1)]);
        report.Policies.Select(p => (p.Key, p.Counts.Requested)).ShouldBe([(Two, 2), (null, 1), (One, 1)]);
        report.Total.Acceptance.ShouldSatisfyAllConditions(a => (a.Used, a.Seen).ShouldBe((3, 4)), a => a.Low!.Value.ShouldBe(0.3, 0.01), a => a.High!.Value.ShouldBe(0.954, 0.01));
    }

    [Fact]
    public void A_filter_takes_the_suggestions_of_its_conversations_along()
    {
        HandoffLine[] lines = [Line("c1", 1, HandoffState.Completed, 5, "Billing", policy: One), Line("c2", 2, HandoffState.Completed, 15, policy: Two)];
        AcceptanceLine[] dealt = [Dealt("c1", 1, true), Dealt("c2", 1, false), Dealt("elsewhere", 1, false)];
        InsightReport.Of(Day with { Queue = "Billing" }, lines, dealt).Total.ShouldSatisfyAllConditions(t => t.Requested.ShouldBe(1), t => (t.Acceptance.Used, t.Acceptance.Seen).ShouldBe((1, 1)));
        InsightReport.Of(Day with { Policy = Two.Hash }, lines, dealt).Total.ShouldSatisfyAllConditions(t => t.TimeToAgent!.P50.ShouldBe(15), t => (t.Acceptance.Used, t.Acceptance.Seen).ShouldBe((0, 1)));
        InsightReport.Of(Day with { Queue = "Nowhere" }, lines, dealt).ShouldSatisfyAllConditions(r => r.Total.Requested.ShouldBe(0), r => r.Queues.ShouldBeEmpty(), r => r.Total.Acceptance.Rate.ShouldBeNull(), r => r.Buckets.Count.ShouldBe(24));
    }
}
