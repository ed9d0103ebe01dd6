using Baton.Core.Conversations;
using Baton.Core.Readings;

namespace Baton.Core.Policies;

/// <summary>The keys <c>routing</c> and <c>fallback</c>.</summary>
static class RoutingSection
{
    static readonly string[] stepKeys = ["queue", "skills", "language", "priority", "maxWait"];

    public static List<RoutingRule> Read(PolicyReader reader, YamlNode node, List<FeatureUse> uses)
    {
        var rules = new List<RoutingRule>();
        foreach (var (item, path) in Items(reader, node, "routing", "rules, each with a queue"))
        {
            var keys = reader.Keys(item, path, ["when", .. stepKeys]);
            var when = keys.TryGetValue("when", out var conditions) ? When(reader, conditions, $"{path}.when") : new RouteWhen();
            if (Step(reader, item, keys, path, uses) is { } step) rules.Add(new RoutingRule(when, step));
        }
        return rules;
    }

    public static (List<RouteStep> Steps, LastResort LastResort) ReadFallback(PolicyReader reader, YamlNode node, List<FeatureUse> uses)
    {
        var steps = new List<RouteStep>();
        var last = LastResort.StayWithBot;
        var items = Items(reader, node, "fallback", "queues, and callback or bot as its end").ToList();
        foreach (var (item, path) in items)
        {
            if (item.Kind == YamlKind.Map)
            {
                if (Step(reader, item, reader.Keys(item, path, stepKeys), path, uses) is { } step) steps.Add(step);
            }
            else if (item.Text is not ("callback" or "bot"))
                reader.Fault(item, path, $"{path} is {item.Shown}; allowed is \"queue: NAME\", callback or bot");
            else if (path != items[^1].Path)
                reader.Fault(item, path, $"{path} is {item.Text}, but steps follow it; {item.Text} can only be the end of the list");
            else
            {
                last = item.Text == "callback" ? LastResort.Callback : LastResort.StayWithBot;
                uses.Add(new FeatureUse(last == LastResort.Callback ? PolicyFeature.Callback : PolicyFeature.ReturnToBot, item.Line, item.Column, path));
            }
        }
        return (steps, last);
    }

    public static RouteStep? Step(PolicyReader reader, YamlNode node, Dictionary<string, YamlNode> keys, string path, List<FeatureUse> uses)
    {
        var queue = keys.TryGetValue("queue", out var name) ? reader.Text(name, $"{path}.queue") : null;
        if (name is null && node.Kind == YamlKind.Map) reader.Fault(node, $"{path}.queue", $"{path} has no queue; give its name or id, \"queue: ...\"");
        var step = new RouteStep { Queue = queue ?? "" };
        if (keys.TryGetValue("skills", out var skills)) step = step with { Skills = reader.Texts(Used(PolicyFeature.Skills, "skills", skills), $"{path}.skills") };
        if (keys.TryGetValue("language", out var language)) step = step with { Language = reader.Text(Used(PolicyFeature.Language, "language", language), $"{path}.language") };
        if (keys.TryGetValue("priority", out var priority)) step = step with { Priority = reader.Whole(Used(PolicyFeature.Priority, "priority", priority), $"{path}.priority", 1, 10) ?? 5 };
        if (keys.TryGetValue("maxWait", out var wait)) step = step with { MaxWait = reader.Duration(wait, $"{path}.maxWait", TimeSpan.FromSeconds(5), TimeSpan.FromHours(24)) };
        return queue is null ? null : step;

        YamlNode Used(PolicyFeature feature, string key, YamlNode at)
        {
            uses.Add(new FeatureUse(feature, at.Line, at.Column, $"{path}.{key}"));
            return at;
        }
    }

    static RouteWhen When(PolicyReader reader, YamlNode node, string path)
    {
        var when = new RouteWhen();
        var readings = new List<Threshold>();
        foreach (var (key, value) in reader.Keys(node, path, ["reasons", "intents", "attributes", "language", "media", .. ReadingScale.All.Select(scale => scale.Key)]))
        {
            var full = $"{path}.{key}";
            switch (key)
            {
                case "reasons": when = when with { Reasons = reader.Texts(value, full) }; break;
                case "intents": when = when with { Intents = reader.Texts(value, full) }; break;
                case "language": when = when with { Languages = reader.Texts(value, full) }; break;
                case "media": when = when with { Media = reader.OneOf(value, full, "message", "voice") switch { "message" => Media.Message, "voice" => Media.Voice, _ => null } }; break;
                case "attributes":
                    when = when with { Attributes = [.. reader.Keys(value, full, allowed: null).Select(pair => new AttributeMatch(pair.Key, reader.Texts(pair.Value, $"{full}.{pair.Key}")))] };
                    break;
                default:
                    if (ThresholdSection.Read(reader, value, full, ReadingScale.Named(key)!).Threshold is { } threshold) readings.Add(threshold);
                    break;
            }
        }
        return when with { Readings = readings };
    }

    static IEnumerable<(YamlNode Item, string Path)> Items(PolicyReader reader, YamlNode node, string path, string what)
    {
        if (node.Kind == YamlKind.List) return node.Items.Select((item, index) => (item, $"{path}[{index}]"));
        if (!node.IsEmpty) reader.Fault(node, path, $"{path} is {node.Shown}; allowed is a list of {what}");
        return [];
    }
}
