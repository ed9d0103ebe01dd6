using System.Text.Json;
using Microsoft.Playwright;

namespace Baton.EndToEnd.Tests.Console;

/// <summary>
/// Debian's Chromium without a window, one for all tests. Where it is not installed these tests are skipped and say so. Each page watches for what no page may do: an error in a script,
/// something the content security policy had to stop.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>In milliseconds; a busy machine takes its time, and what has not come by then does not come.</summary>
    const float Patience = 100_000;

    static readonly string[] places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    static readonly SemaphoreSlim axe = new(1, 1);
    static string? axeSource;
    static readonly string? pictures = Environment.GetEnvironmentVariable("BATON_PICTURES");

    IPlaywright? playwright;
    IBrowser? running;

    public async ValueTask InitializeAsync()
    {
        if (places.FirstOrDefault(File.Exists) is not { } program) return;
        playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(Patience);
        // Without its sandbox: the tests may run as root, and open nothing but our own pages.
        running = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = program, Args = ["--no-sandbox", "--disable-gpu"] });
    }

    internal async Task<Visit> OpenAsync(Uri server, int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light, bool scripts = true)
    {
        if (running is null) Assert.Skip("Chromium is not installed, so no page can be looked at (apt-get install chromium).");
        var context = await running.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = server.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            JavaScriptEnabled = scripts,
            TimezoneId = "Europe/Berlin",
            Locale = "en-GB",
        });
        context.SetDefaultTimeout(Patience);
        var page = await context.NewPageAsync();
        return new Visit(context, page);
    }

    /// <summary>The source of axe-core, fetched once.</summary>
    internal static async Task<string> AxeAsync()
    {
        await axe.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (axeSource is not null) return axeSource;
            await NodeTool.RunAsync("Console/Axe", "axe-core", "--version");
            return axeSource = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Console", "Axe", "node_modules", "axe-core", "axe.min.js"), TestContext.Current.CancellationToken);
        }
        finally
        {
            axe.Release();
        }
    }

    /// <summary>Where a picture goes that is asked for with BATON_PICTURES=folder. Nothing is judged by them, and without a graphics card they are half the work.</summary>
    internal static string? PictureOf(string name) => pictures is null ? null : Path.Combine(pictures, $"{name}.png");

    public async ValueTask DisposeAsync()
    {
        if (running is not null) await running.DisposeAsync();
        playwright?.Dispose();
    }
}

/// <summary>One person at one screen.</summary>
sealed class Visit : IAsyncDisposable
{
    readonly IBrowserContext context;
    readonly List<string> faults = [];

    public Visit(IBrowserContext context, IPage page)
    {
        (this.context, Page) = (context, page);
        page.PageError += (_, error) => faults.Add($"{page.Url}: {error}");
        page.Console += (_, message) =>
        {
            // What the server refuses is logged by the browser as well, and is no fault of the page.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)) faults.Add($"{page.Url}: {message.Text}");
        };
    }

    public IPage Page { get; }

    /// <summary>Errors of scripts, and what the content security policy stopped.</summary>
    public IReadOnlyList<string> Faults => faults;

    public async Task<IResponse> GoAsync(string path)
    {
        var response = await Page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.DOMContentLoaded });
        return response.ShouldNotBeNull();
    }

    /// <summary>Waits until the page's stream stands: from then on news come by themselves.</summary>
    public Task LiveAsync() => Page.WaitForSelectorAsync("body[data-live=on]", new PageWaitForSelectorOptions { State = WaitForSelectorState.Attached });

    /// <summary>The same page on another screen.</summary>
    public async Task LookAtAsync(int width, int height, ColorScheme scheme)
    {
        await Page.SetViewportSizeAsync(width, height);
        await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
    }

    public Task PictureAsync(string name) => Chromium.PictureOf(name) is { } path ? Page.ScreenshotAsync(new PageScreenshotOptions { Path = path, FullPage = true }) : Task.CompletedTask;

    /// <summary>What axe finds that is serious or critical, one line each.</summary>
    public async Task<IReadOnlyList<string>> BarriersAsync()
    {
        // Evaluated by the debugger, so that the page's own policy need not be loosened for it.
        await Page.EvaluateAsync(await Chromium.AxeAsync());
        var result = await Page.EvaluateAsync<JsonElement>("""
            async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.filter(v => v.impact === 'serious' || v.impact === 'critical')
                .map(v => `${v.id}: ${v.help}: ${v.nodes.map(n => n.target.join(' ') + ' (' + (n.any[0]?.message ?? '') + ')').slice(0, 5).join(' | ')}`)
            """);
        return [.. result.EnumerateArray().Select(v => v.GetString()!)];
    }

    /// <summary>How many pixels the page is wider than the screen.</summary>
    public Task<int> OverhangAsync() => Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");

    public async ValueTask DisposeAsync() => await context.DisposeAsync();
}
