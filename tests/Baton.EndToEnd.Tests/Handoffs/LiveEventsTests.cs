using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Genesys.Events;
using Baton.Sandbox;
using Baton.Server;

namespace Baton.EndToEnd.Tests.Handoffs;

/// <summary>What the platform tells by itself need not be asked for: over EventBridge, over notifications, with everything that may happen to both on the way.</summary>
[Collection(OnVirtualTime.Name)]
public sealed class LiveEventsTests
{
    const string OfQueues = "v2.routing.queues.*";
    const string Channels = "/api/v2/notifications/channels";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static Task<HandoffWorld> FedAsync(Func<BatonSettings, BatonSettings>? configured = null, Func<SandboxOptions, SandboxOptions>? sandboxed = null) => HandoffWorld.StartAsync(sandboxed, configured, withEvents: true);

    /// <summary>No events but those of notifications.</summary>
    static async Task<HandoffWorld> NotifiedAsync(Func<HttpMessageHandler, HttpMessageHandler>? wired = null)
    {
        var world = await HandoffWorld.StillAsync(o => o with { EventTargets = [] }, s => s with { Genesys = s.Genesys with { Notifications = true } }, withEvents: true, wired);
        world.Begin();
        await world.UntilAsync(() => world.Baton.Feed!.State.IsWhole);
        return world;
    }

    /// <summary>What was called for a conversation, in order.</summary>
    static IReadOnlyList<string> CallsFor(HandoffWorld world, string conversation) =>
        [.. world.Ledger.Requests().Where(r => r.ConversationId == conversation).Select(r => $"{r.Method} {r.Route!.Split('/')[^1]}")];

