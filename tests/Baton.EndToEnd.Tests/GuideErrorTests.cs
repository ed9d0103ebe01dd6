using System.Net;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

/// <summary>What the guide flavor refuses, row by row, and that the flavors do not mix.</summary>
public sealed class GuideErrorTests : GuideFixture
{
    const string Nobody = "00000000-0000-4000-8000-000000000000";
    const string Details = "/analytics/conversations/details/query";
    const string Suggestions = "/agentassist/suggestions/query";
    const string Transfer = "/conversations/CONVERSATION/participants/BOT/transfer";
    const string Enqueue = "/routing/conversations/queue/QUEUE(Empty)";

    public override SandboxOptions Options => base.Options with { SuggestionsPerMinute = 3, CallsPerMinute = 20 };

    public static TheoryData<string, string, string?, string> Rows => new()
    {
        { "GET", "/conversations/CONVERSATION/events", null, "conversation:view" },
        { "GET", "/conversations/CONVERSATION", null, "conversation:view" },
        { "GET", "/routing/queues/QUEUE(Empty)", null, "routing:queue:view" },
        { "GET", "/routing/queues/QUEUE(Empty)/members", null, "routing:agent:view" },
        { "POST", Transfer, """{"transferType":"queue","queueId":"QUEUE(Empty)"}""", "conversation:transfer" },
        { "POST", "/conversations/query", "{}", "conversation:read" },
        { "PATCH", "/conversations/CONVERSATION", """{"attributes":{"routingData":{"queueId":"QUEUE(Empty)"}}}""", "conversation:write" },
        { "POST", Details, """{"dateRange":{"startDate":"2026-08-20T00:00:00Z","endDate":"2026-08-21T00:00:00Z"},"groupBy":["conversationId"],"view":"conversationDetails"}""", "analytics:query" },
        { "GET", "/conversations/guests/GUEST", null, "guest:read" },
        { "POST", Enqueue, """{"conversationId":"CONVERSATION"}""", "routing:conversation" },
        { "POST", Suggestions, """{"conversationId":"CONVERSATION","transcript":"refund","knowledgeSourceIds":["ks"],"async":false}""", "agentassist:suggestions:read" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_call_without_its_scope_is_refused_and_names_it(string method, string path, string? body, string scope)
    {
        var others = Rows.Select(r => r.Data.Item4).Where(s => s != scope);
        Organization.AddOAuthClient("lacking", "secret", scopes: others);
        using var lacking = await SandboxClient.LoggedInAsync(Sandbox, "lacking", "secret");
        var refused = await lacking.CallAsync(new HttpMethod(method), Filled(path), body is null ? null : Filled(body));
        (refused.Status, refused.Code, refused.Json["messageParams"]!["permissions"]!.GetValue<string>()).ShouldBe((HttpStatusCode.Forbidden, "missing.permissions", scope));
        View.Holder!.Purpose.ShouldBe("workflow");

        Organization.AddOAuthClient("having", "secret", permissions: [], scopes: [scope]);
        using var having = await SandboxClient.LoggedInAsync(Sandbox, "having", "secret");
        (await having.CallAsync(new HttpMethod(method), Filled(path), body is null ? null : Filled(body))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_token_that_is_missing_or_wrong_is_told_apart_on_every_row(string method, string path, string? body, string scope)
    {
        scope.ShouldNotBeEmpty();
        Client.Token = null;
        var missing = await Client.CallAsync(new HttpMethod(method), Filled(path), body);
        (missing.Status, missing.Code).ShouldBe((HttpStatusCode.Unauthorized, "authentication.required"));
        Client.Token = "made-up";
        (await Client.CallAsync(new HttpMethod(method), Filled(path), body)).Code.ShouldBe("bad.credentials");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Too_many_requests_come_with_and_without_the_header_on_every_row(string method, string path, string? body, string scope)
    {
        scope.ShouldNotBeEmpty();
        Sandbox.Faults.Replace([new() { Kind = FaultKind.TooManyRequests, RetryAfterSeconds = 7, Times = 1 }]);
        var told = await Client.CallAsync(new HttpMethod(method), Filled(path), body is null ? null : Filled(body));
        (told.Status, told.Headers["Retry-After"]).ShouldBe((HttpStatusCode.TooManyRequests, "7"));
        Sandbox.Faults.Replace([new() { Kind = FaultKind.TooManyRequests, Times = 1 }, new() { Kind = FaultKind.HideRateHeaders, Times = 1 }]);
        var bare = await Client.CallAsync(new HttpMethod(method), Filled(path), body is null ? null : Filled(body));
        bare.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        bare.Headers.Keys.ShouldNotContain(k => k == "Retry-After" || k.StartsWith("inin-ratelimit", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET", "/conversations/" + Nobody + "/events", null, 404, Nobody)]
    [InlineData("GET", "/conversations/CONVERSATION/events?pageSize=251", null, 400, "pageSize")]
    [InlineData("GET", "/conversations/CONVERSATION/events?cursor=!", null, 400, "cursor")]
    [InlineData("GET", "/conversations/not-an-id", null, 404, "not-an-id")]
    [InlineData("GET", "/routing/queues/queue-target-123", null, 404, "queue-target-123")]
    [InlineData("GET", "/routing/queues/" + Nobody + "/members", null, 404, Nobody)]
    [InlineData("GET", "/routing/queues/QUEUE(Empty)/members?pageSize=101", null, 400, "pageSize")]
    [InlineData("POST", "/conversations/" + Nobody + "/participants/BOT/transfer", "{}", 404, Nobody)]
    [InlineData("POST", "/conversations/CONVERSATION/participants/" + Nobody + "/transfer", "{}", 404, Nobody)]
    [InlineData("POST", Transfer, "{}", 400, "transferType")]
    [InlineData("POST", Transfer, """{"transferType":"queue"}""", 400, "queueId")]
    [InlineData("POST", Transfer, """{"transferType":"queue","queueId":"QUEUE(Sleeping)"}""", 400, "not active")]
    [InlineData("POST", Transfer, """{"transferType":"queue","queueId":"no-queue"}""", 400, "no-queue does not exist")]
    [InlineData("POST", Transfer, """{"transferType":"Unattended","queueId":"QUEUE(Empty)"}""", 400, "Allowable values are: queue, skill")]
    [InlineData("POST", Transfer, """{"transferType":"skill","queueId":"QUEUE(Empty)"}""", 400, "skills is missing")]
    [InlineData("POST", Transfer, """{"transferType":"skill","queueId":"QUEUE(Empty)","skills":["juggling"]}""", 400, "juggling does not exist")]
    [InlineData("POST", Transfer, """{"transferType":"skill","queueId":"QUEUE(Empty)","skills":"english"}""", 400, "not a list of strings")]
    [InlineData("POST", "/conversations/CONVERSATION/participants/CUSTOMER/transfer", """{"transferType":"queue","queueId":"QUEUE(Empty)"}""", 400, "customer")]
    [InlineData("POST", "/conversations/query", """{"state":"open"}""", 400, "Allowable values are: active")]
    [InlineData("POST", "/conversations/query", """{"expand":"user"}""", 400, "expand")]
    [InlineData("POST", "/conversations/query", """{"cursor":"!"}""", 400, "cursor")]
    [InlineData("PATCH", "/conversations/" + Nobody, "{}", 404, Nobody)]
    [InlineData("PATCH", "/conversations/CONVERSATION", "{}", 400, "Invalid routingData")]
    [InlineData("PATCH", "/conversations/CONVERSATION", """{"attributes":{"routingData":{}}}""", 400, "Invalid routingData")]
    [InlineData("PATCH", "/conversations/CONVERSATION", """{"attributes":{"routingData":{"queueId":"x"}}}""", 400, "Invalid routingData")]
    [InlineData("PATCH", "/conversations/CONVERSATION", """{"attributes":{"routingData":{"queueId":"QUEUE(Sleeping)"}}}""", 400, "Invalid routingData")]
    [InlineData("PATCH", "/conversations/CONVERSATION", """{"attributes":{"routingData":{"queueId":"QUEUE(Phones)"}}}""", 400, "Invalid routingData")]
    [InlineData("PATCH", "/conversations/CONVERSATION", """{"attributes":{"routingData":{"queueId":"QUEUE(Empty)","skillRequirements":["juggling"]}}}""", 400, "Invalid routingData")]
    [InlineData("PATCH", "/conversations/CONVERSATION", """{"attributes":{"routingData":{"queueId":"QUEUE(Empty)","skillRequirements":"english"}}}""", 400, "Invalid routingData")]
    [InlineData("PATCH", "/conversations/CONVERSATION", """{"attributes":{"routingData":{"queueId":"QUEUE(Empty)","attributes":[]}}}""", 400, "Invalid routingData")]
    [InlineData("POST", Details, """{"groupBy":["conversationId"],"view":"conversationDetails"}""", 400, "dateRange is missing")]
    [InlineData("POST", Details, """{"dateRange":{"startDate":"2026-08-20T00:00:00Z","endDate":"2026-08-21T00:00:00Z"},"view":"conversationDetails"}""", 400, "groupBy is missing")]
    [InlineData("POST", Details, """{"dateRange":{"startDate":"2026-08-20T00:00:00Z","endDate":"2026-08-21T00:00:00Z"},"groupBy":["conversationId"]}""", 400, "view is missing")]
    [InlineData("POST", Details, """{"dateRange":{"startDate":"yesterday","endDate":"2026-08-21T00:00:00Z"},"groupBy":["conversationId"],"view":"conversationDetails"}""", 400, "startDate")]
    [InlineData("POST", Details, """{"dateRange":{"startDate":"2026-08-20T00:00:00Z"},"groupBy":["conversationId"],"view":"conversationDetails"}""", 400, "dateRange.endDate is missing")]
    [InlineData("POST", Details, """{"interval":"2026-08-20T00:00:00Z/2026-08-21T00:00:00Z"}""", 400, "dateRange is missing")]
    [InlineData("GET", "/conversations/guests/guest-12345678-abcd-efgh-ijkl-987654321000", null, 404, "guest-12345678-abcd-efgh-ijkl-987654321000")]
    [InlineData("POST", "/routing/conversations/queue/queue-target-123", """{"conversationId":"CONVERSATION"}""", 404, "queue-target-123")]
    [InlineData("POST", Enqueue, """{"conversationId":"nobody"}""", 404, "nobody")]
    [InlineData("POST", Enqueue, "{}", 400, "conversationId is missing")]
    [InlineData("POST", Enqueue, """{"conversationId":"CONVERSATION","priority":11}""", 400, "priority")]
    [InlineData("POST", Enqueue, """{"conversationId":"CONVERSATION","priority":0}""", 400, "priority")]
    [InlineData("POST", Enqueue, """{"conversationId":"CONVERSATION","priority":"5"}""", 400, "priority")]
    [InlineData("POST", Enqueue, """{"conversationId":"CONVERSATION","welcomeMessage":["a"]}""", 400, "welcomeMessage is not a string")]
    [InlineData("POST", Enqueue, """{"conversationId":"CONVERSATION","initialMessage":7}""", 400, "initialMessage is not a string")]
    [InlineData("POST", "/routing/conversations/queue/QUEUE(Phones)", """{"conversationId":"CONVERSATION"}""", 400, "Invalid routingData")]
    [InlineData("POST", Suggestions, """{"conversationId":"CONVERSATION","knowledgeSourceIds":["ks"],"async":false}""", 400, "transcript is missing")]
    [InlineData("POST", Suggestions, """{"conversationId":"CONVERSATION","transcript":"LONG","knowledgeSourceIds":["ks"],"async":false}""", 400, "transcript is longer than 5000")]
    [InlineData("POST", Suggestions, """{"conversationId":"CONVERSATION","transcript":"a","async":false}""", 400, "knowledgeSourceIds is missing")]
    [InlineData("POST", Suggestions, """{"conversationId":"CONVERSATION","transcript":"a","knowledgeSourceIds":[],"async":false}""", 400, "knowledgeSourceIds has 0")]
    [InlineData("POST", Suggestions, """{"conversationId":"CONVERSATION","transcript":"a","knowledgeSourceIds":["1","2","3","4","5","6","7","8","9","10","11"],"async":false}""", 400, "knowledgeSourceIds has 11")]
    [InlineData("POST", Suggestions, """{"conversationId":"CONVERSATION","transcript":"a","knowledgeSourceIds":["ks"]}""", 400, "callbackUrl is missing")]
    [InlineData("POST", Suggestions, """{"conversationId":"CONVERSATION","transcript":"a","knowledgeSourceIds":["ks"],"callbackUrl":"/callback","async":true}""", 400, "callbackUrl is not an absolute")]
    [InlineData("POST", Suggestions, """{"conversationId":"CONVERSATION","transcript":"a","knowledgeSourceIds":["ks"],"callbackUrl":"http://callback.example/","async":true}""", 400, "callbackUrl is not an absolute")]
    [InlineData("POST", Suggestions, """{"conversationId":"CONVERSATION","transcript":"a","knowledgeSourceIds":["ks"],"callbackUrl":"https://callback.example/a b","async":true}""", 400, "callbackUrl is not an absolute")]
    [InlineData("POST", Suggestions, """{"conversationId":"CONVERSATION","transcript":"a","knowledgeSourceIds":["ks"],"callbackUrl":"ftp://callback.example/","async":true}""", 400, "callbackUrl is not an absolute")]
    [InlineData("POST", Suggestions, """{"conversationId":"CONVERSATION","transcript":"a","knowledgeSourceIds":["ks"],"callbackUrl":"https://me:secret@callback.example/","async":true}""", 400, "callbackUrl has credentials")]
    [InlineData("POST", Suggestions, """{"conversationId":"CONVERSATION","transcript":"a","knowledgeSourceIds":["ks"],"callbackUrl":"https://callback.example/#top","async":true}""", 400, "callbackUrl has credentials")]
    [InlineData("POST", Suggestions, """{"conversationId":"nobody","transcript":"a","knowledgeSourceIds":["ks"],"async":false}""", 404, "nobody")]
    [InlineData("POST", Transfer, "{\"queueId\":", 400, "malformed syntax")]
    [InlineData("POST", Details, "[]", 400, "malformed syntax")]
    [InlineData("GET", "/no/such/thing", null, 404, "not found")]
    public async Task Refusals_name_what_is_wrong(string method, string path, string? body, int status, string inMessage)
    {
        Organization.AddQueue("Sleeping");
        Organization.SetQueueActive(Queue("Sleeping"), active: false);
        Organization.AddQueue("Phones", media: [Media.Voice]);
        var filled = body is null ? null : Filled(body).Replace("LONG", new string('x', 5001), StringComparison.Ordinal);
        var reply = await Client.CallAsync(new HttpMethod(method), Filled(path), filled);
        ((int)reply.Status, reply.Json["status"]!.GetValue<int>()).ShouldBe((status, status));
        reply.Json["message"]!.GetValue<string>().ShouldContain(inMessage);
        reply.Json["contextId"]!.GetValue<string>().ShouldBe(reply.Headers["ININ-Correlation-Id"]);
        View.Holder!.Purpose.ShouldBe("workflow");
    }

    [Fact]
    public async Task Invalid_routing_data_tells_its_reason_in_the_details()
    {
        Organization.AddQueue("Phones", media: [Media.Voice]);
        var detail = (await RouteAsync(Id, "Phones")).Json["details"]![0]!;
        (detail["errorCode"]!.GetValue<string>(), detail["fieldName"]!.GetValue<string>()).ShouldBe(("media.not.supported", "routingData.queueId"));
    }

    [Fact]
    public async Task An_unknown_id_is_the_entity_of_its_404()
    {
        var body = (await Client.GetAsync("/routing/queues/queue-target-123")).Json;
        (body["entityId"]!.GetValue<string>(), body["entityName"]!.GetValue<string>()).ShouldBe(("queue-target-123", "queue"));
    }

    [Fact]
    public async Task An_ended_conversation_is_unknown_to_whoever_would_change_it()
    {
        Organization.GuestLeaves(Id);
        (await RouteAsync(Id, "Empty")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await EnqueueAsync("Empty")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await TransferAsync(BotLeg, "Empty")).Status.ShouldBe(HttpStatusCode.Conflict);
        (await Client.GetAsync($"/conversations/{Id}")).Json["state"]!.GetValue<string>().ShouldBe("terminated");
    }

    [Fact]
    public async Task Suggestions_have_a_quota_of_their_own_for_a_client_whatever_its_token()
    {
        const string Body = """{"conversationId":"CONVERSATION","transcript":"refund","knowledgeSourceIds":["ks"],"async":false}""";
        using var second = await SandboxClient.LoggedInAsync(Sandbox);
        for (var i = 1; i <= 3; i++)
        {
            var within = await (i % 2 == 0 ? Client : second).PostAsync(Suggestions, Filled(Body));
            (within.Headers["inin-ratelimit-count"], within.Headers["inin-ratelimit-allowed"]).ShouldBe(($"{i}", "3"));
        }
        Time.Advance(TimeSpan.FromSeconds(13));
        var over = await Client.PostAsync(Suggestions, Filled(Body));
        (over.Status, over.Headers["Retry-After"], over.Json["limit"]!["namespace"]!.GetValue<string>()).ShouldBe((HttpStatusCode.TooManyRequests, "47", "agent.assistant"));
        (await Client.GetAsync($"/conversations/{Id}")).Headers["inin-ratelimit-count"].ShouldBe("1");
        Time.Advance(TimeSpan.FromSeconds(47));
        (await Client.PostAsync(Suggestions, Filled(Body))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(SandboxFlavor.Platform)]
    [InlineData(SandboxFlavor.Guide)]
    public async Task A_used_up_window_may_be_told_without_any_header(SandboxFlavor flavor)
    {
        await using var sandbox = await GenesysSandbox.StartAsync(new() { Flavor = flavor, Time = Time, CallsPerMinute = 1 }, TestContext.Current.CancellationToken);
        using var client = await SandboxClient.LoggedInAsync(sandbox);
        var path = $"/routing/queues/{sandbox.Organization.Queues[0].Id}";
        (await client.GetAsync(path)).Status.ShouldBe(HttpStatusCode.OK);
        var usual = await client.GetAsync(path);
        (usual.Status, usual.Headers["Retry-After"], usual.Headers["inin-ratelimit-count"]).ShouldBe((HttpStatusCode.TooManyRequests, "60", "2"));
        sandbox.Faults.Replace([new() { Kind = FaultKind.HideRetryAfter }, new() { Kind = FaultKind.HideRateHeaders }]);
        var bare = await client.GetAsync(path);
        bare.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        bare.Headers.Keys.ShouldNotContain(k => k == "Retry-After" || k.StartsWith("inin-ratelimit", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET", "/conversations/messages/CONVERSATION", null)]
    [InlineData("GET", "/conversations/CONVERSATION/participants/BOT/wrapup", null)]
    [InlineData("POST", "/conversations/CONVERSATION/participants/BOT/replace/queue", """{"queueId":"QUEUE(Empty)"}""")]
    [InlineData("POST", "/conversations/CONVERSATION/disconnect", null)]
    [InlineData("DELETE", "/conversations/CONVERSATION", null)]
    [InlineData("PATCH", "/routing/conversations/CONVERSATION", """{"priority":3}""")]
    [InlineData("GET", "/routing/queues", null)]
    [InlineData("GET", "/routing/queues/QUEUE(Empty)/estimatedwaittime", null)]
    [InlineData("GET", "/routing/skills", null)]
    [InlineData("GET", "/analytics/conversations/CONVERSATION/details", null)]
    [InlineData("POST", "/analytics/queues/observations/query", "{}")]
    [InlineData("GET", "/speechandtextanalytics/conversations/CONVERSATION", null)]
    [InlineData("GET", "/organizations/me", null)]
    [InlineData("GET", "/tokens/me", null)]
    [InlineData("GET", "/conversations/CONVERSATION/suggestions", null)]
    [InlineData("GET", "/knowledge/knowledgebases", null)]
    [InlineData("POST", "/knowledge/knowledgebases/BASE(Billing)/documents/search", """{"query":"refund"}""")]
    public async Task What_only_the_platform_has_is_unknown_here(string method, string path, string? body)
    {
        var reply = await Client.CallAsync(new HttpMethod(method), Filled(path), body is null ? null : Filled(body));
        (reply.Status, reply.Code).ShouldBe((HttpStatusCode.NotFound, "not.found"));
        View.EndTime.ShouldBeNull();
    }

    [Theory]
    [InlineData("GET", "/conversations/CONVERSATION/events", null)]
    [InlineData("POST", "/conversations/query", "{}")]
    [InlineData("PATCH", "/conversations/CONVERSATION", """{"attributes":{"routingData":{"queueId":"QUEUE(Empty)"}}}""")]
    [InlineData("GET", "/conversations/guests/GUEST", null)]
    [InlineData("POST", Enqueue, """{"conversationId":"CONVERSATION"}""")]
    [InlineData("POST", Suggestions, "{}")]
    public async Task What_only_the_guides_have_is_unknown_to_the_platform(string method, string path, string? body)
    {
        await using var platform = await GenesysSandbox.StartAsync(new() { Time = Time }, TestContext.Current.CancellationToken);
        using var client = await SandboxClient.LoggedInAsync(platform);
        platform.Organization.StartConversation(new GuestProfile("Gina", new Dictionary<string, string> { ["order"] = "42" }, "en-us")).ShouldBe(Started);
        (await client.GetAsync(Filled("/conversations/CONVERSATION"))).Status.ShouldBe(HttpStatusCode.OK);
        var reply = await client.CallAsync(new HttpMethod(method), Filled(path), body is null ? null : Filled(body));
        (reply.Status, reply.Code).ShouldBe((HttpStatusCode.NotFound, "not.found"));
    }

    [Fact]
    public async Task Paths_that_both_flavors_have_answer_each_in_its_own_shape()
    {
        await using var platform = await GenesysSandbox.StartAsync(new() { Time = Time }, TestContext.Current.CancellationToken);
        using var client = await SandboxClient.LoggedInAsync(platform);
        platform.Organization.StartConversation(new GuestProfile("Gina", new Dictionary<string, string> { ["order"] = "42" }, "en-us"));
        var queue = (await client.GetAsync(Filled("/routing/queues/QUEUE(Billing)"))).Json;
        (queue["memberCount"]!.GetValue<int>(), queue["membersCount"], queue["status"]).ShouldBe((3, null, null));
        var conversation = (await client.GetAsync(Filled("/conversations/CONVERSATION"))).Json;
        (conversation["state"], conversation["type"], conversation["attributes"]).ShouldBe((null, null, null));
        (await client.PostAsync(Filled(Transfer), Filled("""{"transferType":"queue","queueId":"QUEUE(Empty)"}"""))).Code.ShouldBe("invalid.value");
        (await client.PostAsync(Details, """{"dateRange":{},"groupBy":["conversationId"],"view":"conversationDetails"}""")).Code.ShouldBe("required.field.missing");
    }
}
