using System.Globalization;
using System.Text;
using Baton.Core.Insights;

namespace Baton.Server.Console.Insights;

/// <summary>Figures as a table: what is read, what the chart is drawn from, and what the CSV holds are the same.</summary>
/// <param name="Name">In the address of its CSV.</param>
/// <param name="First">What the rows are named by.</param>
public sealed record InsightTable(string Name, string Title, string First, IReadOnlyList<InsightColumn> Columns, IReadOnlyList<InsightRow> Rows)
{
    /// <summary>Over time; else a bar a row.</summary>
    public bool IsOverTime { get; init; }
    public bool IsByHour { get; init; }

    /// <summary>What is counted, in a sentence.</summary>
    public string? Hint { get; init; }
    public required string Empty { get; init; }
    public bool IsEmpty => Rows.All(r => r.Values.All(v => v is null or 0));

    public static IReadOnlyList<InsightTable> Of(InsightReport report) =>
    [
        new("outcomes", "Handoffs and what became of them", "From", outcomes, [.. report.Buckets.Select(b => InsightRow.At(b.Key, Outcomes(b.Counts)))])
        {
            IsOverTime = true, IsByHour = report.Filter.IsByHour, Hint = "By when they were asked for.", Empty = "No handoff was asked for in this time.",
        },
        new("waits", "Time to an agent", "From", [Wait("half within"), Wait("95 % within"), new("reached", "", null, IsCharted: false)], [.. report.Buckets.Select(b => InsightRow.At(b.Key, b.Counts.TimeToAgent?.P50, b.Counts.TimeToAgent?.P95, b.Counts.TimeToAgent?.Count ?? 0))])
        {
            IsOverTime = true, IsByHour = report.Filter.IsByHour, Hint = "From the wish to the agent, of those an agent came to.", Empty = "No agent came to a handoff that was asked for in this time.",
        },
        new("reasons", "Why they were handed off", "Reason", outcomes, [.. report.Reasons.Select(r => InsightRow.Of(r.Key is null ? "No reason given" : Wording.Sentence(r.Key), Outcomes(r.Counts)))])
        {
            Hint = "By the reason that decided.", Empty = "No handoff was asked for in this time.",
        },
        new("suggestions", "Suggestions used by agents", "From", acceptance, [.. report.Buckets.Select(b => InsightRow.At(b.Key, Acceptance(b.Counts)))])
        {
            IsOverTime = true, IsByHour = report.Filter.IsByHour, Hint = "Of those an agent dealt with. The true share lies between the two bounds in 95 of 100 cases.", Empty = "No agent dealt with a suggestion in this time.",
        },
        new("queues", "By queue", "Queue", [.. outcomes, .. waits, .. counted], [.. report.Queues.Select(q => InsightRow.Of(q.Key, Whole(q.Counts)))]) { Empty = "No handoff was asked for in this time." },
        new("policies", "By policy version", "Policy", [.. outcomes, .. waits, .. counted], [.. report.Policies.Select(p => InsightRow.Of(p.Key is null ? "Asked for by a person or a program" : $"{p.Key.Name} {p.Key.Version} {p.Key.Hash}", Whole(p.Counts)))])
        {
            Empty = "No handoff was asked for in this time.",
        },
    ];

    /// <summary>RFC 4180.</summary>
    public string ToCsv()
    {
        var csv = new StringBuilder();
        csv.AppendJoin(',', Columns.Select(c => Field(c.Unit.Length == 0 ? c.Name : $"{c.Name} ({c.Unit})")).Prepend(Field(First))).Append("\r\n");
        foreach (var row in Rows)
            csv.AppendJoin(',', row.Values.Select(v => v?.ToString("0.####", CultureInfo.InvariantCulture) ?? "").Prepend(row.Instant is { } at ? at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) : Field(row.Text))).Append("\r\n");
        return csv.ToString();
    }

    // A spreadsheet would run what begins like a formula.
    static string Field(string text)
    {
        var safe = text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + text : text;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    static readonly IReadOnlyList<InsightColumn> outcomes =
    [
        new("asked for", "", "ink"), new("agent came", "", "good"), new("customer left", "", "warn"), new("stayed with the bot", "", "going"),
        new("refused", "", null, IsCharted: false), new("failed", "", "bad"), new("called off", "", null, IsCharted: false), new("under way", "", null, IsCharted: false),
    ];

    static readonly IReadOnlyList<InsightColumn> waits = [new("half within", "s", null, IsCharted: false), new("95 % within", "s", null, IsCharted: false)];
    static readonly IReadOnlyList<InsightColumn> acceptance = [new("used", "%", "good"), new("at least", "%", "soft"), new("at most", "%", "soft"), .. counted];
    static IReadOnlyList<InsightColumn> counted => [new("suggestions dealt with", "", null, IsCharted: false), new("of them used", "", null, IsCharted: false)];

    static InsightColumn Wait(string name) => new(name, "s", name[0] == 'h' ? "going" : "warn");

    static double?[] Outcomes(InsightCounts c) => [c.Requested, c.WithAgent, c.CustomerLeft, c.StayedWithBot, c.Refused, c.Failed, c.CalledOff, c.UnderWay];

    static double?[] Acceptance(InsightCounts c) => [c.Acceptance.Rate * 100, c.Acceptance.Low * 100, c.Acceptance.High * 100, c.Acceptance.Seen, c.Acceptance.Used];

    static double?[] Whole(InsightCounts c) => [.. Outcomes(c), c.TimeToAgent?.P50, c.TimeToAgent?.P95, c.Acceptance.Seen, c.Acceptance.Used];
}

/// <param name="Unit">Empty for a count, else s or %.</param>
/// <param name="Tone">The color of its line, by the name of a token.</param>
public sealed record InsightColumn(string Name, string Unit, string? Tone, bool IsCharted = true)
{
    public string Show(double? value) => (value, Unit) switch
    {
        (null, _) => "–",
        ({ } seconds, "s") => Wording.Of(TimeSpan.FromSeconds(seconds)),
        ({ } share, "%") => $"{share:0} %",
        ({ } count, _) => $"{count:0}",
    };
}

/// <param name="Instant">The beginning of the hour or day; null where rows are named otherwise.</param>
public sealed record InsightRow(string Text, DateTimeOffset? Instant, IReadOnlyList<double?> Values)
{
    public static InsightRow At(DateTimeOffset at, params double?[] values) => new("", at, values);

    public static InsightRow Of(string text, params double?[] values) => new(text, null, values);
}