    [Fact(Timeout = 120_000)]
    public async Task Fed_by_events_a_handoff_makes_three_calls()
    {
        await using var world = await FedAsync();
        var conversation = world.Converse();
        await world.PassAsync(TimeSpan.FromSeconds(1));
        await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));
        world.ShouldBeTransferredOnce(conversation, "Support");
        CallsFor(world, conversation).ShouldBe(["PATCH attributes", "POST queue", "POST messages"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task Skills_and_priority_are_a_fourth()
    {
        await using var world = await FedAsync();
        var conversation = world.Converse();
        await world.PassAsync(TimeSpan.FromSeconds(1));
        await world.UntilWithAgentAsync(await world.RequestAsync(conversation, new RouteStep { Queue = "Support", Skills = ["refunds"], Priority = 8 }));
        world.ShouldBeTransferredOnce(conversation, "Support");
        CallsFor(world, conversation).Count.ShouldBe(4);
    }

    [Fact(Timeout = 120_000)]
    public async Task Notifications_of_the_queue_save_the_looks_after_the_transfer()
    {
        await using var world = await NotifiedAsync();
        var conversation = world.Converse();
        await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));
        world.ShouldBeTransferredOnce(conversation, "Support");
        // The leg before the transfer is in no queue, so it is read.
        CallsFor(world, conversation).ShouldBe(["GET {conversationId}", "PATCH attributes", "POST queue", "POST messages"]);
    }

    [Fact(Timeout = 600_000)]
    public async Task Watching_a_thousand_conversations_costs_no_call()
    {
        await using var world = await FedAsync();
        var conversations = Enumerable.Range(0, 1_000).Select(_ => world.Converse("Hello")).ToList();
        await world.PassAsync(TimeSpan.FromMinutes(30));
        foreach (var conversation in conversations.Take(300)) world.Organization.OtherSystemTransfers(conversation, "Support");
        await world.PassAsync(TimeSpan.FromMinutes(30));
        foreach (var conversation in conversations.Take(600)) world.Organization.GuestLeaves(conversation);
        await world.PassAsync(TimeSpan.FromMinutes(1));
        world.Ledger.Requests().Where(r => r.Client is not null).ShouldBeEmpty();
        (await world.Baton.Store.FindLiveAsync(conversations[0], Ct))!.Conversation.Holder().ShouldBe(Owner.Nobody);
        (await world.Baton.Store.FindLiveAsync(conversations[999], Ct))!.Conversation.Holder().ShouldBe(Owner.Bot);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(FaultKind.FrameDuplicated, null)]
    [InlineData(FaultKind.FrameDropped, null)]
    [InlineData(FaultKind.FrameReordered, null)]
    [InlineData(FaultKind.FrameDelayed, null)]
    [InlineData(FaultKind.SocketClosing, 3)]
    [InlineData(FaultKind.SocketDropped, 3)]
    [InlineData(FaultKind.ChannelExpired, 3)]
    [InlineData(FaultKind.ChannelEvicted, 3)]
    public async Task Whatever_becomes_of_notifications_the_end_is_the_same(FaultKind kind, int? times)
    {
        await using var world = await NotifiedAsync();
        world.Fails(kind, OfQueues, times, milliseconds: 4000);
        var conversation = world.Converse();
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));
        world.ShouldBeTransferredOnce(conversation, "Support");
        await world.PassAsync(TimeSpan.FromMinutes(2));
        world.Organization.AgentEnds(conversation);
        handoff = await world.UntilAsync(handoff, HandoffState.Completed);
        handoff.Failure.ShouldBeNull();
        await world.UntilAsync(() => world.Baton.Feed!.State.IsWhole);
        (await world.AuditAsync()).IsSound.ShouldBeTrue();
    }

    [Theory(Timeout = 120_000)]
    [InlineData(FaultKind.EventDuplicated)]
    [InlineData(FaultKind.EventDropped)]
    [InlineData(FaultKind.EventReordered)]
    public async Task A_transfer_that_is_not_told_of_is_looked_for_when_it_has_had_its_time(FaultKind kind)
    {
        await using var world = await FedAsync();
        var conversation = world.Converse();
        await world.PassAsync(TimeSpan.FromSeconds(1));
        world.Fails(kind, "*.acd.*", times: null);
        world.Fails(kind, "*.flow.end", times: null);
        await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));
        world.ShouldBeTransferredOnce(conversation, "Support");
        var calls = CallsFor(world, conversation);
        calls.Count(c => c == "POST queue").ShouldBe(1);
        if (kind != FaultKind.EventDropped) calls.ShouldBe(["PATCH attributes", "POST queue", "POST messages"]);
        else calls.ShouldContain("GET {conversationId}");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_transfer_that_was_accepted_and_forgotten_is_sent_again_only_after_it_was_read_that_it_is_not_there()
    {
        await using var world = await FedAsync();
        world.Fails(FaultKind.TransferFailsAfterAccepted, HandoffWorld.Transfers);
        var conversation = world.Converse();
        await world.PassAsync(TimeSpan.FromSeconds(1));
        await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));
        world.ShouldBeTransferredOnce(conversation, "Support");
        CallsFor(world, conversation).ShouldBe(["PATCH attributes", "POST queue", "GET {conversationId}", "POST queue", "POST messages"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task Who_was_moved_by_somebody_else_without_a_word_is_not_moved_again()
    {
        await using var world = await FedAsync();
        var conversation = world.Converse();
        await world.PassAsync(TimeSpan.FromSeconds(1));
        world.Fails(FaultKind.EventDropped, times: null);
        world.Organization.OtherSystemTransfers(conversation, "Billing");
        await world.PassAsync(TimeSpan.FromMinutes(1));
        var handoff = await world.UntilSettledAsync(await world.RequestAsync(conversation, "Support"));
        handoff.State.ShouldBe(HandoffState.Refused);
        // The leg had left: asked for once, and refused.
        world.Applied(conversation).ShouldBeEmpty();
        world.Asked(conversation).ShouldBe(1);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_happened_in_a_gap_is_read_afterwards()
    {
        await using var world = await NotifiedAsync();
        var conversation = world.Converse();
        var handoff = await world.UntilSettledAsync(await world.RequestAsync(conversation, "Support"));
        handoff.State.ShouldBe(HandoffState.Queued);
        // The agent accepts while nobody is connected, and there is no replay.
        world.Fails(FaultKind.Status, Channels, times: 4, status: 503, method: "POST");
        world.Organization.ExpireChannel(world.Organization.NotificationChannels.Single().Id);
        var reads = CallsFor(world, conversation).Count(c => c.StartsWith("GET", StringComparison.Ordinal));
        await world.UntilWithAgentAsync(handoff);
        CallsFor(world, conversation).Count(c => c.StartsWith("GET", StringComparison.Ordinal)).ShouldBeGreaterThan(reads);
        await world.UntilAsync(() => world.Baton.Feed!.State.IsWhole);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_happened_while_the_server_was_restarted_is_read_afterwards()
    {
        await using var world = await NotifiedAsync();
        var (waiting, gone) = (world.Converse(), world.Converse());
        var handoff = await world.UntilSettledAsync(await world.RequestAsync(waiting, "Support"));
        var left = await world.UntilSettledAsync(await world.RequestAsync(gone, "Night Desk"));
        (handoff.State, left.State).ShouldBe((HandoffState.Queued, HandoffState.Queued));
        await world.RestartAsync(async () =>
        {
            world.Organization.GuestLeaves(gone);
            await world.PassAsync(TimeSpan.FromMinutes(1));
            world.Organization.Conversation(waiting).Holder!.Purpose.ShouldBe("agent", "the agent has accepted, and nobody heard it");
        });
        (await world.UntilWithAgentAsync(handoff)).AgentId.ShouldNotBeNull();
        await world.UntilAsync(left, HandoffState.Abandoned);
        world.ShouldBeTransferredOnce(waiting, "Support");
        world.Applied(gone).ShouldBe(["Night Desk"]);

        // And what happens from now on is heard again.
        await world.UntilAsync(() => world.Baton.Feed!.State.IsWhole);
        var heard = world.Baton.Feed!.State.Heard;
        var next = world.Converse();
        await world.UntilWithAgentAsync(await world.RequestAsync(next, "Support"));
        world.ShouldBeTransferredOnce(next, "Support");
        world.Baton.Feed!.State.Heard.ShouldBeGreaterThan(heard);
        (await world.AuditAsync()).Problems.ShouldBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_platform_that_is_down_for_a_while_is_come_back_to()
    {
        await using var world = await NotifiedAsync();
        world.Fails(FaultKind.Status, times: 60, status: 503);
        foreach (var channel in world.Organization.NotificationChannels) world.Organization.ExpireChannel(channel.Id);
        var conversation = world.Converse();
        await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));
        world.ShouldBeTransferredOnce(conversation, "Support");
        await world.UntilAsync(() => world.Baton.Feed!.State.IsWhole);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_revoked_token_takes_its_channel_along_and_another_is_opened()
    {
        await using var world = await NotifiedAsync();
        var before = world.Organization.NotificationChannels.Single().Id;
        world.Organization.ExpireChannel(before);
        world.Fails(FaultKind.TokenExpires, Channels);
        await world.UntilAsync(() => world.Baton.Feed!.State.IsWhole && world.Organization.NotificationChannels.Any(c => c.IsConnected));
        world.Organization.NotificationChannels.ShouldNotContain(c => c.Id == before);
    }

    [Fact(Timeout = 120_000)]
    public async Task Health_tells_an_operator_whether_notifications_are_heard_and_since_when()
    {
        using var line = new Line();
        await using var world = await NotifiedAsync(line.Before);
        var up = await NotificationsAsync(world);
        (up["channels"]!.GetValue<int>(), up["connected"]!.GetValue<int>(), up["isWhole"]!.GetValue<bool>()).ShouldBe((1, 1, true));
        up["topics"]!.GetValue<int>().ShouldBe(world.Organization.NotificationChannels.Single().Topics.Count);
        var since = up["connectedSince"]!.GetValue<DateTimeOffset>();

        line.IsCut = true;
        world.Organization.DropSocket(world.Organization.NotificationChannels.Single().Id);
        // It has tried to come back, more than once.
        await world.UntilAsync(() => line.Refused > 1);
        var down = await NotificationsAsync(world);
        (down["channels"]!.GetValue<int>(), down["connected"]!.GetValue<int>(), down["isWhole"]!.GetValue<bool>()).ShouldBe((1, 0, false));
        down["connectedSince"].ShouldBeNull();

        line.IsCut = false;
        await world.UntilAsync(() => world.Baton.Feed!.State.IsWhole);
        var back = await NotificationsAsync(world);
        (back["connected"]!.GetValue<int>(), back["isWhole"]!.GetValue<bool>()).ShouldBe((1, true));
        back["connectedSince"]!.GetValue<DateTimeOffset>().ShouldBeGreaterThan(since);
    }

    [Fact(Timeout = 120_000)]
    public async Task Health_says_nothing_of_notifications_that_nobody_listens_to()
    {
        await using var world = await FedAsync();
        (await HealthAsync(world))["notifications"].ShouldBeNull();
    }

    [Fact(Timeout = 120_000)]
    public async Task Two_thousand_topics_are_three_channels_with_a_connection_each()
    {
        await using var world = await HandoffWorld.StartAsync();
        var feed = world.Baton.Feed!;
        await using var listening = new Listening(feed, [.. Enumerable.Range(0, 2_000).Select(i => new Guid(i, 0, 0, new byte[8]).ToString()), world.Queue("Support")]);
        await world.UntilAsync(() => feed.State is { IsWhole: true, Channels: 3, Topics: 2_001, Refused: 0 });
        world.Organization.NotificationChannels.Select(c => c.Topics.Count).ShouldBe([1000, 1000, 1], ignoreOrder: true);
        world.Organization.OtherSystemTransfers(world.Converse(), "Support");
        await world.UntilAsync(() => feed.State.Heard > 0);
        feed.HearsQueueSince("unknown").ShouldBeNull();
    }

    /// <summary>A heartbeat every half minute, and each is waited for: of many channels this would take minutes.</summary>
    [Fact(Timeout = 600_000)]
    public async Task A_channel_lives_longer_than_a_day_without_a_gap()
    {
        await using var world = await HandoffWorld.StartAsync();
        var feed = world.Baton.Feed!;
        await using (new Listening(feed, [world.Queue("Support")]))
        {
            await world.UntilAsync(() => feed.State.IsWhole);
            var since = feed.HearsQueueSince(world.Queue("Support")).ShouldNotBeNull();
            await world.PassAsync(TimeSpan.FromHours(25));
            feed.State.IsWhole.ShouldBeTrue();
            feed.HearsQueueSince(world.Queue("Support")).ShouldBe(since);
            world.Organization.OtherSystemTransfers(world.Converse(), "Support");
            await world.UntilAsync(() => feed.State.Heard > 0);
        }
        feed.State.Channels.ShouldBe(0);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_conversation_that_goes_bad_is_handed_off_with_nobody_touching_anything()
    {
        await using var world = await HandoffWorld.StillAsync(null, s => s with { Genesys = s.Genesys with { Notifications = true } }, withEvents: true);
        world.Begin();
        var deployment = world.Organization.AddDeployment("Shop").Id;
        const string Token = "7f0c9a52-2d0e-4a44-9a3f-0d7c2b1f9d11";
        await using var page = await SandboxSocket.ConnectAsync($"ws://{world.Sandbox.ApiBaseUrl.Authority}/v1?deploymentId={deployment}", world.Network, origin: "https://shop.example");
        await page.AskAsync($$"""{"action":"configureSession","token":"{{Token}}","deploymentId":"{{deployment}}","startNew":false}""");
        string? conversation = null;
        foreach (var (text, confidence) in new[] { ("Where is my order?", 0.9), ("No, the other one", 0.5), ("You do not understand me. Let me talk to a human.", 0.2) })
        {
            await page.SendAsync($$$"""{"action":"onMessage","token":"{{{Token}}}","message":{"type":"Text","text":"{{{text}}}"}}""");
            await world.UntilAsync(() => world.Organization.GuestSessions.SingleOrDefault()?.ConversationId is { } id && world.Organization.Conversation(id).Messages.Any(m => m.Text == text));
            conversation = world.Organization.GuestSessions.Single().ConversationId!;
            var message = world.Organization.Conversation(conversation).Messages.Last(m => m.Text == text);
            // What a bot flow's data action does on every turn.
            (await PostAsync(world, conversation, message.Id, text, world.Time.GetUtcNow(), 1, confidence)).Status.ShouldBe(HttpStatusCode.OK);
            await world.PassAsync(TimeSpan.FromSeconds(20));
        }
        var handoff = (await world.Baton.Store.ListHandoffsAsync(new() { ConversationId = conversation }, Ct)).ShouldHaveSingleItem();
        await world.UntilWithAgentAsync(handoff);
        world.Applied(conversation!).ShouldBe(["Support"]);
        CallsFor(world, conversation!).ShouldBe(["PATCH attributes", "POST queue", "POST messages"]);

        // The bot still has something to say.
        var owner = await OwnerAsync(world, conversation!);
        owner["kind"]!.GetValue<string>().ShouldBe("agent", StringCompareShould.IgnoreCase);
        var (status, problem) = await PostAsync(world, conversation!, "late", "Anything else?", world.Time.GetUtcNow(), 1, 0.9);
        status.ShouldBe(HttpStatusCode.Conflict);
        problem["code"]!.GetValue<string>().ShouldBe("owner.changed");
        problem["owner"]!["epoch"]!.GetValue<long>().ShouldBe(owner["epoch"]!.GetValue<long>());
        (await world.Baton.Store.FindConversationAsync(conversation!, Ct))!.Turns.ShouldNotContain(t => t.Id == "late");
        (await PostAsync(world, conversation!, "in time", "Thank you", world.Time.GetUtcNow(), owner["epoch"]!.GetValue<long>(), 0.9)).Status.ShouldBe(HttpStatusCode.OK);

        world.Organization.AgentEnds(conversation!);
        await world.UntilAsync(handoff, HandoffState.Completed);
        (await OwnerAsync(world, conversation!))["kind"]!.GetValue<string>().ShouldBe("nobody", StringCompareShould.IgnoreCase);
        var changes = new List<string>();
        await foreach (var entry in world.Baton.Store.ReadAuditAsync(conversation, Ct))
            if (entry.Kind == "owner.changed") changes.Add(JsonNode.Parse(entry.Facts)!["owner"]!.GetValue<string>());
        changes.ShouldBe(["Queue", "Agent", "Nobody"]);
        using var unknown = await world.Client.GetAsync(new Uri("/v1/conversations/nobody-knows-it/owner", UriKind.Relative), Ct);
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact(Timeout = 120_000)]
    public async Task An_agent_who_gives_the_conversation_back_gives_the_bot_its_word_back()
    {
        await using var world = await FedAsync();
        var conversation = world.Converse();
        await world.PassAsync(TimeSpan.FromSeconds(1));
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Billing"));
        (await OwnerAsync(world, conversation))["epoch"]!.GetValue<long>().ShouldBe(3);
        world.Organization.AgentReturnsToBot(conversation);
        await world.UntilAsync(handoff, HandoffState.Completed);
        var owner = await OwnerAsync(world, conversation);
        owner["kind"]!.GetValue<string>().ShouldBe("bot", StringCompareShould.IgnoreCase);
        owner["epoch"]!.GetValue<long>().ShouldBe(4);
    }

    /// <summary>Everybody at once, on one client's 300 calls a minute; those who answer are few, so that all of them wait.</summary>
    [Fact(Timeout = 900_000)]
    public async Task Six_hundred_at_once_are_transferred_within_185_seconds_and_the_last_is_told_within_305()
    {
        const int Count = 600;
        await using var world = await HandoffWorld.StillAsync(null, s => s with
        {
            // 1,800 calls are all that six windows hold: not one is left to look at the queue, or at the conversation before them.
            Genesys = s.Genesys with { QueueCache = TimeSpan.FromMinutes(10) },
            Runner = s.Runner with { Trust = TimeSpan.FromMinutes(15) },
        }, withEvents: true);
        world.Organization.AddQueue("Busy");
        world.Organization.AddAgent("Bo", ["Busy"], [], new AgentBehavior { AcceptAfter = TimeSpan.FromSeconds(3), Capacity = 1 });
        world.Begin();
        // One before them: the queue is known, and so is the window. Theirs begins with them.
        var first = world.Converse();
        await world.PassAsync(TimeSpan.FromSeconds(1));
        await world.UntilWithAgentAsync(await world.RequestAsync(first, "Busy"));
        await world.PassAsync(TimeSpan.FromSeconds(100));

        var conversations = Enumerable.Range(0, Count).Select(_ => world.Converse()).ToList();
        await world.PassAsync(TimeSpan.FromSeconds(5));
        var began = world.Time.GetUtcNow();
        var before = world.Ledger.Requests().Count;
        var handoffs = await Task.WhenAll(conversations.Select(c => world.RequestAsync(c, "Busy")));
        await world.PassAsync(TimeSpan.FromSeconds(310));

        var applied = conversations.Select(c => world.Ledger.TransfersApplied(c).ShouldHaveSingleItem().Time - began).ToList();
        var told = conversations.SelectMany(c => world.Ledger.MessagesTo(c)).Where(m => m.From == "api").Select(m => m.Time - began).ToList();
        var until = began + told.Max();
        var calls = world.Ledger.Requests().Skip(before).Where(r => r.Client is not null && r.Time <= until).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine($"transferred: last {applied.Max().TotalSeconds:0.0} s; told: last {told.Max().TotalSeconds:0.0} s; calls until then {calls.Count}: "
            + string.Join(", ", calls.GroupBy(c => $"{c.Method} {c.Route}").Select(g => $"{g.Key} {g.Count()}")));
        calls.ShouldNotContain(c => c.Status == 429);
        told.Count.ShouldBe(Count);
        conversations.ShouldAllBe(c => world.Heard(c).Count == 1);
        applied.Max().ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(185));
        told.Max().ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(305));
        calls.Count.ShouldBeLessThanOrEqualTo(3 * Count);
        foreach (var handoff in handoffs) (await world.FindAsync(handoff.Id)).Failure.ShouldBeNull();
    }

    static async Task<JsonNode> HealthAsync(HandoffWorld world) => JsonNode.Parse(await world.Client.GetStringAsync(new Uri("/healthz", UriKind.Relative), Ct))!;

    static async Task<JsonNode> NotificationsAsync(HandoffWorld world) => (await HealthAsync(world))["notifications"]!;

    static async Task<JsonNode> OwnerAsync(HandoffWorld world, string conversation) =>
        JsonNode.Parse(await world.Client.GetStringAsync(new Uri($"/v1/conversations/{conversation}/owner", UriKind.Relative), Ct))!;

    static async Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(HandoffWorld world, string conversation, string id, string text, DateTimeOffset at, long epoch, double confidence)
    {
        var body = new { epoch, turns = new[] { new { id, from = "customer", text, at, intent = new { name = "order", confidence } } } };
        using var answer = await world.Client.PostAsJsonAsync($"/v1/conversations/{conversation}/turns", body, Ct);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!);
    }
    /// <summary>A feed that listens until this is disposed.</summary>
    sealed class Listening : IAsyncDisposable
    {
        static readonly object version = new();

        readonly CancellationTokenSource stop = new();
        readonly Task running;

        public Listening(NotificationFeed feed, IReadOnlyList<string> queues) => running = Task.Run(() => feed.RunAsync(_ => Task.FromResult(queues), () => version, stop.Token), Ct);

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await running;
            stop.Dispose();
        }
    }

    /// <summary>The way to the platform's channels, which can be cut; everything else passes.</summary>
    sealed class Line : DelegatingHandler
    {
        int refused;

        public bool IsCut { get; set; }
        public int Refused => Volatile.Read(ref refused);

        public HttpMessageHandler Before(HttpMessageHandler network)
        {
            InnerHandler = network;
            return this;
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (!IsCut || !request.RequestUri!.AbsolutePath.StartsWith("/channels/", StringComparison.Ordinal)) return base.SendAsync(request, cancellationToken);
            Interlocked.Increment(ref refused);
            throw new HttpRequestException(HttpRequestError.ConnectionError, "The line is cut.");
        }
    }
}
