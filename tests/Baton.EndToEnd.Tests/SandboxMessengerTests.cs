using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

public sealed class SandboxMessengerTests : SandboxFixture
{
    const string Page = "https://shop.example";
    const string Token = "7f0c9a52-2d0e-4a44-9a3f-0d7c2b1f9d11";

    public override SandboxOptions Options => new() { GuestMessagesPerMinute = 12 };

    string Deployment => Organization.Deployments[0].Id;

    [Fact]
    public async Task A_page_is_let_in_by_its_deployment_and_its_origin()
    {
        var shop = Organization.AddDeployment("Shop", [Page]).Id;
        (await RefusedAsync($"?deploymentId={shop}", "https://elsewhere.example")).ShouldBe(HttpStatusCode.Forbidden);
        (await RefusedAsync($"?deploymentId={shop}", null)).ShouldBe(HttpStatusCode.Forbidden);
        (await RefusedAsync("?deploymentId=none", Page)).ShouldBe(HttpStatusCode.NotFound);
        (await RefusedAsync("", Page)).ShouldBe(HttpStatusCode.NotFound);
        await using var page = await ConnectAsync(shop);
        (await page.AskAsync(Configure(deployment: shop)))["code"]!.GetValue<int>().ShouldBe(200);
    }

    [Fact]
    public async Task Frames_are_as_the_platform_writes_them()
    {
        await using var page = await ConnectAsync();
        (await AskAsync(page, Configure(tracingId: "t1"))).ShouldBe("""
            {"type":"response","class":"SessionResponse","code":200,"body":{"connected":true,"newSession":true,"readOnly":false,"maxCustomDataBytes":2048,"allowedMedia":{"inbound":{"fileTypes":[],"maxFileSizeKB":0}},"blockedExtensions":[],"clearedExistingSession":false,"durationSeconds":259200,"expirationDate":1787479200},"tracingId":"t1"}
            """.Trim());
        var own = await page.AskAsync(Text("Hello world!", "t2", """{"order":"42"}"""));
        var id = own["body"]!["id"]!.GetValue<string>();
        own.ToJsonString().ShouldBe($$$"""{"type":"message","class":"StructuredMessage","code":200,"body":{"text":"Hello world!","direction":"Inbound","id":"{{{id}}}","channel":{"time":"2026-08-20T10:00:00.000Z","messageId":"{{{id}}}"},"type":"Text"},"tracingId":"t2"}""");

        var talk = Organization.GuestSessions.Single().ConversationId!;
        Organization.BotSays(talk, "Hi", ["Yes", "No"]);
        Masked(await page.TakeAsync()).ShouldBe("""{"type":"message","class":"StructuredMessage","code":200,"body":{"direction":"Outbound","id":"*","channel":{"time":"2026-08-20T10:00:00.000Z","type":"Private"},"type":"Structured","text":"Hi","content":[{"contentType":"QuickReply","quickReply":{"text":"Yes","payload":"Yes","action":"Message"}},{"contentType":"QuickReply","quickReply":{"text":"No","payload":"No","action":"Message"}}],"originatingEntity":"Bot"}}""");
        Masked(await page.AskAsync($$$"""{"action":"onMessage","token":"{{{Token}}}","message":{"type":"Structured","text":"Yes","content":[{"contentType":"ButtonResponse","buttonResponse":{"text":"Yes","payload":"Yes","type":"QuickReply"}}]}}"""))
            .ShouldContain("""
            "type":"Structured","content":[{"contentType":"ButtonResponse","buttonResponse":{"text":"Yes","payload":"Yes","type":"QuickReply"}}]
            """.Trim());
        (await AskAsync(page, $$$"""{"action":"echo","token":"{{{Token}}}","tracingId":"SGVhbHRo","message":{"type":"Text","text":"ping"}}""")).ShouldEndWith(""","type":"Text"},"tracingId":"SGVhbHRo"}""");
        Organization.Conversation(talk).Messages.Select(m => m.Text).ShouldBe(["Hello world!", "Hi", "Yes"]);
        page.Heard.ShouldAllBe(frame => !frame.Contains(talk, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_first_message_starts_a_conversation_as_any_other()
    {
        await using var page = await ConfiguredAsync();
        Organization.GuestSessions.Single().ConversationId.ShouldBeNull();
        var first = await page.AskAsync(Text("I want a human", attributes: """{"tier":"gold"}"""));
        // The organization finds the conversation by the message, as the guest does not know it.
        var talk = (await Client.GetAsync($"/conversations/messages/{first["body"]!["id"]}/details")).Json["conversationId"]!.GetValue<string>();
        await page.AskAsync(Text("Now", attributes: """{"page":"cart"}"""));
        var view = Organization.Conversation(talk);
        view.Participants.Select(p => (p.Purpose, p.State)).ShouldBe([("customer", "connected"), ("workflow", "connected")]);
        view.Customer.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value}").ShouldBe(["context.page=cart", "context.tier=gold"]);
        Sandbox.Ledger.Of(LedgerKind.MessageSent, talk).Select(e => (e.From, e.Text)).ShouldBe([("guest", "I want a human"), ("guest", "Now")]);
    }

    [Fact]
    public async Task A_guest_is_handed_over_and_sees_who_writes_and_when_it_is_over()
    {
        await using var page = await ConfiguredAsync();
        await page.AskAsync(Join());
        var talk = Organization.GuestSessions.Single().ConversationId!;
        var flow = Organization.Conversation(talk).Holder!;
        (await Client.ReplaceQueueAsync(talk, flow.Id, Queue("Billing"))).Status.ShouldBe(HttpStatusCode.Accepted);
        Time.Advance(SlowestTransfer + TimeSpan.FromSeconds(2));
        var greeting = (await page.TakeAsync())["body"]!;
        (greeting["text"]!.GetValue<string>(), greeting["originatingEntity"]!.GetValue<string>()).ShouldBe(("Hello, how can I help?", "Human"));
        var agent = Organization.Agents.Single(a => a.Id == Organization.Conversation(talk).Holder!.UserId);
        greeting["channel"]!["from"]!["nickname"]!.GetValue<string>().ShouldBe(agent.Name);

        await Client.PostAsync($"/conversations/messages/{talk}/communications/{Organization.Conversation(talk).Holder!.CommunicationId}/typing", """{"typing":{"type":"On","duration":3000}}""");
        var typing = (await page.TakeAsync())["body"]!;
        typing["events"]!.ToJsonString().ShouldBe("""[{"eventType":"Typing","typing":{"type":"On","duration":3000}}]""");
        Organization.AgentEnds(talk);
        (await page.TakeAsync())["body"]!["events"]!.ToJsonString().ShouldBe("""[{"eventType":"Presence","presence":{"type":"Disconnect"}}]""");
        (await page.AskAsync(Text("Anybody?")))["code"]!.GetValue<int>().ShouldBe(4020);

        var again = (await page.AskAsync(Configure()))["body"]!;
        (again["newSession"]!.GetValue<bool>(), again["readOnly"]!.GetValue<bool>()).ShouldBe((false, true));
        var fresh = (await page.AskAsync(Configure(startNew: true)))["body"]!;
        (fresh["newSession"]!.GetValue<bool>(), fresh["readOnly"]!.GetValue<bool>(), fresh["clearedExistingSession"]!.GetValue<bool>()).ShouldBe((true, false, true));
        (await page.AskAsync(Text("Hello again")))["code"]!.GetValue<int>().ShouldBe(200);
        Organization.GuestSessions[^1].ConversationId.ShouldNotBe(talk);
    }

    [Fact]
    public async Task A_dropped_page_comes_back_and_reads_what_it_missed()
    {
        await using var page = await ConfiguredAsync();
        await page.AskAsync(Text("one"));
        var talk = Organization.GuestSessions.Single().ConversationId!;
        Organization.DropGuest(Token);
        await page.ClosedAsync();
        page.CloseStatus.ShouldBeNull();
        Organization.BotSays(talk, "two");

        await using var back = await ConnectAsync();
        (await back.AskAsync(Configure()))["body"]!["newSession"]!.GetValue<bool>().ShouldBeFalse();
        var jwt = (await back.AskAsync($$"""{"action":"getJwt","token":"{{Token}}"}"""))["body"]!;
        jwt["exp"]!.GetValue<long>().ShouldBe(Time.GetUtcNow().ToUnixTimeSeconds() + 3600);
        Client.Token = jwt["jwt"]!.GetValue<string>();
        var newest = (await Client.GetAsync("/webmessaging/messages?pageSize=1&pageNumber=1")).Json;
        (newest["total"]!.GetValue<int>(), newest["pageCount"]!.GetValue<int>(), newest["entities"]![0]!["text"]!.GetValue<string>()).ShouldBe((2, 2, "two"));
        (await Client.GetAsync("/webmessaging/messages?pageSize=1&pageNumber=2")).Json["entities"]![0]!["text"]!.GetValue<string>().ShouldBe("one");
        (await Client.GetAsync("/conversations/" + talk)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        Time.Advance(TimeSpan.FromHours(1));
        (await Client.GetAsync("/webmessaging/messages")).Code.ShouldBe("credentials.expired");
        Client.Token = "made-up";
        (await Client.GetAsync("/webmessaging/messages")).Code.ShouldBe("bad.credentials");
    }

    [Fact]
    public async Task Two_pages_of_a_guest_see_the_same_and_one_closes_both()
    {
        await using var first = await ConfiguredAsync();
        await using var second = await ConfiguredAsync();
        var own = await first.AskAsync(Text("Hi", "t9"));
        var others = await second.TakeAsync();
        own["tracingId"]!.GetValue<string>().ShouldBe("t9");
        others["tracingId"].ShouldBeNull();
        others["body"]!.ToJsonString().ShouldBe(own["body"]!.ToJsonString());
        await first.SendAsync($$"""{"action":"closeSession","token":"{{Token}}","closeAllConnections":true}""");
        (await second.TakeAsync())["class"]!.GetValue<string>().ShouldBe("ConnectionClosedEvent");
        await first.ClosedAsync();
        await second.ClosedAsync();
        second.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
        // Closing the page does not end the conversation.
        Organization.Conversation(Organization.GuestSessions.Single().ConversationId!).EndTime.ShouldBeNull();
    }

    [Fact]
    public async Task A_guest_who_clears_leaves_and_the_other_page_is_told()
    {
        await using var first = await ConfiguredAsync();
        await using var second = await ConfiguredAsync();
        await first.AskAsync(Text("Hi"));
        await second.TakeAsync();
        var talk = Organization.GuestSessions.Single().ConversationId!;
        await first.SendAsync($$$"""{"action":"onMessage","token":"{{{Token}}}","message":{"type":"Event","events":[{"eventType":"Presence","presence":{"type":"Clear"}}]}}""");
        (await second.TakeAsync())["class"]!.GetValue<string>().ShouldBe("SessionClearedEvent");
        Sandbox.Ledger.Of(LedgerKind.CustomerLeft, talk).Count.ShouldBe(1);
        (await second.AskAsync(Text("Hi")))["code"]!.GetValue<int>().ShouldBe(4007);
    }

    [Fact]
    public async Task A_session_ends_after_its_time_and_the_conversation_with_it()
    {
        await using var page = await ConfiguredAsync();
        await page.AskAsync(Text("Hi"));
        var talk = Organization.GuestSessions.Single().ConversationId!;
        Time.Advance(TimeSpan.FromHours(72));
        (await page.TakeAsync())["class"]!.GetValue<string>().ShouldBe("SessionExpiredEvent");
        Organization.Conversation(talk).Customer.DisconnectType.ShouldBe("timeout");
        (await page.AskAsync(Text("Hi")))["code"]!.GetValue<int>().ShouldBe(4006);
        (await page.AskAsync(Configure()))["code"]!.GetValue<int>().ShouldBe(4006);
        (await page.AskAsync(Configure(startNew: true)))["code"]!.GetValue<int>().ShouldBe(200);
    }

    [Theory]
    [InlineData("not json", 400)]
    [InlineData("""["a list"]""", 400)]
    [InlineData("""{"action":"dance","token":"{token}"}""", 400)]
    [InlineData("""{"action":7}""", 400)]
    [InlineData("""{"action":"onMessage","token":"{token}"}""", 400)]
    [InlineData("""{"action":"onMessage","token":"{token}","message":{"type":"Poem"}}""", 400)]
    [InlineData("""{"action":"onMessage","token":"0b6e3f0e-0000-4000-8000-000000000000","message":{"type":"Text","text":"Hi"}}""", 4007)]
    [InlineData("""{"action":"configureSession","token":"not-a-uuid","deploymentId":"{deployment}"}""", 400)]
    [InlineData("""{"action":"configureSession","token":"{token}","deploymentId":"another"}""", 400)]
    [InlineData("""{"action":"configureAuthenticatedSession","token":"{token}","deploymentId":"{deployment}","data":{"code":"x"}}""", 403)]
    [InlineData("""{"action":"onAttachment","token":"{token}","attachmentId":"a","fileName":"a.png","fileType":"image/png","fileSize":123}""", 403)]
    [InlineData("""{"action":"onMessage","token":"{token}","message":{"type":"Text","text":"{long}"}}""", 4011)]
    [InlineData("""{"action":"onMessage","token":"{token}","message":{"type":"Text","text":"Hi","channel":{"metadata":{"customAttributes":{"a":"{large}"}}}}}""", 4013)]
    public async Task What_cannot_be_done_is_answered_with_its_code(string frame, int code)
    {
        await using var page = await ConfiguredAsync();
        var filled = frame.Replace("{token}", Token, StringComparison.Ordinal).Replace("{deployment}", Deployment, StringComparison.Ordinal)
            .Replace("{long}", new string('x', 4097), StringComparison.Ordinal).Replace("{large}", new string('x', 2048), StringComparison.Ordinal);
        var answer = await page.AskAsync(filled);
        (answer["type"]!.GetValue<string>(), answer["class"]!.GetValue<string>(), answer["code"]!.GetValue<int>()).ShouldBe(("response", "string", code));
        (await page.AskAsync(Text("Hi")))["code"]!.GetValue<int>().ShouldBe(200);
    }

    [Fact]
    public async Task Who_writes_too_fast_is_told_when_to_go_on()
    {
        await using var page = await ConfiguredAsync();
        for (var i = 0; i < 12; i++) (await page.AskAsync(Text($"{i}")))["code"]!.GetValue<int>().ShouldBe(200);
        Time.Advance(TimeSpan.FromSeconds(50));
        (await AskAsync(page, Text("more"))).ShouldBe("""{"type":"response","class":"TooManyRequestsErrorMessage","code":429,"body":{"retryAfter":10,"errorCode":4029,"errorMessage":"Message rate too high for this session"}}""");
        Time.Advance(TimeSpan.FromSeconds(10));
        (await page.AskAsync(Text("more")))["code"]!.GetValue<int>().ShouldBe(200);
    }

    [Fact]
    public async Task Frames_to_the_page_may_come_twice_out_of_order_or_never()
    {
        await using var page = await ConfiguredAsync();
        await page.AskAsync(Text("Hi"));
        var talk = Organization.GuestSessions.Single().ConversationId!;
        Sandbox.Faults.Replace(
        [
            new() { Kind = FaultKind.FrameDuplicated, Path = "webmessaging.*", ConversationId = talk, Times = 1 },
            new() { Kind = FaultKind.FrameDropped, Path = "webmessaging.*", Skip = 1, Times = 1 },
            new() { Kind = FaultKind.FrameReordered, Path = "webmessaging.*", Skip = 2, Times = 1 },
            new() { Kind = FaultKind.SocketDropped, Path = "webmessaging.*", Skip = 4, Times = 1 },
        ]);
        foreach (var text in (string[])["twice", "never", "third", "fourth", "lost"]) Organization.BotSays(talk, text);
        await page.ClosedAsync();
        page.Heard.Select(f => JsonNode.Parse(f)!["body"]!["text"]?.GetValue<string>()).ShouldBe([null, "Hi", "twice", "twice", "fourth", "third"]);
        page.CloseStatus.ShouldBeNull();
    }

    [Fact]
    public async Task A_typing_guest_shows_to_the_agent()
    {
        await using var page = await ConfiguredAsync();
        await page.AskAsync(Text("Hi"));
        var talk = Organization.GuestSessions.Single().ConversationId!;
        Organization.OtherSystemTransfers(talk, "Billing");
        Time.Advance(SlowestTransfer + TimeSpan.FromSeconds(2));
        await page.TakeAsync();
        var channel = (await Client.PostAsync("/notifications/channels")).Json;
        var topic = $"v2.users.{Organization.Conversation(talk).Holder!.UserId}.conversations.inbound.typing.event";
        await Client.PostAsync($"/notifications/channels/{channel["id"]}/subscriptions", $$"""[{"id":"{{topic}}"}]""");
        await using var desk = await SandboxSocket.ConnectAsync(channel["connectUri"]!.GetValue<string>());
        await page.SendAsync($$$"""{"action":"onMessage","token":"{{{Token}}}","message":{"type":"Event","events":[{"eventType":"Typing","typing":{"type":"On","duration":5000}}]}}""");
        (await desk.TakeAsync())["eventBody"]!["conversationId"]!.GetValue<string>().ShouldBe(talk);
    }

    [Fact]
    public async Task Fifty_guests_talk_at_once_and_none_hears_another()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async n =>
        {
            var token = new Guid(n, 0, 0x4000, [0x80, 0, 0, 0, 0, 0, 0, 1]).ToString();
            await using var page = await ConnectAsync();
            await page.AskAsync(Configure(token: token));
            for (var i = 0; i < 5; i++) (await page.AskAsync(Text($"guest {n}, message {i}", token: token)))["body"]!["text"]!.GetValue<string>().ShouldBe($"guest {n}, message {i}");
            page.Heard.Count.ShouldBe(6);
        }));
        var talks = Organization.GuestSessions.Select(s => Organization.Conversation(s.ConversationId!)).ToList();
        talks.Count.ShouldBe(50);
        talks.ShouldAllBe(t => t.Messages.Count == 5 && t.Messages.Select(m => m.Text.Substring(0, 9)).Distinct().Count() == 1);
    }

