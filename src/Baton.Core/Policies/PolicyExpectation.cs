using System.Text.Json;

namespace Baton.Core.Policies;

/// <summary>What a case expects (<c>decision.json</c>), beside what was decided: only what is written is compared.</summary>
static class PolicyExpectation
{
    static readonly string[] keys = ["outcome", "reasons", "queue", "queues", "priority", "skills", "language", "lastResort", "notes"];

    public static IReadOnlyList<string> Differences(JsonElement expected, Decision decision)
    {
        if (expected.ValueKind != JsonValueKind.Object) return ["decision.json: it is no object; write {\"outcome\": \"handOff\"}"];
        var differences = new List<string>();
        foreach (var property in expected.EnumerateObject())
        {
            if (!keys.Contains(property.Name))
            {
                differences.Add($"decision.json: {property.Name} is not known; {Nearest.Suggest(property.Name, keys)}");
                continue;
            }
            if (property.Name == "notes") continue;
            var (want, got) = (Shown(property.Value), Actual(property.Name, decision));
            if (!string.Equals(want, got, StringComparison.OrdinalIgnoreCase)) differences.Add($"{property.Name}: expected {want}, got {got}");
        }
        if (differences.Count > 0 && decision.Reasons.Count > 0) differences.AddRange(decision.Reasons.Select(reason => $"  ({reason.Code}: {reason.Sentence})"));
        return differences;
    }

    static string Actual(string key, Decision decision)
    {
        var first = decision.Plan?.Steps[0];
        return key switch
        {
            "outcome" => decision.Outcome.ToString(),
            "reasons" => Show.List(decision.Reasons.Select(reason => reason.Code)),
            "queue" => first?.Queue ?? "none",
            "queues" => decision.Plan is { } plan ? Show.List(plan.Steps.Select(step => step.Queue)) : "none",
            "priority" => first?.Priority.ToString() ?? "none",
            "skills" => first is null ? "none" : Show.List(first.Skills),
            "language" => first?.Language ?? "none",
            _ => decision.Plan?.LastResort.ToString() ?? "none",
        };
    }

    static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => Show.List(value.EnumerateArray().Select(item => item.ToString())),
        JsonValueKind.Null => "none",
        _ => value.ToString(),
    };
}
