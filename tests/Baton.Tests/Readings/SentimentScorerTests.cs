using Baton.Core.Readings;
using Shouldly;
using Xunit;

namespace Baton.Tests.Readings;

public sealed class SentimentScorerTests
{
    static double Score(string text) => SentimentScorer.Score(text).Value;

    [Theory]
    [InlineData("Thank you so much, that was great!")]
    [InlineData("it works now :)")]
    [InlineData("not bad at all")]
    [InlineData("no problem")]
    public void Is_good(string text) => Score(text).ShouldBeGreaterThan(0.2);

    [Theory]
    [InlineData("This is ridiculous")]
    [InlineData("third time I'm asking, still not working")]
    [InlineData("what a waste of time")]
    [InlineData("I am not happy")]
    [InlineData("thanks for nothing")]
    [InlineData("😡")]
    public void Is_bad(string text) => Score(text).ShouldBeLessThan(-0.2);

    [Fact]
    public void Emphasis_makes_it_more_so()
    {
        Score("terrible!!!").ShouldBeLessThan(Score("terrible"));
        Score("this is TERRIBLE").ShouldBeLessThan(Score("this is terrible"));
        Score("really terrible").ShouldBeLessThan(Score("terrible"));
        Score("slightly annoying").ShouldBeGreaterThan(Score("annoying"));
    }

    [Fact]
    public void What_follows_but_counts_more() => Score("the shop is nice but the service is bad").ShouldBeLessThan(0);

    [Fact]
    public void A_text_without_feeling_is_no_evidence() => SentimentScorer.Score("my number is 4711").ShouldBe(new SentimentScore(0, Evidence: false));

    [Fact]
    public void Stays_within_its_scale() => Score(string.Concat(Enumerable.Repeat("horrible! ", 500))).ShouldBeInRange(-1, -0.9);
}
