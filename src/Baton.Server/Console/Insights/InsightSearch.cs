using System.Globalization;
using Baton.Core.Insights;

namespace Baton.Server.Console.Insights;

/// <summary>The filters in the address. What cannot be read is no filter: a shortened link still shows something.</summary>
/// <param name="Span">One of <see cref="Spans"/>; null when both ends are given.</param>
public sealed record InsightSearch(string? Span, DateTimeOffset? Since, DateTimeOffset? Until, string? Queue, string? Policy)
{
    const string UsualSpan = "24h";
    const string Minute = "yyyy-MM-ddTHH:mm";
    static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    public static IReadOnlyList<(string Name, string Words, TimeSpan Length)> Spans { get; } =
        [("24h", "last 24 hours", TimeSpan.FromDays(1)), ("7d", "last 7 days", TimeSpan.FromDays(7)), ("30d", "last 30 days", TimeSpan.FromDays(30))];

    /// <summary>As an input of a browser takes it; universal time.</summary>
    public string? SinceText => Text(Since);
    public string? UntilText => Text(Until);

    public static InsightSearch Of(string? span, string? since, string? until, string? queue, string? policy)
    {
        var (from, to) = (Instant(since), Instant(until));
        var known = Spans.Any(s => s.Name == span) ? span : null;
        var (filterQueue, filterPolicy) = (string.IsNullOrWhiteSpace(queue) ? null : queue, string.IsNullOrWhiteSpace(policy) ? null : policy);
        return known is null && from is not null && !(to <= from) ? new InsightSearch(null, from, to, filterQueue, filterPolicy) : new InsightSearch(known ?? UsualSpan, null, null, filterQueue, filterPolicy);
    }

    public InsightFilter Filter(DateTimeOffset now)
    {
        if (Since is not { } since) return new InsightFilter(now - Spans.First(s => s.Name == Span).Length, now, Queue, Policy);
        var until = Until ?? now;
        if (until <= since) until = since + TimeSpan.FromHours(1);
        return new InsightFilter(until - since > Longest ? until - Longest : since, until, Queue, Policy);
    }

    /// <summary>The address of a table's CSV with the same filters.</summary>
    public string CsvAddress(string table)
    {
        var query = new (string Name, string? Value)[] { ("span", Span), ("since", SinceText), ("until", UntilText), ("queue", Queue), ("policy", Policy) };
        return $"/insights/{table}.csv?{string.Join('&', query.Where(q => q.Value is not null).Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value!)}"))}";
    }

    static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;

    static string? Text(DateTimeOffset? at) => at?.UtcDateTime.ToString(Minute, CultureInfo.InvariantCulture);
}
