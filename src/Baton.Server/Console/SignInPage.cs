using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Baton.Server.Console;

/// <summary>Where people sign in. Works without a script.</summary>
static class SignInPage
{
    /// <param name="returnTo">A local path.</param>
    /// <param name="sentence">What went wrong, or what has happened; null: nothing yet.</param>
    public static string Render(string returnTo, bool withGenesys, string? sentence, bool isTrouble = true)
    {
        var there = WebUtility.HtmlEncode(returnTo);
        var said = sentence is null ? "" : $"""<p class="alert {(isTrouble ? "bad" : "good")}" role="{(isTrouble ? "alert" : "status")}">{WebUtility.HtmlEncode(sentence)}</p>""";
        var way = withGenesys ? $"""<a class="button wide" href="{SignInEndpoints.GenesysPath}?returnTo={WebUtility.HtmlEncode(Uri.EscapeDataString(returnTo))}">Sign in with Genesys Cloud</a>""" : "";
        return Page("Sign in", $"""
            {said}
            {way}
            <form class="field" method="post" action="{SignInEndpoints.Path}">
            <input type="hidden" name="returnTo" value="{there}">
            <label>Key <input name="key" type="password" autocomplete="current-password" required maxlength="200" spellcheck="false"></label>
            <button class="primary wide">Sign in</button>
            </form>
            <p class="hint">'baton keys create' makes a key.</p>
            """);
    }

    /// <summary>Who is signed in, and the way out.</summary>
    public static string RenderSignedIn(string name, string role) => Page("Sign out", $"""
        <p>{WebUtility.HtmlEncode(name)} is signed in with the role {role}.</p>
        <form method="post" action="{SignInEndpoints.OutPath}"><button class="wide">Sign out</button></form>
        """);

    static string Page(string title, string content) => $"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>{title} · Baton</title>
        <link rel="icon" href="{ConsoleAssets.Address("baton.svg")}"><link rel="stylesheet" href="{ConsoleAssets.Address("console.css")}"></head>
        <body><main class="card door">
        <h1 class="brand"><img src="{ConsoleAssets.Address("baton.svg")}" alt="" width="26" height="26"> Baton</h1>
        {content}
        </main></body>
        </html>
        """;

    public static IResult Answer(HttpContext context, ConsoleSettings settings, string? returnTo, string? sentence, int status = StatusCodes.Status200OK, bool isTrouble = true) =>
        Answer(context, Render(OwnAddress.Local(returnTo), settings.ClientId is not null, sentence, isTrouble), status);

    public static IResult Answer(HttpContext context, string html, int status)
    {
        SecurityHeaders.Set(context);
        return Results.Text(html, "text/html", Encoding.UTF8, status);
    }
}
