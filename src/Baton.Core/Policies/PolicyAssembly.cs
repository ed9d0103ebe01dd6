using Baton.Core.Briefings;
using Baton.Core.Readings;

namespace Baton.Core.Policies;

/// <summary>From a merged draft to the parts of a policy, with the checks that need the whole.</summary>
static class PolicyAssembly
{
    public static PolicyParts Of(PolicyDraft draft, PolicyReader reader)
    {
        var triggers = draft.Triggers.Values.OfType<Trigger>().OrderBy(Rank).ThenBy(trigger => trigger.Code, StringComparer.Ordinal).ToList();
        var parts = new PolicyParts
        {
            Name = draft.Name ?? "",
            Version = draft.Version ?? "1",
            Mode = draft.Mode ?? PolicyMode.Live,
            Triggers = triggers,
            Guards = [.. draft.Guards.Values.OfType<Guard>().OrderBy(guard => guard.Code, StringComparer.Ordinal)],
            Routing = draft.Routing ?? [],
            Fallback = draft.Fallback ?? [],
            LastResort = draft.LastResort,
            Hours = draft.Hours,
            Messages = new HandoffMessages
            {
                Transferring = draft.Messages.GetValueOrDefault("transferring"),
                StillLooking = draft.Messages.GetValueOrDefault("stillLooking"),
                NobodyCame = draft.Messages.GetValueOrDefault("nobodyCame"),
                NotPossible = draft.Messages.GetValueOrDefault("notPossible"),
            },
            Limits = draft.TransferLimit is { } transfer ? new HandoffLimits { Transfer = transfer } : new HandoffLimits(),
            Redact = draft.Redact ?? Redactions.All,
            Uses = [.. draft.Uses.Values.SelectMany(uses => uses).OrderBy(use => use.Line).ThenBy(use => use.Key, StringComparer.Ordinal)],
        };
        Check(parts, draft, reader);
        return Renamed(parts, draft.QueueNames);
    }

    /// <summary>What the customer or the bot said outright comes first, what merely adds up follows.</summary>
    static int Rank(Trigger trigger) => trigger switch
    {
        Trigger.OfReading { Threshold.Kind: ReadingKind.AskedForHuman } => 0,
        Trigger.OfBotResult => 1,
        Trigger.OfAttribute => 2,
        Trigger.OfIntent => 3,
        Trigger.OfReading reading => 4 + Array.IndexOf(order, reading.Threshold.Kind),
        _ => 100,
    };

    static readonly ReadingKind[] order = [.. ReadingScale.All.Select(scale => scale.Kind)];

    static void Check(PolicyParts parts, PolicyDraft draft, PolicyReader reader)
    {
        var root = draft.Root!;
        var at = (string key) => root.Entries.Where(entry => entry.Key.Text == key).Select(entry => entry.Value).FirstOrDefault(root);
        if (parts.Triggers.Count == 0) reader.Fault(at("triggers"), "triggers", "triggers has none, so nothing would ever be handed off; give at least one, or \"always: true\"");
        if (parts.Fallback.Count == 0 && !parts.Routing.Any(rule => IsForAll(rule.When)))
            reader.Fault(at("routing"), "routing", "routing has no rule for everything else; end it with a rule that has no \"when\", or give a fallback queue");
        if (parts.Routing.Take(Math.Max(0, parts.Routing.Count - 1)).ToList().FindIndex(rule => IsForAll(rule.When)) is >= 0 and var index)
            reader.Fault(at("routing"), $"routing[{index}]", $"routing[{index}] has no \"when\" and takes everything, so the rules after it are never reached; put it last");

        var queues = parts.Queues().ToList();
        foreach (var name in draft.QueueNames.Keys.Where(name => !queues.Contains(name)))
            reader.Fault(at("queues"), $"queues.{name}", $"queues.{name} renames a queue that no rule uses; {Nearest.Suggest(name, queues)}");
        var codes = parts.Triggers.Select(trigger => trigger.Code).ToList();
        foreach (var (rule, number) in (draft.Routing ?? []).Select((rule, number) => (rule, number)))
            foreach (var code in rule.When.Reasons.Where(code => !codes.Contains(code)))
                reader.Fault(at("routing"), $"routing[{number}].when.reasons", $"routing[{number}].when.reasons names {code}, which no trigger has; {Nearest.Suggest(code, codes)}");
    }

    static bool IsForAll(RouteWhen when) =>
        when.Reasons.Count + when.Intents.Count + when.Attributes.Count + when.Languages.Count + when.Readings.Count == 0 && when.Media is null;

    static PolicyParts Renamed(PolicyParts parts, Dictionary<string, string> names)
    {
        if (names.Count == 0) return parts;
        return parts with
        {
            Routing = [.. parts.Routing.Select(rule => rule with { Step = To(rule.Step) })],
            Fallback = [.. parts.Fallback.Select(To)],
            Hours = parts.Hours is { OutOfHours: { } night } hours ? hours with { OutOfHours = To(night) } : parts.Hours,
        };

        RouteStep To(RouteStep step) => step with { Queue = names.GetValueOrDefault(step.Queue, step.Queue) };
    }
}
