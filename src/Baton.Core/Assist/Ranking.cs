using System.Globalization;

namespace Baton.Core.Assist;

/// <summary>
/// Puts candidates in order by guide 004's formula: 0.6 confidence + 0.3 skill bonus + 0.1 feedback, rounded to four decimals, best first, equals in the order they came.
/// Sums and rounding are those of the guide's own script, to the bit.
/// </summary>
public static class Ranking
{
    const int Decimals = 4;
    const double Unit = 10_000;

    /// <param name="feedback">The signal of a subject, 0..1.</param>
    public static IReadOnlyList<Ranked> Rank(IReadOnlyList<Candidate> candidates, IReadOnlyList<string> agentSkills, RankingWeights weights, Func<string, double> feedback)
    {
        var skills = agentSkills.ToHashSet(StringComparer.Ordinal);
        var ranked = new Ranked[candidates.Count];
        var order = new (double Minus, int Index)[candidates.Count];
        for (var i = 0; i < candidates.Count; i++)
        {
            var candidate = candidates[i];
            ranked[i] = new Ranked(candidate, Score(candidate.Confidence, IsSkilled(candidate.Tags, skills), feedback(candidate.Subject), weights));
            order[i] = (-ranked[i].Score.Final, i);
        }
        // The index makes it stable.
        Array.Sort(order, ranked);
        return ranked;
    }

    public static Score Score(double confidence, bool skillMatch, double feedback, RankingWeights weights)
    {
        var bonus = skillMatch ? weights.SkillBonus : 0;
        double fromConfidence = Known(confidence) * weights.Confidence, fromSkill = bonus * weights.Skill, fromFeedback = Known(feedback) * weights.Feedback;
        return new Score(Round(fromConfidence + fromSkill + fromFeedback), fromConfidence, fromSkill, fromFeedback, Round(Known(feedback)), skillMatch);
    }

    // What is no number would stand before everything, and no answer could be written.
    static double Known(double value) => double.IsFinite(value) ? value : 0;

    static bool IsSkilled(IReadOnlyList<string> tags, HashSet<string> skills)
    {
        if (skills.Count == 0) return false;
        for (var i = 0; i < tags.Count; i++)
            if (skills.Contains(tags[i])) return true;
        return false;
    }

    /// <summary>To the nearest of what the number exactly is, an exact half to the even digit: as the guide's language rounds, which scaling alone does not.</summary>
    internal static double Round(double value)
    {
        var scaled = value * Unit;
        var whole = Math.Floor(scaled);
        var rest = scaled - whole;
        if (!(Math.Abs(rest - 0.5) <= 1e-6) || Math.Abs(value) > 1e6) return Math.Round(scaled) / Unit;
        // So close to a half that scaling may have moved it across: look at the number itself, digit by digit.
        var exact = decimal.Parse(value.ToString("F28", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return (double)Math.Round(exact, Decimals, MidpointRounding.ToEven);
    }
}

public sealed record Ranked(Candidate Candidate, Score Score);
