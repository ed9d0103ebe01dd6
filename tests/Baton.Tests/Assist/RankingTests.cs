using Baton.Core.Assist;

namespace Baton.Tests.Assist;

public sealed class RankingTests
{
    static readonly RankingWeights guide = new();

    static Candidate Some(string id, double confidence, params string[] tags) => new("local", id, id, "", confidence, "local") { Tags = tags };

    [Theory]
    [InlineData(0.92, true, 0.5, 0.647)]
    [InlineData(0.87, false, 1.0, 0.622)]
    [InlineData(0.5, true, 0.0, 0.345)]
    [InlineData(1.0, true, 1.0, 0.745)]
    [InlineData(0.0, false, 0.0, 0.0)]
    [InlineData(0.333, true, 1.0 / 3, 0.2781)]
    [InlineData(0.7, false, 2.0 / 3, 0.4867)]
    public void A_score_is_the_guides_formula_to_the_fourth_decimal(double confidence, bool skill, double feedback, double expected) =>
        Ranking.Score(confidence, skill, feedback, guide).Final.ShouldBe(expected);

    // Sums that lie on a half of the fourth decimal: what the guide's language gives, which rounding after scaling by 10,000 misses in each of these.
    [Theory]
    [InlineData(0.1725, false, 0.0125, 0.1047)]
    [InlineData(0.78, false, 0.3335, 0.5013)]
    [InlineData(0.8185, true, 0.0125, 0.5373)]
    [InlineData(0.085, true, 0.0125, 0.0973)]
    [InlineData(0.315, false, 0.0125, 0.1903)]
    [InlineData(0.715, false, 0.3335, 0.4623)]
    [InlineData(0.8855, true, 0.3335, 0.6097)]
    [InlineData(0.6135, true, 0.0125, 0.4143)]
    [InlineData(0.781, true, 0.0125, 0.5149)]
    [InlineData(0.003, true, 0.3335, 0.0801)]
    [InlineData(0.59, true, 0.3335, 0.4323)]
    [InlineData(0.8895, true, 0.0125, 0.5799)]
    [InlineData(0.0935, false, 0.3335, 0.0895)]
    public void A_half_is_rounded_as_the_number_exactly_is(double confidence, bool skill, double feedback, double expected) =>
        Ranking.Score(confidence, skill, feedback, guide).Final.ShouldBe(expected);

    [Theory]
    [InlineData(0.00005, 0.0001)]
    [InlineData(0.00015, 0.0001)]
    [InlineData(0.00025, 0.0003)]
    [InlineData(0.12345, 0.1235)]
    [InlineData(0.62345, 0.6234)]
    [InlineData(2.67515, 2.6751)]
    [InlineData(0.03125, 0.0312)]
    [InlineData(0.00625, 0.0063)]
    [InlineData(1.00005, 1.0001)]
    [InlineData(0.99995, 1.0)]
    [InlineData(-0.03125, -0.0312)]
    public void An_exact_half_goes_to_the_even_digit_and_any_other_to_the_nearer_one(double value, double expected) => Ranking.Round(value).ShouldBe(expected);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void What_is_no_number_stays_what_it_is_when_rounded_and_counts_as_nothing_in_a_score(double value)
    {
        Ranking.Round(value).ShouldBe(value);
        Ranking.Score(value, true, 0.5, guide).Final.ShouldBe(0.095);
        Ranking.Score(0.5, false, value, guide).ShouldBe(Ranking.Score(0.5, false, 0, guide));
        Ranking.Rank([Some("none", value), Some("some", 0.1)], [], guide, _ => 0.5).Select(r => r.Candidate.Id).ShouldBe(["some", "none"]);
    }

    [Fact]
    public void The_parts_add_up_to_the_whole()
    {
        var score = Ranking.Score(0.8, true, 0.25, guide);

        (score.FromConfidence, score.FromSkill, score.FromFeedback).ShouldBe((0.8 * 0.6, 0.15 * 0.3, 0.25 * 0.1));
        (score.FromConfidence + score.FromSkill + score.FromFeedback).ShouldBe(score.Final, 0.00005);
        (score.SkillMatch, score.Feedback).ShouldBe((true, 0.25));
    }

    [Fact]
    public void The_best_comes_first_and_equals_keep_their_order()
    {
        Candidate[] candidates = [Some("a", 0.5), Some("b", 0.9), Some("c", 0.5), Some("d", 0.9), Some("e", 0.5)];

        Ranking.Rank(candidates, [], guide, _ => 0.5).Select(r => r.Candidate.Id).ShouldBe(["b", "d", "a", "c", "e"]);
    }

    [Fact]
    public void Many_equals_keep_their_order()
    {
        var candidates = Enumerable.Range(0, 1_000).Select(i => Some($"{i}", i % 3 * 0.1)).ToList();

        var ranked = Ranking.Rank(candidates, [], guide, _ => 0.5).Select(r => int.Parse(r.Candidate.Id)).ToList();

        ranked.ShouldBe(Enumerable.Range(0, 1_000).OrderByDescending(i => i % 3).ToList());
    }

    [Fact]
    public void What_rounds_to_the_same_is_equal()
    {
        Candidate[] candidates = [Some("less", 0.50001), Some("more", 0.50004)];

        Ranking.Rank(candidates, [], guide, _ => 0.5).Select(r => r.Candidate.Id).ShouldBe(["less", "more"]);
    }

    [Fact]
    public void A_skill_lifts_what_is_tagged_with_it_by_its_whole_name_only()
    {
        Candidate[] candidates = [Some("plain", 0.5), Some("prefix", 0.5, "refund"), Some("case", 0.5, "Refunds"), Some("tagged", 0.48, "billing", "refunds")];

        var ranked = Ranking.Rank(candidates, ["refunds"], guide, _ => 0.5);

        ranked[0].Candidate.Id.ShouldBe("tagged");
        ranked.Count(r => r.Score.SkillMatch).ShouldBe(1);
    }

    [Fact]
    public void Feedback_is_asked_by_subject()
    {
        Candidate[] candidates = [Some("1", 0.5), Some("2", 0.5) with { Subject = "article" }];

        Ranking.Rank(candidates, [], guide, subject => subject == "article" ? 1 : 0).Select(r => (r.Candidate.Id, r.Score.Final)).ShouldBe([("2", 0.4), ("1", 0.3)]);
    }

    [Fact]
    public void Weights_are_the_settings_own() =>
        Ranking.Score(0.4, true, 0.5, new RankingWeights { Confidence = 1, Skill = 1, SkillBonus = 0.2, Feedback = 0 }).Final.ShouldBe(0.6);

    [Fact]
    public void Nothing_is_ranked_into_nothing() => Ranking.Rank([], ["refunds"], guide, _ => 0.5).ShouldBeEmpty();
}
