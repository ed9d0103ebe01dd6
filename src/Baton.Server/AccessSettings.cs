using System.Net;

namespace Baton.Server;

/// <summary>Who may call the server, and how often. Configuration section <c>Server</c>, and <c>Inbound:EventKey</c>.</summary>
public sealed record AccessSettings
{
    public ServerAuth Auth { get; init; }

    /// <summary>What one key may ask in a minute; spread, with as many at once.</summary>
    public int RequestsPerMinute { get; init; } = 6000;

    /// <summary>Origins whose pages may call; empty: none.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>What the vendor's event bus sends as <c>x-api-key</c>; null: it needs a key of the role bot.</summary>
    public string? EventKey { get; init; }

    const int ShortestEventKey = 16;

    internal static AccessSettings Read(SettingsReader read)
    {
        var usual = new AccessSettings();
        var origins = read.List("Server:CorsOrigins");
        foreach (var origin in origins.Where(o => !IsOrigin(o))) read.Fault($"Server:CorsOrigins has '{origin}'; an origin is scheme and host, as in https://desk.example.");
        var eventKey = read.Text("Inbound:EventKey");
        if (eventKey is { Length: < ShortestEventKey }) read.Fault($"Inbound:EventKey is shorter than {ShortestEventKey} characters; use a longer random one.");
        return new AccessSettings
        {
            Auth = read.OneOf<ServerAuth>("Server:Auth") ?? usual.Auth,
            RequestsPerMinute = read.Whole("Server:RequestsPerMinute", 1, 10_000_000) ?? usual.RequestsPerMinute,
            CorsOrigins = origins,
            EventKey = eventKey,
        };
    }

    /// <summary>Why the server cannot listen there, as a sentence; null when it can.</summary>
    internal string? FaultAt(string url) => Auth == ServerAuth.Open && !url.Split(';').All(IsLoopback)
        ? $"Server:Auth is open and the server is to listen at {url}, which others can reach; set Server:Auth to keys, or listen on 127.0.0.1."
        : null;

    internal static bool IsOrigin(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && text == uri.GetLeftPart(UriPartial.Authority);

    static bool IsLoopback(string url) => Uri.TryCreate(url.Trim(), UriKind.Absolute, out var uri) && IsLoopbackHost(uri.DnsSafeHost);

    internal static bool IsLoopbackHost(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}

public enum ServerAuth
{
    /// <summary>Every call needs a key, health aside.</summary>
    Keys,

    /// <summary>No keys: only for a server that listens on this machine alone, to try things out.</summary>
    Open,
}
