using Baton.Core.Assist;

namespace Baton.Tests.Assist;

public sealed class FeedbackOptionsTests
{
    static readonly DateTimeOffset now = new(2026, 8, 20, 10, 0, 0, TimeSpan.Zero);

    static SubjectOutcome[] Outcomes(int used, int passed, double daysAgo = 0) =>
        [.. Enumerable.Repeat(new SubjectOutcome(true, now.AddDays(-daysAgo)), used), .. Enumerable.Repeat(new SubjectOutcome(false, now.AddDays(-daysAgo)), passed)];

    [Theory]
    [InlineData(FeedbackKind.Rate)]
    [InlineData(FeedbackKind.Smoothed)]
    public void Nothing_known_is_neutral(FeedbackKind kind) => new FeedbackOptions { Kind = kind }.Signal([], now).ShouldBe(0.5);

    [Theory]
    [InlineData(3, 1, 0.75)]
    [InlineData(1, 0, 1)]
    [InlineData(0, 2, 0)]
    public void Rate_is_the_guides_ratio_whatever_the_age(int used, int passed, double expected) =>
        new FeedbackOptions { Kind = FeedbackKind.Rate }.Signal(Outcomes(used, passed, daysAgo: 400), now).ShouldBe(expected);

    // (2 + used) / (4 + seen)
    [Theory]
    [InlineData(1, 0, 0.6)]
    [InlineData(0, 1, 0.4)]
    [InlineData(96, 0, 0.98)]
    [InlineData(3, 3, 0.5)]
    public void Smoothed_needs_more_than_one_use_to_be_sure(int used, int passed, double expected) => new FeedbackOptions().Signal(Outcomes(used, passed), now).ShouldBe(expected, 1e-12);

    [Fact]
    public void After_a_half_life_an_outcome_counts_half() =>
        new FeedbackOptions().Signal(Outcomes(used: 1, passed: 0, daysAgo: 30), now).ShouldBe(2.5 / 4.5, 1e-12);

    [Fact]
    public void Without_a_prior_what_has_faded_to_nothing_is_neutral()
    {
        var options = new FeedbackOptions { PriorWeight = 0, HalfLife = TimeSpan.FromDays(0.01) };
        options.Signal(Outcomes(used: 1, passed: 3, daysAgo: 400), now).ShouldBe(0.5);
        options.Signal([.. Outcomes(used: 0, passed: 1, daysAgo: 400), .. Outcomes(used: 1, passed: 0)], now).ShouldBe(1);
    }

    [Fact]
    public void New_dislike_outweighs_old_liking() =>
        new FeedbackOptions().Signal([.. Outcomes(used: 4, passed: 0, daysAgo: 300), .. Outcomes(used: 0, passed: 4)], now).ShouldBeLessThan(0.3);

    [Fact]
    public void An_outcome_from_a_clock_ahead_of_ours_counts_once() =>
        new FeedbackOptions().Signal([new SubjectOutcome(true, now.AddDays(90))], now).ShouldBe(0.6, 1e-12);
}
