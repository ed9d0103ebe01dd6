using System.Net;
using Baton.Core.Access;
using Baton.EndToEnd.Tests.Api;
using Baton.Sandbox;
using Baton.Server;
using Baton.Storage.Sqlite;

namespace Baton.EndToEnd.Tests.Console;

/// <summary>People sign in: with a key, or with Genesys Cloud, which is the sandbox over real HTTP.</summary>
public sealed class SignInTests
{
    const string ClientId = "baton-people";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static Task<ApiWorld> StartAsync(TimeProvider? time = null) => ApiWorld.StartAsync(s => s with
    {
        Console = new ConsoleSettings { ClientId = ClientId, Roles = new Dictionary<string, Role> { ["Shift Lead"] = Role.Supervisor, ["Helpdesk"] = Role.Agent } },
    }, time);

    static Browser Open(ApiWorld world)
    {
        world.Sandbox.Organization.AddSignInClient(ClientId, $"{world.Server.Address.GetLeftPart(UriPartial.Authority)}/signin/genesys/callback");
        return new Browser(world.Server.Address);
    }

    static Dictionary<string, string> Key(string token) => new() { ["key"] = token };

    static async Task<Page> WithKeyAsync(Browser browser, string token, string returnTo = "/signout") =>
        await browser.SubmitAsync(await browser.OpenAsync($"/signin?returnTo={Uri.EscapeDataString(returnTo)}"), Key(token));

    static string PersonOf(ApiWorld world, string name, params string[] roles)
    {
        var id = world.Sandbox.Organization.AddAgent(name, ["Support"]).Id;
        world.Sandbox.Organization.SetRoles(id, roles);
        return id;
    }

    /// <summary>As far as back at the callback's address, which is not opened yet.</summary>
    static async Task<Uri> ToTheCallbackAsync(Browser browser, string userId, string returnTo = "/signout")
    {
        var login = await browser.FollowAsync($"/signin/genesys?returnTo={Uri.EscapeDataString(returnTo)}");
        login.Words.ShouldContain("Who are you?");
        var back = await browser.SubmitAsync(login, new Dictionary<string, string> { ["user"] = userId });
        back.Status.ShouldBe(HttpStatusCode.Redirect, back.Text);
        return back.Location!;
    }

