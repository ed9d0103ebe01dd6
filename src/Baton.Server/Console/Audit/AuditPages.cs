using Baton.Core.Access;
using Baton.Core.Audit;
using Baton.Server.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Console.Audit;

static class AuditPages
{
    const int Page = 50;

    public static void MapAuditPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/audit", ListAsync).For(Role.Supervisor);
        // Reads every entry there is: asked for, never by looking at the page.
        pages.MapPost("/audit/verify", VerifyAsync).For(Role.Supervisor);
    }

    static Task<IResult> ListAsync(string? chain, long? before, HttpContext context, BatonSystem system, CancellationToken ct) => ShowAsync(chain, before, null, context, system, ct);

    static async Task<IResult> VerifyAsync(HttpContext context, BatonSystem system, CancellationToken ct) =>
        await ShowAsync(null, null, await AuditEndpoints.VerifyAsync(system, ct), context, system, ct);

    static async Task<IResult> ShowAsync(string? chain, long? before, AuditReport? proof, HttpContext context, BatonSystem system, CancellationToken ct)
    {
        var view = await PageView.ReadAsync(context, system, ct);
        var newest = await system.Store.LastAuditNumberAsync(ct);
        var end = before is { } given && given > 0 && given <= newest ? given - 1 : newest;
        var entries = string.IsNullOrWhiteSpace(chain)
            ? (await system.Store.ReadAuditAfterAsync(Math.Max(0, end - Page), (int)Math.Min(Page, end), ct)).Where(e => e.Number <= end).Reverse().ToList()
            : await OfChainAsync(chain.Trim(), before, system, ct);
        return ConsolePages.Render<AuditPage>((nameof(AuditPage.View), view), (nameof(AuditPage.Entries), entries), (nameof(AuditPage.Chain), chain?.Trim()), (nameof(AuditPage.Proof), proof), (nameof(AuditPage.Newest), newest),
            (nameof(AuditPage.IsOlder), before is not null));
    }

    /// <summary>The newest of the chain, or those before an entry, by their place in it.</summary>
    static async Task<List<NumberedEntry>> OfChainAsync(string chain, long? before, BatonSystem system, CancellationToken ct)
    {
        var newest = new Queue<NumberedEntry>();
        await foreach (var entry in system.Store.ReadAuditAsync(chain, ct))
        {
            if (entry.Sequence >= before) break;
            if (newest.Count == Page) newest.Dequeue();
            newest.Enqueue(new NumberedEntry(entry.Sequence, entry));
        }
        return [.. newest.Reverse()];
    }
}
