using Baton.Core.Policies;

namespace Baton.Server.Console;

/// <summary>A reading beside its rule, as a person reads it.</summary>
public static class ReadingWords
{
    const string GuideScale = " (0..1)";

    /// <summary>On the scale of the rule it stands beside.</summary>
    public static string Value(ReadingCheck check) => check.Reading.Value is { } value ? $"{(check.Comparison.EndsWith(GuideScale, StringComparison.Ordinal) ? (value + 1) / 2 : value):0.##}" : "unknown";

    public static string Rule(ReadingCheck check) => $"{(IsGuard(check) ? "must be" : "hands off if")} {check.Comparison}";

    public static string Verdict(ReadingCheck check) => (check.Fired, IsGuard(check)) switch
    {
        (null, _) => check.Reading.Source,
        (true, true) => "refuses",
        (true, false) => "fires",
        (false, true) => "holds",
        (false, false) => "quiet",
    };

    public static string ToneOf(ReadingCheck check) => check.Fired switch { null => "unknown", true => IsGuard(check) ? "bad" : "fired", false => "quiet" };

    static bool IsGuard(ReadingCheck check) => check.Rule.StartsWith("guards.", StringComparison.Ordinal);
}
