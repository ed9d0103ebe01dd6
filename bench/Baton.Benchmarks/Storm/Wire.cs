using System.Net.Http.Headers;

namespace Baton.Benchmarks.Storm;

/// <summary>The way from the client to the vendor: takes its time, and remembers what was sent when. The neighbor has the token from here: it spends from the same window.</summary>
sealed class Wire(TimeProvider time, StormOptions options) : DelegatingHandler
{
    readonly Lock gate = new();
    readonly Dictionary<string, int> times = [];
    readonly List<(DateTimeOffset At, string Path)> sent = [];

    public AuthenticationHeaderValue? Token { get; private set; }

    /// <summary>In the order of sending; logins are not among them.</summary>
    public IReadOnlyList<(DateTimeOffset At, string Path)> Sent
    {
        get { lock (gate) return [.. sent]; }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Task.Delay(Note(request), time, cancellationToken);
        return await base.SendAsync(request, cancellationToken);
    }

    TimeSpan Note(HttpRequestMessage request)
    {
        var path = request.RequestUri!.AbsolutePath;
        lock (gate)
        {
            if (request.Headers.Authorization is { Scheme: "Bearer" } bearer)
            {
                Token = bearer;
                sent.Add((time.GetUtcNow(), path));
            }
            var before = times[path] = times.GetValueOrDefault(path) + 1;
            return TimeSpan.FromMilliseconds(options.LeastMilliseconds + Drawn(path, before) * (options.MostMilliseconds - options.LeastMilliseconds));
        }
    }

    // By what is sent and not by who comes first, which differs from run to run. FNV-1a, with the bits of its end mixed in.
    double Drawn(string path, int before)
    {
        var hash = 2166136261u;
        foreach (var c in $"{options.Seed} {before} {path}") hash = (hash ^ c) * 16777619;
        hash = (hash ^ (hash >> 15)) * 2246822519;
        return (hash ^ (hash >> 13)) / (double)uint.MaxValue;
    }
}
