using System.Net;
using System.Text.Json.Nodes;
using Baton.Core;
using Baton.Core.Audit;
using Baton.Core.Deliveries;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Sandbox;
using static Baton.EndToEnd.Tests.Api.ApiWorld;

namespace Baton.EndToEnd.Tests.Api;

public sealed class ResourceTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task A_conversation_shows_what_was_said_decided_and_handed_off()
    {
        await using var world = await ApiWorld.StartAsync();
        var conversation = world.Converse("I want to talk to a human.");
        var started = (await PostAsync(world.Supervisor, "v1/handoffs", new JsonObject { ["conversationId"] = conversation, ["queue"] = "Support", ["skills"] = new JsonArray("a"), ["reason"] = "a vip" })).ShouldBeOk(HttpStatusCode.Accepted);
        started["outcome"]!.GetValue<string>().ShouldBe("Started");
        (await PostAsync(world.Supervisor, "v1/handoffs", new JsonObject { ["conversationId"] = conversation, ["queue"] = "Billing" })).ShouldBeOk()["outcome"]!.GetValue<string>().ShouldBe("AlreadyLive");

        var shown = (await GetAsync(world.Agent, $"v1/conversations/{conversation}")).ShouldBeOk();
        shown["turns"]!.AsArray().ShouldContain(t => t!["text"]!.GetValue<string>() == "I want to talk to a human.");
        var handoff = shown["handoffs"]!.AsArray().ShouldHaveSingleItem()!;
        (handoff["by"]!.GetValue<string>(), handoff["reasons"]![0]!["sentence"]!.GetValue<string>()).ShouldBe(("Sue", "a vip"));
        var detail = (await GetAsync(world.Agent, $"v1/handoffs/{handoff["id"]}")).ShouldBeOk();
        detail["history"]![0]!["what"]!.GetValue<string>().ShouldBe("requested");
        await foreach (var entry in world.Baton.Store.ReadAuditAsync(conversation, Ct))
            if (entry.Kind == "handoff.requested") entry.Facts.ShouldContain("\"by\":\"Sue\"");
    }

    [Fact(Timeout = 120_000)]
    public async Task Pages_hold_each_item_once_also_while_more_are_added()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Baton.Store.PauseAsync(new Pause("test", world.Baton.Time.GetUtcNow(), null), Ct);
        for (var i = 0; i < 7; i++)
        {
            (await world.TellAsync($"c{i}", "Hello.")).ShouldBeOk();
            await RequestAsync(world, $"c{i}");
        }
        foreach (var (list, id) in ((string, string)[])[("v1/conversations", "id"), ("v1/handoffs", "conversationId")])
        {
            var seen = new List<string>();
            string? cursor = null;
            do
            {
                var page = (await GetAsync(world.Agent, $"{list}?limit=3{(cursor is null ? "" : $"&cursor={cursor}")}")).ShouldBeOk();
                seen.AddRange(page["items"]!.AsArray().Select(c => c![id]!.GetValue<string>()));
                cursor = page["next"]?.GetValue<string>();
                await RequestAsync(world, $"more-{list[3..]}-{seen.Count}");
            } while (cursor is not null);
            seen.Where(s => s.Length == 2).ShouldBe(["c6", "c5", "c4", "c3", "c2", "c1", "c0"], ignoreOrder: list == "v1/conversations");
            seen.ShouldBeUnique();
        }
        (await GetAsync(world.Agent, "v1/conversations?state=ended")).ShouldBeOk()["items"]!.AsArray().ShouldBeEmpty();
        (await GetAsync(world.Agent, "v1/handoffs?queue=Billing")).ShouldBeOk()["items"]!.AsArray().ShouldBeEmpty();
        (await GetAsync(world.Agent, "v1/handoffs?queue=Support&state=Requested&conversationId=c3")).ShouldBeOk()["items"]!.AsArray().Count.ShouldBe(1);
        (await GetAsync(world.Agent, "v1/handoffs?since=2999-01-01T00:00:00Z")).ShouldBeOk()["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_handoff_is_canceled_and_started_once_more()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Baton.Store.PauseAsync(new Pause("test", world.Baton.Time.GetUtcNow(), null), Ct);
        var handoff = await RequestAsync(world, "c1");
        (await PostAsync(world.Supervisor, $"v1/handoffs/{handoff.Id}/retry")).ShouldBe(HttpStatusCode.Conflict, "handoff.live");
        (await PostAsync(world.Supervisor, $"v1/handoffs/{handoff.Id}/cancel")).ShouldBeOk()["handoff"]!["state"]!.GetValue<string>().ShouldBe("Canceled");
        var again = (await PostAsync(world.Supervisor, $"v1/handoffs/{handoff.Id}/retry")).ShouldBeOk(HttpStatusCode.Accepted)["handoff"]!;
        (again["retryOf"]!.GetValue<string>(), again["by"]!.GetValue<string>()).ShouldBe((handoff.Id.ToString(), "Sue"));
        (await PostAsync(world.Supervisor, $"v1/handoffs/{handoff.Id}/retry")).ShouldBeOk()["id"]!.GetValue<string>().ShouldBe(again["id"]!.GetValue<string>());
    }

    [Fact(Timeout = 120_000)]
    public async Task A_decision_is_made_without_acting()
    {
        await using var world = await ApiWorld.StartAsync();
        var posted = (await PostAsync(world.Agent, "v1/decisions", new JsonObject { ["conversation"] = Turns("I want to talk to a human.") })).ShouldBeOk();
        (posted["outcome"]!.GetValue<string>(), posted["reasons"]![0]!["code"]!.GetValue<string>()).ShouldBe(("HandOff", "askedForHuman"));
        posted["plan"]!["steps"]!.AsArray().ShouldNotBeEmpty();
        (await world.TellAsync("c1", "Hello.")).ShouldBeOk();
        (await PostAsync(world.Agent, "v1/decisions", new JsonObject { ["conversationId"] = "c1" })).ShouldBeOk()["outcome"]!.GetValue<string>().ShouldBe("Stay");
        (await PostAsync(world.Agent, "v1/decisions", new JsonObject { ["conversationId"] = "c2" })).ShouldBe(HttpStatusCode.NotFound, "unknown.conversation");
        (await PostAsync(world.Agent, "v1/decisions", new JsonObject())).ShouldBe(HttpStatusCode.BadRequest, "invalid.decision");
        (await PostAsync(world.Agent, "v1/decisions", new JsonObject { ["conversation"] = new JsonObject() })).ShouldBe(HttpStatusCode.BadRequest, "invalid.turns", "conversation: turns is empty");
        (await GetAsync(world.Agent, "v1/handoffs")).ShouldBeOk()["items"]!.AsArray().ShouldBeEmpty();
        (await GetAsync(world.Agent, "v1/conversations")).ShouldBeOk()["items"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_policys_errors_are_told_by_line_and_key_and_an_edit_is_tried_on_what_was_said()
    {
        await using var world = await ApiWorld.StartAsync();
        var wrong = (await PostAsync(world.Supervisor, "v1/policies/check", new JsonObject { ["text"] = "name: x\nextends: default\ntriggers:\n  askedForHuman:\n    atLeast: 7\n" })).ShouldBeOk();
        wrong["valid"]!.GetValue<bool>().ShouldBeFalse();
        wrong["errors"]!.AsArray().ShouldHaveSingleItem()!.ShouldSatisfyAllConditions(e => e!["line"]!.GetValue<int>().ShouldBe(5), e => e!["key"]!.GetValue<string>().ShouldBe("triggers.askedForHuman.atLeast"));
        (await PostAsync(world.Supervisor, "v1/policies/preview", new JsonObject { ["text"] = "name: x\nextends: nothing\n" })).ShouldBe(HttpStatusCode.BadRequest, "invalid.policy", "Line 2");
        (await PostAsync(world.Supervisor, "v1/policies/preview", new JsonObject { ["text"] = "x", ["conversations"] = 0 })).ShouldBe(HttpStatusCode.BadRequest, "invalid.limit");
        (await PostAsync(world.Supervisor, "v1/policies/check", new JsonObject())).ShouldBe(HttpStatusCode.BadRequest, "invalid.policy", "text is missing");

        (await GetAsync(world.Supervisor, "v1/policies/current")).ShouldBeOk()["version"]!["name"]!.GetValue<string>().ShouldBe("default");
        (await world.TellAsync("c1", "Hello.")).ShouldBeOk();
        (await world.TellAsync("c2", "I want to talk to a human.")).ShouldBeOk();
        var same = (await PostAsync(world.Supervisor, "v1/policies/preview", new JsonObject { ["text"] = PolicyPresets.Text("default") })).ShouldBeOk();
        (same["compared"]!.GetValue<int>(), same["handOffsNow"]!.GetValue<int>(), same["differences"]!.AsArray().Count).ShouldBe((2, 1, 0));
        var edited = (await PostAsync(world.Supervisor, "v1/policies/preview", new JsonObject { ["text"] = PolicyPresets.Text("escalate") })).ShouldBeOk();
        edited["handOffsThen"]!.GetValue<int>().ShouldBe(0, "no bot said how sure it is");
        edited["differences"]!.AsArray().ShouldHaveSingleItem()!["conversationId"]!.GetValue<string>().ShouldBe("c2");
    }

    [Fact(Timeout = 120_000)]
    public async Task The_trail_is_shown_verified_and_exported()
    {
        await using var world = await ApiWorld.StartAsync();
        (await world.TellAsync("c1", "Hello.")).ShouldBeOk();
        var tail = (await GetAsync(world.Supervisor, "v1/audit?limit=2")).ShouldBeOk()["items"]!.AsArray();
        tail[^1]!["kind"]!.GetValue<string>().ShouldBe("decision.recorded");
        tail[^1]!["facts"]!["outcome"]!.GetValue<string>().ShouldBe("Stay");
        (await GetAsync(world.Supervisor, $"v1/audit?after={tail[0]!["entry"]}")).ShouldBeOk()["items"]!.AsArray().Count.ShouldBe(1);
        var verified = (await PostAsync(world.Supervisor, "v1/audit/verify")).ShouldBeOk();
        (verified["isSound"]!.GetValue<bool>(), verified["entries"]!.GetValue<int>()).ShouldBe((true, 6));
        var exported = await GetAsync(world.Supervisor, "v1/audit/export");
        exported.Type.ShouldBe("application/x-ndjson");
        using var file = new StringReader(exported.Text);
        (await AuditFile.VerifyAsync(file, null, null, Ct)).ShouldSatisfyAllConditions(r => r.IsSound.ShouldBeTrue(), r => r.Entries.ShouldBe(6));
        (await GetAsync(world.Supervisor, "v1/audit/export?conversationId=c1")).Text.Trim().Split('\n').Length.ShouldBe(1);
    }

    [Fact(Timeout = 120_000)]
    public async Task Deliveries_are_listed_by_page_and_sent_again()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Baton.Store.PauseAsync(new Pause("test", world.Baton.Time.GetUtcNow(), null), Ct);
        var handoff = await RequestAsync(world, "c1");
        var now = world.Baton.Time.GetUtcNow();
        var canceled = handoff.Apply(new HandoffEvent.CancelRequested("test"), now, world.Baton.Settings.Runner.Pace) with
        {
            // To receivers that the settings do not name: nobody sends them meanwhile.
            Deliveries = [.. Enumerable.Range(1, 5).Select(i => Delivery.New($"de_{i}", $"crm{i}", "c1", "handoff_ended", "{}", now))],
        };
        (await world.Baton.Store.CommitOverAsync(handoff, canceled, Ct)).ShouldBeTrue();
        var first = (await GetAsync(world.Supervisor, "v1/deliveries?limit=3")).ShouldBeOk();
        var second = (await GetAsync(world.Supervisor, $"v1/deliveries?limit=3&cursor={first["next"]}")).ShouldBeOk();
        first["items"]!.AsArray().Concat(second["items"]!.AsArray()).Select(d => d!["id"]!.GetValue<string>()).ShouldBe(["de_5", "de_4", "de_3", "de_2", "de_1"]);
        second["next"].ShouldBeNull();
        (await PostAsync(world.Supervisor, "v1/deliveries/de_1/replay")).ShouldBe(HttpStatusCode.Conflict, "delivery.pending");

        var held = (await world.Baton.Store.ClaimDeliveriesAsync("crm1", now, TimeSpan.FromMinutes(1), 1, Ct)).Single();
        (await world.Baton.Store.CommitDeliveryAsync(held, held.Delivery with { State = DeliveryState.Dead, DueAt = null, LastError = "gone" }, new DeliveryAttempt(now, 410, "gone", 1), Ct)).ShouldBeTrue();
        (await PostAsync(world.Supervisor, "v1/deliveries/de_1/replay")).ShouldBeOk()["state"]!.GetValue<string>().ShouldBe("Pending");
        (await world.Baton.Store.TailAuditAsync(1, Ct)).Single().Facts.ShouldContain("\"by\":\"Sue\"");
    }

    [Fact(Timeout = 120_000)]
    public async Task The_figures_are_counted_from_what_is_stored()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Baton.Store.PauseAsync(new Pause("test", world.Baton.Time.GetUtcNow(), "counting"), Ct);
        await RequestAsync(world, "c1");
        var second = await RequestAsync(world, "c2");
        (await PostAsync(world.Supervisor, $"v1/handoffs/{second.Id}/cancel")).ShouldBeOk();
        var stats = (await GetAsync(world.Supervisor, "v1/stats")).ShouldBeOk();
        stats["handoffs"]!["states"]!.AsArray().Select(s => $"{s!["state"]} {s["count"]}").ShouldBe(["Requested 1", "Canceled 1"]);
        stats["handoffs"]!["queues"]!.AsArray().ShouldHaveSingleItem()!["queue"]!.GetValue<string>().ShouldBe("Support");
        stats["handoffs"]!["timeToAgent"].ShouldBeNull();
        (stats["pause"]!["why"]!.GetValue<string>(), stats["quota"]!.AsArray().Count, stats["assist"]!["requests"]!.GetValue<int>(), stats["streams"]!.GetValue<int>()).ShouldBe(("counting", 1, 0, 0));
        (await GetAsync(world.Supervisor, "v1/stats?since=2999-01-01T00:00:00Z")).ShouldBeOk()["handoffs"]!["requested"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_call_is_moved_and_what_cannot_be_is_said()
    {
        await using var world = await ApiWorld.StartAsync();
        var call = world.Sandbox.Organization.StartCall(new GuestProfile("Carla"), "Sam", "Support").ConversationId;
        var moved = (await PostAsync(world.Supervisor, "v1/transfers", new JsonObject { ["queue"] = "Billing", ["conversationId"] = call, ["reason"] = "billing" })).ShouldBeOk();
        (moved["conversationId"]!.GetValue<string>(), moved["result"]!.GetValue<string>()).ShouldBe((call, "Transferred"));
        var applied = world.Sandbox.Ledger.TransfersApplied(call).ShouldHaveSingleItem();
        applied.QueueId.ShouldBe(world.Sandbox.Organization.Queues.Single(q => q.Name == "Billing").Id);

        var chat = world.Converse();
        (await PostAsync(world.Supervisor, "v1/transfers", new JsonObject { ["queue"] = "Billing", ["conversationId"] = chat })).ShouldBe(HttpStatusCode.BadRequest, "platform.wrongMedia", "is not a call");
        (await PostAsync(world.Supervisor, "v1/transfers", new JsonObject { ["queue"] = "None", ["conversationId"] = chat })).ShouldBe(HttpStatusCode.NotFound, "platform.queueNotFound");
        (await PostAsync(world.Supervisor, "v1/transfers", new JsonObject { ["queue"] = "Billing" })).ShouldBe(HttpStatusCode.BadRequest, "invalid.transfer", "conversationId or userId");
    }

    [Fact(Timeout = 120_000)]
    public async Task Ready_is_who_owns_the_store_and_is_let_in_by_the_platform()
    {
        await using var world = await ApiWorld.StartAsync();
        (await GetAsync(world.Client(null), "readyz")).ShouldBeOk()["policy"]!["name"]!.GetValue<string>().ShouldBe("default");
        await using var shutOut = await ApiWorld.StartAsync(s => s with { Genesys = s.Genesys with { Clients = [new Genesys.OAuthClientOptions("baton", "not the secret")] } });
        (await GetAsync(shutOut.Client(null), "readyz")).ShouldBe(HttpStatusCode.ServiceUnavailable, "not.ready");
        (await GetAsync(shutOut.Client(null), "healthz")).ShouldBeOk();
    }

    static async Task<Handoff> RequestAsync(ApiWorld world, string conversation)
    {
        var now = world.Baton.Time.GetUtcNow();
        var handoff = Handoff.Request(world.Baton.NewId(now), conversation, new HandoffPlan { Steps = [new RouteStep { Queue = "Support" }] }, new HandoffOrigin("test", [new Reason("requested", "The test asked for it.")], null), now);
        return (await world.Baton.Store.StartHandoffAsync(handoff, null, Ct)).Handoff;
    }
}
