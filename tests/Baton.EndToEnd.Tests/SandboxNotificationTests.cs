using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

public sealed class SandboxNotificationTests : SandboxFixture
{
    const string Somebody = "00000000-0000-4000-8000-000000000001";

    [Fact]
    public async Task A_channel_is_opened_listed_and_found()
    {
        var channel = await OpenAsync();
        channel["connectUri"]!.GetValue<string>().ShouldBe($"ws://{Sandbox.BaseAddress.Authority}/channels/{channel["id"]}");
        channel["expires"]!.GetValue<string>().ShouldBe("2026-08-21T10:00:00.000Z");
        (await Client.CallAsync(HttpMethod.Head, $"/notifications/channels/{channel["id"]}", null)).Status.ShouldBe(HttpStatusCode.OK);
        (await Client.CallAsync(HttpMethod.Head, "/notifications/channels/streaming-none", null)).Status.ShouldBe(HttpStatusCode.NotFound);

        using var sameClient = await SandboxClient.LoggedInAsync(Sandbox);
        (await sameClient.GetAsync("/notifications/channels")).Json["entities"]!.AsArray().ShouldBeEmpty();
        (await sameClient.GetAsync("/notifications/channels?includechannels=oauthclient")).Json["entities"]![0]!["id"]!.GetValue<string>().ShouldBe(channel["id"]!.GetValue<string>());

        Organization.AddOAuthClient("stranger", "secret");
        using var stranger = await SandboxClient.LoggedInAsync(Sandbox, "stranger", "secret");
        (await stranger.GetAsync($"/notifications/channels/{channel["id"]}/subscriptions")).Code.ShouldBe("not.found");
    }

