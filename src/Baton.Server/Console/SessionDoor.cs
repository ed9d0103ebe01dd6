using Baton.Core;
using Baton.Core.Access;
using Baton.Server.Api;
using Microsoft.AspNetCore.Http;

namespace Baton.Server.Console;

/// <summary>Knows people by their cookie, and what to answer those who have none. Every call looks into the store, so that a session ends at once, in every process.</summary>
sealed class SessionDoor(BatonSystem system)
{
    static readonly TimeSpan BetweenUses = TimeSpan.FromMinutes(1);

    public async Task<Session?> FindAsync(HttpRequest request, CancellationToken ct)
    {
        var now = system.Time.GetUtcNow();
        if (SessionCookie.Read(request) is not { } token || Session.IdOf(token) is not { } id || await system.Store.FindSessionAsync(id, ct) is not { } session || !session.Opens(token, now)) return null;
        if (session.LastUsedAt is null || now - session.LastUsedAt >= BetweenUses)
        {
            try { await system.Store.UsedSessionAsync(id, now, ct); }
            catch (StoreException) { /* A store that takes no work must still be readable; what needs it says so. */ }
        }
        return session;
    }

    /// <summary>Whether somebody who was let in would be let in again: what stays open for hours asks now and then.</summary>
    public async Task<bool> IsStillInAsync(Caller caller, CancellationToken ct)
    {
        if (caller.SessionId is { } session) return await system.Store.FindSessionAsync(session, ct) is { } found && system.Time.GetUtcNow() < found.ExpiresAt;
        return caller.KeyId is not { } key || await system.Store.FindKeyAsync(key, ct) is { RevokedAt: null };
    }

    /// <summary>Null: the cookie may be used for this. A page of another site could send the rest.</summary>
    public IResult? WhyNot(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || OwnAddress.Sent(request, system.Settings.Console)
        ? null
        : Problems.Of(StatusCodes.Status403Forbidden, "forbidden.origin", "With the console's cookie only Baton's own pages may ask for this; a program sends a key.");

    /// <summary>For a person who has to sign in first: the page to do it on. Null: it is a program that asks.</summary>
    public static IResult? AskToSignIn(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers.ContainsKey("HX-Request"))
        {
            // The page is to be returned to, not the fragment.
            var page = Uri.TryCreate(request.Headers["HX-Current-URL"].ToString(), UriKind.Absolute, out var current) ? current.PathAndQuery : "/";
            context.Response.Headers["HX-Redirect"] = Address(page);
            return Problems.Of(StatusCodes.Status401Unauthorized, "unauthorized", "The sign-in has ended; sign in again.");
        }
        return IsPage(request) ? Results.Redirect(Address(request.Path + request.QueryString)) : null;
    }

    static bool IsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && !request.Path.StartsWithSegments("/v1") && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    static string Address(string page) => $"{SignInEndpoints.Path}?returnTo={Uri.EscapeDataString(OwnAddress.Local(page))}";
}
