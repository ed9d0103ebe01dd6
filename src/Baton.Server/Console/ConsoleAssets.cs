using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Console;

/// <summary>Style and scripts, out of the assembly. Their addresses carry a hash of what they hold, so a browser keeps them for good.</summary>
static class ConsoleAssets
{
    const string Prefix = "console/";
    const string Folder = "/console/assets/";

    static readonly FrozenDictionary<string, Asset> all = typeof(ConsoleAssets).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(Asset.Read).ToFrozenDictionary(a => a.Name);

    /// <summary>What makes pages live was there when this was built.</summary>
    public static bool HasScripts { get; } = all.ContainsKey("htmx.min.js") && all.ContainsKey("hx-sse.min.js");
    public static bool HasCharts { get; } = all.ContainsKey("uPlot.iife.min.js");

    public static string Address(string name) => all.TryGetValue(name, out var asset) ? $"{Folder}{name}?v={asset.Hash}" : throw new ArgumentException($"There is no asset '{name}'.", nameof(name));

    public static void MapAssets(this IEndpointRouteBuilder app) => app.MapGet(Folder + "{name}", (string name, HttpContext context) =>
    {
        if (!all.TryGetValue(name, out var asset)) return Results.NotFound();
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Results.Bytes(asset.Bytes, asset.ContentType);
    });

    sealed record Asset(string Name, byte[] Bytes, string Hash)
    {
        public string ContentType => Path.GetExtension(Name) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => "application/octet-stream",
        };

        public static Asset Read(string resource)
        {
            using var stream = typeof(ConsoleAssets).Assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return new Asset(resource[Prefix.Length..], bytes, Convert.ToHexStringLower(SHA256.HashData(bytes))[..12]);
        }
    }
}
