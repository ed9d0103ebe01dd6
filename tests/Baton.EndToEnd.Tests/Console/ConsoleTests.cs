using Baton.Core;
using Baton.Core.Access;
using Baton.Core.Handoffs;
using Baton.EndToEnd.Tests.Api;
using Baton.Sandbox;
using Baton.Server;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Baton.EndToEnd.Tests.Console;

/// <summary>The console in a real browser, over a real server and the sandbox.</summary>
public sealed class ConsoleTests(Chromium browser) : IClassFixture<Chromium>, IAsyncLifetime
{
    ApiWorld world = null!;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => world = await ApiWorld.StartAsync(s => s with { Access = s.Access with { Auth = ServerAuth.Open } });

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task What_goes_wrong_in_a_conversation_shows_on_the_live_page_without_reloading()
    {
        await using var visit = await browser.OpenAsync(world.Server.Address);
        await visit.GoAsync("/");
        await visit.LiveAsync();
        await Expect(visit.Page.GetByText("No handoff is under way.")).ToBeVisibleAsync();
        var conversation = world.Converse();
        await world.TellAsync(conversation, "Where is my parcel?", "I want to talk to a human.");
        var row = visit.Page.Locator("table.rows tbody tr", new PageLocatorOptions { HasText = "Asked for human" });
        await Expect(row).ToBeVisibleAsync();
        await Expect(row).ToContainTextAsync("Waiting");
        await Expect(visit.Page.Locator(".tile", new PageLocatorOptions { HasText = "waiting" }).Locator("b")).ToHaveTextAsync("1");
        await visit.PictureAsync("live");
        await row.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToContainTextAsync("Asked for human");
        await Expect(visit.Page.Locator(".readings .fired")).ToContainTextAsync("Asked for human");
        await Expect(visit.Page.Locator(".transcript .moment").First).ToContainTextAsync("Handoff");
        await Expect(visit.Page.Locator(".timeline .calls li", new PageLocatorOptions { HasText = "GET routing/queues" })).ToContainTextAsync("200");
        await visit.PictureAsync("handoff");
        visit.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_script_in_what_a_customer_says_is_text()
    {
        const string Said = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\"> I want to talk to a human.";
        var handoff = await world.HandedOffAsync(Said);
        await using var visit = await browser.OpenAsync(world.Server.Address);
        await visit.GoAsync($"/handoffs/{handoff.Id}");
        await visit.LiveAsync();
        await Expect(visit.Page.Locator(".transcript .customer p").Last).ToHaveTextAsync(Said);
        (await visit.Page.Locator(".transcript img, .transcript script").CountAsync()).ShouldBe(0);
        (await visit.Page.TitleAsync()).ShouldNotBe("taken");
        visit.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_scripts_the_pages_work_as_links_and_forms()
    {
        var handoff = await world.HandedOffAsync("I want to talk to a human.");
        await using var visit = await browser.OpenAsync(world.Server.Address, scripts: false);
        await visit.GoAsync("/");
        await visit.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Handoffs" }).First.ClickAsync();
        await visit.Page.GetByLabel("State").SelectOptionAsync("Queued");
        await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Show" }).ClickAsync();
        visit.Page.Url.ShouldContain("state=Queued");
        await visit.Page.Locator("table.rows tbody a").First.ClickAsync();
        visit.Page.Url.ShouldEndWith($"/handoffs/{handoff.Id}");
    }

    [Fact]
    public async Task Insights_count_what_comes_and_leave_open_what_was_opened()
    {
        await world.HandedOffAsync("I want to talk to a human.");
        await using var visit = await browser.OpenAsync(world.Server.Address);
        await visit.GoAsync("/insights");
        await visit.LiveAsync();
        await Expect(visit.Page.Locator("#tile-handoffs b")).ToHaveTextAsync("1");
        await visit.Page.Locator("#figure-outcomes summary").ClickAsync();
        await visit.Page.Locator("input[name=queue]").FillAsync("Supp");
        await world.HandedOffAsync("Let me speak to an agent please.");
        // Counted anew every ten seconds at the most.
        await Expect(visit.Page.Locator("#tile-handoffs b")).ToHaveTextAsync("2");
        await Expect(visit.Page.Locator("#figure-outcomes table.figures td").First).ToBeVisibleAsync();
        await Expect(visit.Page.Locator("#figure-queues table.figures td").First).ToBeHiddenAsync();
        await Expect(visit.Page.Locator("#figure-outcomes .chart canvas")).ToBeVisibleAsync();
        await Expect(visit.Page.Locator("input[name=queue]")).ToHaveValueAsync("Supp");
        visit.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_stop_switch_stops_and_says_so_on_every_screen_until_it_is_let_go()
    {
        await using var visit = await browser.OpenAsync(world.Server.Address);
        await using var other = await browser.OpenAsync(world.Server.Address, 390);
        await other.GoAsync("/");
        await other.LiveAsync();
        await visit.GoAsync("/");
        await visit.Page.GetByLabel("Why").FillAsync("The phone line is being repaired");
        await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Pause" }).ClickAsync();
        await Expect(visit.Page.Locator(".alert.bad")).ToContainTextAsync("The phone line is being repaired");
        (await world.Baton.Store.PausedAsync(Ct)).ShouldNotBeNull().Why.ShouldBe("The phone line is being repaired");
        await Expect(other.Page.Locator(".alert.bad")).ToContainTextAsync("Paused by local");
        await visit.PictureAsync("paused");
        await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Resume" }).ClickAsync();
        await Expect(visit.Page.Locator(".alert.bad")).ToHaveCountAsync(0);
        await Expect(other.Page.Locator(".alert.bad")).ToHaveCountAsync(0);
        (await world.Baton.Store.PausedAsync(Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task What_failed_stands_out_says_what_to_do_and_can_be_tried_again()
    {
        var failed = await FailedAsync();
        await using var visit = await browser.OpenAsync(world.Server.Address);
        await visit.GoAsync("/");
        var alert = visit.Page.Locator(".alert.bad");
        await Expect(alert).ToBeVisibleAsync();
        await alert.GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = "Look" }).ClickAsync();
        visit.Page.Url.ShouldEndWith($"/handoffs/{failed.Id}");
        await visit.PictureAsync("handoff-failed");
        await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Try again" }).ClickAsync();
        visit.Page.Url.ShouldNotEndWith($"/handoffs/{failed.Id}");
        var again = (await world.Baton.Store.ListHandoffsAsync(new HandoffFilter { ConversationId = failed.ConversationId }, Ct))[0];
        again.Origin.RetryOf.ShouldBe(failed.Id);
        visit.Page.Url.ShouldEndWith($"/handoffs/{again.Id}");
    }

    [Fact]
    public async Task When_the_platform_is_down_the_live_page_says_what_is_held_up_and_why()
    {
        world.Sandbox.Faults.Add(new Fault { Kind = FaultKind.Status, Path = "/api/v2/conversations/*", Status = 503 });
        await using var visit = await browser.OpenAsync(world.Server.Address);
        await visit.GoAsync("/");
        await visit.LiveAsync();
        await world.TellAsync(world.Converse(), "Where is my parcel?", "I want to talk to a human.");
        await Expect(visit.Page.Locator(".alert.bad")).ToContainTextAsync("1 handoff is held up");
        await visit.PictureAsync("platform-down");
        world.Sandbox.Faults.Clear();
        await Expect(visit.Page.Locator(".alert.bad")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Whose_sign_in_has_ended_is_led_to_sign_in_and_back_to_the_page()
    {
        await using var locked = await ApiWorld.StartAsync();
        var (_, token) = await locked.KeyAsync("Ada", Role.Supervisor);
        await using var visit = await browser.OpenAsync(locked.Server.Address);
        await visit.GoAsync("/handoffs?state=live");
        await visit.PictureAsync("sign-in");
        (await visit.BarriersAsync()).ShouldBeEmpty();
        await visit.Page.GetByLabel("Key").FillAsync(token);
        await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        visit.Page.Url.ShouldEndWith("/handoffs?state=live");
        await visit.LiveAsync();
        var session = (await locked.Baton.Store.ListSessionsAsync(locked.Baton.Time.GetUtcNow(), Ct)).ShouldHaveSingleItem();
        await locked.Baton.Store.EndSessionAsync(session.Id, "test", locked.Baton.Time.GetUtcNow(), Ct);
        // The page reads itself again, which it may no longer.
        await visit.Page.WaitForURLAsync("**/signin?returnTo=*");
        await visit.Page.GetByLabel("Key").FillAsync(token);
        await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        visit.Page.Url.ShouldEndWith("/handoffs?state=live");
        await Expect(visit.Page.GetByText("Ada")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_trail_is_verified_at_a_click()
    {
        await world.HandedOffAsync("I want to talk to a human.");
        await using var visit = await browser.OpenAsync(world.Server.Address);
        await visit.GoAsync("/audit");
        await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Verify everything" }).ClickAsync();
        await Expect(visit.Page.GetByText("Nothing was changed")).ToBeVisibleAsync();
        await visit.PictureAsync("audit-verified");
    }

    async Task<Handoff> FailedAsync()
    {
        // A queue that is not there: no step of the plan can be tried.
        var plan = new Core.Policies.HandoffPlan { Steps = [new Core.Policies.RouteStep { Queue = "Nowhere" }] };
        var now = world.Baton.Time.GetUtcNow();
        var start = await world.Baton.Store.StartHandoffAsync(Handoff.Request(world.Baton.NewId(now), world.Converse(), plan, new HandoffOrigin("Sue", [], null), now), null, Ct);
        return await world.UntilAsync(start.Handoff.ConversationId, h => h.State.IsFinal());
    }
}
