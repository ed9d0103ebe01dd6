using System.Net;
using System.Text.Json.Nodes;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

/// <summary>Row 004 b: what the guide flavor posts to the callback address, and how often.</summary>
public sealed class GuideCallbackTests : GuideFixture
{
    static readonly TimeSpan Delay = new SandboxOptions().SuggestionDelay;

    [Fact]
    public async Task Suggestions_are_posted_once_they_are_there()
    {
        await using var receiver = await SandboxReceiver.StartAsync();
        var queued = await AskAsync(receiver);
        Time.Advance(Delay - TimeSpan.FromMilliseconds(1));
        Sandbox.EventsUnderway.ShouldBe(0);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        var body = await receiver.TakeAsync();
        body["id"]!.GetValue<string>().ShouldBe(queued.Json["id"]!.GetValue<string>());
        ShouldBeGolden(queued with { Text = body.ToJsonString() }, """
            {"id":"sug-req-ID","status":"completed","suggestions":[
              {"id":"sug-refund","title":"Refund a payment","content":"A payment can be refunded within 30 days. Open the order, then Refund.",
               "confidence":0.75,"knowledgeSourceId":"ks-1","metadata":{"tags":["refunds","billing_tier_2"]}}]}
            """);
        (await PostedAsync(1)).Status.ShouldBe(200);
        await RestAsync();
        receiver.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_callback_that_is_not_taken_is_repeated_three_times()
    {
        await using var receiver = await SandboxReceiver.StartAsync(500, 404, 301, 500, 200);
        await AskAsync(receiver);
        Time.Advance(Delay);
        for (var i = 1; i <= 4; i++)
        {
            await receiver.TakeAsync();
            await PostedAsync(i);
            await RestAsync();
            Time.Advance(TimeSpan.FromSeconds(1));
        }
        await RestAsync();
        Time.Advance(TimeSpan.FromHours(1));
        (receiver.Count, Sandbox.EventsUnderway).ShouldBe((4, 0));
        Sandbox.Ledger.Of(LedgerKind.CallbackPosted, Id).Select(e => e.Status).ShouldBe([500, 404, 301, 500]);
    }

    [Fact]
    public async Task Whoever_takes_longer_than_five_seconds_gets_it_again()
    {
        await using var receiver = await SandboxReceiver.StartAsync(SandboxReceiver.Silence, 202);
        await AskAsync(receiver);
        Time.Advance(Delay);
        await receiver.TakeAsync();
        Time.Advance(TimeSpan.FromMilliseconds(4999));
        Sandbox.Ledger.Of(LedgerKind.CallbackPosted).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        (await PostedAsync(1)).Status.ShouldBe(0);
        await RestAsync();
        Time.Advance(TimeSpan.FromSeconds(1));
        await receiver.TakeAsync();
        (await PostedAsync(2)).Status.ShouldBe(202);
    }

    [Fact]
    public async Task Callbacks_may_be_early_failed_twice_or_never()
    {
        await using var receiver = await SandboxReceiver.StartAsync();
        Organization.SetQuirks(Id, new() { CallbackStatuses = ["processing", "failed"] });
        await AskAsync(receiver);
        Time.Advance(Delay);
        ((await receiver.TakeAsync())["status"]!.GetValue<string>(), (await receiver.TakeAsync())["status"]!.GetValue<string>()).ShouldBe(("processing", "failed"));
        await RestAsync();

        await Client.AdminAsync(HttpMethod.Put, $"/conversations/{Id}/quirks", """{"callbackStatuses":[]}""");
        await AskAsync(receiver);
        Time.Advance(Delay);
        Sandbox.EventsUnderway.ShouldBe(0);

        Organization.SetQuirks(Id, new());
        Sandbox.Faults.Add(new() { Kind = FaultKind.EventDuplicated, Path = "agentassist.*" });
        await AskAsync(receiver);
        Time.Advance(Delay);
        (await receiver.TakeAsync()).ToJsonString().ShouldBe((await receiver.TakeAsync()).ToJsonString());
        await RestAsync();
        receiver.Count.ShouldBe(4);
    }

    async Task<SandboxReply> AskAsync(SandboxReceiver receiver)
    {
        var reply = await Client.PostAsync("/agentassist/suggestions/query", Filled($$"""
            {"conversationId":"CONVERSATION","transcript":"Customer: my refund, the money back!","agentSkills":[],"knowledgeSourceIds":["ks-0","ks-0","ks-1"],"callbackUrl":"{{receiver.Address}}","async":true}
            """));
        reply.Status.ShouldBe(HttpStatusCode.OK);
        return reply;
    }

    async Task<LedgerEntry> PostedAsync(int count)
    {
        var seen = 0;
        var ct = TestContext.Current.CancellationToken;
        return await Sandbox.Ledger.WaitForAsync(e => e.Kind == LedgerKind.CallbackPosted && ++seen == count, ct: ct).WaitAsync(SandboxReceiver.Patience, TimeProvider.System, ct);
    }

    async Task RestAsync()
    {
        while (Sandbox.EventsUnderway > 0) await Task.Yield();
    }
}
