using Baton.Core.Assist;
using Baton.Core.Assist.Knowledge;
using Baton.EndToEnd.Tests.Api;
using Baton.Server;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Baton.EndToEnd.Tests.Console;

/// <summary>The whole of it as three people see it: a supervisor at the console, an agent at the vendor's screen and at the desk, a customer who wants a person.</summary>
public sealed class DayAtTheDeskTests(Chromium browser) : IClassFixture<Chromium>, IAsyncLifetime
{
    ApiWorld world = null!;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => world = await ApiWorld.StartAsync(WithArticles);

    public ValueTask DisposeAsync() => world.DisposeAsync();

    /// <summary>Open to whoever is on this machine, and with the demo's articles to suggest from.</summary>
    internal static BatonSettings WithArticles(BatonSettings settings) => settings with
    {
        Access = settings.Access with { Auth = ServerAuth.Open },
        Assist = settings.Assist with { Local = new KnowledgeOptions { Folder = Path.Combine(AppContext.BaseDirectory, "Demo", "Articles") }, KnowledgeSourceIds = ["local"] },
    };

    [Fact(Timeout = 120_000)]
    public async Task A_conversation_goes_bad_is_handed_off_an_agent_takes_it_uses_a_suggestion_and_the_supervisor_sees_it()
    {
        await using var supervisor = await browser.OpenAsync(world.Server.Address);
        await using var workspace = await browser.OpenAsync(world.Sandbox.BaseAddress);
        await using var desk = await browser.OpenAsync(world.Server.Address, 320, 900);
        await supervisor.GoAsync("/");
        await supervisor.LiveAsync();

        var conversation = world.Converse("How do I get a refund for a payment that was charged twice?");
        await world.TellAsync(conversation, "How do I get a refund for a payment that was charged twice?", "This does not help. I want to talk to a human.");
        var row = supervisor.Page.Locator("table.rows tbody tr", new PageLocatorOptions { HasText = "Asked for human" });
        await Expect(row).ToContainTextAsync("Waiting");

        var sam = world.Sandbox.Organization.Agents.Single(a => a.Name == "Sam").Id;
        await workspace.GoAsync($"/agent?user={sam}");
        await workspace.PictureAsync("sandbox-agent");
        await workspace.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Accept" }).ClickAsync();
        await Expect(row).ToContainTextAsync("With an agent");

        await desk.GoAsync($"/desk?conversationId={conversation}");
        await desk.LiveAsync();
        var suggestions = desk.Page.Locator("[data-suggestion]");
        await Expect(suggestions.First).ToBeVisibleAsync();
        // Being seen is told by the page itself.
        await Expect(suggestions.First).ToHaveAttributeAsync("data-state", "Displayed");
        (await desk.OverhangAsync()).ShouldBeLessThanOrEqualTo(0);
        (await desk.BarriersAsync()).ShouldBeEmpty();
        await desk.Page.Keyboard.PressAsync("j");
        await Expect(suggestions.First).ToBeFocusedAsync();
        await desk.Page.Keyboard.PressAsync("i");
        await Expect(suggestions.First).ToHaveAttributeAsync("data-state", "Inserted");
        await desk.PictureAsync("desk-320");
        await desk.Page.SetViewportSizeAsync(1280, 900);
        await desk.PictureAsync("desk");

        var used = SuggestionId.Parse((await suggestions.First.GetAttributeAsync("data-suggestion"))!);
        (await world.Baton.Store.EngagementsOfAsync(used, Ct)).Select(e => e.Did).ShouldBe([SuggestionState.Displayed, SuggestionState.Inserted]);
        await supervisor.GoAsync("/insights");
        await supervisor.PictureAsync("insights");
        await Expect(supervisor.Page.Locator("main")).ToContainTextAsync("Asked for human");
        supervisor.Faults.ShouldBeEmpty();
        desk.Faults.ShouldBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_mistake_in_the_policy_is_marked_as_it_is_typed_and_its_effect_is_seen_before_it_is_saved()
    {
        await world.TellAsync(world.Converse(), "Where is my parcel?", "I want to talk to a human.");
        await using var visit = await browser.OpenAsync(world.Server.Address);
        await visit.GoAsync("/policy");
        var editor = visit.Page.Locator("textarea[name=text]");
        var text = await editor.InputValueAsync();
        await editor.FillAsync(text + "\nnonsense: true\n");
        await Expect(visit.Page.Locator("#policy-check")).ToContainTextAsync("nonsense");
        await visit.PictureAsync("policy-error");
        await editor.FillAsync(text);
        await Expect(visit.Page.Locator("#policy-check")).Not.ToContainTextAsync("nonsense");
        await visit.PictureAsync("policy");
        visit.Faults.ShouldBeEmpty();
    }
}
