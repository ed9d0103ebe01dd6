using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Baton.Benchmarks.Speed;

namespace Baton.Benchmarks.Service;

/// <summary>The console over a store with many handoffs: pages, streams that stand open, and how soon a page hears of something and has read itself again. What a browser does then is not in it.</summary>
static partial class ConsoleSpeed
{
    const int Pages = 60;
    const int Streams = 1_000;
    const int Changes = 60;

    /// <summary>Longer than the pause between two words of a change, so that none waits for the one before.</summary>
    static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(400);

    public static async Task<IReadOnlyList<Figure>> RunAsync(int handoffs, CancellationToken ct)
    {
        await using var server = await ServedProcess.StartAsync("console", ct, path => ClaimSpeed.FinishAsync(path, handoffs, ct));
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Streams + 100 }) { BaseAddress = server.Address, Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        var figures = new List<Figure>();
        foreach (var path in (string[])["/", "/handoffs", "/insights", "/audit"])
        {
            var times = await TimeAsync(client, path, ct);
            figures.Add(new Figure($"{path} with {handoffs:N0} handoffs, p50", Rounds.Median(times), "ms"));
            figures.Add(new Figure($"{path} with {handoffs:N0} handoffs, p95", Rounds.Percentile(times, 0.95), "ms", Goal: "< 200 ms", Holds: Rounds.Percentile(times, 0.95) < 200));
        }
        figures.Add(await FromChangeAsync(server, client, ct));
        figures.AddRange(await StandingAsync(server, client, ct));
        return figures;
    }

    static async Task<IReadOnlyList<double>> TimeAsync(HttpClient client, string path, CancellationToken ct)
    {
        var times = new List<double>();
        for (var n = 0; n < Pages + 5; n++)
        {
            var began = Stopwatch.GetTimestamp();
            await client.GetStringAsync(new Uri(path, UriKind.Relative), ct);
            if (n >= 5) times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        return times;
    }

    static async Task<Figure> FromChangeAsync(ServedProcess server, HttpClient client, CancellationToken ct)
    {
        using var lines = new StreamReader(await client.GetStreamAsync(new Uri("/console/changes", UriKind.Relative), ct));
        await lines.ReadLineAsync(ct);
        var times = new List<double>();
        for (var n = 0; n < Changes; n++)
        {
            using var turn = new HttpRequestMessage(HttpMethod.Post, $"/v1/conversations/console-{n}/turns")
            {
                Content = new StringContent($$"""{"turns":[{"id":"t","from":"Customer","text":"I want to talk to a human.","at":"{{TimeProvider.System.GetUtcNow():O}}"}]}""", Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
            };
            var began = Stopwatch.GetTimestamp();
            using var told = await client.SendAsync(turn, ct);
            told.EnsureSuccessStatusCode();
            var row = Handoff().Match(await told.Content.ReadAsStringAsync(ct)).Value;
            if (row.Length == 0) throw new InvalidOperationException("The turn was not handed off.");
            // A word may still be about the turn before: what counts is the page on which the row stands.
            for (var page = ""; !page.Contains(row, StringComparison.Ordinal);)
            {
                while (await lines.ReadLineAsync(ct) is { } line && line != "event: changed") { }
                using var again = new HttpRequestMessage(HttpMethod.Get, "/");
                again.Headers.Add("HX-Request", "true");
                using var read = await client.SendAsync(again, ct);
                page = await read.Content.ReadAsStringAsync(ct);
            }
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            await Task.Delay(Apart, TimeProvider.System, ct);
        }
        var p95 = Rounds.Percentile(times, 0.95);
        return new Figure("from a turn told to the live page read again, p95", p95, "ms", "p50, ms", Rounds.Median(times), "< 300 ms", p95 < 300);
    }

    [GeneratedRegex("ho_[0-9a-f]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Handoff();

    static async Task<IReadOnlyList<Figure>> StandingAsync(ServedProcess server, HttpClient client, CancellationToken ct)
    {
        var (heap, resident) = (await server.HeapBytesAsync(ct), server.ResidentBytes);
        var open = new List<Stream>();
        foreach (var some in Enumerable.Range(0, Streams).Chunk(50))
            open.AddRange(await Task.WhenAll(some.Select(_ => client.GetStreamAsync(new Uri("/console/changes", UriKind.Relative), ct))));
        var (heapAfter, residentAfter) = (await server.HeapBytesAsync(ct), server.ResidentBytes);
        foreach (var stream in open) await stream.DisposeAsync();
        return
        [
            new Figure($"{Streams:N0} open streams: heap a stream", (heapAfter - heap) / Streams / 1024, "KiB"),
            new Figure($"{Streams:N0} open streams: resident memory a stream", (residentAfter - resident) / Streams / 1024, "KiB"),
        ];
    }
}
