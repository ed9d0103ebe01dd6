using System.Security.Cryptography;
using System.Text;
using Baton.Core;
using Baton.Core.Access;
using Baton.Server.Console;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Api;

/// <summary>
/// Lets in who may come, with a key or the console's cookie: looks either up at every call, so that a revoked one ends at once, in every process. A body that is too large is read to its end before it is refused;
/// a sender that does not listen while it sends would see a broken connection in place of the answer.
/// </summary>
sealed class AccessGate(BatonSystem system, SessionDoor door)
{
    public const int LargestBody = 1 << 20;
    const int Drained = 16 << 20;
    const string Scheme = "Bearer ";
    const string EventKeyHeader = "x-api-key";
    static readonly TimeSpan BetweenUses = TimeSpan.FromMinutes(1);

    readonly AccessSettings settings = system.Settings.Access;

    public async Task Invoke(HttpContext context, RequestDelegate next)
    {
        // What is no route of ours is answered by the router: 404, 405, 415.
        var rule = context.GetEndpoint() is RouteEndpoint endpoint ? endpoint.Metadata.GetMetadata<AccessRule>() ?? AccessRule.Strictest : null;
        if (rule?.Least is not { } least)
        {
            await next(context);
            return;
        }
        var refusal = settings.Auth == ServerAuth.Open ? FromElsewhere(context.Request) : null;
        var caller = settings.Auth == ServerAuth.Open ? Caller.Local : await IdentifyAsync(context.Request, rule, context.RequestAborted);
        if (caller is null)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            refusal = SessionDoor.AskToSignIn(context) ?? Problems.Of(StatusCodes.Status401Unauthorized, "unauthorized", "The key is missing, unknown or revoked; send 'Authorization: Bearer baton_...' ('baton keys create' makes one).");
        }
        else
        {
            refusal ??= (caller.SessionId is null ? null : door.WhyNot(context.Request)) ?? await WhyNotAsync(context, caller, least, rule);
        }
        if (refusal is null && context.Request.ContentLength > LargestBody) refusal = await TooLargeAsync(context);
        if (refusal is not null)
        {
            await refusal.ExecuteAsync(context);
            return;
        }
        context.Features.Set(caller);
        await next(context);
    }

    async Task<Caller?> IdentifyAsync(HttpRequest request, AccessRule rule, CancellationToken ct)
    {
        if (rule.TakesEventKey && settings.EventKey is { } expected && request.Headers[EventKeyHeader].ToString() is { Length: > 0 } given)
            return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected))) ? Caller.EventBus : null;
        var header = request.Headers.Authorization.ToString();
        if (header.Length == 0) return await door.FindAsync(request, ct) is { } session ? Caller.Of(session) : null;
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var token = header[Scheme.Length..].Trim();
        if (ApiKey.IdOf(token) is not { } id || await system.Store.FindKeyAsync(id, ct) is not { } key || !key.Opens(token)) return null;
        var now = system.Time.GetUtcNow();
        if (key.LastUsedAt is null || now - key.LastUsedAt >= BetweenUses)
        {
            try { await system.Store.UsedKeyAsync(id, now, ct); }
            catch (StoreException) { /* A store that takes no work must still be readable; what needs it says so. */ }
        }
        return new Caller(key.Name, key.Role, id);
    }

    async Task<IResult?> WhyNotAsync(HttpContext context, Caller caller, Role least, AccessRule rule)
    {
        if (caller.Role < least)
        {
            var sentence = caller.SessionId is null ? $"The key '{caller.Name}' has the role {Word(caller.Role)}; this needs {Word(least)}." : $"{caller.Name} is signed in with the role {Word(caller.Role)}; this needs {Word(least)}.";
            return Forbidden("forbidden", sentence);
        }
        if (!rule.OwnConversation || caller.Role != Role.Bot || context.Request.RouteValues["id"] is not string conversation || conversation.Length > ConversationEndpoints.LongestId) return null;
        var bot = await system.Store.BotOfAsync(conversation, context.RequestAborted);
        if (bot is null && HttpMethods.IsPost(context.Request.Method)) bot = await system.Store.ClaimForBotAsync(conversation, caller.Name, context.RequestAborted);
        return bot is null || bot == caller.Name ? null : Forbidden("forbidden.conversation", $"The conversation is another bot's; the key '{caller.Name}' may not act in it or read it.");
    }

    // Without keys, a page in this machine's browser is the one caller that is not to be trusted.
    static IResult? FromElsewhere(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        var isOurs = AccessSettings.IsLoopbackHost(request.Host.Host) && (origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && AccessSettings.IsLoopbackHost(uri.DnsSafeHost)));
        return isOurs ? null : Forbidden("forbidden.origin", "The server runs without keys and answers this machine only; set Server:Auth to keys to call it from elsewhere.");
    }

    static async Task<IResult> TooLargeAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = Drained;
        if (context.Request.ContentLength <= Drained) await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        return Problems.OfStatus(StatusCodes.Status413PayloadTooLarge);
    }

    static IResult Forbidden(string code, string sentence) => Problems.Of(StatusCodes.Status403Forbidden, code, sentence);

    static string Word(Role role) => role.ToString().ToLowerInvariant();
}
