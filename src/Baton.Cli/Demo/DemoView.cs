using Spectre.Console;

namespace Baton.Cli.Demo;

/// <summary>The run as a person sees it: a line a conversation above a progress bar in a terminal, plain lines elsewhere; a table at the end.</summary>
static class DemoView
{
    public static async Task<DemoSummary> ShowAsync(DemoRun run, bool isWatched, Out output, CancellationToken ct)
    {
        if (!isWatched) return await run.PlayAsync(line => output.Line(line.Text), _ => { }, ct);
        return await AnsiConsole.Progress().Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn()).AutoClear(true).StartAsync(async progress =>
        {
            var task = progress.AddTask("conversations", maxValue: 1);
            return await run.PlayAsync(line => AnsiConsole.Write(Colored(line)), value => task.Value = value, ct);
        });
    }

    // Cut to the terminal's width: a wrapped line above a live progress bar leaves half of the bar standing.
    static Markup Colored(DemoLine line)
    {
        var width = AnsiConsole.Profile.Width - 1;
        return new Markup($"[{line.Tone}]{Markup.Escape(line.Text.Length <= width ? line.Text : line.Text[..width])}[/]\n");
    }

    public static void Print(DemoSummary summary, Out output)
    {
        output.Line();
        var table = new Table { Border = TableBorder.Rounded, ShowHeaders = false };
        table.AddColumns(new TableColumn("").NoWrap(), new TableColumn(""));
        Row("conversations", $"{summary.Conversations}");
        Row("decisions", Lines(summary.Decisions));
        Row("handoffs", Lines(summary.Outcomes));
        Row("trigger to confirmed", $"p50 {DemoLines.Seconds(summary.P50)}, p95 {DemoLines.Seconds(summary.P95)}");
        Row("calls a handoff", $"{summary.CallsPerHandoff.Values.Sum():0.0}: {string.Join(", ", summary.CallsPerHandoff.Select(c => $"{c.Key} {c.Value:0.0}"))}");
        Row("429 answers", $"{summary.RateLimited}");
        Row("audit", $"{summary.AuditEntries} entries in {summary.AuditChains} chains verified");
        if (summary.Assist is { } assist)
        {
            Row("suggestions", $"{assist.Offered} offered to {assist.Requests} agents{(assist.ResponseTime is { } callback ? $", by callback after {callback.P50:0} ms" : "")}");
            Row("used", AssistReportView.Of(assist.Acceptance));
            Row("by source", string.Join('\n', assist.Sources.Select(s => $"{s.Name,-10}{s.Answered} answered, {s.Empty} empty, {s.Late} late, {s.Failed} failed")));
        }
        AnsiConsole.Write(table);
        foreach (var violation in summary.Violations) Console.Error.WriteLine($"VIOLATED  {violation}");
        output.Line(summary.Violations.Count == 0
            ? "Every conversation to be handed off was transferred exactly once, none was lost, none was promised it untruly."
            : $"{summary.Violations.Count} invariants do not hold.");

        void Row(string name, string value) => table.AddRow(new Text(name), new Text(value));
    }

    static string Lines(IReadOnlyDictionary<string, int> counts) => string.Join('\n', counts.Select(c => $"{c.Value,4}  {c.Key}"));
}
