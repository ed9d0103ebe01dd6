using Baton.Core.Conversations;
using Baton.Core.Readings;

namespace Baton.Core.Policies;

/// <summary>The key <c>triggers</c>.</summary>
static class TriggerSection
{
    static readonly IReadOnlyList<string> known = [.. ReadingScale.All.Select(scale => scale.Key), "intents", "attributes", "botResult", "always"];

    /// <summary>By code; null for one that is switched off.</summary>
    public static Dictionary<string, Trigger?> Read(PolicyReader reader, YamlNode node)
    {
        var triggers = new Dictionary<string, Trigger?>();
        foreach (var (key, value) in reader.Keys(node, "triggers", known))
        {
            if (key == "attributes" && value.Kind == YamlKind.Map) ReadAttributes(reader, value, triggers);
            else if (PolicyReader.IsOff(value)) triggers[key] = null;
            else if (Read(reader, key, value) is { } trigger) triggers[key] = trigger;
        }
        return triggers;
    }

    static Trigger? Read(PolicyReader reader, string key, YamlNode node)
    {
        var path = "triggers." + key;
        switch (key)
        {
            case "always":
                return reader.OneOf(node, path, "true", "off") == "true" ? new Trigger.Always() : null;
            case "intents":
                return reader.Texts(node, path) is { Count: > 0 } names ? new Trigger.OfIntent(names) : null;
            case "botResult":
                var results = reader.Texts(node, path);
                foreach (var name in results)
                    if (BotResults.Named(name) is null) reader.Fault(node, path, $"{path} is \"{name}\"; allowed is {Show.List(BotResults.Names)}");
                return results.Count > 0 ? new Trigger.OfBotResult([.. results.Select(BotResults.Named).OfType<BotResult>()]) : null;
            case "attributes":
                reader.Fault(node, path, $"{path} is {(node.IsEmpty ? "empty" : node.Shown)}; allowed is a group of names and values, such as tier: vip");
                return null;
            default:
                var (threshold, keys) = ThresholdSection.Read(reader, node, path, ReadingScale.Named(key)!, "afterTurns");
                var afterTurns = keys.TryGetValue("afterTurns", out var turns) ? reader.Whole(turns, $"{path}.afterTurns", 0, 1_000) : 0;
                return threshold is not null && afterTurns is not null ? new Trigger.OfReading(key, threshold, afterTurns.Value) : null;
        }
    }

    static void ReadAttributes(PolicyReader reader, YamlNode node, Dictionary<string, Trigger?> triggers)
    {
        foreach (var (name, value) in reader.Keys(node, "triggers.attributes", allowed: null))
        {
            if (PolicyReader.IsOff(value)) triggers["attributes." + name] = null;
            else if (reader.Texts(value, $"triggers.attributes.{name}") is { Count: > 0 } values) triggers["attributes." + name] = new Trigger.OfAttribute(new AttributeMatch(name, values));
        }
    }
}
