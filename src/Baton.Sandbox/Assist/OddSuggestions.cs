using System.Text.Json.Nodes;

namespace Baton.Sandbox.Assist;

/// <summary>What content faults make of a list of suggestions, whoever asked for it: legal JSON that is hard to swallow.</summary>
/// <param name="IdOf">The object that has the id.</param>
/// <param name="ConfidenceOf">The object that has the confidence; null when an item has none.</param>
/// <param name="SetText">Puts a text where the item has its own.</param>
sealed record OddSuggestions(Func<JsonObject, JsonObject> IdOf, Func<JsonObject, JsonObject?> ConfidenceOf, Action<JsonObject, string> SetText)
{
    const int Huge = 10 * 1024 * 1024;
    const int Many = 5000;

    /// <summary>The first item is spoiled; an empty list stays one.</summary>
    public JsonArray Spoil(JsonArray items, IReadOnlyList<Fault> struck)
    {
        if (struck.Any(f => f.Kind == FaultKind.SuggestionsEmpty)) return [];
        if (items.Count == 0) return items;
        var first = items[0]!.AsObject();
        foreach (var fault in struck)
        {
            switch (fault.Kind)
            {
                case FaultKind.SuggestionWithoutId: IdOf(first).Remove("id"); break;
                case FaultKind.SuggestionConfidenceTooHigh: SetConfidence(first, 7); break;
                case FaultKind.SuggestionConfidenceInWords: SetConfidence(first, "high"); break;
                case FaultKind.SuggestionsHuge: SetText(first, new string('x', Huge)); break;
                case FaultKind.SuggestionsTooMany: Multiply(items); break;
            }
        }
        return items;
    }

    void SetConfidence(JsonObject item, JsonNode value)
    {
        if (ConfidenceOf(item) is { } holder) holder["confidence"] = value;
    }

    void Multiply(JsonArray items)
    {
        var patterns = items.Select(i => i!.AsObject()).ToList();
        for (var n = items.Count; n < Many; n++)
        {
            var another = patterns[n % patterns.Count].DeepClone().AsObject();
            if (IdOf(another) is var holder && holder["id"]?.GetValue<string>() is { } id) holder["id"] = Numbered(id, n);
            items.Add(another);
        }
    }

    static string Numbered(string id, int n) => Guid.TryParseExact(id, "D", out _) ? $"{id[..^4]}{n:x4}" : $"{id}-{n}";
}
