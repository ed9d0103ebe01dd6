using System.Text.Json.Nodes;
using Baton.Core;
using Baton.Core.Assist;
using Baton.Core.Audit;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Genesys;
using Baton.Sandbox;

namespace Baton.Cli.Demo;

/// <summary>What the run did, counted; and what must have held, checked against the sandbox's ledger and never against Baton's own word.</summary>
sealed record DemoSummary
{
    public required int Conversations { get; init; }
    public required IReadOnlyDictionary<string, int> Decisions { get; init; }
    public required IReadOnlyDictionary<string, int> Outcomes { get; init; }

    /// <summary>From the decision to the confirmed transfer, in virtual time.</summary>
    public required TimeSpan? P50 { get; init; }
    public required TimeSpan? P95 { get; init; }
    public required IReadOnlyDictionary<string, double> CallsPerHandoff { get; init; }
    public required long RateLimited { get; init; }
    public required long AuditEntries { get; init; }
    public required int AuditChains { get; init; }
    public required IReadOnlyList<string> Violations { get; init; }

    /// <summary>What agents were suggested and did with it.</summary>
    public AssistReport? Assist { get; init; }

    public static DemoSummary Of(IReadOnlyList<Played> all, IReadOnlyDictionary<HandoffId, IReadOnlyList<HandoffStep>> histories, Ledger ledger, CallCounts calls, AuditReport audit)
    {
        var handoffs = all.SelectMany(p => p.Handoffs).ToList();
        var waits = handoffs.Where(h => h.ConfirmedAt is not null).Select(h => h.ConfirmedAt!.Value - h.RequestedAt).Order().ToList();
        var transferred = Math.Max(1, waits.Count);
        return new DemoSummary
        {
            Conversations = all.Count,
            Decisions = Count(all.Select(p => p.Decision == DecisionOutcome.Stay ? "stay" : $"{(p.Decision == DecisionOutcome.Refused ? "refused" : "hand off")}: {p.Reason}")),
            Outcomes = Count(handoffs.Select(h => h.State.ToString())),
            P50 = At(waits, 0.5),
            P95 = At(waits, 0.95),
            CallsPerHandoff = calls.ForHandoffs.OrderBy(c => c.Key).ToDictionary(c => char.ToLowerInvariant(c.Key.ToString()[0]) + c.Key.ToString()[1..], c => Math.Round(c.Value / (double)transferred, 2)),
            RateLimited = calls.RateLimited,
            AuditEntries = audit.Entries,
            AuditChains = audit.Chains,
            Violations = [.. new DemoJudge(ledger, histories).Judge(all), .. audit.Problems.Select(p => $"audit: {p.Chain} entry {p.Sequence}: {p.Sentence}")],
        };
    }

    public JsonObject ToJson() => new()
    {
        ["conversations"] = Conversations,
        ["decisions"] = Numbers(Decisions),
        ["outcomes"] = Numbers(Outcomes),
        ["triggerToConfirmedP50Ms"] = P50?.TotalMilliseconds,
        ["triggerToConfirmedP95Ms"] = P95?.TotalMilliseconds,
        ["callsPerHandoff"] = new JsonObject(CallsPerHandoff.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value))),
        ["rateLimited"] = RateLimited,
        ["auditEntriesVerified"] = AuditEntries,
        ["suggestionsOffered"] = Assist?.Offered,
        ["suggestionsUsed"] = Assist?.Acceptance.Used,
        ["violations"] = new JsonArray([.. Violations]),
    };

    static JsonObject Numbers(IReadOnlyDictionary<string, int> counts) => new(counts.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value)));

    static Dictionary<string, int> Count(IEnumerable<string> names) => names.GroupBy(n => n).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count());

    static TimeSpan? At(List<TimeSpan> sorted, double quantile) => sorted.Count == 0 ? null : sorted[(int)Math.Ceiling(quantile * sorted.Count) - 1];
}
