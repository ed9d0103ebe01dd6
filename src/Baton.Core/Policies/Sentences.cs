using Baton.Core.Conversations;
using Baton.Core.Readings;

namespace Baton.Core.Policies;

/// <summary>What a decision says to a person.</summary>
static class Sentences
{
    public static Reason Fired(Trigger trigger, ReadingSet readings, Conversation conversation) => new(trigger.Code, trigger switch
    {
        Trigger.OfReading reading => $"{Value(reading.Threshold, readings)}; the policy hands off {At(reading.Threshold)}.",
        Trigger.OfIntent => $"The intent is {readings.Intent}, which the policy hands off.",
        Trigger.OfBotResult => $"The bot reports {BotResults.Name(readings.LastResult!.Value)}, on which the policy hands off.",
        Trigger.OfAttribute attribute => $"The attribute {attribute.Match.Name} is {conversation.Attributes[attribute.Match.Name]}, which the policy hands off.",
        _ => "The policy hands off whenever its guards hold.",
    });

    public static Reason Refused(Guard.OfReading guard, ReadingSet readings)
    {
        var reading = guard.Threshold.Read(readings);
        var required = At(guard.Threshold);
        return new Reason("guards." + guard.Code, reading.IsKnown
            ? $"{Value(guard.Threshold, readings)}; the policy hands off only {required}."
            : $"{ReadingScale.Of(reading.Kind).Title} is unknown ({reading.Source}); the policy hands off only {required}, and refuses when it cannot tell.");
    }

    public static Reason NoStaff(Guard.Staff guard, IReadOnlyList<RouteStep> steps, RoutingSnapshot routing)
    {
        var wanted = guard.Free > 0 ? $"{guard.Free} free" : $"{guard.OnQueue} on queue";
        var found = steps.Select(step => routing.Find(step.Queue) is { } queue ? $"{step.Queue} has {Count(queue.OnQueue)} on queue, {Count(queue.Free)} free" : $"{step.Queue} is unknown");
        return new Reason("noStaff", $"The policy wants at least {wanted}, but {Show.List(found)}.");
    }

    /// <summary>"Intent confidence 0.41 would have to be at least 0.7": the change that makes the threshold hold, or no longer hold.</summary>
    public static string Change(Threshold threshold, Reading reading, bool toHold)
    {
        var now = reading.Value is { } value ? $"{Number(threshold, value)} would have to be" : "(unknown) would have to be known and";
        return $"{Title(threshold)} {now} {Bound(threshold, toHold)}";
    }

    public static string Bound(Threshold threshold, bool holding) =>
        $"{((threshold.Comparison == Comparison.AtLeast) == holding ? "at least" : "below")} {threshold.Bound:R}{(threshold.GuideScale ? " (of 0..1)" : "")}";

    static string At(Threshold threshold) =>
        (threshold.Comparison == Comparison.AtLeast ? $"at {threshold.Bound:R} or more" : $"below {threshold.Bound:R}") + (threshold.GuideScale ? " (of 0..1)" : "");

    static string Value(Threshold threshold, ReadingSet readings)
    {
        var reading = threshold.Read(readings);
        return $"{Title(threshold)} {Number(threshold, reading.Value!.Value)} ({reading.Source})";
    }

    static string Title(Threshold threshold) => ReadingScale.Of(threshold.Kind).Title + (threshold.InARow > 1 ? $" ({threshold.InARow} in a row)" : "");

    static string Number(Threshold threshold, double value) => Show.Beside(threshold.GuideScale ? (value + 1) / 2 : value, threshold.Bound);

    static string Count(int? count) => count is { } known ? known.ToString() : "an unknown number";
}

/// <summary>A bot's results as policies and sentences name them.</summary>
static class BotResults
{
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<BotResult>().Select(Name)];

    public static string Name(BotResult result)
    {
        var name = result.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    public static BotResult? Named(string name) => Names.IndexOf(name) is >= 0 and var index ? (BotResult)index : null;

    static int IndexOf(this IReadOnlyList<string> names, string name)
    {
        for (var index = 0; index < names.Count; index++) if (names[index] == name) return index;
        return -1;
    }
}
