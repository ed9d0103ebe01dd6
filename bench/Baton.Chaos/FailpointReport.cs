using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baton.Chaos;

/// <summary>One kill at each point, and what is wrong afterwards; nothing, when it is right.</summary>
sealed record FailpointReport(IReadOnlyList<FailpointOutcome> Points)
{
    /// <summary>Fewer points than that are not a handoff's whole life.</summary>
    const int Least = 16;

    /// <summary>How often a handoff looks depends on how quick the machine is: a later passing of a point may not come. Its first one does.</summary>
    [JsonIgnore]
    public bool Holds => Died >= Least && Points.All(p => p.Wrong.Count == 0) && Points.GroupBy(p => p.Step).All(s => s.Any(p => p.Died));

    public int Died => Points.Count(p => p.Died);

    public string ToJson() => JsonSerializer.Serialize(this, ChaosJson.Default.FailpointReport);

    public string ToText() => string.Join('\n', Points.Select(p => $"{p.Point,-34} {(p.Died ? "killed" : "not passed")}  {(p.Wrong.Count == 0 ? "right" : string.Join("; ", p.Wrong))}")
        .Append($"{Died} kills at {Points.DistinctBy(p => p.Step).Count()} points, {Points.Count(p => p.Wrong.Count > 0)} wrong"));
}

/// <param name="Point">The step, before or after, and which passing of it: <c>CommitAsync.before:3</c>.</param>
/// <param name="Died">False when it was not passed that often this time.</param>
sealed record FailpointOutcome(string Point, bool Died, IReadOnlyList<string> Wrong)
{
    [JsonIgnore]
    public string Step => Point[..Point.LastIndexOf(':')];
}
