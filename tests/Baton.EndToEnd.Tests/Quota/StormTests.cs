using Baton.Benchmarks.Storm;

namespace Baton.EndToEnd.Tests.Quota;

/// <summary>Six hundred handoffs at once on three hundred calls a minute: the storm of bench, judged by the sandbox's ledger, beside what others do in it.</summary>
[Collection(Handoffs.OnVirtualTime.Name)]
public sealed class StormTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 900_000)]
    public async Task Six_hundred_handoffs_at_once_all_succeed_without_a_429_as_fast_as_the_quota_allows()
    {
        var storm = await StormRun.RunAsync(new StormOptions(StormClient.Baton), Ct);
        storm.ShouldSatisfyAllConditions(storm.ToText(),
            s => s.Done.ShouldBe(600),
            s => s.TooMany.ShouldBe(0),
            s => s.MostInAWindow.ShouldBeLessThanOrEqualTo(300),
            s => s.ToFloor.ShouldBeLessThanOrEqualTo(1.05),
            s => s.TransferredInFirstMinute.ShouldBeGreaterThanOrEqualTo(70),
            s => s.MostReadsBeforeATransfer.ShouldBeLessThanOrEqualTo(1));
        ShouldCost(storm, 5);
    }

    [Fact(Timeout = 900_000)]
    public async Task Skills_cost_one_call_more()
    {
        var storm = await StormRun.RunAsync(new StormOptions(StormClient.Baton, Handoffs: 150, Skills: true), Ct);
        (storm.Done, storm.TooMany).ShouldBe((150, 0), storm.ToText());
        ShouldCost(storm, 6);
    }

    [Fact(Timeout = 900_000)]
    public async Task A_neighbor_who_spends_a_fifth_unseen_fails_nothing_and_no_window_is_overrun_by_us()
    {
        var storm = await StormRun.RunAsync(new StormOptions(StormClient.Baton, Handoffs: 200, Neighbor: true), Ct);
        storm.ShouldSatisfyAllConditions(storm.ToText(),
            s => s.Done.ShouldBe(200),
            s => s.Doubled.ShouldBe(0),
            s => s.MostInAWindow.ShouldBeLessThanOrEqualTo(300));
    }

    [Theory(Timeout = 900_000)]
    [InlineData(nameof(StormClient.Guide003))]
    [InlineData(nameof(StormClient.SdkDefault))]
    public async Task Others_fail_most_of_it(string client)
    {
        var storm = await StormRun.RunAsync(new StormOptions(Enum.Parse<StormClient>(client)), Ct);
        storm.Failed.ShouldBeGreaterThan(400, storm.ToText());
        storm.TooMany.ShouldBeGreaterThan(300, storm.ToText());
    }

    /// <summary>Until the customer is told; who decides is shared by all, and following has its fifth of a window.</summary>
    static void ShouldCost(StormReport storm, double calls)
    {
        var kinds = storm.CallsPerHandoff;
        kinds.Keys.Except([CallKinds.Leg, CallKinds.Brief, CallKinds.Transfer, CallKinds.Confirm, CallKinds.Skills, CallKinds.Message, CallKinds.Deciding, CallKinds.Following]).ShouldBeEmpty();
        kinds.Where(k => k.Key is not (CallKinds.Deciding or CallKinds.Following)).Sum(k => k.Value).ShouldBeLessThanOrEqualTo(calls, storm.ToText());
        var minutes = Math.Ceiling(storm.Seconds / 60) + 1;
        (kinds.GetValueOrDefault(CallKinds.Following) * storm.Options.Handoffs).ShouldBeLessThanOrEqualTo(minutes * storm.Options.CallsPerMinute / 5, storm.ToText());
        (kinds.GetValueOrDefault(CallKinds.Deciding) * storm.Options.Handoffs).ShouldBeLessThanOrEqualTo(minutes * 60 / 5 + 2, storm.ToText());
    }
}
