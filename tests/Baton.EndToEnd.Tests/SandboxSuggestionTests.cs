using System.Net;
using System.Text.Json.Nodes;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

/// <summary>What assistants suggest to agents on the platform flavor, and what agents make of it.</summary>
public sealed class SandboxSuggestionTests : SandboxFixture
{
    const string Nobody = "00000000-0000-4000-8000-000000000000";
    const string Topic = "v2.conversations.*.suggestions.knowledge.search";
    static readonly TimeSpan Later = new AssistantBehavior().SuggestsAfter;

    string Suggestions => $"/conversations/{Id}/suggestions";

    [Fact]
    public async Task Whoever_accepts_is_told_what_fits_the_customers_last_turns()
    {
        Organization.GuestSays(Id, "Please refund my last payment");
        await AcceptedAsync();
        Time.Advance(Later - TimeSpan.FromMilliseconds(1));
        (await Client.GetAsync(Suggestions)).Json["entities"]!.AsArray().ShouldBeEmpty();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        var reply = await Client.GetAsync(Suggestions);
        ShouldBeGolden(reply, """
            {"entities":[{"id":"ID","type":"KnowledgeSearch","triggerType":"ConversationTransfer","state":"Suggested","dateCreated":"TIME",
               "conversation":{"id":"CONVERSATION","selfUri":"/api/v2/conversations/CONVERSATION"},"assistant":{"id":"ID","selfUri":"/api/v2/assistants/ID"},
               "context":{"mediaType":"Message","queue":{"id":"QUEUE(Billing)","selfUri":"/api/v2/routing/queues/QUEUE(Billing)"},
                 "user":{"id":"USER(Ana Alvarez)","selfUri":"/api/v2/users/USER(Ana Alvarez)"},
                 "message":{"id":"ID","selfUri":"/api/v2/conversations/CONVERSATION/messages/ID"},"queryStatement":"Hello Please refund my last payment"},
               "knowledgeSearch":{"title":"Refund a payment",
                 "snippets":["A payment can be refunded within 30 days. Open the order, then Refund. The money is back within five days."],"confidence":0.87,"searchId":"ID",
                 "document":{"id":"refund","selfUri":"/api/v2/knowledge/knowledgebases/BASE(Billing)/documents/refund"},
                 "version":{"id":"ID","selfUri":"/api/v2/knowledge/knowledgebases/BASE(Billing)/documents/refund/versions/ID"},
                 "knowledgeAnswer":{"answer":"A payment can be refunded within 30 days.","startIndex":0,"endIndex":41},
                 "variations":[{"id":"ID","selfUri":"/api/v2/knowledge/knowledgebases/BASE(Billing)/documents/refund/variations/ID"}]},
               "selfUri":"/api/v2/conversations/CONVERSATION/suggestions/ID"}],
             "selfUri":"/api/v2/conversations/CONVERSATION/suggestions?pageSize=25"}
            """);
        var alone = await Client.GetAsync($"{Suggestions}/{reply.Json["entities"]![0]!["id"]}");
        alone.Text.ShouldBe(reply.Json["entities"]![0]!.ToJsonString());
    }

    [Fact]
    public async Task Each_message_of_the_customer_is_read_while_an_agent_is_there()
    {
        Organization.GuestSays(Id, "I lost my password");
        await AcceptedAsync();
        Organization.GuestSays(Id, "Where is my delivery, the order is late");
        Organization.AgentSays(Id, "I will refund the payment");
        Organization.GuestSays(Id, "Nothing of this fits anything");
        Time.Advance(Later);
        Made.Select(s => s.ArticleId).ShouldBe(["password", "card-lost", "late-delivery"]);
        (await Client.GetAsync($"{Suggestions}/{Made[^1].Id}")).Json["triggerType"]!.GetValue<string>().ShouldBe("Fallback");

        Organization.GuestSays(Id, "Cancel my subscription");
        Organization.AgentReturnsToBot(Id);
        Organization.GuestSays(Id, "Cancel my subscription, bot");
        Time.Advance(TimeSpan.FromMinutes(1));
        Made.Count.ShouldBe(3);
    }

