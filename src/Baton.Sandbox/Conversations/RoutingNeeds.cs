using Baton.Sandbox.Routing;

namespace Baton.Sandbox.Conversations;

/// <summary>What a waiting conversation asks of the agent who is to take it.</summary>
sealed class RoutingNeeds(DateTimeOffset entered)
{
    public DateTimeOffset Entered { get; } = entered;
    public int Priority { get; set; }
    public List<Skill> Skills { get; set; } = [];
    public Language? Language { get; set; }
    public string? SkillExpression { get; set; }
    public string? LabelId { get; set; }
    public List<(string AgentId, int Score)> ScoredAgents { get; set; } = [];

    /// <summary>One point of priority counts as one minute of waiting.</summary>
    public DateTimeOffset Rank => Entered.AddMinutes(-Math.Clamp(Priority, -25_000_000, 25_000_000));

    public RoutingNeeds CarriedOver(DateTimeOffset entered) => new(entered)
    {
        Priority = Priority,
        Skills = [.. Skills],
        Language = Language,
        SkillExpression = SkillExpression,
        LabelId = LabelId,
    };
}