    [Fact]
    public async Task Another_process_lists_guests_and_adds_deployments()
    {
        var added = (await Client.AdminAsync(HttpMethod.Post, "/deployments", $$"""{"name":"Shop","origins":["{{Page}}"]}""")).Json["id"]!.GetValue<string>();
        var summary = (await Client.AdminAsync(HttpMethod.Get, "")).Json;
        summary["webMessagingUri"]!.GetValue<string>().ShouldBe(Sandbox.WebMessagingUri.ToString());
        summary["deployments"]!.AsArray().Select(d => d!["id"]!.GetValue<string>()).ShouldBe([Deployment, added]);
        await using var page = await ConfiguredAsync();
        await page.AskAsync(Text("Hi"));
        var guest = (await Client.AdminAsync(HttpMethod.Get, "/guests")).Json[0]!;
        (guest["token"]!.GetValue<string>(), guest["connections"]!.GetValue<int>()).ShouldBe((Token, 1));
        await Client.AdminAsync(HttpMethod.Post, $"/guests/{Token}/drop");
        await page.ClosedAsync();
        (await Client.AdminAsync(HttpMethod.Post, "/guests/nobody/drop")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    string Configure(bool startNew = false, string? tracingId = null, string? deployment = null, string token = Token) => Json(new()
    {
        ["action"] = "configureSession",
        ["token"] = token,
        ["deploymentId"] = deployment ?? Deployment,
        ["startNew"] = startNew,
        ["tracingId"] = tracingId,
    });

    static string Text(string text, string? tracingId = null, string? attributes = null, string token = Token) => Json(new()
    {
        ["action"] = "onMessage",
        ["token"] = token,
        ["tracingId"] = tracingId,
        ["message"] = new JsonObject
        {
            ["type"] = "Text",
            ["text"] = text,
            ["channel"] = attributes is null ? null : new JsonObject { ["metadata"] = new JsonObject { ["customAttributes"] = JsonNode.Parse(attributes) } },
        },
    });

    static string Join() => $$$"""{"action":"onMessage","token":"{{{Token}}}","message":{"type":"Event","events":[{"eventType":"Presence","presence":{"type":"Join"}}]}}""";

    static string Json(JsonObject frame) => frame.ToJsonString();

    static string Masked(JsonNode frame)
    {
        frame["body"]!["id"] = "*";
        return frame.ToJsonString();
    }

    static async Task<string> AskAsync(SandboxSocket page, string text)
    {
        await page.SendAsync(text);
        return await page.TakeTextAsync();
    }

    Task<SandboxSocket> ConnectAsync(string? deployment = null) => SandboxSocket.ConnectAsync($"{Sandbox.WebMessagingUri}?deploymentId={deployment ?? Deployment}", origin: Page);

    async Task<SandboxSocket> ConfiguredAsync()
    {
        var page = await ConnectAsync();
        (await page.AskAsync(Configure()))["code"]!.GetValue<int>().ShouldBe(200);
        return page;
    }

    async Task<HttpStatusCode> RefusedAsync(string query, string? origin)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (origin is not null) socket.Options.SetRequestHeader("Origin", origin);
        await Should.ThrowAsync<WebSocketException>(() => socket.ConnectAsync(new Uri(Sandbox.WebMessagingUri + query), TestContext.Current.CancellationToken));
        return socket.HttpStatusCode;
    }
}
