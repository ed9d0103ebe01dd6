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
              {"id":"sug-refund","title":"Refund a payment","content":"A payment can be refunded within 30 days. Open the order, then Refund. The money is back within five days.",
               "confidence":0.7,"knowledgeSourceId":"ks-1","metadata":{"tags":["refunds","billing_tier_2"]}}]}
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

    [Fact]
    public async Task A_callback_may_overtake_the_reply_to_its_query()
    {
        await using var receiver = await SandboxReceiver.StartAsync(SandboxReceiver.Silence);
        Sandbox.Faults.Add(new() { Kind = FaultKind.CallbackOvertakes, Path = "*/agentassist/suggestions/query", Times = 1 });
        var asking = AskAsync(receiver);
        var body = await receiver.TakeAsync();
        while (Sandbox.ParkedRequests == 0) await Task.Yield();
        asking.IsCompleted.ShouldBeFalse();
        Time.Advance(TimeSpan.FromSeconds(5));
        (await asking).Json["id"]!.GetValue<string>().ShouldBe(body["id"]!.GetValue<string>());

        var next = AskAsync(receiver);
        (await next).Json["status"]!.GetValue<string>().ShouldBe("queued");
        Sandbox.Ledger.Of(LedgerKind.CallbackPosted).Select(e => e.Status).ShouldBe([0]);
    }

    [Fact]
    public async Task Callbacks_may_be_late_never_twice_failed_or_begin_with_processing()
    {
        await using var receiver = await SandboxReceiver.StartAsync();
        await StruckAsync(receiver, new() { Kind = FaultKind.SuggestionsLate, Milliseconds = 30_000 });
        Sandbox.EventsUnderway.ShouldBe(0);
        Time.Advance(TimeSpan.FromSeconds(30));
        Status(await receiver.TakeAsync()).ShouldBe("completed");

        await StruckAsync(receiver, new() { Kind = FaultKind.SuggestionsNever });
        Time.Advance(TimeSpan.FromHours(1));
        Sandbox.EventsUnderway.ShouldBe(0);

        await StruckAsync(receiver, new() { Kind = FaultKind.SuggestionsTwice });
        (await receiver.TakeAsync()).ToJsonString().ShouldBe((await receiver.TakeAsync()).ToJsonString());

        await StruckAsync(receiver, new() { Kind = FaultKind.CallbackProcessingFirst });
        (Status(await receiver.TakeAsync()), Status(await receiver.TakeAsync())).ShouldBe(("processing", "completed"));

        await StruckAsync(receiver, new() { Kind = FaultKind.SuggestionsFailed });
        var failed = await receiver.TakeAsync();
        (Status(failed), failed["suggestions"]!.AsArray().Count).ShouldBe(("failed", 0));
        await RestAsync();
        receiver.Count.ShouldBe(6);
    }

    [Fact]
    public async Task What_a_callback_brings_may_be_odd()
    {
        await using var receiver = await SandboxReceiver.StartAsync();
        (await OddAsync(receiver, FaultKind.SuggestionsEmpty)).ShouldBeEmpty();
        (await OddAsync(receiver, FaultKind.SuggestionWithoutId))[0]!["id"].ShouldBeNull();
        (await OddAsync(receiver, FaultKind.SuggestionConfidenceTooHigh))[0]!["confidence"]!.GetValue<int>().ShouldBe(7);
        (await OddAsync(receiver, FaultKind.SuggestionConfidenceInWords))[0]!["confidence"]!.GetValue<string>().ShouldBe("high");
        (await OddAsync(receiver, FaultKind.SuggestionsHuge))[0]!["content"]!.GetValue<string>().Length.ShouldBe(10 * 1024 * 1024);
        var many = await OddAsync(receiver, FaultKind.SuggestionsTooMany);
        (many.Count, many.Select(s => s!["id"]!.GetValue<string>()).Distinct().Count()).ShouldBe((5000, 5000));
    }

    [Fact]
    public async Task The_address_is_posted_to_as_it_was_written()
    {
        await using var receiver = await SandboxReceiver.StartAsync();
        const string Query = "?request=as_%41b%2Fc&empty=&sp=a+b%20c&d=../x//~y&r=1&r=2";
        var reply = await AskAsync(receiver, $"{receiver.Address}{Query}");
        reply.Json["callbackUrl"]!.GetValue<string>().ShouldBe($"{receiver.Address}{Query}");
        Time.Advance(Delay);
        await receiver.TakeAsync();
        receiver.Targets.ShouldBe([$"/callback{Query}"]);
    }

    [Fact]
    public async Task A_conversation_may_have_a_delay_of_its_own()
    {
        await using var receiver = await SandboxReceiver.StartAsync();
        await Client.AdminAsync(HttpMethod.Put, $"/conversations/{Id}/quirks", """{"callbackDelaySeconds":2.5}""");
        await AskAsync(receiver);
        Time.Advance(TimeSpan.FromMilliseconds(2499));
        Sandbox.EventsUnderway.ShouldBe(0);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Status(await receiver.TakeAsync()).ShouldBe("completed");
    }

    [Fact]
    public async Task Sources_name_the_knowledge_bases_that_are_read()
    {
        Organization.AddKnowledgeBase("Returns", "ks-returns");
        Organization.AddArticle("ks-returns", new KnowledgeArticle("Return with a refund", "Send it back; the refund follows.") { Id = "returns-1", Tags = ["refunds"] });
        (await SourcesAsync("ks-returns")).ShouldBe([("sug-returns-1", "ks-returns")]);
        (await SourcesAsync("Service")).ShouldBeEmpty();
        (await SourcesAsync("ks-returns", "Billing")).ShouldBe([("sug-refund", "Billing"), ("sug-returns-1", "ks-returns")], ignoreOrder: true);
        (await SourcesAsync("ks-nobody", "ks-returns")).ShouldBe([("sug-refund", "ks-nobody"), ("sug-returns-1", "ks-returns")], ignoreOrder: true);
    }

    async Task<List<(string, string)>> SourcesAsync(params string[] sources)
    {
        var listed = string.Join(',', sources.Select(s => $"\"{s}\""));
        var reply = await Client.PostAsync("/agentassist/suggestions/query", Filled($$"""{"conversationId":"CONVERSATION","transcript":"refund","knowledgeSourceIds":[{{listed}}],"async":false}"""));
        return [.. reply.Json["suggestions"]!.AsArray().Select(s => (s!["id"]!.GetValue<string>(), s["knowledgeSourceId"]!.GetValue<string>()))];
    }

    async Task StruckAsync(SandboxReceiver receiver, Fault fault)
    {
        await RestAsync();
        Sandbox.Faults.Replace([fault with { Path = "agentassist.*", Times = 1 }]);
        await AskAsync(receiver);
        Time.Advance(Delay);
    }

    async Task<JsonArray> OddAsync(SandboxReceiver receiver, FaultKind kind)
    {
        await StruckAsync(receiver, new() { Kind = kind });
        return (await receiver.TakeAsync())["suggestions"]!.AsArray();
    }

    static string Status(JsonNode callback) => callback["status"]!.GetValue<string>();

    async Task<SandboxReply> AskAsync(SandboxReceiver receiver, string? address = null)
    {
        var reply = await Client.PostAsync("/agentassist/suggestions/query", Filled($$"""
            {"conversationId":"CONVERSATION","transcript":"Customer: my refund, the money back!","agentSkills":[],"knowledgeSourceIds":["ks-0","ks-0","ks-1"],"callbackUrl":"{{address ?? receiver.Address.ToString()}}","async":true}
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
