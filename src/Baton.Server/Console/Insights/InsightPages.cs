using System.Text;
using Baton.Core.Access;
using Baton.Core.Insights;
using Baton.Server.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Console.Insights;

static class InsightPages
{
    /// <summary>Of more handoffs than these, the newest are counted.</summary>
    public const int MostCounted = 100_000;

    public static void MapInsightPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/insights", ShowAsync).For(Role.Supervisor);
        pages.MapGet("/insights/{table}.csv", CsvAsync).For(Role.Supervisor);
    }

    static async Task<IResult> ShowAsync(string? span, string? since, string? until, string? queue, string? policy, HttpContext context, BatonSystem system, CancellationToken ct)
    {
        var view = await PageView.ReadAsync(context, system, ct);
        var asked = InsightSearch.Of(span, since, until, queue, policy);
        var (report, handoffs) = await ReadAsync(asked, view.Now, system, ct);
        return ConsolePages.Render<InsightsPage>((nameof(InsightsPage.View), view), (nameof(InsightsPage.Asked), asked), (nameof(InsightsPage.Report), report), (nameof(InsightsPage.IsCut), handoffs.Count == MostCounted),
            (nameof(InsightsPage.Queues), handoffs.Select(h => h.Queue).Concat(system.Policy.Current.Queues).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList()),
            (nameof(InsightsPage.Policies), handoffs.Select(h => h.Policy).OfType<Core.Policies.PolicyVersion>().Distinct().ToList()));
    }

    static async Task<IResult> CsvAsync(string table, string? span, string? since, string? until, string? queue, string? policy, HttpContext context, BatonSystem system, CancellationToken ct)
    {
        var (report, _) = await ReadAsync(InsightSearch.Of(span, since, until, queue, policy), system.Time.GetUtcNow(), system, ct);
        return InsightTable.Of(report).FirstOrDefault(t => t.Name == table) is { } found
            ? Results.File(Encoding.UTF8.GetBytes(found.ToCsv()), "text/csv; charset=utf-8", $"baton-{table}.csv")
            : ConsolePages.NotFound(await PageView.ReadAsync(context, system, ct), "There is no such table", $"Insights have no table '{table}'.");
    }

    static async Task<(InsightReport Report, IReadOnlyList<HandoffLine> Handoffs)> ReadAsync(InsightSearch asked, DateTimeOffset now, BatonSystem system, CancellationToken ct)
    {
        var filter = asked.Filter(now);
        var handoffs = await system.Store.HandoffLinesAsync(filter.Since, filter.Until, MostCounted, ct);
        return (InsightReport.Of(filter, handoffs, await system.Store.AcceptanceLinesAsync(filter.Since, filter.Until, MostCounted, ct)), handoffs);
    }
}
