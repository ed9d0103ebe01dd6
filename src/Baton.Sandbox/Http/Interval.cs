using System.Globalization;

namespace Baton.Sandbox.Http;

/// <summary>Two instants with a slash between them.</summary>
static class Interval
{
    public static (DateTimeOffset From, DateTimeOffset To) Parse(string text)
    {
        if (text.Split('/') is [var first, var second] && Instant(first) is { } from && Instant(second) is { } to && from < to) return (from, to);
        throw new Refusal(400, "invalid.date", $"The interval [{text}] is not two ISO-8601 instants with the earlier first.");
    }

    static DateTimeOffset? Instant(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? instant : null;
}
