using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baton.Benchmarks.Storm;

/// <summary>What the sandbox's ledger says of a storm.</summary>
sealed record StormReport(StormOptions Options)
{
    /// <summary>Transferred, exactly once.</summary>
    public int Done { get; init; }
    public int Failed { get; init; }
    public int Doubled { get; init; }

    /// <summary>Answers 429 to the client; the neighbor's own are not counted.</summary>
    public int TooMany { get; init; }

    /// <summary>Calls until the last handoff was done (told, where that is said separately), whatever they were for.</summary>
    public int Calls { get; init; }
    public int TransferredInFirstMinute { get; init; }
    public double LastTransferSeconds { get; init; }
    public double Seconds { get; init; }

    /// <summary>How many calls of the client's fell into each of the platform's windows.</summary>
    public IReadOnlyList<int> CallsInWindows { get; init; } = [];
    public int MostInAWindow => CallsInWindows.DefaultIfEmpty().Max();

    /// <summary>The most calls of a lower stage that were sent while a transfer waited to be sent.</summary>
    public int MostReadsBeforeATransfer { get; init; }

    /// <summary>Calls by what they were for, per handoff.</summary>
    public IReadOnlyDictionary<string, double> CallsPerHandoff { get; init; } = new Dictionary<string, double>();

    /// <summary>So many calls cannot be made in less: the last of the windows they fill opens then.</summary>
    public double FloorSeconds => 60 * Math.Max(0, (Calls - 1) / Options.CallsPerMinute);

    /// <summary>The same without regard to where windows begin: all calls but one window's, at the rate of the quota. A last window for a few calls is not in it.</summary>
    public double RateFloorSeconds => Math.Max(0, (Calls - Options.CallsPerMinute) * 60.0 / Options.CallsPerMinute);
    public double ToFloor => FloorSeconds > 0 ? Seconds / FloorSeconds : 0;

    public string ToJson() => JsonSerializer.Serialize(this, StormJson.Default.StormReport);

    public string ToText() => $"""
        {Options.Client}: {Options.Handoffs} handoffs at once, {Options.CallsPerMinute} calls a minute{(Options.Skills ? ", skills" : "")}{(Options.Neighbor ? ", a neighbor takes a fifth" : "")}
          done {Done}, failed {Failed}, doubled {Doubled}; 429 answers {TooMany}; calls in each window: {string.Join(", ", CallsInWindows.Take(15))}{(CallsInWindows.Count > 15 ? " ..." : "")}
          {TransferredInFirstMinute} transferred in the first minute, all that were by {LastTransferSeconds:0} s; ended after {Seconds:0} s, {Calls} calls, floor {FloorSeconds:0} s, ratio {ToFloor:0.000} (by rate {RateFloorSeconds:0} s)
          calls a handoff: {string.Join(", ", CallsPerHandoff.Select(c => $"{c.Key} {c.Value:0.00}"))}; lower calls sent before a waiting transfer: at most {MostReadsBeforeATransfer}
        """;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(StormReport))]
sealed partial class StormJson : JsonSerializerContext;
