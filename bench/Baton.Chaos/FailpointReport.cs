using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baton.Chaos;

/// <summary>One kill at each point, and what is wrong afterwards; nothing, when it is right.</summary>
sealed record FailpointReport(IReadOnlyList<FailpointOutcome> Points)
{
    /// <summary>Fewer points than that are not a handoff's whole life.</summary>
    const int Least = 16;

    [JsonIgnore]
    public bool Holds => Points.Count >= Least && Points.All(p => p.Died && p.Wrong.Count == 0);

    public string ToJson() => JsonSerializer.Serialize(this, ChaosJson.Default.FailpointReport);

    public string ToText() => string.Join('\n', Points.Select(p => $"{p.Point,-34} {(p.Died ? "killed" : "NOT REACHED")}  {(p.Wrong.Count == 0 ? "right" : string.Join("; ", p.Wrong))}")
        .Append($"{Points.Count} points, {Points.Count(p => !p.Died || p.Wrong.Count > 0)} wrong"));
}

sealed record FailpointOutcome(string Point, bool Died, IReadOnlyList<string> Wrong);
