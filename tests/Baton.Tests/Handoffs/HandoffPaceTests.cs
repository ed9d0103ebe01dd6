using Baton.Core.Handoffs;

namespace Baton.Tests.Handoffs;

public sealed class HandoffPaceTests
{
    [Theory]
    [InlineData(-3, 1)]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(5, 32)]
    [InlineData(6, 60)]
    [InlineData(1000, 60)]
    public void Pauses_double_up_to_a_minute_give_or_take_a_fifth(int tries, double seconds)
    {
        for (var second = 0; second < 200; second++)
            HandoffPace.Retry(tries, HandoffId.New(The.Start.AddSeconds(second), new Random(second))).TotalSeconds.ShouldBeInRange(seconds * 0.8, seconds * 1.2);
    }

    [Fact]
    public void A_thousand_that_failed_together_do_not_come_back_together()
    {
        var random = new Random(1);
        var pauses = Enumerable.Range(0, 1000).Select(_ => HandoffPace.Retry(6, HandoffId.New(The.Start, random)).TotalSeconds).Order().ToList();
        pauses.Distinct().Count().ShouldBeGreaterThan(990);
        // Spread over the whole fifth to each side, not in a heap.
        pauses[100].ShouldBeInRange(48, 54);
        pauses[500].ShouldBeInRange(56, 64);
        pauses[900].ShouldBeInRange(66, 72);
    }

    [Fact]
    public void The_same_handoff_pauses_the_same_in_each_run() => HandoffPace.Retry(3, The.Id).ShouldBe(HandoffPace.Retry(3, HandoffId.Parse(The.Id.ToString())));

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 3)]
    [InlineData(2, 4.5)]
    [InlineData(6, 22.78125)]
    [InlineData(7, 30)]
    [InlineData(int.MaxValue, 30)]
    public void Looks_come_further_and_further_apart(int looks, double seconds) => HandoffPace.Default.Follow(looks).TotalSeconds.ShouldBe(seconds, 0.001);
}
