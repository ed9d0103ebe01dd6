using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Baton.Core.Deliveries;
using Baton.EndToEnd.Tests.Handoffs;
using Baton.Sandbox;
using static Baton.EndToEnd.Tests.Assist.AssistWorld;

namespace Baton.EndToEnd.Tests.Assist;

/// <summary>What the platform answers later: kept before it is acknowledged, ranked from the table, appended to what an agent reads.</summary>
[Collection(OnVirtualTime.Name)]
public sealed class CallbackTests
{
    const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static Fault Of(FaultKind kind, int milliseconds = 0) => new() { Kind = kind, Times = 1, Milliseconds = milliseconds };

    // Only the guide's source: what comes by callback is what is looked at.
    static Task<AssistWorld> StartAsync() => AssistWorld.StartAsync(SandboxFlavor.Guide, s => s with { Sources = ["guide"] });

    [Fact(Timeout = 120_000)]
    public async Task Suggestions_come_by_callback_and_stand_behind_those_that_are_read()
    {
        await using var assist = await AssistWorld.StartAsync(SandboxFlavor.Guide);
        var (_, asked) = await assist.AskAsync(assist.Converse());
        (asked["state"]!.GetValue<string>(), State(asked, "guide"), State(asked, "local")).ShouldBe(("Waiting", "Pending", "Answered"));
        var settled = await assist.UntilSettledAsync(asked);
        (settled["state"]!.GetValue<string>(), State(settled, "guide")).ShouldBe(("Done", "Answered"));
        Titles(settled).Take(Titles(asked).Count).ShouldBe(Titles(asked));
        // The same article again is no second suggestion, but a second source.
        Suggestions(settled)[0]["sources"]!.AsArray().Select(s => s!.GetValue<string>()).ShouldBe(["local", "guide"]);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(FaultKind.CallbackOvertakes)]
    [InlineData(FaultKind.SuggestionsTwice)]
    [InlineData(FaultKind.CallbackProcessingFirst)]
    public async Task A_callback_that_overtakes_the_reply_or_comes_twice_or_in_two_steps_is_taken_once(FaultKind fault)
    {
        await using var assist = await StartAsync();
        assist.World.Sandbox.Faults.Add(Of(fault));
        var (status, asked) = await assist.AskAsync(assist.Converse());
        status.ShouldBe(HttpStatusCode.OK);
        var settled = await assist.UntilSettledAsync(asked);
        settled["state"]!.GetValue<string>().ShouldBe("Done");
        Titles(settled)[0].ShouldBe(Refund);
        Titles(settled).Distinct().Count().ShouldBe(Titles(settled).Count);
        await assist.World.UntilAsync(() => assist.World.Sandbox.EventsUnderway == 0);
        assist.World.Ledger.Entries.Where(e => e.Kind == LedgerKind.CallbackPosted).ShouldAllBe(e => e.Status == 202);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_callback_that_never_comes_times_out_with_a_state_of_its_own_and_one_that_comes_later_is_still_taken()
    {
        await using var assist = await StartAsync();
        assist.World.Sandbox.Faults.Add(Of(FaultKind.SuggestionsLate, 45_000));
        var (_, asked) = await assist.AskAsync(assist.Converse());
        var given = await assist.UntilSettledAsync(asked);
        (given["state"]!.GetValue<string>(), State(given, "guide")).ShouldBe(("TimedOut", "Late"));
        await assist.World.PassAsync(TimeSpan.FromSeconds(20));
        var late = await assist.UntilSettledAsync(asked);
        (late["state"]!.GetValue<string>(), Titles(late)[0]).ShouldBe(("Done", Refund));
        var (_, report) = await assist.GetAsync("v1/assist/report");
        report["responseTime"]!["p50"]!.GetValue<double>().ShouldBeGreaterThan(45_000);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_callback_that_says_it_failed_ends_the_waiting()
    {
        await using var assist = await StartAsync();
        assist.World.Sandbox.Faults.Add(Of(FaultKind.SuggestionsFailed));
        var (_, asked) = await assist.AskAsync(assist.Converse());
        var settled = await assist.UntilSettledAsync(asked);
        (settled["state"]!.GetValue<string>(), State(settled, "guide")).ShouldBe(("Done", "Failed"));
    }

    [Theory(Timeout = 120_000)]
    [InlineData(FaultKind.SuggestionWithoutId)]
    [InlineData(FaultKind.SuggestionConfidenceTooHigh)]
    [InlineData(FaultKind.SuggestionConfidenceInWords)]
    public async Task An_entry_that_makes_no_sense_is_passed_over_with_a_word_and_the_rest_is_taken(FaultKind fault)
    {
        await using var assist = await StartAsync();
        assist.World.Sandbox.Faults.Add(Of(fault));
        var (_, asked) = await assist.AskAsync(assist.Converse());
        var settled = await assist.UntilSettledAsync(asked);
        settled["state"]!.GetValue<string>().ShouldBe("Done");
        Source(settled, "guide")["sentence"]!.GetValue<string>().ShouldStartWith("1 of its entries could not be used: ");
    }

    [Fact(Timeout = 120_000)]
    public async Task Five_thousand_suggestions_are_ranked_and_the_best_are_shown()
    {
        await using var assist = await StartAsync();
        assist.World.Sandbox.Faults.Add(Of(FaultKind.SuggestionsTooMany));
        var (_, asked) = await assist.AskAsync(assist.Converse());
        var settled = await assist.UntilSettledAsync(asked);
        Source(settled, "guide")["count"]!.GetValue<int>().ShouldBeGreaterThan(4_000);
        Suggestions(settled).Count.ShouldBeInRange(1, 3);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_callback_of_ten_megabytes_is_refused_and_the_request_says_why()
    {
        await using var assist = await StartAsync();
        assist.World.Sandbox.Faults.Add(Of(FaultKind.SuggestionsHuge));
        var (_, asked) = await assist.AskAsync(assist.Converse());
        var settled = await assist.UntilSettledAsync(asked);
        (settled["state"]!.GetValue<string>(), State(settled, "guide")).ShouldBe(("Done", "Failed"));
        Source(settled, "guide")["sentence"]!.GetValue<string>().ShouldContain("larger than");
        assist.World.Ledger.Entries.First(e => e.Kind == LedgerKind.CallbackPosted).Status.ShouldBe(413);
    }

    [Fact(Timeout = 120_000)]
    public async Task Bad_callbacks_get_a_clear_word()
    {
        await using var assist = await StartAsync();
        foreach (var path in (string[])["agentassist/callback", "v1/callbacks/agent-assist"])
        {
            (await PostAsync(assist, path, "{\"id\": ")).Code.ShouldBe("invalid.json");
            (await PostAsync(assist, path, "[1]")).Status.ShouldBe(HttpStatusCode.BadRequest);
            (await PostAsync(assist, path, "{\"id\":\"\xff\"}", Encoding.Latin1)).Code.ShouldBe("invalid.json");
            (await PostAsync(assist, path, """{"id":"sug-req-nobody","status":"completed","suggestions":[]}""")).ShouldBe((HttpStatusCode.NotFound, "unknown.request"));
        }
        assist.World.Sandbox.Faults.Add(Of(FaultKind.SuggestionsNever));
        var (_, asked) = await assist.AskAsync(assist.Converse());
        // Known by the platform's id alone, and by ours alone.
        (await PostAsync(assist, "agentassist/callback", $$"""{"id":"{{asked["vendorRequestId"]}}","status":"processing"}""")).ShouldBe((HttpStatusCode.Accepted, "acknowledged"));
        (await PostAsync(assist, $"agentassist/callback?request={asked["requestId"]}", """{"id":"another name","status":"completed","suggestions":[]}""")).ShouldBe((HttpStatusCode.Accepted, "accepted"));
        (await assist.UntilSettledAsync(asked))["state"]!.GetValue<string>().ShouldBe("Done");
    }

    [Fact(Timeout = 120_000)]
    public async Task Where_a_secret_is_set_only_signed_callbacks_of_now_are_taken()
    {
        await using var assist = await AssistWorld.StartAsync(SandboxFlavor.Guide, s => s with { Sources = ["guide"], CallbackSecrets = [WebhookSecret.Parse(Secret)!] });
        assist.World.Sandbox.Faults.Add(Of(FaultKind.SuggestionsNever));
        var (_, asked) = await assist.AskAsync(assist.Converse());
        var path = $"agentassist/callback?request={asked["requestId"]}";
        const string Body = """{"id":"x","status":"completed","suggestions":[]}""";
        (await PostAsync(assist, path, Body)).Code.ShouldBe("callback.unsigned");
        (await SignedAsync(assist, path, Body, assist.World.Time.GetUtcNow(), Body + " ")).Code.ShouldBe("callback.unsigned");
        (await SignedAsync(assist, path, Body, assist.World.Time.GetUtcNow().AddMinutes(-6), Body)).Code.ShouldBe("callback.unsigned");
        (await SignedAsync(assist, path, Body, assist.World.Time.GetUtcNow(), Body)).Code.ShouldBe("accepted");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_restart_loses_no_request_and_no_callback()
    {
        await using var assist = await StartAsync();
        assist.World.Sandbox.Faults.Add(Of(FaultKind.SuggestionsNever));
        var (_, asked) = await assist.AskAsync(assist.Converse());
        var id = Core.Assist.AssistRequestId.Parse(asked["requestId"]!.GetValue<string>());
        // A second process on the same file, as after a restart: it knows the request, keeps the callback and ranks it.
        await using var other = await Storage.Sqlite.SqliteStore.OpenAsync(assist.World.StorePath, null, Ct);
        (await other.FindAssistAsync(id, Ct))!.State.ShouldBe(Core.Assist.AssistState.Waiting);
        (await other.TakeCallbackAsync(new Core.Assist.AssistCallback(id, """{"id":"x","status":"completed","suggestions":[{"id":"s1","title":"A","content":"Do this.","confidence":0.5,"knowledgeSourceId":"ks"}]}""", assist.World.Time.GetUtcNow()), Ct)).ShouldBeTrue();
        Titles(await assist.UntilSettledAsync(asked)).ShouldBe(["A"]);
    }

    static async Task<(HttpStatusCode Status, string Code)> PostAsync(AssistWorld assist, string path, string body, Encoding? encoding = null)
    {
        using var content = new ByteArrayContent((encoding ?? Encoding.UTF8).GetBytes(body)) { Headers = { ContentType = new("application/json") } };
        using var reply = await assist.World.Client.PostAsync(path, content, Ct);
        return (reply.StatusCode, CodeOf(await reply.Content.ReadAsStringAsync(Ct)));
    }

    static async Task<(HttpStatusCode Status, string Code)> SignedAsync(AssistWorld assist, string path, string body, DateTimeOffset at, string signed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("webhook-id", "msg_1");
        request.Headers.Add("webhook-timestamp", WebhookSecret.Timestamp(at));
        request.Headers.Add("webhook-signature", $"v1,bm90aGluZw== {WebhookSecret.Parse(Secret)!.Sign("msg_1", at, signed)}");
        using var reply = await assist.World.Client.SendAsync(request, Ct);
        return (reply.StatusCode, CodeOf(await reply.Content.ReadAsStringAsync(Ct)));
    }

    static string CodeOf(string json) => JsonNode.Parse(json)! is var node && node["code"] is { } code ? code.GetValue<string>() : node["status"]!.GetValue<string>();
}
