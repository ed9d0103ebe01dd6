using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baton.Chaos;

/// <summary>What the ledger says of a run; and of Baton's, what its own table and trail say.</summary>
sealed record ChaosReport(ChaosOptions Options)
{
    public int Lost { get; init; }
    public int Doubled { get; init; }
    public int ExtraTransfers { get; init; }
    public int Stuck { get; init; }
    public int NotQueued { get; init; }
    public int ToldTwice { get; init; }

    /// <summary>Transfers that the vendor refused because their leg had left, or because the call was where it was to go.</summary>
    public int RefusedByTheFence { get; init; }
    public int SentAgain { get; init; }

    /// <summary>The first of those that did not end up in the queue: state, sentence, history.</summary>
    public IReadOnlyList<string> Astray { get; init; } = [];
    public int Requests { get; init; }
    public long AuditEntries { get; init; }
    public int AuditProblems { get; init; }
    public IReadOnlyDictionary<string, int> Faults { get; init; } = new Dictionary<string, int>();

    /// <summary>Milliseconds from the start of a worker to its being ready.</summary>
    public IReadOnlyList<double> Restarts { get; init; } = [];
    public double Seconds { get; init; }

    /// <summary>Kills that met a living worker with something left to do: the others prove nothing.</summary>
    public int Struck { get; init; }

    /// <summary>A run in which nothing went wrong, or whose kills came too late, proves nothing.</summary>
    [JsonIgnore]
    public bool Holds => Lost + Doubled + Stuck + NotQueued + ToldTwice + AuditProblems == 0 && Faults.Values.Sum() > 0 && Struck >= Options.Kills * 9 / 10;

    double MedianRestart => Restarts.Count == 0 ? 0 : Restarts.Order().ElementAt(Restarts.Count / 2);

    public string ToJson() => JsonSerializer.Serialize(this, ChaosJson.Default.ChaosReport);

    public string ToText() => $"""
        {Options.Strategy}: {Options.Handoffs} handoffs, {Options.Kills} kills ({Struck} of them at work), seed {Options.Seed}, leg fence {(Options.Fence ? "on" : "off")}, late apply {Options.Late:P0} by {Options.LateMilliseconds} ms
          lost {Lost}, doubled {Doubled} ({ExtraTransfers} extra transfers), stuck {Stuck}, not queued {NotQueued}, told twice {ToldTwice}
          {string.Join(", ", Faults.Select(f => $"{f.Key} {f.Value}"))}; sent again {SentAgain}; refused by the fence {RefusedByTheFence}; {Requests} requests
          {AuditEntries} audit entries, {AuditProblems} problems; restart p50 {MedianRestart:0} ms; {Seconds:0} s{string.Concat(Astray.Select(a => $"\n  astray: {a}"))}
        """;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ChaosReport))]
[JsonSerializable(typeof(FailpointReport))]
sealed partial class ChaosJson : JsonSerializerContext;
