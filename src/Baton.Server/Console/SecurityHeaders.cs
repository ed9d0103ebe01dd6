using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.Server.Console;

/// <summary>A page runs our scripts alone and none that a text brings along; who may frame it is a setting, for the agent's desktop stands inside the vendor's.</summary>
static class SecurityHeaders
{
    public static void Set(HttpContext context)
    {
        var framed = context.RequestServices.GetRequiredService<BatonSystem>().Settings.Console.FrameAncestors;
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = $"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {(framed.Count == 0 ? "'none'" : string.Join(' ', framed))}";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }
}
