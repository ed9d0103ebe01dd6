namespace Baton.Core.Policies;

/// <summary>Numbers and lists as sentences show them.</summary>
static class Show
{
    public static string Number(double value) => Math.Round(value, 4).ToString("0.####");

    /// <summary>A value beside a bound: rounding must never make them look equal when they are not.</summary>
    public static string Beside(double value, double bound)
    {
        var text = Number(value);
        return value != bound && text == Number(bound) ? value.ToString("R") : text;
    }

    public static string List(IEnumerable<string> words) => string.Join(", ", words);
}