    [Fact]
    public async Task Post_adds_put_replaces_delete_clears()
    {
        var id = await IdAsync();
        await SubscribeAsync(id, Users("routingStatus"));
        await SubscribeAsync(id, Users("conversations"), Users("routingStatus"));
        (await TopicsAsync(id)).ShouldBe([Users("routingStatus"), Users("conversations")]);
        var replaced = await Client.PutAsync($"/notifications/channels/{id}/subscriptions", $$"""[{"id":"{{Users("presence")}}"}]""");
        replaced.Json["entities"]!.ToJsonString().ShouldBe($$"""[{"id":"{{Users("presence")}}","state":"Permitted","selfUri":"/api/v2/notifications/channels/{{id}}/subscriptions/{{Users("presence")}}"}]""");
        await Client.DeleteAsync($"/notifications/channels/{id}/subscriptions");
        (await TopicsAsync(id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_bad_topic_fails_the_call_or_comes_back_rejected()
    {
        Organization.AddOAuthClient("reader", "secret", ["conversation:communication:view"]);
        using var reader = await SandboxClient.LoggedInAsync(Sandbox, "reader", "secret");
        var id = (await reader.PostAsync("/notifications/channels")).Json["id"]!.GetValue<string>();
        var path = $"/notifications/channels/{id}/subscriptions";
        var invented = await reader.PostAsync(path, $$"""[{"id":"{{Users("conversations")}}"},{"id":"v2.users.me.moods"}]""");
        (invented.Status, invented.Code).ShouldBe((HttpStatusCode.BadRequest, "notification.invalid.topic"));
        var suggestions = $"v2.conversations.{Id}.suggestions.response";
        var forbidden = await reader.PostAsync(path, $$"""[{"id":"{{suggestions}}"}]""");
        (forbidden.Status, forbidden.Code).ShouldBe((HttpStatusCode.Forbidden, "missing.permissions"));
        (await reader.GetAsync(path)).Json["entities"]!.AsArray().ShouldBeEmpty();

        var mixed = await reader.PostAsync(path + "?ignoreErrors=true", $$"""[{"id":"{{Users("conversations")}}"},{"id":"v2.users.me.moods"},{"id":"{{suggestions}}"}]""");
        mixed.Json["entities"]!.AsArray().Select(e => e!["state"]!.GetValue<string>()).ShouldBe(["Permitted", "Rejected", "Rejected"]);
        mixed.Json["entities"]![2]!["missingPermissions"]!.ToJsonString().ShouldBe("""["conversation:suggestion:view"]""");
        (await reader.GetAsync(path)).Json["entities"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_channel_takes_a_thousand_topics_and_not_one_more()
    {
        var id = await IdAsync();
        var topics = Enumerable.Range(0, 1000).Select(n => $"v2.detail.events.conversation.{new Guid(n, 0, 0, new byte[8])}.acd.start").ToArray();
        await SubscribeAsync(id, topics);
        var more = await Client.PostAsync($"/notifications/channels/{id}/subscriptions", $$"""[{"id":"{{Users("presence")}}"}]""");
        (more.Status, more.Code).ShouldBe((HttpStatusCode.BadRequest, "notification.subscription.too.many.subscriptions"));
        (await TopicsAsync(id)).Count.ShouldBe(1000);
    }

    [Fact]
    public async Task Available_topics_tell_what_was_asked_for()
    {
        var plain = (await Client.GetAsync("/notifications/availabletopics")).Json["entities"]!.AsArray();
        plain[0]!.ToJsonString().ShouldBe("""{"id":"v2.users.{id}.conversations"}""");
        var wide = (await Client.GetAsync("/notifications/availabletopics?expand=requiresPermissions,transports")).Json["entities"]!.AsArray();
        wide[0]!["requiresPermissions"]!.ToJsonString().ShouldBe("""["conversation:communication:view"]""");
        wide.Single(t => t!["id"]!.GetValue<string>() == "v2.detail.events.conversation.{id}.acd.start")!["transports"]!.ToJsonString().ShouldBe("""["All"]""");
    }

    [Fact]
    public async Task The_21st_channel_takes_the_place_of_the_one_longest_unused()
    {
        var first = await IdAsync();
        await using var connected = await ConnectAsync(first);
        var rest = new List<string>();
        for (var i = 1; i < 20; i++) rest.Add(await IdAsync());
        Time.Advance(TimeSpan.FromSeconds(1));
        await SubscribeAsync(rest[0], Users("presence"));
        await IdAsync();
        // The first is older, but somebody listens to it; the second was used a second ago.
        Organization.NotificationChannels.Select(c => c.Id).ShouldNotContain(rest[1]);
        Organization.NotificationChannels.Count.ShouldBe(20);
        Organization.EvictChannel(first);
        var farewell = await connected.TakeAsync();
        farewell["topicName"]!.GetValue<string>().ShouldBe($"v2.system.no_longer_subscribed.{first}");
        farewell["eventBody"]!["reason"]!.GetValue<string>().ShouldBe("another_channel_subscribed");
        await connected.ClosedAsync();
    }

    [Fact]
    public async Task Frames_are_as_the_platform_writes_them()
    {
        var ana = Organization.Agents[0].Id;
        var id = await IdAsync();
        await SubscribeAsync(id, $"v2.users.{ana}?routingStatus&activity", $"v2.routing.queues.{Queue("Billing")}.users", $"v2.detail.events.conversation.{Id}.attributes");
        await using var socket = await ConnectAsync(id);
        (await AskAsync(socket, """{"message":"ping"}""")).ShouldBe("""{"topicName":"channel.metadata","eventBody":{"message":"pong"}}""");
        Time.Advance(TimeSpan.FromSeconds(30));
        (await socket.TakeTextAsync()).ShouldBe("""{"topicName":"channel.metadata","eventBody":{"message":"WebSocket Heartbeat"}}""");

        Organization.SetRoutingStatus(ana, "OFF_QUEUE");
        Golden(await socket.TakeAsync()).ShouldBe($$$"""{"topicName":"v2.users.{{{ana}}}.routingStatus","version":"2","eventBody":{"id":"{{{ana}}}","routingStatus":{"status":"OFF_QUEUE","startTime":"2026-08-20T10:00:30.000Z"}},"metadata":{}}""");
        (await socket.TakeAsync())["eventBody"]!["presence"]!["presenceDefinition"]!["systemPresence"]!.GetValue<string>().ShouldBe("AVAILABLE");
        Organization.SetJoined(ana, Queue("Billing"), joined: false);
        Golden(await socket.TakeAsync()).ShouldBe($$$"""{"topicName":"v2.routing.queues.{{{Queue("Billing")}}}.users","version":"2","eventBody":{"id":"{{{ana}}}","user":{"id":"{{{ana}}}","name":"Ana Alvarez"},"queueId":"{{{Queue("Billing")}}}","joined":false},"metadata":{}}""");
        await socket.TakeAsync();

        Organization.SetAttributes(Id, new Dictionary<string, string> { ["tier"] = "gold" });
        Golden(await socket.TakeAsync()).ShouldBe($$$"""{"topicName":"v2.detail.events.conversation.{{{Id}}}.attributes","version":"2","eventBody":{"eventTime":1787220030000,"conversationId":"{{{Id}}}","participantId":"{{{Started.CustomerParticipantId}}}","sessionId":"{{{Started.CustomerCommunicationId}}}","mediaType":"MESSAGE","provider":"PureCloud Webmessaging","direction":"INBOUND","messageType":"WEBMESSAGING","attributes":{"context.order":"42","tier":"gold"}},"metadata":{}}""");
    }

    [Fact]
    public async Task A_handoff_is_told_to_its_queue_and_its_agent()
    {
        var id = await IdAsync();
        var queue = $"v2.routing.queues.{Queue("Billing")}.conversations";
        await SubscribeAsync(id, [queue, queue + ".messages", .. Organization.Agents.Select(a => $"v2.users.{a.Id}.conversations")]);
        await using var socket = await ConnectAsync(id);
        await HandOffAsync("Billing");
        Time.Advance(TimeSpan.FromSeconds(2));
        await QuietAsync();

        var told = socket.Heard.Select(f => JsonNode.Parse(f)!).ToList();
        var whole = told.Where(f => f["topicName"]!.GetValue<string>() == queue).Select(f => f["eventBody"]!).ToList();
        var waiting = whole.First(b => b["participants"]!.AsArray().Any(p => p!["purpose"]!.GetValue<string>() == "acd"));
        waiting["id"]!.GetValue<string>().ShouldBe(Id);
        (waiting["recordingState"]!.GetValue<string>(), waiting["recentTransfers"]![0]!["state"]!.GetValue<string>(), waiting["recentTransfers"]![0]!["transferType"]!.GetValue<string>())
            .ShouldBe(("none", "active", "unattended"));
        waiting["participants"]![0]!["participantType"]!.GetValue<string>().ShouldBe("external");
        waiting["participants"]![0]!["attributes"]!["context.order"]!.GetValue<string>().ShouldBe("42");
        var last = whole[^1]["participants"]!.AsArray();
        last.Select(p => p!["messages"]![0]!["state"]!.GetValue<string>()).ShouldBe(["connected", "disconnected", "disconnected", "connected"]);
        last[3]!["wrapupExpected"]!.GetValue<bool>().ShouldBeTrue();

        var flat = told.Last(f => f["topicName"]!.GetValue<string>() == queue + ".messages")["eventBody"]!["participants"]!;
        (flat[3]!["state"]!.GetValue<string>(), flat[3]!["user"]!["name"]!.GetValue<string>()).ShouldBe(("connected", View.Participants[3].UserId == Organization.Agents[0].Id ? "Ana Alvarez" : Organization.Agents.Single(a => a.Id == View.Participants[3].UserId).Name));
        flat[2]!["queue"]!.ToJsonString().ShouldBe($$"""{"id":"{{Queue("Billing")}}","name":"Billing"}""");
        Guid.TryParse(flat[0]!["messages"]![0]!["message"]!["id"]!.GetValue<string>(), out _).ShouldBeTrue();
        flat[0]!["messages"]![0]!["messageId"].ShouldBeNull();
        told.Count(f => f["topicName"]!.GetValue<string>() == $"v2.users.{View.Participants[3].UserId}.conversations").ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task What_happens_while_nobody_is_connected_is_gone()
    {
        var id = await IdAsync();
        await SubscribeAsync(id, Detail("attributes"));
        Touch("before");
        await using (var socket = await ConnectAsync(id))
        {
            Touch("during");
            (await socket.TakeAsync())["eventBody"]!["attributes"]!["touched"]!.GetValue<string>().ShouldBe("during");
        }
        await NobodyIsConnectedAsync(id);
        Touch("between");
        await using var again = await ConnectAsync(id);
        Touch("after");
        (await again.TakeAsync())["eventBody"]!["attributes"]!["touched"]!.GetValue<string>().ShouldBe("after");
        var channel = Organization.NotificationChannels.Single();
        (channel.Sent, channel.Missed).ShouldBe((2, 2));
    }

    [Fact]
    public async Task A_second_socket_of_a_channel_closes_the_first()
    {
        var id = await IdAsync();
        await SubscribeAsync(id, Detail("attributes"));
        await using var first = await ConnectAsync(id);
        await using var second = await ConnectAsync(id);
        await first.ClosedAsync();
        first.CloseStatus.ShouldBe(WebSocketCloseStatus.EndpointUnavailable);
        Touch("x");
        await second.TakeAsync();
        first.Heard.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_channel_lives_a_day_from_its_last_subscription()
    {
        var id = await IdAsync();
        await using var socket = await ConnectAsync(id);
        Time.Advance(TimeSpan.FromHours(23));
        await LogInAgainAsync();
        await SubscribeAsync(id, Detail("attributes"));
        Time.Advance(TimeSpan.FromHours(23));
        Organization.NotificationChannels.Single().IsConnected.ShouldBeTrue();
        Time.Advance(TimeSpan.FromHours(1));
        await socket.ClosedAsync();
        socket.Heard[^1].ShouldBe("""{"result":"404","status":"failure"}""");
        socket.Heard.Count(f => f.Contains("Heartbeat", StringComparison.Ordinal)).ShouldBe((47 * 120) - 1);

        await using var late = await ConnectAsync(id);
        (await late.TakeTextAsync()).ShouldBe("""{"result":"404","status":"failure"}""");
        await late.ClosedAsync();
        late.CloseStatus.ShouldBe(WebSocketCloseStatus.PolicyViolation);
        await LogInAgainAsync();
        (await Client.GetAsync($"/notifications/channels/{id}/subscriptions")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_revoked_token_takes_its_channels_with_it()
    {
        var id = await IdAsync();
        await using var socket = await ConnectAsync(id);
        (await Client.DeleteAsync("/tokens/me")).Status.ShouldBe(HttpStatusCode.NoContent);
        var told = await socket.TakeAsync();
        (told["eventBody"]!["systemTopicType"]!.GetValue<string>(), told["eventBody"]!["reason"]!.GetValue<string>()).ShouldBe(("token_revoked", "user_tokens_revoked"));
        await socket.ClosedAsync();
        Organization.NotificationChannels.ShouldBeEmpty();
    }

    [Fact]
    public async Task Topics_can_be_subscribed_to_over_the_socket()
    {
        var id = await IdAsync();
        await using var socket = await ConnectAsync(id);
        (await AskAsync(socket, $$"""{"message":"subscribe","topics":["{{Detail("attributes")}}"],"correlationId":"x"}""")).ShouldBe("""{"result":"200","status":"subscribed","correlationId":"x"}""");
        (await AskAsync(socket, """{"message":"subscribe","topics":["v2.no.such"]}""")).ShouldBe("""{"result":"400","status":"failure"}""");
        (await AskAsync(socket, "not json")).ShouldBe("""{"result":"400","status":"failure"}""");
        (await AskAsync(socket, """{"message":7}""")).ShouldBe("""{"result":"400","status":"failure"}""");
        (await TopicsAsync(id)).ShouldBe([Detail("attributes")]);
        Organization.ExpireTokens();
        (await AskAsync(socket, $$"""{"message":"subscribe","topics":["{{Detail("acw")}}"]}""")).ShouldBe("""{"result":"404","status":"failure"}""");
    }

    [Fact]
    public async Task A_closing_socket_is_announced_a_minute_ahead()
    {
        var id = await IdAsync();
        await SubscribeAsync(id, Detail("attributes"));
        await using var socket = await ConnectAsync(id);
        Organization.AnnounceClosing(id);
        var announced = await socket.TakeAsync();
        (announced["topicName"]!.GetValue<string>(), announced["eventBody"]!["channelId"]!.GetValue<string>()).ShouldBe(("v2.system.socket_closing", id));
        Time.Advance(TimeSpan.FromSeconds(29));
        Touch("still");
        await socket.TakeAsync();
        Time.Advance(TimeSpan.FromSeconds(31));
        await socket.ClosedAsync();
        socket.CloseStatus.ShouldBe(WebSocketCloseStatus.EndpointUnavailable);
        await using var next = await ConnectAsync(id);
        Touch("again");
        (await next.TakeAsync())["eventBody"]!["attributes"]!["touched"]!.GetValue<string>().ShouldBe("again");
    }

    [Fact]
    public async Task Notifications_may_come_twice_late_out_of_order_or_never()
    {
        var id = await IdAsync();
        await SubscribeAsync(id, Detail("attributes"));
        await using var socket = await ConnectAsync(id);
        Sandbox.Faults.Replace(
        [
            new() { Kind = FaultKind.FrameDuplicated, Path = "v2.detail.*", Times = 1 },
            new() { Kind = FaultKind.FrameDropped, Path = "v2.detail.*", Skip = 1, Times = 1 },
            new() { Kind = FaultKind.FrameReordered, Path = "v2.detail.*", Skip = 2, Times = 1 },
            new() { Kind = FaultKind.FrameDelayed, Milliseconds = 5000, Path = "v2.detail.*", Skip = 4, Times = 1 },
            new() { Kind = FaultKind.FrameReordered, Path = "v2.detail.*", Skip = 4, Times = 1 },
        ]);
        foreach (var name in (string[])["twice", "never", "third", "fourth", "late", "held"]) Touch(name);
        await QuietAsync();
        Touched(socket).ShouldBe(["twice", "twice", "fourth", "third"]);
        Time.Advance(TimeSpan.FromSeconds(1));
        await QuietAsync();
        Touched(socket).ShouldBe(["twice", "twice", "fourth", "third", "held"]);
        Time.Advance(TimeSpan.FromSeconds(4));
        await QuietAsync();
        Touched(socket)[^1].ShouldBe("late");
        Sandbox.Ledger.Of(LedgerKind.FaultInjected, Id).Count.ShouldBe(5);
    }

    [Theory]
    [InlineData(FaultKind.SocketDropped, null, 0)]
    [InlineData(FaultKind.ChannelExpired, WebSocketCloseStatus.EndpointUnavailable, 1)]
    [InlineData(FaultKind.ChannelEvicted, WebSocketCloseStatus.EndpointUnavailable, 1)]
    public async Task A_socket_may_end_in_the_middle_and_what_came_before_was_heard(FaultKind kind, WebSocketCloseStatus? status, int farewells)
    {
        var id = await IdAsync();
        await SubscribeAsync(id, Detail("attributes"));
        await using var socket = await ConnectAsync(id);
        Sandbox.Faults.Add(new() { Kind = kind, Path = "v2.detail.*", Skip = 2, Times = 1 });
        foreach (var name in (string[])["one", "two", "three", "four"]) Touch(name);
        await socket.ClosedAsync();
        socket.CloseStatus.ShouldBe(status);
        Touched(socket).ShouldBe(["one", "two"]);
        socket.Heard.Count.ShouldBe(2 + farewells);
        Organization.NotificationChannels.Count.ShouldBe(kind == FaultKind.SocketDropped ? 1 : 0);
    }

    [Fact]
    public async Task Heartbeats_can_fail_and_channels_be_refused()
    {
        var id = await IdAsync();
        await using var socket = await ConnectAsync(id);
        Sandbox.Faults.Replace(
        [
            new() { Kind = FaultKind.FrameDropped, Path = "channel.metadata", Times = 2 },
            new() { Kind = FaultKind.TooManyRequests, Method = "POST", Path = "/api/v2/notifications/channels", RetryAfterSeconds = 3 },
        ]);
        Time.Advance(TimeSpan.FromSeconds(60));
        await QuietAsync();
        socket.Heard.ShouldBeEmpty();
        Time.Advance(TimeSpan.FromSeconds(30));
        await socket.TakeAsync();
        var refused = await Client.PostAsync("/notifications/channels");
        (refused.Status, refused.Headers["Retry-After"]).ShouldBe((HttpStatusCode.TooManyRequests, "3"));
    }

    [Fact]
    public async Task The_seed_draws_what_goes_wrong_on_sockets()
    {
        var runs = new List<IReadOnlyList<string>>();
        for (var run = 0; run < 2; run++)
        {
            await using var twin = await GenesysSandbox.StartAsync(new() { Time = new Baton.Tests.ManualTime() }, TestContext.Current.CancellationToken);
            using var client = await SandboxClient.LoggedInAsync(twin);
            var channel = (await client.PostAsync("/notifications/channels")).Json;
            var conversation = twin.Organization.StartConversation(new GuestProfile("Gina")).ConversationId;
            await client.PostAsync($"/notifications/channels/{channel["id"]}/subscriptions", $$"""[{"id":"v2.detail.events.conversation.{{conversation}}.attributes"}]""");
            await using var socket = await SandboxSocket.ConnectAsync(channel["connectUri"]!.GetValue<string>());
            foreach (var kind in (FaultKind[])[FaultKind.FrameDropped, FaultKind.FrameDuplicated, FaultKind.FrameReordered]) twin.Faults.Add(new() { Kind = kind, Probability = 0.3 });
            for (var i = 0; i < 50; i++) twin.Organization.SetAttributes(conversation, new Dictionary<string, string> { ["touched"] = $"{i}" });
            while (twin.EventsUnderway > 0) await Task.Yield();
            runs.Add(socket.Heard);
        }
        runs[0].Count.ShouldBeGreaterThan(20);
        runs[0].ShouldBe(runs[1]);
    }

    [Fact]
    public async Task Another_process_lists_and_breaks_channels()
    {
        var id = await IdAsync();
        await using var socket = await ConnectAsync(id);
        var listed = (await Client.AdminAsync(HttpMethod.Get, "/channels")).Json[0]!;
        (listed["id"]!.GetValue<string>(), listed["isConnected"]!.GetValue<bool>(), listed["clientId"]!.GetValue<string>()).ShouldBe((id, true, "baton-sandbox"));
        await Client.AdminAsync(HttpMethod.Post, $"/channels/{id}/closing", """{"seconds":5}""");
        (await socket.TakeAsync())["topicName"]!.GetValue<string>().ShouldBe("v2.system.socket_closing");
        await Client.AdminAsync(HttpMethod.Post, $"/channels/{id}/drop");
        await socket.ClosedAsync();
        (await Client.AdminAsync(HttpMethod.Post, $"/channels/{id}/evict")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await Client.AdminAsync(HttpMethod.Post, $"/channels/{id}/expire")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_thousand_conversations_are_told_over_four_channels_each_once()
    {
        var conversations = Enumerable.Range(0, 1000).Select(_ => Organization.StartConversation(new GuestProfile("Gina"), null).ConversationId).ToList();
        var sockets = new List<SandboxSocket>();
        foreach (var share in conversations.Chunk(250))
        {
            var id = await IdAsync();
            await SubscribeAsync(id, [.. share.Select(c => $"v2.detail.events.conversation.{c}.attributes")]);
            sockets.Add(await ConnectAsync(id));
        }
        foreach (var conversation in conversations) Organization.SetAttributes(conversation, new Dictionary<string, string> { ["touched"] = conversation });
        await QuietAsync();
        sockets.SelectMany(Touched).ShouldBe(conversations);
        foreach (var socket in sockets) await socket.DisposeAsync();
    }

    [Fact]
    public async Task What_is_no_websocket_is_refused_and_what_is_none_of_the_protocol_ends_it()
    {
        var id = await IdAsync();
        using var http = new HttpClient(new SocketsHttpHandler());
        using var plain = await http.GetAsync(new Uri(Sandbox.BaseAddress, $"/channels/{id}"), TestContext.Current.CancellationToken);
        plain.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await using var socket = await ConnectAsync(id);
        // It may be hung up on before all of it is sent.
        try { await socket.SendAsync(new string('x', 600_000)); }
        catch (Exception e) when (e is OperationCanceledException or System.Net.WebSockets.WebSocketException) { }
        await socket.ClosedAsync();
        await NobodyIsConnectedAsync(id);
    }

    static string Users(string what) => $"v2.users.{Somebody}.{what}";

    string Detail(string what) => $"v2.detail.events.conversation.{Id}.{what}";

    void Touch(string value) => Organization.SetAttributes(Id, new Dictionary<string, string> { ["touched"] = value });

    static List<string> Touched(SandboxSocket socket) =>
        [.. socket.Heard.Select(f => JsonNode.Parse(f)!["eventBody"]?["attributes"]?["touched"]?.GetValue<string>()).OfType<string>()];

    /// <summary>A frame without its correlation id, which only has to be there.</summary>
    static string Golden(JsonNode frame)
    {
        frame["metadata"]!.AsObject().Remove("CorrelationId").ShouldBeTrue();
        return frame.ToJsonString();
    }

    static async Task<string> AskAsync(SandboxSocket socket, string text)
    {
        await socket.SendAsync(text);
        return await socket.TakeTextAsync();
    }

    async Task QuietAsync()
    {
        while (Sandbox.EventsUnderway > 0) await Task.Yield();
    }

    async Task NobodyIsConnectedAsync(string id)
    {
        while (Organization.NotificationChannels.Single(c => c.Id == id).IsConnected) await Task.Yield();
    }

    async Task LogInAgainAsync() => Client.Token = (await Client.LoginAsync("baton-sandbox", "sandbox-secret")).Json["access_token"]!.GetValue<string>();

    async Task<JsonNode> OpenAsync()
    {
        var opened = await Client.PostAsync("/notifications/channels");
        opened.Status.ShouldBe(HttpStatusCode.OK, opened.Text);
        return opened.Json;
    }

    async Task<string> IdAsync() => (await OpenAsync())["id"]!.GetValue<string>();

    async Task SubscribeAsync(string id, params string[] topics)
    {
        var body = new JsonArray([.. topics.Select(t => new JsonObject { ["id"] = t })]);
        var reply = await Client.PostAsync($"/notifications/channels/{id}/subscriptions", body.ToJsonString());
        reply.Status.ShouldBe(HttpStatusCode.OK, reply.Text);
    }

    async Task<List<string>> TopicsAsync(string id) =>
        [.. (await Client.GetAsync($"/notifications/channels/{id}/subscriptions")).Json["entities"]!.AsArray().Select(e => e!["id"]!.GetValue<string>())];

    Task<SandboxSocket> ConnectAsync(string id) => SandboxSocket.ConnectAsync($"ws://{Sandbox.BaseAddress.Authority}/channels/{id}");
}
