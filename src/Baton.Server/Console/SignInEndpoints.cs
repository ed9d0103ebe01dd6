using System.Text;
using Baton.Core;
using Baton.Core.Access;
using Baton.Genesys.Auth;
using Baton.Server.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Console;

/// <summary>People sign in with a key, or as who they are in Genesys Cloud; either makes a session. What goes wrong is a sentence on the page.</summary>
static class SignInEndpoints
{
    public const string Path = "/signin";
    public const string GenesysPath = "/signin/genesys";
    public const string OutPath = "/signout";
    const string CallbackPath = "/signin/genesys/callback";

    /// <summary>What a browser keeps while its person is with Genesys Cloud: state, verifier and where to return to. No node needs to remember it.</summary>
    const string FlowCookie = "baton_signin";
    static readonly TimeSpan FlowLifetime = TimeSpan.FromMinutes(10);
    const int LongestCode = 2000;

    // A key that is none takes as long as one that is.
    static readonly ApiKey nobody = ApiKey.New("nobody", Role.Bot, DateTimeOffset.UnixEpoch).Key;

    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("").ForAnyone().ExcludeFromDescription();
        pages.MapGet(Path, Show);
        pages.MapPost(Path, WithKey).DisableAntiforgery();
        pages.MapGet(GenesysPath, Leave);
        pages.MapGet(CallbackPath, Return);
        pages.MapPost(OutPath, Out).DisableAntiforgery();
        app.MapGet(OutPath, ShowOut).For(Role.Agent).ExcludeFromDescription();
    }

    static IResult Show(string? returnTo, string? signedOut, HttpContext context, BatonSystem system)
    {
        if (system.Settings.Access.Auth == ServerAuth.Open) return Results.Redirect(OwnAddress.Local(returnTo));
        return SignInPage.Answer(context, system.Settings.Console, returnTo, signedOut is null ? null : "You are signed out.", isTrouble: false);
    }

    static async Task<IResult> WithKey(HttpContext context, BatonSystem system, SignInAttempts attempts, CancellationToken ct)
    {
        var settings = system.Settings.Console;
        // Else another site's page could sign somebody in as its own author, and read what they do then.
        if (!OwnAddress.Sent(context.Request, settings)) return SignInPage.Answer(context, settings, null, "The form came from another page; sign in here.", StatusCodes.Status403Forbidden);
        if (!context.Request.HasFormContentType) return SignInPage.Answer(context, settings, null, "The form could not be read; try again.", StatusCodes.Status400BadRequest);
        var form = await context.Request.ReadFormAsync(ct);
        var (token, returnTo) = (form["key"].ToString().Trim(), form["returnTo"].ToString());
        var address = context.Connection.RemoteIpAddress;
        if (attempts.Begin(address) is { } wait)
        {
            context.Response.Headers.RetryAfter = $"{Math.Max(1, Math.Ceiling(wait.TotalSeconds)):0}";
            return SignInPage.Answer(context, settings, returnTo, "There were too many wrong keys from your address; try again in a minute.", StatusCodes.Status429TooManyRequests);
        }
        var id = ApiKey.IdOf(token);
        var key = await system.Store.FindKeyAsync(id ?? nobody.Id, ct) ?? nobody;
        if (!key.Opens(token) || id is null) return SignInPage.Answer(context, settings, returnTo, "The key is unknown or revoked.", StatusCodes.Status401Unauthorized);
        attempts.WasRight(address);
        if (key.Role == Role.Bot) return SignInPage.Answer(context, settings, returnTo, "This key is a bot's; people need one of the role agent, supervisor or admin.", StatusCodes.Status403Forbidden);
        var begun = await BeginAsync(context, system, key.Name, key.Role, key.Id, null, ct);
        return begun ? Results.Redirect(OwnAddress.Local(returnTo)) : SignInPage.Answer(context, settings, returnTo, "The key is unknown or revoked.", StatusCodes.Status401Unauthorized);
    }

    static IResult Leave(string? returnTo, HttpContext context, BatonSystem system)
    {
        var settings = system.Settings.Console;
        if (system.SignIn is not { } signIn) return SignInPage.Answer(context, settings, returnTo, "Signing in with Genesys Cloud is not set up here (Console:ClientId).", StatusCodes.Status404NotFound);
        var (state, verifier) = (PersonSignIn.NewSecret(), PersonSignIn.NewSecret());
        var flow = $"{state}.{verifier}.{Convert.ToBase64String(Encoding.UTF8.GetBytes(OwnAddress.Local(returnTo)))}";
        context.Response.Cookies.Append(FlowCookie, flow, SessionCookie.Options(context.Request, settings, Path, FlowLifetime));
        context.Response.Headers.CacheControl = "no-store";
        return Results.Redirect(signIn.AddressFor(Callback(context.Request, settings), state, verifier).AbsoluteUri);
    }

    static async Task<IResult> Return(string? code, string? state, string? error, HttpContext context, BatonSystem system, CancellationToken ct)
    {
        var settings = system.Settings.Console;
        var flow = context.Request.Cookies[FlowCookie]?.Split('.') is [{ Length: > 0 } ours, { } secret, { } there] ? (State: ours, Verifier: secret, ReturnTo: Decoded(there)) : default;
        // Once: what comes back a second time is refused.
        context.Response.Cookies.Append(FlowCookie, "", SessionCookie.Options(context.Request, settings, Path, TimeSpan.Zero));
        IResult Say(string sentence, int status) => SignInPage.Answer(context, settings, flow.ReturnTo, sentence, status);

        if (system.SignIn is not { } signIn) return Say("Signing in with Genesys Cloud is not set up here (Console:ClientId).", StatusCodes.Status404NotFound);
        if (flow.State is null || flow.State != state) return Say("This sign-in was not begun in this browser, or took longer than ten minutes; sign in again.", StatusCodes.Status400BadRequest);
        if (error is not null) return Say(error == "access_denied" ? "Genesys Cloud was told not to let Baton know who you are." : "Genesys Cloud refused the sign-in; its OAuth client may be set up wrongly.", StatusCodes.Status403Forbidden);
        if (code is not { Length: > 0 and <= LongestCode }) return Say("Genesys Cloud came back without a code; sign in again.", StatusCodes.Status400BadRequest);
        try
        {
            var person = await signIn.IdentifyAsync(code, flow.Verifier, Callback(context.Request, settings), ct);
            if (settings.MostOf(person.Roles) is not { } role)
                return Say($"{person.Name}, none of your Genesys Cloud roles ({(person.Roles.Count == 0 ? "none" : string.Join(", ", person.Roles))}) may use Baton; an administrator sets which may (Console:Roles).", StatusCodes.Status403Forbidden);
            await BeginAsync(context, system, person.Name, role, null, person.Id, ct);
            return Results.Redirect(OwnAddress.Local(flow.ReturnTo));
        }
        catch (ContactCenterException e)
        {
            return e.Kind == FailureKind.Unauthorized
                ? Say("Genesys Cloud did not take the sign-in: it took too long, or was used before; sign in again.", StatusCodes.Status400BadRequest)
                : Say($"{e.Message} Try again in a moment, or sign in with a key.", StatusCodes.Status502BadGateway);
        }
    }

    static IResult ShowOut(Caller caller, HttpContext context, BatonSystem system) =>
        SignInPage.Answer(context, SignInPage.RenderSignedIn(caller.Name, caller.Role.ToString().ToLowerInvariant()), StatusCodes.Status200OK);

    static async Task<IResult> Out(HttpContext context, BatonSystem system, SessionDoor door, CancellationToken ct)
    {
        var settings = system.Settings.Console;
        if (!OwnAddress.Sent(context.Request, settings)) return Problems.Of(StatusCodes.Status403Forbidden, "forbidden.origin", "Signing out is asked for by Baton's own pages only.");
        if (await door.FindAsync(context.Request, ct) is { } session) await system.Store.EndSessionAsync(session.Id, session.Name, system.Time.GetUtcNow(), ct);
        SessionCookie.Clear(context, settings);
        return Results.Redirect($"{Path}?signedOut=1");
    }

    static async Task<bool> BeginAsync(HttpContext context, BatonSystem system, string name, Role role, string? keyId, string? userId, CancellationToken ct)
    {
        var (session, token) = Session.New(name, role, system.Time.GetUtcNow());
        if (!await system.Store.BeginSessionAsync(session with { KeyId = keyId, UserId = userId }, ct)) return false;
        SessionCookie.Set(context, system.Settings.Console, token, Session.Lifetime);
        return true;
    }

    static string Callback(HttpRequest request, ConsoleSettings settings) => OwnAddress.Of(request, settings) + CallbackPath;

    static string? Decoded(string text)
    {
        try { return Encoding.UTF8.GetString(Convert.FromBase64String(text)); }
        catch (FormatException) { return null; }
    }
}
