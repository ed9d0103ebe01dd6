using Microsoft.AspNetCore.Http;

namespace Baton.Server.Console;

/// <summary>
/// What a form came to, for the page that follows it: for some seconds in a cookie of that page alone. Not in the address, where anybody could put a sentence for somebody else to read as ours.
/// </summary>
static class Said
{
    const string Name = "baton_said";
    const char Divider = '\n';
    static readonly TimeSpan Shown = TimeSpan.FromSeconds(20);

    /// <param name="about">What the page shows: its sentence stands beside nothing else.</param>
    public static void Give(HttpContext context, ConsoleSettings settings, string path, string about, string sentence) =>
        context.Response.Cookies.Append(Name, about + Divider + sentence, SessionCookie.Options(context.Request, settings, path, Shown));

    public static string? Of(HttpContext context, string about) =>
        context.Request.Cookies[Name] is { } kept && kept.IndexOf(Divider) is >= 0 and var end && kept.AsSpan(0, end).SequenceEqual(about) ? kept[(end + 1)..] : null;
}
