namespace Baton.Core.Assist;

/// <summary>How suggestions do: asked for, offered, used, late. Counted from what is stored; acceptance is of what agents have seen and dealt with, never assumed.</summary>
public sealed record AssistReport(DateTimeOffset? Since, int Requests, int TimedOut, int Offered, AcceptanceRate Acceptance)
{
    /// <summary>From the question to the first suggestion, in milliseconds; null when there was none.</summary>
    public Percentiles? TimeToFirst { get; init; }

    /// <summary>From the offer to its use, in milliseconds.</summary>
    public Percentiles? TimeToUse { get; init; }

    /// <summary>From the question to its callback, in milliseconds.</summary>
    public Percentiles? ResponseTime { get; init; }
    public IReadOnlyList<SourceLine> Sources { get; init; } = [];
    public IReadOnlyList<SubjectLine> Articles { get; init; } = [];
    public IReadOnlyList<QueueLine> Queues { get; init; } = [];

    /// <summary>Offered and seen, and never used.</summary>
    public IReadOnlyList<SubjectLine> NeverUsed => [.. Articles.Where(a => a.Acceptance is { Used: 0, Seen: > 0 })];

    public static AssistReport Of(DateTimeOffset? since, IReadOnlyList<AssistRequest> requests, IReadOnlyList<Suggestion> suggestions) => new(
        since, requests.Count, requests.Count(r => r.State == AssistState.TimedOut), suggestions.Count, AcceptanceRate.Of(suggestions))
    {
        TimeToFirst = Percentiles.Of(requests.Where(r => r.FirstAt is not null).Select(r => (r.FirstAt!.Value - r.AskedAt).TotalMilliseconds)),
        TimeToUse = Percentiles.Of(suggestions.Where(s => s.UsedAt is not null).Select(s => (s.UsedAt!.Value - s.OfferedAt).TotalMilliseconds)),
        ResponseTime = Percentiles.Of(requests.Where(r => r.CalledBackAt is not null).Select(r => (r.CalledBackAt!.Value - r.AskedAt).TotalMilliseconds)),
        Sources = [.. requests.SelectMany(r => r.Sources).GroupBy(s => s.Name).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => SourceLine.Of(g.Key, [.. g]))],
        Articles = [.. suggestions.GroupBy(s => (s.Subject, s.Source)).Select(g => new SubjectLine(g.Key.Subject, g.Key.Source, g.First().Title, g.Count(), AcceptanceRate.Of([.. g])))
            .OrderByDescending(l => l.Acceptance.Used).ThenByDescending(l => l.Offered).ThenBy(l => l.Subject, StringComparer.Ordinal)],
        Queues = [.. suggestions.GroupBy(s => s.QueueId).Select(g => new QueueLine(g.Key, g.Count(), AcceptanceRate.Of([.. g]))).OrderByDescending(l => l.Offered).ThenBy(l => l.QueueId, StringComparer.Ordinal)],
    };
}

/// <summary>Used of seen and dealt with, with the interval that holds the true rate in 95 of 100 cases (Wilson's).</summary>
/// <param name="Rate">Null while nothing was dealt with.</param>
public sealed record AcceptanceRate(int Used, int Seen, double? Rate, double? Low, double? High)
{
    const double Z = 1.959964;

    public static AcceptanceRate Of(IReadOnlyList<Suggestion> suggestions) => Of(suggestions.Count(s => s.Accepted == true), suggestions.Count(s => s.Accepted is not null));

    public static AcceptanceRate Of(int used, int seen)
    {
        if (seen == 0) return new AcceptanceRate(0, 0, null, null, null);
        double rate = (double)used / seen, z2 = Z * Z;
        var middle = (rate + z2 / (2 * seen)) / (1 + z2 / seen);
        var half = Z / (1 + z2 / seen) * Math.Sqrt(rate * (1 - rate) / seen + z2 / (4.0 * seen * seen));
        return new AcceptanceRate(used, seen, rate, Math.Max(0, middle - half), Math.Min(1, middle + half));
    }
}

public sealed record Percentiles(int Count, double P50, double P95)
{
    public static Percentiles? Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? null : new Percentiles(sorted.Count, At(0.5), At(0.95));

        // The nearest rank.
        double At(double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count) - 1)];
    }
}

/// <param name="Times">How long it took where it answered, in milliseconds.</param>
public sealed record SourceLine(string Name, int Asked, int Answered, int Empty, int Pending, int Late, int Failed, Percentiles? Times)
{
    public static SourceLine Of(string name, IReadOnlyList<SourceReport> reports)
    {
        return new SourceLine(name, reports.Count, Count(SourceState.Answered), Count(SourceState.Empty), Count(SourceState.Pending), Count(SourceState.Late), Count(SourceState.Failed),
            Percentiles.Of(reports.Where(r => r.State is SourceState.Answered or SourceState.Empty).Select(r => r.Milliseconds)));

        int Count(SourceState state) => reports.Count(r => r.State == state);
    }
}

public sealed record SubjectLine(string Subject, string Source, string Title, int Offered, AcceptanceRate Acceptance);

/// <param name="QueueId">Null: not known.</param>
public sealed record QueueLine(string? QueueId, int Offered, AcceptanceRate Acceptance);
