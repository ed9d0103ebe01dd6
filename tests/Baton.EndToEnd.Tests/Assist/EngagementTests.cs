using System.Net;
using System.Text.Json.Nodes;
using Baton.Core.Assist;
using Baton.Core.Deliveries;
using Baton.EndToEnd.Tests.Deliveries;
using Baton.EndToEnd.Tests.Handoffs;
using Baton.Sandbox;
using static Baton.EndToEnd.Tests.Assist.AssistWorld;

namespace Baton.EndToEnd.Tests.Assist;

/// <summary>Used is only what an agent did: recorded once, told on, counted.</summary>
[Collection(OnVirtualTime.Name)]
public sealed class EngagementTests
{
    [Fact(Timeout = 120_000)]
    public async Task What_an_agent_did_is_recorded_once_reported_audited_and_delivered()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var assist = await StartAsync(SandboxFlavor.Guide, null, d => d with { Targets = [new DeliveryTarget("analytics", receiver.Address)] });
        var conversation = assist.Converse();
        var (_, asked) = await assist.AskAsync(conversation);
        var answer = await assist.UntilSettledAsync(asked);
        var first = Suggestions(answer)[0];
        foreach (var action in (string[])["displayed", "inserted", "inserted", "sent", "displayed"]) (await assist.EngageAsync(first, action)).Status.ShouldBe(HttpStatusCode.OK, action);
        var (status, problem) = await assist.EngageAsync(first, "dismissed");
        (status, problem["code"]!.GetValue<string>()).ShouldBe((HttpStatusCode.Conflict, "suggestion.state"));
        (await assist.EngageAsync(first, "offered")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await assist.EngageAsync(first, "inserted", "")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await assist.EngageAsync(new JsonObject { ["id"] = "su_" + new string('0', 32) }, "inserted")).Status.ShouldBe(HttpStatusCode.NotFound);
        await assist.World.UntilAsync(() => receiver.All.Count == 3);

        receiver.All.Select(r => r.Json["action"]!.GetValue<string>()).ShouldBe(["displayed", "inserted", "sent"]);
        var notice = receiver.All[1].Json.AsObject();
        notice.Select(f => f.Key).ShouldBe(["event_type", "timestamp", "request_id", "conversation_id", "suggestion_id", "action", "response_time_ms", "agent_id", "metadata"]);
        (notice["event_type"]!.GetValue<string>(), notice["conversation_id"]!.GetValue<string>(), notice["agent_id"]!.GetValue<string>()).ShouldBe(("agentassist_interaction", conversation, "ana"));
        File.ReadAllLines(assist.AuditFile).Select(l => JsonNode.Parse(l)!["action"]!.GetValue<string>()).ShouldBe(["displayed", "inserted", "sent"]);
        (await assist.World.AuditAsync()).IsSound.ShouldBeTrue();
        var kinds = new List<string>();
        await foreach (var entry in assist.World.Baton.Store.ReadAuditAsync(conversation, TestContext.Current.CancellationToken)) kinds.Add(entry.Kind);
        kinds.Where(k => k.StartsWith("suggestion.", StringComparison.Ordinal)).ShouldBe(["suggestion.displayed", "suggestion.inserted", "suggestion.sent"]);

        var (_, report) = await assist.GetAsync("v1/assist/report");
        (report["requests"]!.GetValue<int>(), report["acceptance"]!["used"]!.GetValue<int>(), report["acceptance"]!["seen"]!.GetValue<int>()).ShouldBe((1, 1, 1));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_was_used_before_ranks_higher_and_what_was_dismissed_lower()
    {
        await using var assist = await StartAsync(SandboxFlavor.Platform, s => s with { Sources = ["local"], Options = s.Options with { Feedback = new FeedbackOptions { Kind = FeedbackKind.Rate } } });
        var conversation = assist.Converse();
        var (_, first) = await assist.AskAsync(conversation);
        await assist.EngageAsync(Suggestions(first)[0], "inserted");
        var (_, second) = await assist.AskAsync(conversation);
        Suggestions(second)[0]["score"]!["feedback"]!.GetValue<double>().ShouldBe(1);
        await assist.EngageAsync(Suggestions(second)[0], "dismissed");
        var (_, third) = await assist.AskAsync(conversation);
        Suggestions(third)[0]["score"]!["feedback"]!.GetValue<double>().ShouldBe(0.5);
        Suggestions(third)[0]["score"]!["fromFeedback"]!.GetValue<double>().ShouldBe(0.05, 1e-12);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_nobody_touches_expires_and_counts_as_not_used_only_if_it_was_seen()
    {
        await using var assist = await StartAsync(SandboxFlavor.Platform, s => s with { Sources = ["local"] });
        var (_, answer) = await assist.AskAsync(assist.Converse(), with => with["transcript"] = "Customer: refund of a payment, reset the password, late delivery of the order");
        Suggestions(answer).Count.ShouldBeGreaterThan(1);
        await assist.EngageAsync(Suggestions(answer)[0], "displayed");
        await assist.World.PassAsync(TimeSpan.FromMinutes(31));
        var (_, settled) = await assist.GetAsync($"v1/assist/requests/{answer["requestId"]}");
        Suggestions(settled).ShouldAllBe(s => s["state"]!.GetValue<string>() == "Expired");
        var (_, report) = await assist.GetAsync("v1/assist/report");
        (report["acceptance"]!["used"]!.GetValue<int>(), report["acceptance"]!["seen"]!.GetValue<int>()).ShouldBe((0, 1));
        report["neverUsed"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact(Timeout = 120_000)]
    public async Task The_platform_is_told_what_was_done_with_its_own_suggestions_and_told_again_when_it_was_away()
    {
        await using var assist = await StartAsync(SandboxFlavor.Platform, s => s with { Sources = ["platform"] });
        assist.World.Organization.BindAssistant("Billing");
        var conversation = assist.Converse();
        await assist.World.UntilWithAgentAsync(await assist.World.RequestAsync(conversation, "Billing"));
        await assist.World.UntilAsync(() => assist.World.Organization.Suggestions(conversation).Count > 0);
        var (_, answer) = await assist.AskAsync(conversation);
        State(answer, "platform").ShouldBe("Answered");
        var used = Suggestions(answer)[0];
        assist.World.Fails(FaultKind.Status, "/api/v2/conversations/*/suggestions/*/engagement", times: 3, status: 503);
        await assist.EngageAsync(used, "inserted");
        await assist.World.UntilAsync(() => assist.World.Organization.Suggestions(conversation).Any(s => s.Id == used["sourceId"]!.GetValue<string>() && s.EngagementType == "Copied"));
    }
}
