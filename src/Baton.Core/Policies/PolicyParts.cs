using System.Security.Cryptography;
using Baton.Core.Briefings;

namespace Baton.Core.Policies;

/// <summary>The checked rules of a policy, a preset already merged in.</summary>
sealed record PolicyParts
{
    public required string Name { get; init; }
    public required string Version { get; init; }
    public PolicyMode Mode { get; init; } = PolicyMode.Live;
    public IReadOnlyList<Trigger> Triggers { get; init; } = [];
    public IReadOnlyList<Guard> Guards { get; init; } = [];
    public IReadOnlyList<RoutingRule> Routing { get; init; } = [];
    public IReadOnlyList<RouteStep> Fallback { get; init; } = [];
    public LastResort LastResort { get; init; }
    public BusinessHours? Hours { get; init; }
    public HandoffMessages Messages { get; init; } = new();
    public HandoffLimits Limits { get; init; } = new();
    public Redactions Redact { get; init; } = Redactions.All;
    public IReadOnlyList<FeatureUse> Uses { get; init; } = [];

    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(ToJson()))[..12];

    public byte[] ToJson() => PolicyText.Canonical(this);

    public IEnumerable<string> Queues()
    {
        var steps = Routing.Select(rule => rule.Step).Concat(Fallback);
        if (Hours?.OutOfHours is { } outOfHours) steps = steps.Append(outOfHours);
        return steps.Select(step => step.Queue).Distinct(StringComparer.OrdinalIgnoreCase);
    }
}
