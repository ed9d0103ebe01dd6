namespace Baton.Core.Assist;

/// <summary>A suggestion's place, and what it is made of: each part is already weighed, so that they add up to the whole before it is rounded.</summary>
/// <param name="Final">To the fourth decimal.</param>
/// <param name="FromConfidence">Weight of the confidence times the confidence.</param>
/// <param name="FromSkill">Weight of skills times the bonus, or 0.</param>
/// <param name="FromFeedback">Weight of the feedback times the signal.</param>
/// <param name="Feedback">The signal itself, 0..1; 0.5 when nothing is known.</param>
public sealed record Score(double Final, double FromConfidence, double FromSkill, double FromFeedback, double Feedback, bool SkillMatch);

/// <summary>What a part weighs; the guide's by default. Configuration section <c>Assist:Weights</c>.</summary>
public sealed record RankingWeights
{
    public double Confidence { get; init; } = 0.6;
    public double Skill { get; init; } = 0.3;
    public double SkillBonus { get; init; } = 0.15;
    public double Feedback { get; init; } = 0.1;
}
