using Baton.Core.Assist;

namespace Baton.Cli;

/// <summary>The assist report for a person.</summary>
static class AssistReportView
{
    const int MostLines = 15;

    public static void Show(AssistReport report)
    {
        Line("asked", $"{report.Requests}{(report.TimedOut > 0 ? $", {report.TimedOut} of them never answered by callback" : "")}");
        Line("offered", report.Offered.ToString());
        Line("acceptance", Of(report.Acceptance));
        Line("to the first", Of(report.TimeToFirst));
        Line("to its use", Of(report.TimeToUse));
        Line("callback", Of(report.ResponseTime));
        if (report.Sources.Count > 0)
            Out.Table(["source", "asked", "answered", "empty", "pending", "late", "failed", "p50 ms", "p95 ms"],
                report.Sources.Select(s => (IReadOnlyList<string>)[s.Name, $"{s.Asked}", $"{s.Answered}", $"{s.Empty}", $"{s.Pending}", $"{s.Late}", $"{s.Failed}", $"{s.Times?.P50:0}", $"{s.Times?.P95:0}"]));
        if (report.Articles.Count > 0)
            Out.Table(["article", "source", "offered", "seen", "used", "acceptance"],
                report.Articles.Take(MostLines).Select(a => (IReadOnlyList<string>)[a.Title, a.Source, $"{a.Offered}", $"{a.Acceptance.Seen}", $"{a.Acceptance.Used}", Share(a.Acceptance)]));
        if (report.Articles.Count > MostLines) Console.Out.WriteLine($"... and {report.Articles.Count - MostLines} more; --csv has all.");
        if (report.Queues.Any(q => q.QueueId is not null))
            Out.Table(["queue", "offered", "used", "acceptance"], report.Queues.Select(q => (IReadOnlyList<string>)[q.QueueId ?? "(not known)", $"{q.Offered}", $"{q.Acceptance.Used}", Share(q.Acceptance)]));
        if (report.NeverUsed.Count > 0) Console.Out.WriteLine($"Seen and never used: {string.Join(", ", report.NeverUsed.Take(MostLines).Select(a => a.Title))}{(report.NeverUsed.Count > MostLines ? ", ..." : "")}.");
    }

    static void Line(string name, string text) => Console.Out.WriteLine($"{name,-13} {text}");

    public static string Of(AcceptanceRate rate) => rate.Rate is { } share
        ? $"{share:P0} ({rate.Used} of {rate.Seen} that agents saw and dealt with; 95 % interval {rate.Low:P0} to {rate.High:P0})"
        : "not known: no agent has dealt with any yet";

    static string Share(AcceptanceRate rate) => rate.Rate is { } share ? $"{share:P0} ({rate.Low:P0} to {rate.High:P0})" : "-";

    static string Of(Percentiles? times) => times is null ? "-" : $"p50 {Time(times.P50)}, p95 {Time(times.P95)}";
    static string Time(double milliseconds) => milliseconds < 1000 ? $"{milliseconds:0} ms" : $"{milliseconds / 1000:0.0} s";
}
