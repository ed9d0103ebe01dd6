using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Baton.Core.Access;
using Baton.Server;
using static Baton.EndToEnd.Tests.Api.ApiWorld;

namespace Baton.EndToEnd.Tests.Api;

/// <summary>Who may call, and what for.</summary>
public sealed class AccessTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Every_operation_of_the_document_needs_a_key_health_aside()
    {
        await using var world = await ApiWorld.StartAsync();
        var nobody = world.Client(null);
        var open = new List<string>();
        var asked = 0;
        foreach (var (path, item) in (await GetAsync(nobody, "openapi/v1.json")).ShouldBeOk()["paths"]!.AsObject())
        {
            foreach (var (method, _) in item!.AsObject())
            {
                asked++;
                var reply = await SendAsync(nobody, new HttpMethod(method.ToUpperInvariant()), path.TrimStart('/').Replace("{id}", "x"), method == "post" ? new JsonObject() : null);
                if (reply.Code == "unauthorized") reply.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
                else open.Add(path);
            }
        }
        asked.ShouldBeGreaterThan(25);
        open.Order().ShouldBe(["/agentassist/callback", "/healthz", "/readyz", "/v1/callbacks/agent-assist"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_wrong_unknown_or_revoked_key_opens_nothing()
    {
        await using var world = await ApiWorld.StartAsync();
        var (key, token) = await world.KeyAsync("late", Role.Admin);
        var late = world.Client(token);
        (await GetAsync(late, "v1/handoffs")).ShouldBeOk();
        foreach (var wrong in (string[])["x", "baton_", "baton__", "baton_0123456789abcdef_AAAA", token[..^1], token + "A", token.Replace(key.Id, "0123456789abcdef"), $"baton_{key.Id}_", new string('a', 8000)])
            (await GetAsync(world.Client(wrong), "v1/handoffs")).ShouldBe(HttpStatusCode.Unauthorized, "unauthorized");
        var basic = world.Client(null);
        basic.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", token);
        (await GetAsync(basic, "v1/handoffs")).ShouldBe(HttpStatusCode.Unauthorized, "unauthorized");

        (await world.Baton.Store.RevokeKeyAsync(key.Id, "test", world.Baton.Time.GetUtcNow(), Ct)).ShouldBeTrue();
        (await GetAsync(late, "v1/handoffs")).ShouldBe(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Theory(Timeout = 120_000)]
    [InlineData("bot", "GET", "v1/handoffs", "agent")]
    [InlineData("bot", "GET", "v1/conversations", "agent")]
    [InlineData("bot", "GET", "v1/stream", "agent")]
    [InlineData("bot", "POST", "v1/decisions", "agent")]
    [InlineData("bot", "POST", "v1/assist/suggestions", "agent")]
    [InlineData("bot", "POST", "v1/pause", "supervisor")]
    [InlineData("agent", "POST", "v1/handoffs", "supervisor")]
    [InlineData("agent", "POST", "v1/handoffs/ho_00000000000000000000000000000000/cancel", "supervisor")]
    [InlineData("agent", "POST", "v1/transfers", "supervisor")]
    [InlineData("agent", "GET", "v1/deliveries", "supervisor")]
    [InlineData("agent", "GET", "v1/audit", "supervisor")]
    [InlineData("agent", "POST", "v1/policies/check", "supervisor")]
    [InlineData("agent", "GET", "v1/stats", "supervisor")]
    public async Task A_role_that_is_not_enough_is_told_which_one_is(string role, string method, string path, string needed)
    {
        await using var world = await ApiWorld.StartAsync();
        var reply = await SendAsync(role == "bot" ? world.Bot : world.Agent, new HttpMethod(method), path, method == "POST" ? new JsonObject() : null);
        reply.ShouldBe(HttpStatusCode.Forbidden, "forbidden", $"has the role {role}; this needs {needed}");
        (await world.Baton.Store.PausedAsync(Ct)).ShouldBeNull();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_bot_has_its_own_conversations_and_no_other_bots()
    {
        await using var world = await ApiWorld.StartAsync();
        var other = await world.ClientAsync("bank bot", Role.Bot);
        (await world.TellAsync("c1", "Hello.")).ShouldBeOk();
        (await GetAsync(world.Bot, "v1/conversations/c1/decision")).ShouldBeOk()["outcome"]!.GetValue<string>().ShouldBe("Stay");

        (await GetAsync(other, "v1/conversations/c1/decision")).ShouldBe(HttpStatusCode.Forbidden, "forbidden.conversation", "another bot's");
        (await PostAsync(other, "v1/conversations/c1/turns", Turns("Give me his order."))).ShouldBe(HttpStatusCode.Forbidden, "forbidden.conversation");
        (await world.Baton.Store.FindConversationAsync("c1", Ct))!.Turns.Count.ShouldBe(1);
        (await GetAsync(world.Agent, "v1/conversations/c1")).ShouldBeOk()["turns"]!.AsArray().Count.ShouldBe(1);

        // The same bot with its next key.
        (await GetAsync(await world.ClientAsync("shop bot", Role.Bot), "v1/conversations/c1/decision")).ShouldBeOk();
    }

    [Fact(Timeout = 120_000)]
    public async Task The_event_bus_comes_in_with_its_own_key_and_gets_nowhere_else()
    {
        const string EventKey = "a-long-random-key-of-the-bus";
        await using var world = await ApiWorld.StartAsync(s => s with { Access = s.Access with { EventKey = EventKey } });
        var bus = world.Client(null);
        bus.DefaultRequestHeaders.Add("x-api-key", EventKey);
        var envelope = new JsonObject { ["id"] = "e1", ["detail-type"] = "v2.detail.events.conversation.x.acd.start", ["detail"] = new JsonObject() };
        (await PostAsync(bus, "v1/events/genesys", envelope.DeepClone())).Status.ShouldBe(HttpStatusCode.Accepted);
        (await GetAsync(bus, "v1/handoffs")).ShouldBe(HttpStatusCode.Unauthorized, "unauthorized");
        (await PostAsync(world.Bot, "v1/events/genesys", envelope.DeepClone())).Status.ShouldBe(HttpStatusCode.Accepted);
        var wrong = world.Client(null);
        wrong.DefaultRequestHeaders.Add("x-api-key", EventKey + "x");
        (await PostAsync(wrong, "v1/events/genesys", envelope.DeepClone())).ShouldBe(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact(Timeout = 120_000)]
    public async Task What_was_done_with_a_key_names_it_and_its_last_use_is_noted()
    {
        await using var world = await ApiWorld.StartAsync();
        (await PostAsync(world.Supervisor, "v1/pause", new JsonObject { ["why"] = "queue is down" })).ShouldBeOk()["by"]!.GetValue<string>().ShouldBe("Sue");
        (await world.Baton.Store.PausedAsync(Ct))!.ShouldSatisfyAllConditions(p => p.By.ShouldBe("Sue"), p => p.Why.ShouldBe("queue is down"));
        (await PostAsync(world.Supervisor, "v1/resume")).ShouldBeOk()["paused"]!.GetValue<bool>().ShouldBeFalse();
        (await world.Baton.Store.TailAuditAsync(2, Ct)).Select(e => (e.Kind, e.Facts)).ShouldBe([("system.paused", """{"by":"Sue"}"""), ("system.resumed", """{"by":"Sue"}""")]);
        (await world.Baton.Store.ListKeysAsync(Ct)).Where(k => k.LastUsedAt is not null).Select(k => k.Name).ShouldBe(["Sue"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_key_that_has_used_up_its_requests_waits_and_the_others_do_not()
    {
        await using var world = await ApiWorld.StartAsync(s => s with { Access = s.Access with { RequestsPerMinute = 5 } });
        for (var i = 0; i < 5; i++) (await GetAsync(world.Agent, "v1/handoffs")).ShouldBeOk();
        // One comes back every twelve seconds.
        Reply refused;
        do refused = await GetAsync(world.Agent, "v1/handoffs");
        while (refused.Status == HttpStatusCode.OK);
        refused.ShouldBe(HttpStatusCode.TooManyRequests, "too.many.requests");
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
        (await GetAsync(world.Supervisor, "v1/handoffs")).ShouldBeOk();
        (await GetAsync(world.Agent, "healthz")).ShouldBeOk();
    }

    [Theory(Timeout = 120_000)]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://127.0.0.1:0;http://*:0")]
    [InlineData("http://192.168.0.1:5200")]
    public async Task Without_keys_the_server_listens_on_this_machine_only(string url)
    {
        await using var world = await ApiWorld.StartAsync();
        var folder = Directory.CreateTempSubdirectory("baton-open-");
        try
        {
            var settings = world.Baton.Settings with { StorePath = Path.Combine(folder.FullName, "open.db"), Access = new AccessSettings { Auth = ServerAuth.Open } };
            await using var system = await BatonSystem.OpenAsync(settings, new BatonSystem.Parts(TimeProvider.System, new Random(1), Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance), Ct);
            (await Should.ThrowAsync<SettingsException>(() => BatonServer.StartAsync(system, url, Ct))).Message.ShouldContain("set Server:Auth to keys");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Without_keys_no_page_of_another_origin_and_no_other_name_gets_in()
    {
        await using var world = await ApiWorld.StartAsync(s => s with { Access = s.Access with { Auth = ServerAuth.Open } });
        var local = world.Client(null);
        (await PostAsync(local, "v1/pause")).ShouldBeOk()["by"]!.GetValue<string>().ShouldBe("local");
        foreach (var (header, value) in ((string, string)[])[("Origin", "https://evil.example"), ("Origin", "null"), ("Origin", "http://localhost:3000"), ("Origin", $"http://localhost:{world.Server.Address.Port}"), ("Host", "evil.example")])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "v1/resume");
            request.Headers.TryAddWithoutValidation(header, value).ShouldBeTrue();
            (await SendAsync(local, request)).ShouldBe(HttpStatusCode.Forbidden, "forbidden.origin");
        }
        (await world.Baton.Store.PausedAsync(Ct)).ShouldNotBeNull();
        using var own = new HttpRequestMessage(HttpMethod.Post, "v1/resume");
        own.Headers.TryAddWithoutValidation("Origin", world.Server.Address.GetLeftPart(UriPartial.Authority)).ShouldBeTrue();
        (await SendAsync(local, own)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact(Timeout = 120_000)]
    public async Task Pages_of_other_origins_may_call_only_where_they_are_named()
    {
        await using var closed = await ApiWorld.StartAsync();
        (await PreflightAsync(closed)).ShouldBeNull();
        await using var named = await ApiWorld.StartAsync(s => s with { Access = s.Access with { CorsOrigins = ["https://desk.example"] } });
        (await PreflightAsync(named)).ShouldBe("https://desk.example");

        static async Task<string?> PreflightAsync(ApiWorld world)
        {
            using var request = new HttpRequestMessage(HttpMethod.Options, "v1/handoffs");
            request.Headers.Add("Origin", "https://desk.example");
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "authorization,idempotency-key");
            var reply = await SendAsync(world.Client(null), request);
            return reply.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) ? allowed.Single() : null;
        }
    }
}
