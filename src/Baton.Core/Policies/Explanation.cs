using System.Text;
using Baton.Core.Readings;

namespace Baton.Core.Policies;

/// <summary>A decision for a person at a terminal.</summary>
static class Explanation
{
    public static string Of(Decision decision)
    {
        var text = new StringBuilder();
        text.Append(Headline(decision)).Append(" (").Append(decision.Policy.Name).Append(' ').Append(decision.Policy.Version).Append(", ").Append(decision.Policy.Hash).Append(")\n");
        foreach (var reason in decision.Reasons) text.Append("  ").Append(reason.Code).Append(": ").Append(reason.Sentence).Append('\n');
        if (decision.Readings.Count > 0) text.Append("Looked at\n");
        var width = decision.Readings.Select(check => check.Rule.Length).DefaultIfEmpty().Max();
        foreach (var check in decision.Readings)
        {
            // Beside a bound on the guide's scale, the value is shown on it too.
            var value = check.Reading.Value is not { } known ? "unknown" : Show.Number(check.Comparison.EndsWith(Threshold.OnGuideScale, StringComparison.Ordinal) ? (known + 1) / 2 : known);
            text.Append("  ").Append(check.Rule.PadRight(width)).Append("  ").Append(value.PadLeft(7)).Append("  ").Append(check.Comparison).Append("  ").Append(Verdict(check)).Append('\n');
        }
        if (decision.WouldFlip.Count > 0) text.Append("Would have turned it\n");
        foreach (var flip in decision.WouldFlip) text.Append("  ").Append(flip).Append('\n');
        return text.ToString();
    }

    static string Headline(Decision decision) => decision.Outcome switch
    {
        DecisionOutcome.HandOff => $"Hand off to {string.Join(", then ", decision.Plan!.Steps.Select(step => $"{step.Queue} at priority {step.Priority}"))}",
        DecisionOutcome.Refused => "Refuse the handoff",
        _ => "Stay with the bot",
    };

    static string Verdict(ReadingCheck check)
    {
        var isGuard = check.Rule.StartsWith("guards.", StringComparison.Ordinal);
        return check.Fired switch
        {
            null => $"not checked: {check.Reading.Source}",
            true => isGuard ? "refuses" : "fires",
            false => isGuard ? "holds" : "quiet",
        };
    }
}
