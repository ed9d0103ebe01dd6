using Microsoft.AspNetCore.Http;

namespace Baton.Server.Console;

/// <summary>Where a browser keeps the token of a session. Embedded by another site's page it is a third party's, so browsers want it marked as such.</summary>
static class SessionCookie
{
    public const string Name = "baton_session";

    public static string? Read(HttpRequest request) => request.Cookies[Name] is { Length: > 0 } token ? token : null;

    public static void Set(HttpContext context, ConsoleSettings settings, string token, TimeSpan lifetime) =>
        context.Response.Cookies.Append(Name, token, Options(context.Request, settings, "/", lifetime));

    public static void Clear(HttpContext context, ConsoleSettings settings) => context.Response.Cookies.Append(Name, "", Options(context.Request, settings, "/", TimeSpan.Zero));

    public static CookieOptions Options(HttpRequest request, ConsoleSettings settings, string path, TimeSpan lifetime)
    {
        var isEmbedded = settings.FrameAncestors.Count > 0;
        var options = new CookieOptions
        {
            Path = path,
            MaxAge = lifetime,
            HttpOnly = true,
            IsEssential = true,
            Secure = isEmbedded || request.IsHttps || settings.PublicUrl?.Scheme == "https",
            SameSite = isEmbedded ? SameSiteMode.None : SameSiteMode.Lax,
        };
        if (isEmbedded) options.Extensions.Add("Partitioned");
        return options;
    }
}