    [Fact]
    public async Task An_assistant_reads_the_bases_it_was_given_and_waits_as_long_as_it_was_told()
    {
        Organization.BindAssistant("Billing", ["Service"], new() { SuggestsAfter = TimeSpan.FromSeconds(9), AtMost = 1, MinConfidence = 0, Turns = 2 });
        Organization.GuestSays(Id, "Refund my payment");
        Organization.GuestSays(Id, "My card was lost or stolen");
        Organization.GuestSays(Id, "I forgot my password, reset it");
        await AcceptedAsync();
        Time.Advance(TimeSpan.FromSeconds(8));
        Made.ShouldBeEmpty();
        Time.Advance(TimeSpan.FromSeconds(1));
        Made.Select(s => s.ArticleId).ShouldBe(["password"]);

        Organization.UnbindAssistant("Billing");
        Organization.GuestSays(Id, "I forgot my password, reset it");
        Time.Advance(TimeSpan.FromMinutes(1));
        Made.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Pages_go_both_ways_and_a_filter_leaves_no_gap()
    {
        await AcceptedAsync();
        for (var i = 0; i < 7; i++) Organization.GuestSays(Id, "refund payment");
        Time.Advance(Later);
        var ids = Made.Select(s => s.Id).ToList();
        ids.Count.ShouldBe(7);

        var first = (await Client.GetAsync($"{Suggestions}?pageSize=3&state=Suggested")).Json;
        Ids(first).ShouldBe(ids[..3]);
        first["previousUri"].ShouldBeNull();
        // What is on the page walked through leaves the filter: the next page still begins where this one ended.
        (await EngageAsync(ids[0], """{"engagementType":"Dismissed"}""")).Status.ShouldBe(HttpStatusCode.OK);
        var second = await Followed(first, "nextUri");
        Ids(second).ShouldBe(ids[3..6]);
        var third = await Followed(second, "nextUri");
        Ids(third).ShouldBe(ids[6..]);
        third["nextUri"].ShouldBeNull();
        Ids(await Followed(third, "previousUri")).ShouldBe(ids[3..6]);
        Ids(await Followed(second, "previousUri")).ShouldBe(ids[1..3]);

        Ids((await Client.GetAsync($"{Suggestions}?state=Dismissed&type=KnowledgeSearch")).Json).ShouldBe(ids[..1]);
        Ids((await Client.GetAsync($"{Suggestions}?type=Script")).Json).ShouldBeEmpty();
        Sandbox.Faults.Add(new() { Kind = FaultKind.CursorRepeats, Path = "*/suggestions" });
        var stuck = await Followed((await Client.GetAsync($"{Suggestions}?pageSize=3")).Json, "nextUri");
        Ids(stuck).ShouldBe(ids[..3]);
    }

    [Theory]
    [InlineData("""{"engagementType":"Dismissed"}""", "Dismissed", null)]
    [InlineData("""{"engagementType":"Copied"}""", "Accepted", null)]
    [InlineData("""{"engagementType":"Opened"}""", "Suggested", null)]
    [InlineData("""{"engagementType":"Feedback","feedback":{"rating":"Negative"}}""", "Rated", "Negative")]
    public async Task What_an_agent_makes_of_a_suggestion_moves_its_state(string engagement, string state, string? rating)
    {
        var id = await SuggestedAsync();
        var reply = await EngageAsync(id, engagement);
        reply.Text.ShouldBe(JsonNode.Parse(engagement)!.ToJsonString());
        (await EngageAsync(id, engagement)).Text.ShouldBe(reply.Text);
        (Made[0].State, Made[0].Rating).ShouldBe((state, rating));
        (await Client.GetAsync($"{Suggestions}/{id}")).Json["state"]!.GetValue<string>().ShouldBe(state);
        Sandbox.Ledger.Of(LedgerKind.SuggestionEngaged, Id).Select(e => e.SuggestionId).ShouldBe([id, id]);
    }

    [Fact]
    public async Task The_older_feedback_rates_as_well()
    {
        var id = await SuggestedAsync();
        (await Client.PostAsync($"{Suggestions}/feedback", $$"""{"suggestionId":"{{id}}","relevance":"Unknown"}""")).Status.ShouldBe(HttpStatusCode.NoContent);
        Made[0].State.ShouldBe("Suggested");
        (await Client.PostAsync($"{Suggestions}/feedback", $$"""{"suggestionId":"{{id}}","relevance":"Relevant","userProvided":true}""")).Status.ShouldBe(HttpStatusCode.NoContent);
        (Made[0].State, Made[0].Rating).ShouldBe(("Rated", "Positive"));
    }

    [Fact]
    public async Task Another_system_puts_its_own_answer_in_the_place_of_a_suggestion()
    {
        var id = await SuggestedAsync();
        var reply = await Client.PatchAsync($"{Suggestions}/{id}", """{"thirdPartySuggestion":{"text":"Within 30 days.","title":"Refunds","sources":[{"name":"Handbook","url":"https://handbook.example/7"}]}}""");
        reply.Status.ShouldBe(HttpStatusCode.OK);
        (reply.Json["type"]!.GetValue<string>(), reply.Json["knowledgeSearch"]).ShouldBe(("ThirdPartySuggestion", null));
        reply.Json["thirdPartySuggestion"]!.ToJsonString().ShouldBe("""{"text":"Within 30 days.","title":"Refunds","sources":[{"name":"Handbook","url":"https://handbook.example/7"}]}""");
        (await Client.GetAsync($"{Suggestions}/{id}")).Text.ShouldBe(reply.Text);
    }

    public static TheoryData<string, string, string?, string> Guarded => new()
    {
        { "GET", "/conversations/CONVERSATION/suggestions", null, "conversation:suggestion:view" },
        { "GET", "/conversations/CONVERSATION/suggestions/SUGGESTION", null, "conversation:suggestion:view" },
        { "PATCH", "/conversations/CONVERSATION/suggestions/SUGGESTION", """{"thirdPartySuggestion":{"text":"a"}}""", "conversation:suggestion:edit" },
        { "POST", "/conversations/CONVERSATION/suggestions/SUGGESTION/engagement", """{"engagementType":"Opened"}""", "conversation:suggestionEngagement:add" },
        { "GET", "/knowledge/knowledgebases", null, "knowledge:knowledgebase:view" },
        { "POST", "/knowledge/knowledgebases/BASE(Billing)/documents/search", """{"query":"refund"}""", "knowledge:knowledgebase:search" },
    };

    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task Each_call_wants_its_permission(string method, string path, string? body, string permission)
    {
        var filled = Filled(path).Replace("SUGGESTION", await SuggestedAsync(), StringComparison.Ordinal);
        Organization.AddOAuthClient("lacking", "secret", Guarded.Select(r => r.Data.Item4).Where(p => p != permission));
        using var lacking = await SandboxClient.LoggedInAsync(Sandbox, "lacking", "secret");
        var refused = await lacking.CallAsync(new HttpMethod(method), filled, body);
        (refused.Status, refused.Code, refused.Json["messageParams"]!["permissions"]!.GetValue<string>()).ShouldBe((HttpStatusCode.Forbidden, "missing.permissions", permission));
        Organization.AddOAuthClient("having", "secret", [permission]);
        using var having = await SandboxClient.LoggedInAsync(Sandbox, "having", "secret");
        (await having.CallAsync(new HttpMethod(method), filled, body)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("GET", "", null, "?pageSize=201", 400, "invalid.query.param.value")]
    [InlineData("GET", "", null, "?after=%21", 400, "invalid.query.param.value")]
    [InlineData("GET", "", null, "?after=MQ&before=MQ", 400, "bad.request")]
    [InlineData("GET", "", null, "?type=Poem", 400, "invalid.value")]
    [InlineData("GET", "", null, "?state=Liked", 400, "invalid.value")]
    [InlineData("GET", "/" + Nobody, null, "", 404, "not.found")]
    [InlineData("GET", "/seven", null, "", 400, "bad.request")]
    [InlineData("PATCH", "/SUGGESTION", "{}", "", 400, "required.field.missing")]
    [InlineData("PATCH", "/SUGGESTION", """{"thirdPartySuggestion":7}""", "", 400, "bad.request")]
    [InlineData("PATCH", "/SUGGESTION", """{"thirdPartySuggestion":{"sources":["a"]}}""", "", 400, "bad.request")]
    [InlineData("POST", "/SUGGESTION/engagement", "{}", "", 400, "required.field.missing")]
    [InlineData("POST", "/SUGGESTION/engagement", """{"engagementType":"Loved"}""", "", 400, "invalid.value")]
    [InlineData("POST", "/SUGGESTION/engagement", """{"engagementType":"Feedback"}""", "", 400, "required.field.missing")]
    [InlineData("POST", "/SUGGESTION/engagement", """{"engagementType":"Feedback","feedback":{"rating":"Great"}}""", "", 400, "invalid.value")]
    [InlineData("POST", "/" + Nobody + "/engagement", """{"engagementType":"Opened"}""", "", 404, "not.found")]
    [InlineData("POST", "/feedback", """{"suggestionId":"nobody","relevance":"Relevant"}""", "", 404, "not.found")]
    [InlineData("POST", "/feedback", """{"suggestionId":"nobody","relevance":"Good"}""", "", 400, "invalid.value")]
    public async Task Refusals_carry_the_platforms_codes(string method, string path, string? body, string query, int status, string code)
    {
        var id = await SuggestedAsync();
        var reply = await Client.CallAsync(new HttpMethod(method), Suggestions + path.Replace("SUGGESTION", id, StringComparison.Ordinal) + query, body);
        ((int)reply.Status, reply.Code).ShouldBe((status, code), reply.Text);
        Made[0].State.ShouldBe("Suggested");
    }

    [Fact]
    public async Task Suggestions_may_come_late_never_twice_or_failed()
    {
        await AcceptedAsync();
        Sandbox.Faults.Replace([new() { Kind = FaultKind.SuggestionsLate, Milliseconds = 60_000, Path = Topic, Times = 1 }]);
        Organization.GuestSays(Id, "refund payment");
        Time.Advance(TimeSpan.FromSeconds(60));
        Made.ShouldBeEmpty();
        Time.Advance(Later);
        Made.Count.ShouldBe(1);

        Sandbox.Faults.Replace([new() { Kind = FaultKind.SuggestionsNever, ConversationId = Id, Times = 1 }]);
        Organization.GuestSays(Id, "refund payment");
        Time.Advance(TimeSpan.FromMinutes(10));
        Made.Count.ShouldBe(1);

        Sandbox.Faults.Replace([new() { Kind = FaultKind.SuggestionsTwice, Times = 1 }]);
        Organization.GuestSays(Id, "refund payment");
        Time.Advance(Later);
        Made.Select(s => s.ArticleId).ShouldBe(["refund", "refund", "refund"]);
        Made.Select(s => s.Id).Distinct().Count().ShouldBe(3);

        Sandbox.Faults.Replace([new() { Kind = FaultKind.SuggestionsFailed, Times = 1 }]);
        Organization.GuestSays(Id, "refund payment");
        Time.Advance(Later);
        var failed = (await Client.GetAsync($"{Suggestions}?state=Failed")).Json["entities"]!.AsArray().Single()!;
        failed["knowledgeSearch"].ShouldBeNull();
        (await EngageAsync(failed["id"]!.GetValue<string>(), """{"engagementType":"Copied"}""")).Status.ShouldBe(HttpStatusCode.OK);
        Made[^1].State.ShouldBe("Failed");
        Sandbox.Ledger.Of(LedgerKind.FaultInjected).Select(e => e.Detail).ShouldBe(["SuggestionsLate", "SuggestionsNever", "SuggestionsTwice", "SuggestionsFailed"]);
    }

    [Fact]
    public async Task A_list_of_suggestions_may_be_odd()
    {
        await SuggestedAsync();
        var empty = await OddAsync(FaultKind.SuggestionsEmpty);
        empty["entities"]!.AsArray().ShouldBeEmpty();
        (await OddAsync(FaultKind.SuggestionWithoutId))["entities"]![0]!["id"].ShouldBeNull();
        (await OddAsync(FaultKind.SuggestionConfidenceTooHigh))["entities"]![0]!["knowledgeSearch"]!["confidence"]!.GetValue<int>().ShouldBe(7);
        (await OddAsync(FaultKind.SuggestionConfidenceInWords))["entities"]![0]!["knowledgeSearch"]!["confidence"]!.GetValue<string>().ShouldBe("high");
        (await OddAsync(FaultKind.SuggestionsHuge))["entities"]![0]!["knowledgeSearch"]!["title"]!.GetValue<string>().Length.ShouldBe(10 * 1024 * 1024);
        var many = (await OddAsync(FaultKind.SuggestionsTooMany))["entities"]!.AsArray();
        (many.Count, many.Select(e => e!["id"]!.GetValue<string>()).Distinct().Count()).ShouldBe((5000, 5000));
        (await Client.GetAsync(Suggestions)).Json["entities"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Nobody_answers_until_the_caller_gives_up()
    {
        var id = await SuggestedAsync();
        Sandbox.Faults.Add(new() { Kind = FaultKind.Hang, Method = "POST", Path = "*/engagement", Times = 1 });
        using var impatient = new HttpClient(new SocketsHttpHandler());
        using var patience = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Sandbox.ApiBaseUrl}/api/v2{Suggestions}/{id}/engagement") { Content = new StringContent("""{"engagementType":"Copied"}""", System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", Client.Token);
        var hanging = impatient.SendAsync(request, patience.Token);
        while (Sandbox.ParkedRequests == 0) await Task.Yield();
        Time.Advance(TimeSpan.FromHours(1));
        hanging.IsCompleted.ShouldBeFalse();
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => hanging);
        while (Sandbox.ParkedRequests > 0) await Task.Yield();
        Made[0].State.ShouldBe("Suggested");
        (await EngageAsync(id, """{"engagementType":"Copied"}""")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Suggestions_and_what_becomes_of_them_are_events()
    {
        await using var receiver = await SandboxReceiver.StartAsync();
        await using var sandbox = await GenesysSandbox.StartAsync(Options with { Time = Time, EventTargets = [receiver.Address] }, TestContext.Current.CancellationToken);
        using var client = await SandboxClient.LoggedInAsync(sandbox);
        var started = sandbox.Organization.StartConversation(new GuestProfile("Gina", new Dictionary<string, string> { ["order"] = "42" }, "en-us"), "Please refund my last payment");
        started.ShouldBe(Started);
        sandbox.Faults.Add(new() { Kind = FaultKind.EventDropped, Path = "v2.detail.*" });
        sandbox.Organization.OtherSystemTransfers(Id, "Billing");
        Time.Advance(SlowestTransfer);
        Time.Advance(TimeSpan.FromSeconds(2) + Later);
        var made = await SuggestionEventAsync(receiver);
        made["detail-type"]!.GetValue<string>().ShouldBe("v2.conversations.{id}.suggestions.knowledge.search");
        made["detail"]!["topicName"]!.GetValue<string>().ShouldBe($"v2.conversations.{Id}.suggestions.knowledge.search");
        ShouldBeGolden(new(HttpStatusCode.OK, made["detail"]!["eventBody"]!.ToJsonString(), new Dictionary<string, string>()), """
            {"eventTime":"TIME","conversationId":"CONVERSATION","suggestionId":"ID","state":"Suggested","triggerType":"ConversationTransfer","engagementType":"Unknown",
             "context":{"mediaType":"MESSAGE","queueId":"QUEUE(Billing)","userId":"USER(Ana Alvarez)","assistantId":"ID","messageId":"ID","queryStatement":"Please refund my last payment","language":"en-US"},
             "knowledgeSearch":{"title":"Refund a payment",
               "snippets":["A payment can be refunded within 30 days. Open the order, then Refund. The money is back within five days."],"confidence":0.87,"searchId":"ID",
               "documentId":"refund","versionId":"ID","variationIds":["ID"],"knowledgeAnswer":{"answer":"A payment can be refunded within 30 days.","startIndex":0,"endIndex":41}}}
            """);

        await client.PostAsync($"{Suggestions}/{made["detail"]!["eventBody"]!["suggestionId"]}/engagement", """{"engagementType":"Feedback","feedback":{"rating":"Positive"}}""");
        var rated = (await SuggestionEventAsync(receiver))["detail"]!["eventBody"]!;
        (rated["state"]!.GetValue<string>(), rated["engagementType"]!.GetValue<string>(), rated["feedback"]!["rating"]!.GetValue<string>()).ShouldBe(("Rated", "Feedback", "Positive"));
    }

    [Fact]
    public async Task Same_seed_and_same_talk_give_the_same_suggestions()
    {
        var other = new ManualTime();
        await using var twin = await GenesysSandbox.StartAsync(Options with { Time = other }, TestContext.Current.CancellationToken);
        using var client = await SandboxClient.LoggedInAsync(twin);
        twin.Organization.StartConversation(new GuestProfile("Gina", new Dictionary<string, string> { ["order"] = "42" }, "en-us")).ShouldBe(Started);
        foreach (var (sandbox, caller, clock) in new[] { (Sandbox, Client, Time), (twin, client, other) })
        {
            sandbox.Organization.GuestSays(Id, "Please refund my last payment");
            await caller.ReplaceQueueAsync(Id, Started.WorkflowParticipantId, Queue("Billing"));
            clock.Advance(TimeSpan.FromSeconds(10));
            sandbox.Organization.GuestSays(Id, "And my card, it is lost");
            clock.Advance(TimeSpan.FromSeconds(10));
            await caller.PostAsync($"{Suggestions}/{sandbox.Organization.Suggestions(Id)[0].Id}/engagement", """{"engagementType":"Copied"}""");
        }
        twin.Ledger.ToJsonLines().ShouldBe(Sandbox.Ledger.ToJsonLines());
        Sandbox.Ledger.Of(LedgerKind.SuggestionMade).Count.ShouldBe(2);
    }

    IReadOnlyList<SuggestionView> Made => Organization.Suggestions(Id);

    async Task AcceptedAsync()
    {
        await HandOffAsync("Billing");
        // The transfer's moment is drawn, and with it the agent's: step to it, not past it.
        while (Sandbox.Ledger.Of(LedgerKind.AgentAccepted).Count == 0) Time.Advance(TimeSpan.FromMilliseconds(1));
    }

    async Task<string> SuggestedAsync()
    {
        await AcceptedAsync();
        Organization.GuestSays(Id, "refund payment");
        Time.Advance(Later);
        return Made.Single().Id;
    }

    Task<SandboxReply> EngageAsync(string id, string body) => Client.PostAsync($"{Suggestions}/{id}/engagement", body);

    async Task<JsonNode> OddAsync(FaultKind kind)
    {
        Sandbox.Faults.Replace([new() { Kind = kind, Path = "/api/v2/conversations/*/suggestions", Times = 1 }]);
        return (await Client.GetAsync(Suggestions)).Json;
    }

    async Task<JsonNode> Followed(JsonNode page, string direction) => (await Client.GetAsync(page[direction]!.GetValue<string>()["/api/v2".Length..])).Json;

    static async Task<JsonNode> SuggestionEventAsync(SandboxReceiver receiver)
    {
        while (true)
        {
            var envelope = await receiver.TakeAsync();
            if (envelope["detail-type"]!.GetValue<string>().Contains(".suggestions.", StringComparison.Ordinal)) return envelope;
        }
    }

    static List<string> Ids(JsonNode page) => [.. page["entities"]!.AsArray().Select(e => e!["id"]!.GetValue<string>())];
}
