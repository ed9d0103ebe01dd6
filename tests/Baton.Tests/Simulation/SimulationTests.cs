using System.Globalization;
using Baton.Core.Handoffs;

namespace Baton.Tests.Simulation;

/// <summary>One seed is one run. A seed that fails is printed; BATON_SEED=n runs it alone, with its whole log.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    [Fact]
    public void A_thousand_runs_lose_nothing_double_nothing_and_leave_nothing_stuck() => Run(1, 1_000);

    [Fact]
    [Trait("Category", "Full")]
    public void A_hundred_thousand_runs_lose_nothing_double_nothing_and_leave_nothing_stuck() => Run(1_001, 100_000);

    [Fact]
    public void The_same_seed_is_the_same_run()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var once = SimulatedWorld.Run(seed, keepLog: true);
            once.Log.Count.ShouldBeGreaterThan(10);
            string.Join('\n', SimulatedWorld.Run(seed, keepLog: true).Log).ShouldBe(string.Join('\n', once.Log), $"seed {seed}");
        }
    }

    [Fact]
    public void A_clock_put_forward_and_back_by_up_to_an_hour_doubles_nothing() =>
        Run(1, 300, seed => SimulationSettings.Of(seed) with { ClockSteps = true, LegFence = true, BeyondSettle = true, Enqueues = false });

    // The judge can find what it looks for.

    [Fact]
    public void Without_settle_time_and_fence_transfers_are_doubled() =>
        Doubled(seed => new SimulationSettings(seed) { Trouble = 4, Pace = HandoffPace.Default with { Settle = TimeSpan.Zero } }).ShouldBeGreaterThan(5);

    [Fact]
    public void Who_sends_again_without_looking_doubles_transfers() => Doubled(seed => new SimulationSettings(seed) { Trouble = 4, ResendsWithoutLooking = true }).ShouldBeGreaterThan(20);

    [Fact]
    public void With_both_the_same_runs_double_nothing() => Doubled(seed => new SimulationSettings(seed) { Trouble = 4 }).ShouldBe(0);

    static int Doubled(Func<int, SimulationSettings> settings) =>
        Enumerable.Range(1, 100).Sum(seed => SimulatedWorld.Run(settings(seed)).Violations.Count(v => v.StartsWith("doubled", StringComparison.Ordinal)));

    void Run(int first, int count, Func<int, SimulationSettings>? settings = null)
    {
        settings ??= SimulationSettings.Of;
        if (int.TryParse(Environment.GetEnvironmentVariable("BATON_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var chosen)) (first, count) = (chosen, 1);
        var results = new SimulationResult[count];
        Parallel.For(0, count, i => results[i] = SimulatedWorld.Run(settings(first + i)));

        output.WriteLine($"{count} runs, {results.Sum(r => r.Handoffs)} handoffs, {results.Sum(r => r.Transfers)} transfers");
        foreach (var kind in results.SelectMany(r => r.Faults).GroupBy(f => f.Key).OrderBy(g => g.Key, StringComparer.Ordinal)) output.WriteLine($"  {kind.Key} {kind.Sum(f => f.Value)}");
        var failed = results.Where(r => r.Violations.Count > 0).ToList();
        if (failed.Count == 0 && count > 1) return;
        foreach (var result in failed.Take(20)) output.WriteLine($"seed {result.Settings.Seed}: {string.Join("; ", result.Violations)}");
        var shown = failed.Count > 0 ? failed[0] : results[0];
        output.WriteLine($"BATON_SEED={shown.Settings.Seed}  {shown.Settings}");
        foreach (var line in SimulatedWorld.Run(shown.Settings, keepLog: true).Log) output.WriteLine(line);
        failed.Select(r => $"seed {r.Settings.Seed}: {r.Violations[0]}").ShouldBeEmpty();
    }
}
