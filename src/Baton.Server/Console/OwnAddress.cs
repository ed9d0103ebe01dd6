using Microsoft.AspNetCore.Http;

namespace Baton.Server.Console;

/// <summary>What is this server's own, as a browser sees it: its address, its paths, its pages.</summary>
static class OwnAddress
{
    const int LongestPath = 2000;

    /// <summary>Scheme and host, without a slash at the end.</summary>
    public static string Of(HttpRequest request, ConsoleSettings settings) => settings.PublicUrl?.GetLeftPart(UriPartial.Authority) ?? $"{request.Scheme}://{request.Host}";

    /// <summary>
    /// Whether a page of ours sent this. Browsers say so by themselves in one of two headers, which no page can set; who sends neither is no browser, and has no business with a cookie.
    /// </summary>
    public static bool Sent(HttpRequest request, ConsoleSettings settings) => request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site
        ? site == "same-origin"
        : string.Equals(request.Headers.Origin.ToString(), Of(request, settings), StringComparison.OrdinalIgnoreCase);

    /// <summary>The path when it is one of this server's, else its first page. What a browser could take for another host (<c>//host</c>, <c>/\host</c>) is none.</summary>
    public static string Local(string? path) =>
        path is ['/', ..] and not ['/', '/' or '\\', ..] && path.Length <= LongestPath && !path.Any(c => !char.IsAscii(c) || char.IsControl(c) || c == '\\') && !path.StartsWith(SignInEndpoints.Path, StringComparison.OrdinalIgnoreCase) ? path : "/";
}
