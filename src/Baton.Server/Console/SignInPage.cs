using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Baton.Server.Console;

/// <summary>Where people sign in. Works without a script and loads nothing.</summary>
static class SignInPage
{
    const string Style = """
        :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
        main { max-width: 22rem; margin: 12vh auto; padding: 0 1rem; }
        label, input, button, a.way { display: block; width: 100%; box-sizing: border-box; font: inherit; }
        input, button, a.way { margin: .25rem 0 1rem; padding: .6rem; text-align: center; border: 1px solid GrayText; border-radius: .4rem; }
        input { text-align: left; }
        [role=alert] { border-left: .25rem solid #b3261e; padding-left: .75rem; }
        """;

    static readonly string styleHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)));

    /// <param name="returnTo">A local path.</param>
    /// <param name="sentence">What went wrong, or what has happened; null: nothing yet.</param>
    public static string Render(string returnTo, bool withGenesys, string? sentence, bool isTrouble = true)
    {
        var there = WebUtility.HtmlEncode(returnTo);
        var said = sentence is null ? "" : $"""<p role="{(isTrouble ? "alert" : "status")}">{WebUtility.HtmlEncode(sentence)}</p>""";
        var way = withGenesys ? $"""<a class="way" href="{SignInEndpoints.GenesysPath}?returnTo={WebUtility.HtmlEncode(Uri.EscapeDataString(returnTo))}">Sign in with Genesys Cloud</a>""" : "";
        return Page("Sign in", $"""
            {said}
            {way}
            <form method="post" action="{SignInEndpoints.Path}">
            <input type="hidden" name="returnTo" value="{there}">
            <label for="key">Key</label>
            <input id="key" name="key" type="password" autocomplete="current-password" required maxlength="200" spellcheck="false">
            <button>Sign in</button>
            </form>
            """);
    }

    /// <summary>Who is signed in, and the way out.</summary>
    public static string RenderSignedIn(string name, string role) => Page("Sign out", $"""
        <p>{WebUtility.HtmlEncode(name)} is signed in with the role {role}.</p>
        <form method="post" action="{SignInEndpoints.OutPath}"><button>Sign out</button></form>
        """);

    static string Page(string title, string content) => $"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title} - Baton</title><style>{Style}</style></head>
        <body><main>
        <h1>Baton</h1>
        {content}
        </main></body>
        </html>
        """;

    public static IResult Answer(HttpContext context, ConsoleSettings settings, string? returnTo, string? sentence, int status = StatusCodes.Status200OK, bool isTrouble = true) =>
        Answer(context, settings, Render(OwnAddress.Local(returnTo), settings.ClientId is not null, sentence, isTrouble), status);

    public static IResult Answer(HttpContext context, ConsoleSettings settings, string html, int status)
    {
        var headers = context.Response.Headers;
        var ancestors = settings.FrameAncestors.Count > 0 ? string.Join(' ', settings.FrameAncestors) : "'none'";
        headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'sha256-{styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        // Stricter, and browsers would send the form with Origin: null.
        headers["Referrer-Policy"] = "same-origin";
        return Results.Text(html, "text/html", Encoding.UTF8, status);
    }
}
