using System.Net.Http.Headers;
using System.Text;
using Baton.Benchmarks.Speed;
using Microsoft.Playwright;

namespace Baton.Benchmarks.Service;

/// <summary>What a person at a screen sees, in Debian's Chromium: how soon a page is painted, and how soon a row stands there after a customer's turn was told. The whole way counts, the browser's part too.</summary>
static class ScreenSpeed
{
    const int Paints = 20;
    const int Turns = 100;

    /// <summary>Longer than the pause between two words of a change, so that none waits for the one before.</summary>
    static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(400);

    /// <summary>The instant, by the machine's clock, at which the first new row had been painted: the second frame after it came.</summary>
    const string Watch = """
        () => {
          const known = new Set([...document.querySelectorAll('tr[id^="h-"]')].map(row => row.id));
          window.seen = new Promise(done => {
            const look = () => {
              if (![...document.querySelectorAll('tr[id^="h-"]')].some(row => !known.has(row.id))) return;
              watch.disconnect();
              requestAnimationFrame(() => requestAnimationFrame(() => done(performance.timeOrigin + performance.now())));
            };
            const watch = new MutationObserver(look);
            watch.observe(document.body, { childList: true, subtree: true });
          });
        }
        """;

    public static async Task<IReadOnlyList<Figure>> RunAsync(int handoffs, CancellationToken ct)
    {
        if (new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists) is not { } program)
            throw new InvalidOperationException("Chromium is not installed, so there is no screen (apt-get install chromium).");
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = program, Args = ["--no-sandbox", "--disable-gpu"] });
        // Its own beginning is not the console's.
        await PaintAsync(browser, "data:text/html,<p>warm");
        await using var server = await ServedProcess.StartAsync("console", ct, path => ClaimSpeed.FinishAsync(path, handoffs, ct));
        var first = await PaintAsync(browser, server.Address.ToString());
        var later = new List<double>();
        for (var n = 0; n < Paints; n++) later.Add(await PaintAsync(browser, server.Address.ToString()));
        var rows = await RowsAsync(browser, server, ct);
        var (p95, paint) = (Rounds.Percentile(rows, 0.95), Rounds.Percentile(later, 0.95));
        return
        [
            new Figure($"the live page's first paint, the first after the start, {handoffs:N0} handoffs", first, "ms", Goal: "< 1 s", Holds: first < 1000),
            new Figure("the live page's first paint, nothing cached, p95", paint, "ms", "p50, ms", Rounds.Median(later), "< 1 s", paint < 1000),
            new Figure("from a turn told to its row on the screen, p95", p95, "ms", "p50, ms", Rounds.Median(rows), "< 300 ms", p95 < 300),
        ];
    }

    /// <summary>Milliseconds from the request to the first content on the screen, in a browser that knows nothing of the page yet.</summary>
    static async Task<double> PaintAsync(IBrowser browser, string address)
    {
        await using var context = await browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(address);
        return await page.EvaluateAsync<double>("""
            () => new Promise(done => new PerformanceObserver((list, watch) => {
              const paint = list.getEntriesByName('first-contentful-paint')[0];
              if (paint) { watch.disconnect(); done(paint.startTime); }
            }).observe({ type: 'paint', buffered: true }))
            """);
    }

    static async Task<IReadOnlyList<double>> RowsAsync(IBrowser browser, ServedProcess server, CancellationToken ct)
    {
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = server.Address };
        // The platform is not there: paused, nothing is tried in vain, and each change is a turn's.
        using var paused = await client.PostAsync(new Uri("/v1/pause", UriKind.Relative), null, ct);
        paused.EnsureSuccessStatusCode();
        await using var context = await browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(server.Address.ToString());
        await page.WaitForFunctionAsync("() => document.body.dataset.live === 'on'");
        var times = new List<double>();
        for (var n = 0; n < Turns; n++)
        {
            await page.EvaluateAsync(Watch);
            using var turn = new HttpRequestMessage(HttpMethod.Post, $"/v1/conversations/screen-{n}/turns")
            {
                Content = new StringContent($$"""{"turns":[{"id":"t","from":"Customer","text":"I want to talk to a human.","at":"{{TimeProvider.System.GetUtcNow():O}}"}]}""", Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
            };
            var began = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds;
            using var told = await client.SendAsync(turn, ct);
            told.EnsureSuccessStatusCode();
            times.Add(await page.EvaluateAsync<double>("() => window.seen") - began);
            await Task.Delay(Apart, TimeProvider.System, ct);
        }
        return times;
    }
}
