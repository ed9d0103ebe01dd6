using Baton.Core;
using Baton.Core.Access;
using Baton.Server.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Baton.Server.Console;

/// <summary>What every page is rendered with, whatever it shows.</summary>
/// <param name="Path">The page's own address with its filters: what htmx asks again when something changed.</param>
/// <param name="IsFragment">Only the page's inside is wanted: htmx asked.</param>
/// <param name="Seen">The newest entry of the audit trail when the page was read: what came later is news to it.</param>
/// <param name="Now">By the clock of the system, which a demo may have moved.</param>
public sealed record PageView(string Path, bool IsFragment, string Who, Role Role, long Seen, DateTimeOffset Now, Pause? Pause)
{
    /// <summary>Whether somebody may leave the session: there is one.</summary>
    public bool IsSignedIn { get; init; }

    /// <summary>Without looking anything up.</summary>
    internal static PageView Bare(HttpContext context) =>
        new(AddressOf(context), IsFragmentOf(context), Caller.Of(context)?.Name ?? "", Caller.Of(context)?.Role ?? Role.Bot, 0, default, null);

    internal static async Task<PageView> ReadAsync(HttpContext context, BatonSystem system, CancellationToken ct)
    {
        var caller = Caller.Of(context) ?? throw new InvalidOperationException("A page has a caller; the gate stands before it.");
        // Before anything else is read: what comes meanwhile is then shown twice rather than never.
        var seen = await system.Store.LastAuditNumberAsync(ct);
        return new PageView(AddressOf(context), IsFragmentOf(context), caller.Name, caller.Role, seen, system.Time.GetUtcNow(), await system.Store.PausedAsync(ct))
        {
            IsSignedIn = system.Settings.Access.Auth == ServerAuth.Keys,
        };
    }

    static string AddressOf(HttpContext context) => UriHelper.BuildRelative(context.Request.PathBase, context.Request.Path, context.Request.QueryString);

    static bool IsFragmentOf(HttpContext context) => context.Request.Headers["HX-Request"] == "true";
}
