using System.Text.RegularExpressions;
using Baton.Core.Deliveries;
using Baton.Core.Handoffs;
using Baton.EndToEnd.Tests.Api;
using Microsoft.Playwright;

namespace Baton.EndToEnd.Tests.Console;

/// <summary>Each page as it is met on a wide screen and a small one, in the light and in the dark, and by whoever does not see it at all.</summary>
public sealed partial class EachScreenTests(Chromium browser) : IClassFixture<Chromium>, IAsyncLifetime
{
    static readonly (int Width, ColorScheme Scheme)[] screens = [(1280, ColorScheme.Light), (1280, ColorScheme.Dark), (390, ColorScheme.Light)];

    ApiWorld world = null!;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => world = await ApiWorld.StartAsync(DayAtTheDeskTests.WithArticles);

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Theory]
    [InlineData("/")]
    [InlineData("/handoffs")]
    [InlineData("/handoffs?state=Failed")]
    [InlineData("/handoffs/ONE")]
    [InlineData("/deliveries")]
    [InlineData("/deliveries/d1")]
    [InlineData("/audit")]
    [InlineData("/desk")]
    [InlineData("/insights")]
    [InlineData("/policy")]
    [InlineData("/policy/versions/1")]
    [InlineData("/nothing")]
    public async Task A_page_has_no_barrier_and_fits_each_screen(string path)
    {
        var handoff = await world.HandedOffAsync("I want to talk to a human.");
        await KeepAsync(handoff, Delivery.New("d1", "wfm", handoff.ConversationId, "handoff.requested", "{\"a\":1}", world.Baton.Time.GetUtcNow()));
        var name = NotInAName().Replace(path.ToLowerInvariant(), "-").Trim('-') is { Length: > 0 } words ? words : "start";
        await using var visit = await browser.OpenAsync(world.Server.Address);
        foreach (var (width, scheme) in screens)
        {
            await visit.LookAtAsync(width, 900, scheme);
            await visit.GoAsync(path.Replace("ONE", handoff.Id.ToString(), StringComparison.Ordinal));
            await visit.PictureAsync($"{name}-{width}-{scheme.ToString().ToLowerInvariant()}");
            (await visit.OverhangAsync()).ShouldBeLessThanOrEqualTo(0, $"{path} at {width}");
            (await visit.BarriersAsync()).ShouldBeEmpty($"{path} at {width}, {scheme}");
            visit.Faults.ShouldBeEmpty();
        }
    }

    async Task KeepAsync(Handoff handoff, Delivery delivery)
    {
        var told = new Transition(handoff with { Version = handoff.Version + 1 }) { What = "followed", Deliveries = [delivery] };
        await world.Baton.Store.CommitOverAsync(handoff, told, Ct);
    }

    [GeneratedRegex("[^a-z]+", RegexOptions.NonBacktracking)]
    private static partial Regex NotInAName();
}