    static HttpRequestMessage Post(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    [Fact(Timeout = 120_000)]
    public async Task A_person_signs_in_with_a_key_is_known_by_the_cookie_and_signs_out()
    {
        await using var world = await StartAsync();
        using var browser = Open(world);
        var (key, token) = await world.KeyAsync("Sue", Role.Supervisor);
        var asked = await browser.FollowAsync("/signout");
        asked.Address.PathAndQuery.ShouldBe("/signin?returnTo=%2Fsignout");
        asked.Text.ShouldContain("Sign in with Genesys Cloud");
        asked.Headers["Content-Security-Policy"].ShouldContain("default-src 'none'");

        var there = await browser.FollowAsync(browser.SubmitAsync(asked, Key(token)));
        (there.Status, there.Address.AbsolutePath).ShouldBe((HttpStatusCode.OK, "/signout"));
        there.Words.ShouldContain("Sue is signed in with the role supervisor");
        (await browser.OpenAsync("v1/handoffs")).Status.ShouldBe(HttpStatusCode.OK);
        var held = (await world.Baton.Store.ListSessionsAsync(world.Baton.Time.GetUtcNow(), Ct)).ShouldHaveSingleItem();
        (held.Name, held.Role, held.KeyId, held.UserId, held.ExpiresAt - held.CreatedAt).ShouldBe(("Sue", Role.Supervisor, key.Id, null, TimeSpan.FromHours(12)));
        held.LastUsedAt.ShouldNotBeNull();

        var session = browser.Session!;
        var outside = await browser.FollowAsync(browser.SubmitAsync(there, new Dictionary<string, string>()));
        outside.Words.ShouldContain("You are signed out.");
        browser.Session.ShouldBeNull();
        browser.Cookies.Add(world.Server.Address, new Cookie("baton_session", session, "/"));
        (await browser.OpenAsync("v1/handoffs")).Status.ShouldBe(HttpStatusCode.Unauthorized, "a copy of the cookie has ended too");
        (await world.Baton.Store.TailAuditAsync(2, Ct)).Select(e => e.Kind).ShouldBe(["session.begun", "session.ended"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_person_signs_in_with_Genesys_Cloud_and_may_what_their_roles_say()
    {
        await using var world = await StartAsync();
        using var browser = Open(world);
        var lea = PersonOf(world, "Lea <b>Lind</b>", "employee", "helpdesk", "Shift Lead");
        var there = await browser.FollowAsync(Task.FromResult(await browser.OpenAsync((await ToTheCallbackAsync(browser, lea, "/signout?from=x")).AbsoluteUri)));
        there.Address.PathAndQuery.ShouldBe("/signout?from=x");
        there.Words.ShouldContain("Lea <b>Lind</b> is signed in with the role supervisor");
        there.Text.ShouldNotContain("<b>");
        var held = (await world.Baton.Store.ListSessionsAsync(world.Baton.Time.GetUtcNow(), Ct)).ShouldHaveSingleItem();
        (held.UserId, held.KeyId, held.Role).ShouldBe((lea, null, Role.Supervisor));
        (await browser.SendAsync(Post("v1/pause", ("Sec-Fetch-Site", "same-origin")))).Status.ShouldBe(HttpStatusCode.OK);
        (await world.Baton.Store.PausedAsync(Ct))!.By.ShouldBe("Lea <b>Lind</b>");
        // The platform's token was for one question.
        world.Sandbox.Ledger.Requests().Count(r => r.Route == "/api/v2/users/me").ShouldBe(1);
    }

    [Fact(Timeout = 120_000)]
    public async Task Who_has_no_role_that_counts_is_told_so()
    {
        await using var world = await StartAsync();
        using var browser = Open(world);
        var back = await ToTheCallbackAsync(browser, PersonOf(world, "Otto", "employee", "Payroll"));
        (await browser.OpenAsync(back.AbsoluteUri)).ShouldSay(HttpStatusCode.Forbidden, "Otto, none of your Genesys Cloud roles (employee, Payroll) may use Baton");
        browser.Session.ShouldBeNull();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_sign_in_that_was_not_begun_in_this_browser_or_comes_twice_is_refused()
    {
        await using var world = await StartAsync();
        using var mine = Open(world);
        using var others = new Browser(world.Server.Address);
        var lea = PersonOf(world, "Lea", "Shift Lead");
        var back = (await ToTheCallbackAsync(mine, lea)).AbsoluteUri;

        // Another's code, in a browser that has begun nothing, and in one that has begun its own.
        (await others.OpenAsync(back)).ShouldSay(HttpStatusCode.BadRequest, "not begun in this browser");
        await ToTheCallbackAsync(others, lea);
        (await others.OpenAsync(back)).ShouldSay(HttpStatusCode.BadRequest, "not begun in this browser");
        var own = (await ToTheCallbackAsync(others, lea)).AbsoluteUri;
        var stolen = back.Split("code=")[1].Split('&')[0];
        (await others.OpenAsync(own.Replace(own.Split("code=")[1].Split('&')[0], stolen))).ShouldSay(HttpStatusCode.BadRequest, "did not take the sign-in");
        others.Session.ShouldBeNull();

        // Presented with a wrong verifier, the code has been used.
        (await mine.OpenAsync(back)).ShouldSay(HttpStatusCode.BadRequest, "did not take the sign-in");
        var again = (await ToTheCallbackAsync(mine, lea)).AbsoluteUri;
        (await mine.OpenAsync(again)).Status.ShouldBe(HttpStatusCode.Redirect);
        (await mine.OpenAsync(again)).ShouldSay(HttpStatusCode.BadRequest, "not begun in this browser");
        mine.Session.ShouldNotBeNull();
    }

    [Fact(Timeout = 120_000)]
    public async Task What_goes_wrong_at_Genesys_Cloud_is_a_sentence_on_the_page()
    {
        await using var world = await StartAsync();
        using var browser = Open(world);
        var lea = PersonOf(world, "Lea", "Shift Lead");
        (await browser.OpenAsync((await ToTheCallbackAsync(browser, "")).AbsoluteUri)).ShouldSay(HttpStatusCode.Forbidden, "told not to let Baton know");
        foreach (var path in (string[])["/oauth/token", "/api/v2/users/me"])
        {
            foreach (var (kind, status) in ((FaultKind, int?)[])[(FaultKind.Status, 503), (FaultKind.MalformedJson, null), (FaultKind.ConnectionResetBeforeApply, null)])
            {
                var back = await ToTheCallbackAsync(browser, lea);
                world.Sandbox.Faults.Add(new Fault { Kind = kind, Path = path, Times = 1, Status = status });
                (await browser.OpenAsync(back.AbsoluteUri)).ShouldSay(HttpStatusCode.BadGateway, "Try again in a moment, or sign in with a key.");
            }
        }
        browser.Session.ShouldBeNull();
        (await browser.FollowAsync(browser.OpenAsync((await ToTheCallbackAsync(browser, lea)).AbsoluteUri))).Words.ShouldContain("Lea is signed in");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_session_ends_after_twelve_hours_and_with_its_key()
    {
        var time = new ManualTime();
        await using var world = await StartAsync(time);
        using var early = Open(world);
        using var late = new Browser(world.Server.Address);
        var (key, token) = await world.KeyAsync("Sue", Role.Agent);
        (await WithKeyAsync(early, token)).Status.ShouldBe(HttpStatusCode.Redirect);
        time.Advance(TimeSpan.FromHours(11.99));
        (await early.OpenAsync("v1/handoffs")).Status.ShouldBe(HttpStatusCode.OK);
        (await WithKeyAsync(late, token)).Status.ShouldBe(HttpStatusCode.Redirect);
        time.Advance(TimeSpan.FromMinutes(1));
        (await early.OpenAsync("v1/handoffs")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await early.FollowAsync("/signout")).Address.AbsolutePath.ShouldBe("/signin");

        (await late.OpenAsync("v1/handoffs")).Status.ShouldBe(HttpStatusCode.OK);
        await using (var other = await SqliteStore.OpenAsync(world.Baton.Settings.StorePath, null, Ct)) (await other.RevokeKeyAsync(key.Id, "Ada", time.GetUtcNow(), Ct)).ShouldBeTrue();
        (await late.OpenAsync("v1/handoffs")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await WithKeyAsync(late, token)).ShouldSay(HttpStatusCode.Unauthorized, "unknown or revoked");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_stream_ends_soon_after_its_session()
    {
        var time = new ManualTime();
        await using var world = await StartAsync(time);
        using var browser = Open(world);
        await WithKeyAsync(browser, (await world.KeyAsync("Sue", Role.Agent)).Token);
        var there = await browser.OpenAsync("/signout");
        using var client = world.Client(null);
        client.DefaultRequestHeaders.Add("Cookie", $"baton_session={browser.Session}");
        using var response = await client.GetAsync("v1/stream", HttpCompletionOption.ResponseHeadersRead, Ct);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var stream = await response.Content.ReadAsStreamAsync(Ct);
        var ended = new StreamReader(stream).ReadToEndAsync(Ct);
        (await browser.SubmitAsync(there, new Dictionary<string, string>())).Status.ShouldBe(HttpStatusCode.Redirect);
        // Long before it would have expired.
        for (var beat = 0; !ended.IsCompleted; beat++)
        {
            beat.ShouldBeLessThan(1000);
            time.Advance(TimeSpan.FromSeconds(15));
            (await browser.OpenAsync("healthz")).Status.ShouldBe(HttpStatusCode.OK);
        }
        (await ended).ShouldStartWith(":");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_pages_stream_ends_with_its_session_and_with_its_key()
    {
        await using var world = await StartAsync();
        using var leaves = Open(world);
        using var stays = Open(world);
        var (key, token) = await world.KeyAsync("Sue", Role.Agent);
        await WithKeyAsync(leaves, token);
        await WithKeyAsync(stays, token);
        var (one, other) = (await ChangesAsync(world, leaves), await ChangesAsync(world, stays));
        (await leaves.SubmitAsync(await leaves.OpenAsync("/signout"), new Dictionary<string, string>())).Status.ShouldBe(HttpStatusCode.Redirect);
        await one;
        other.IsCompleted.ShouldBeFalse();
        (await world.Baton.Store.RevokeKeyAsync(key.Id, "Ada", world.Baton.Time.GetUtcNow(), Ct)).ShouldBeTrue();
        await other;

        // Ends when the stream does.
        static async Task<Task> ChangesAsync(ApiWorld world, Browser browser)
        {
            var client = world.Client(null);
            client.DefaultRequestHeaders.Add("Cookie", $"baton_session={browser.Session}");
            var lines = new StreamReader(await client.GetStreamAsync(new Uri("console/changes", UriKind.Relative), Ct));
            (await lines.ReadLineAsync(Ct)).ShouldBe(": ");
            return ReadAsync();

            async Task ReadAsync()
            {
                using (client)
                using (lines) await lines.ReadToEndAsync(Ct);
            }
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task With_the_cookie_only_our_own_pages_change_anything()
    {
        await using var world = await StartAsync();
        using var browser = Open(world);
        await WithKeyAsync(browser, (await world.KeyAsync("Sue", Role.Supervisor)).Token);
        var home = world.Server.Address.GetLeftPart(UriPartial.Authority);
        foreach (var headers in ((string, string)[][])
                 [[], [("Origin", "https://evil.example")], [("Origin", "null")], [("Sec-Fetch-Site", "cross-site")], [("Sec-Fetch-Site", "same-site"), ("Origin", home)], [("Sec-Fetch-Site", "none")], [("Origin", home + ".evil.example")]])
        {
            var refused = await browser.SendAsync(Post("v1/pause", headers));
            (refused.Status, refused.Text.Contains("forbidden.origin")).ShouldBe((HttpStatusCode.Forbidden, true), string.Join(", ", headers));
            (await browser.SendAsync(Post("signout", headers))).Status.ShouldBe(HttpStatusCode.Forbidden);
        }
        (await world.Baton.Store.PausedAsync(Ct)).ShouldBeNull();
        (await browser.SendAsync(Post("v1/pause", ("Origin", home)))).Status.ShouldBe(HttpStatusCode.OK);
        (await browser.SendAsync(Post("v1/resume", ("Sec-Fetch-Site", "same-origin"), ("Origin", home)))).Status.ShouldBe(HttpStatusCode.OK);

        // Nor does another's page sign somebody in.
        using var visitor = new Browser(world.Server.Address);
        var page = await visitor.OpenAsync("/signin");
        (await visitor.SubmitAsync(page, Key((await world.KeyAsync("Eve", Role.Admin)).Token), "https://evil.example")).ShouldSay(HttpStatusCode.Forbidden, "came from another page");
        visitor.Session.ShouldBeNull();
    }

    [Theory(Timeout = 120_000)]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("/a\\..\\b")]
    [InlineData("/\t/evil.example/")]
    [InlineData("evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/ü")]
    [InlineData("/signin?returnTo=/signin")]
    [InlineData("")]
    public async Task Nobody_is_sent_elsewhere_after_signing_in(string returnTo)
    {
        await using var world = await StartAsync();
        using var browser = Open(world);
        var (_, token) = await world.KeyAsync("Sue", Role.Agent);
        (await WithKeyAsync(browser, token, returnTo)).Location!.OriginalString.ShouldBe("/");
        var page = await browser.OpenAsync("/signin");
        (await browser.SubmitAsync(page, new Dictionary<string, string> { ["key"] = token, ["returnTo"] = returnTo })).Location!.OriginalString.ShouldBe("/");
        var back = await ToTheCallbackAsync(browser, PersonOf(world, "Lea", "Helpdesk"), returnTo);
        (await browser.OpenAsync(back.AbsoluteUri)).Location!.OriginalString.ShouldBe("/");
    }

    [Fact(Timeout = 120_000)]
    public async Task Wrong_keys_are_counted_by_address_and_right_ones_are_not()
    {
        var time = new ManualTime();
        await using var world = await StartAsync(time);
        using var browser = Open(world);
        var (key, token) = await world.KeyAsync("Sue", Role.Agent);
        for (var i = 0; i < 20; i++) (await WithKeyAsync(browser, token)).Status.ShouldBe(HttpStatusCode.Redirect);
        foreach (var wrong in (string[])["", "x", "baton_", token[..^1], token + "x", $"baton_{key.Id}_x", "baton_0123456789abcdef_x", new string('k', 5000), "session_a_b", "  "])
            (await WithKeyAsync(browser, wrong)).ShouldSay(HttpStatusCode.Unauthorized, "unknown or revoked");
        var refused = await WithKeyAsync(browser, token);
        refused.ShouldSay(HttpStatusCode.TooManyRequests, "too many wrong keys");
        refused.Headers["Retry-After"].ShouldBe("60");
        time.Advance(TimeSpan.FromMinutes(1));
        (await WithKeyAsync(browser, token)).Status.ShouldBe(HttpStatusCode.Redirect);
        (await WithKeyAsync(browser, (await world.KeyAsync("shop bot", Role.Bot)).Token)).ShouldSay(HttpStatusCode.Forbidden, "This key is a bot's");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_fragment_sends_its_page_to_sign_in_and_a_program_is_told_plainly()
    {
        await using var world = await StartAsync();
        using var browser = Open(world);
        var home = world.Server.Address.GetLeftPart(UriPartial.Authority);
        foreach (var (current, to) in ((string, string)[])[($"{home}/handoffs?state=live", "/signin?returnTo=%2Fhandoffs%3Fstate%3Dlive"), ("", "/signin?returnTo=%2F"), ("https://evil.example//x", "/signin?returnTo=%2F")])
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/signout");
            request.Headers.Add("HX-Request", "true");
            request.Headers.Add("HX-Current-URL", current);
            var fragment = await browser.SendAsync(request);
            (fragment.Status, fragment.Headers["HX-Redirect"]).ShouldBe((HttpStatusCode.Unauthorized, to));
        }
        var program = new HttpRequestMessage(HttpMethod.Get, "/signout");
        program.Headers.Add("Accept", "application/json");
        (await browser.SendAsync(program)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await browser.OpenAsync("v1/handoffs")).Status.ShouldBe(HttpStatusCode.Unauthorized, "the API sends nobody to a page");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_desk_that_is_embedded_has_a_cookie_that_browsers_keep_there()
    {
        const string Genesys = "https://apps.mypurecloud.de";
        await using var world = await ApiWorld.StartAsync(s => s with { Console = new ConsoleSettings { PublicUrl = new Uri("https://baton.example"), FrameAncestors = [Genesys] } });
        using var browser = new Browser(world.Server.Address);
        var page = await browser.OpenAsync("/signin");
        page.Headers["Content-Security-Policy"].ShouldContain($"frame-ancestors {Genesys}");
        page.Text.ShouldNotContain("Genesys Cloud", customMessage: "no client is set for it");
        var there = await browser.SubmitAsync(page, Key((await world.KeyAsync("Sue", Role.Agent)).Token), "https://baton.example");
        var cookie = there.Headers["Set-Cookie"].Split("; ");
        foreach (var mark in (string[])["path=/", "secure", "samesite=none", "httponly", "Partitioned", "max-age=43200"]) cookie.ShouldContain(mark);
        (await browser.OpenAsync("/signin/genesys")).ShouldSay(HttpStatusCode.NotFound, "is not set up here");

        await using var plain = await StartAsync();
        using var usual = Open(plain);
        var set = (await WithKeyAsync(usual, (await plain.KeyAsync("Sue", Role.Agent)).Token)).Headers["Set-Cookie"].Split("; ");
        foreach (var mark in (string[])["samesite=lax", "httponly"]) set.ShouldContain(mark);
        set.ShouldNotContain("secure");
        (await usual.OpenAsync("/signin")).Headers["Content-Security-Policy"].ShouldContain("frame-ancestors 'none'");
    }

    [Fact(Timeout = 120_000)]
    public async Task Without_keys_nobody_signs_in()
    {
        await using var world = await ApiWorld.StartAsync(s => s with { Access = s.Access with { Auth = ServerAuth.Open } });
        using var browser = new Browser(world.Server.Address);
        (await browser.OpenAsync("/signin?returnTo=%2Fsignout")).Location!.OriginalString.ShouldBe("/signout");
        (await browser.OpenAsync("/signout")).Words.ShouldContain("local is signed in with the role admin");
    }
}
