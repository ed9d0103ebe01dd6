using Baton.Core.Briefings;

namespace Baton.Core.Policies;

/// <summary>What one file says, before the preset it extends is merged in; null is "says nothing of it".</summary>
sealed class PolicyDraft
{
    public string? Name { get; private set; }
    public string? Version { get; private set; }
    public string? Extends { get; private set; }
    public PolicyMode? Mode { get; private set; }
    public Dictionary<string, Trigger?> Triggers { get; private set; } = [];
    public Dictionary<string, Guard?> Guards { get; private set; } = [];
    public List<RoutingRule>? Routing { get; private set; }
    public List<RouteStep>? Fallback { get; private set; }
    public LastResort LastResort { get; private set; }
    public bool HoursGiven { get; private set; }
    public BusinessHours? Hours { get; private set; }
    public Dictionary<string, string?> Messages { get; private set; } = [];
    public TimeSpan? TransferLimit { get; private set; }
    public Redactions? Redact { get; private set; }
    public Dictionary<string, string> QueueNames { get; private set; } = [];
    public YamlNode? Root { get; private set; }

    /// <summary>The features asked for, by the section that asks.</summary>
    public Dictionary<string, List<FeatureUse>> Uses { get; } = [];

    static readonly string[] keys = ["name", "version", "description", "extends", "mode", "guards", "triggers", "routing", "fallback", "queues", "hours", "messages", "briefing", "limits"];
    static readonly Dictionary<string, Redactions> redactions = new() { ["card"] = Redactions.Card, ["email"] = Redactions.Email, ["phone"] = Redactions.Phone };
    static readonly string[] messages = ["transferring", "stillLooking", "nobodyCame", "notPossible"];

    public static PolicyDraft Read(PolicyReader reader, YamlNode root)
    {
        var draft = new PolicyDraft { Root = root };
        var sections = reader.Keys(root, "", keys);
        foreach (var (key, node) in sections) draft.Read(reader, key, node);
        if (!sections.ContainsKey("name")) reader.Fault(root, "name", "name is missing; every policy has one, it is recorded with each decision");
        return draft;
    }

    void Read(PolicyReader reader, string key, YamlNode node)
    {
        switch (key)
        {
            case "name": Name = reader.Text(node, "name"); break;
            case "version": Version = reader.Text(node, "version"); break;
            case "extends": Extends = reader.OneOf(node, "extends", PolicyPresets.Names); break;
            case "mode": Mode = ModeSection.Read(reader, node); break;
            case "guards": Guards = GuardSection.Read(reader, node); break;
            case "triggers": Triggers = TriggerSection.Read(reader, node); break;
            case "routing": Routing = RoutingSection.Read(reader, node, Uses["routing"] = []); break;
            case "fallback": (Fallback, LastResort) = RoutingSection.ReadFallback(reader, node, Uses["fallback"] = []); break;
            case "hours":
                HoursGiven = true;
                Hours = PolicyReader.IsOff(node) ? null : HoursSection.Read(reader, node, Uses["hours"] = []);
                break;
            case "messages": ReadMessages(reader, node); break;
            case "briefing":
                if (reader.Keys(node, "briefing", ["redact"]).TryGetValue("redact", out var redact)) Redact = ReadRedact(reader, redact);
                break;
            case "limits":
                if (reader.Keys(node, "limits", ["transfer"]).TryGetValue("transfer", out var transfer))
                    TransferLimit = reader.Duration(transfer, "limits.transfer", TimeSpan.FromSeconds(5), TimeSpan.FromHours(1));
                break;
            case "queues":
                foreach (var (name, value) in reader.Keys(node, "queues", allowed: null))
                    if (reader.Text(value, $"queues.{name}") is { } other) QueueNames[name] = other;
                break;
        }
    }

    static Redactions ReadRedact(PolicyReader reader, YamlNode node)
    {
        if (PolicyReader.IsOff(node)) return Redactions.None;
        var redact = Redactions.None;
        foreach (var name in reader.Texts(node, "briefing.redact"))
        {
            if (redactions.TryGetValue(name, out var kind)) redact |= kind;
            else reader.Fault(node, "briefing.redact", $"briefing.redact has {name}; allowed is {Show.List([.. redactions.Keys])}, or off");
        }
        return redact;
    }

    void ReadMessages(PolicyReader reader, YamlNode node)
    {
        foreach (var (name, value) in reader.Keys(node, "messages", messages))
        {
            var path = $"messages.{name}";
            Messages[name] = PolicyReader.IsOff(value) ? null : reader.Text(value, path);
            Uses[path] = PolicyReader.IsOff(value) ? [] : [new FeatureUse(name == "transferring" ? PolicyFeature.TransferMessage : PolicyFeature.CustomerMessages, value.Line, value.Column, path)];
        }
    }

    /// <summary>This file over a preset: single rules and messages replace theirs or switch them off, lists replace theirs as a whole.</summary>
    public PolicyDraft Over(PolicyDraft preset, YamlNode extends)
    {
        var merged = new PolicyDraft
        {
            Name = Name,
            Version = Version,
            Mode = Mode ?? preset.Mode,
            Triggers = Merge(preset.Triggers, Triggers),
            Guards = Merge(preset.Guards, Guards),
            Routing = Routing ?? preset.Routing,
            Fallback = Fallback ?? preset.Fallback,
            LastResort = Fallback is null ? preset.LastResort : LastResort,
            HoursGiven = true,
            Hours = HoursGiven ? Hours : preset.Hours,
            Messages = Merge(preset.Messages, Messages),
            TransferLimit = TransferLimit ?? preset.TransferLimit,
            Redact = Redact ?? preset.Redact,
            QueueNames = QueueNames,
            Root = Root,
        };
        // What the preset asks for has no line in this file; the line that brings the preset in stands for it.
        foreach (var (section, uses) in preset.Uses)
            merged.Uses[section] = [.. uses.Select(use => use with { Line = extends.Line, Column = extends.Column })];
        foreach (var (section, uses) in Uses) merged.Uses[section] = uses;
        return merged;
    }

    static Dictionary<string, T> Merge<T>(Dictionary<string, T> below, Dictionary<string, T> above)
    {
        var merged = new Dictionary<string, T>(below);
        foreach (var (key, value) in above) merged[key] = value;
        return merged;
    }
}
