using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Baton.Core.Deliveries;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.EndToEnd.Tests.Handoffs;
using Baton.Genesys;
using Baton.Sandbox;
using Baton.Server;
using Baton.Server.Outbound;
using Baton.Storage.Sqlite;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Baton.EndToEnd.Tests.Deliveries;

/// <summary>Events get out once they are true, signed, in order, and none is lost whatever the receivers do.</summary>
[Collection(OnVirtualTime.Name)]
public sealed class DeliveryTests : IAsyncLifetime
{
    const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const string OlderSecret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("baton-deliveries-");
    WebhookReceiver receiver = null!;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => receiver = await WebhookReceiver.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await receiver.DisposeAsync();
        folder.Delete(recursive: true);
    }

    DeliveryTarget Target(string name = "wfm", Uri? url = null, params string[] secrets) => new(name, url ?? receiver.Address) { Secrets = [.. secrets.Select(s => WebhookSecret.Parse(s)!)] };

    Task<HandoffWorld> StartAsync(SandboxFlavor flavor, params DeliveryTarget[] targets) => HandoffWorld.StartAsync(o => o with { Flavor = flavor }, s => s with
    {
        Policy = "escalate",
        Genesys = s.Genesys with { Flavor = flavor == SandboxFlavor.Guide ? GenesysFlavor.Guide : GenesysFlavor.Platform },
        Deliveries = new DeliveryOptions { Targets = targets, AllowLoopback = true },
    });

    [Theory(Timeout = 120_000)]
    [InlineData(SandboxFlavor.Guide, 200)]
    [InlineData(SandboxFlavor.Platform, 202)]
    public async Task A_transfer_that_is_confirmed_is_told_in_the_guides_words(SandboxFlavor flavor, int status)
    {
        await using var world = await StartAsync(flavor, Target(), Target("analytics"));
        var conversation = world.Converse();
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, new RouteStep { Queue = world.Queue("Support"), Skills = ["english"] }));
        await DeliverAsync(world, 2);
        receiver.All.Select(r => r.Id).Distinct().Count().ShouldBe(2);
        var json = receiver.All[0].Json.AsObject();
        json.Select(f => f.Key).ShouldBe(["event_type", "audit", "sync_timestamp"]);
        json["event_type"]!.GetValue<string>().ShouldBe("handoff_evaluated");
        var audit = json["audit"]!.AsObject();
        audit.Select(f => f.Key).ShouldBe(["timestamp", "conversation_id", "participant_id", "queue_id", "transfer_type", "latency_ms", "status", "response_status"]);
        (audit["conversation_id"]!.GetValue<string>(), audit["queue_id"]!.GetValue<string>(), audit["transfer_type"]!.GetValue<string>(), audit["status"]!.GetValue<string>(), audit["response_status"]!.GetValue<int>())
            .ShouldBe((conversation, world.Queue("Support"), "skill", "success", status));
        audit["participant_id"]!.GetValue<string>().ShouldBe(handoff.Intent!.LegId);
        (await world.Baton.Store.ListDeliveriesAsync(new DeliveryFilter(), Ct)).ShouldAllBe(d => d.State == DeliveryState.Delivered && d.Attempts == 1);
        (await world.AuditAsync()).IsSound.ShouldBeTrue();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_handoff_that_ends_without_a_transfer_is_told_as_failed_and_a_canceled_one_not_at_all()
    {
        await using var world = await StartAsync(SandboxFlavor.Platform, Target());
        world.Fails(FaultKind.TransferFailsAfterAccepted, HandoffWorld.Transfers, times: null);
        var conversation = world.Converse();
        await world.UntilAsync(await world.RequestAsync(conversation, "Support"), h => h.State == HandoffState.Failed && h.Todo == Todo.None);
        await DeliverAsync(world, 2);
        var evaluated = receiver.All[0].Json["audit"]!;
        (evaluated["status"]!.GetValue<string>(), evaluated["error_message"]!.GetValue<string>(), evaluated["error_code"]!.GetValue<int>()).ShouldBe(("failed", "TransferFailed", 202));
        var ended = receiver.All[1].Json;
        (ended["event_type"]!.GetValue<string>(), ended["outcome"]!.GetValue<string>(), ended["failure"]!.GetValue<string>(), ended["reasons"]!.ToJsonString()).ShouldBe(("handoff_ended", "Failed", "TransferFailed", """["requested"]"""));

        var requested = world.Request(world.Converse(), new RouteStep { Queue = "Support" });
        var canceled = world.Baton.Outbox.With(requested, requested.Apply(new HandoffEvent.CancelRequested("ada"), world.Time.GetUtcNow(), HandoffPace.Default));
        canceled.Deliveries.ShouldHaveSingleItem().EventType.ShouldBe(HandoffNotices.Ended);
    }

    [Fact(Timeout = 120_000)]
    public async Task An_independent_verifier_takes_every_signature_with_the_new_secret_and_the_old()
    {
        await using var world = await StartAsync(SandboxFlavor.Platform, Target("wfm", null, Secret, OlderSecret));
        await world.UntilWithAgentAsync(await world.RequestAsync(world.Converse(), "Billing"));
        using var post = new WebhookPost(new AddressRules(AllowLoopback: true, AllowPrivate: false), null, TimeProvider.System);
        foreach (var delivery in await world.Baton.Store.ListDeliveriesAsync(new DeliveryFilter(), Ct))
            (await post.PostAsync(Target("wfm", null, Secret, OlderSecret), delivery, Ct)).IsTaken.ShouldBeTrue();
        receiver.All.Count.ShouldBe(1);
        receiver.All[0].Headers["webhook-signature"].Split(' ').Length.ShouldBe(2);

        var file = Path.Combine(folder.FullName, "messages.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { secrets = new[] { Secret, OlderSecret }, messages = receiver.All.Select(r => new { body = r.Body, headers = r.Headers }) }), Ct);
        var (exitCode, output, errors) = await NodeTool.RunAsync("Webhooks", "standardwebhooks", "verify.mjs", file);
        (exitCode, output.Trim().Split('\n')).ShouldSatisfyAllConditions(r => r.exitCode.ShouldBe(0, errors), r => r.Item2.ShouldBe(["ok", "ok", "ok", "ok"]));
    }

    [Fact(Timeout = 600_000)]
    public async Task A_receiver_that_is_down_for_an_hour_and_then_fails_three_times_in_ten_loses_nothing()
    {
        const int Conversations = 250;
        await using var world = await OutboxWorld.StartAsync(folder, [Target()]);
        var random = new Random(5);
        var opens = world.Time.GetUtcNow().AddHours(1);
        receiver.Answers = _ => world.Time.GetUtcNow() < opens || random.Next(10) < 3 ? Results.StatusCode(503) : Results.Ok();
        await world.FillAsync(Conversations, 2, "wfm");
        await world.UntilEmptyAsync();

        (await world.Store.ListDeliveriesAsync(new DeliveryFilter { Limit = 1000 }, Ct)).ShouldAllBe(d => d.State == DeliveryState.Delivered);
        var taken = world.Taken;
        taken.Select(d => d.Id).Distinct().Count().ShouldBe(Conversations * 2);
        // In the order of its conversation, whatever was repeated.
        foreach (var of in taken.GroupBy(d => d.ConversationId)) of.Select(d => d.EventType).ShouldBe(["first", "second"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_receiver_that_hangs_holds_up_none_but_its_own()
    {
        await using var hanging = await WebhookReceiver.StartAsync();
        hanging.Answers = _ => null;
        await using var world = await OutboxWorld.StartAsync(folder, [Target("hangs", hanging.Address), Target("good")]);
        // The clock stands: the other's fifteen seconds never pass.
        await world.FillAsync(100, 1, "hangs");
        await world.FillAsync(100, 1, "good");
        await world.TakenAsync(100);
        world.Taken.ShouldAllBe(d => d.Target == "good");
        (await world.Store.ListDeliveriesAsync(new DeliveryFilter { Target = "hangs", State = DeliveryState.Delivered }, Ct)).ShouldBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task What_is_gone_for_good_is_a_dead_letter_and_can_be_sent_again_with_the_same_id()
    {
        receiver.Answers = n => n == 0 ? Results.StatusCode(410) : Results.Ok();
        await using var world = await OutboxWorld.StartAsync(folder, [Target()]);
        await world.FillAsync(1, 1, "wfm");
        await world.UntilEmptyAsync();
        var dead = (await world.Store.ListDeliveriesAsync(new DeliveryFilter(), Ct)).ShouldHaveSingleItem();
        (dead.State, dead.LastError, dead.Attempts).ShouldBe((DeliveryState.Dead, "HTTP 410: the receiver wants nothing more.", 1));
        (await world.Store.ReplayDeliveryAsync(dead.Id, "ada", world.Time.GetUtcNow(), Ct)).ShouldBeTrue();
        await world.UntilEmptyAsync();
        receiver.All.Select(r => (r.Id, r.Body)).Distinct().ShouldHaveSingleItem();
        (await world.Store.DeliveryAttemptsAsync(dead.Id, Ct)).Select(a => a.Status).ShouldBe([410, 200]);
        (await world.Store.TailAuditAsync(2, Ct)).Select(e => e.Kind).ShouldBe(["delivery.dead", "delivery.replayed"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_receiver_that_never_takes_it_is_given_up_after_the_whole_schedule()
    {
        receiver.Answers = _ => Results.StatusCode(500);
        await using var world = await OutboxWorld.StartAsync(folder, [Target()]);
        var began = world.Time.GetUtcNow();
        await world.FillAsync(1, 1, "wfm");
        await world.UntilEmptyAsync();
        var dead = (await world.Store.ListDeliveriesAsync(new DeliveryFilter(), Ct)).ShouldHaveSingleItem();
        (dead.State, dead.Attempts, receiver.All.Count).ShouldBe((DeliveryState.Dead, DeliverySchedule.MostAttempts, DeliverySchedule.MostAttempts));
        (world.Time.GetUtcNow() - began).ShouldBeInRange(TimeSpan.FromHours(72), TimeSpan.FromHours(95));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("7200", 7200)]
    [InlineData("99999999", 24 * 3600)]
    [InlineData("0", 5)]
    [InlineData("Mon, 02 Mar 2020 09:00:00 GMT", 5)]
    [InlineData("soon", 5)]
    public async Task Retry_after_is_obeyed_within_reason(string header, int seconds)
    {
        receiver.Answers = n => n == 0 ? new TooManyResult(header) : Results.Ok();
        await using var world = await OutboxWorld.StartAsync(folder, [Target()]);
        await world.FillAsync(1, 1, "wfm");
        await world.UntilEmptyAsync();
        var attempts = await world.Store.DeliveryAttemptsAsync((await world.Store.ListDeliveriesAsync(new DeliveryFilter(), Ct))[0].Id, Ct);
        (attempts[1].At - attempts[0].At).TotalSeconds.ShouldBeInRange(seconds, seconds * 1.2 + 1);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_redirect_is_not_followed_and_says_so()
    {
        await using var elsewhere = await WebhookReceiver.StartAsync();
        receiver.Answers = n => n == 0 ? Results.Redirect(elsewhere.Address.ToString(), permanent: false, preserveMethod: true) : Results.Ok();
        await using var world = await OutboxWorld.StartAsync(folder, [Target()]);
        await world.FillAsync(1, 1, "wfm");
        await world.UntilEmptyAsync();
        elsewhere.All.ShouldBeEmpty();
        (await world.Store.DeliveryAttemptsAsync((await world.Store.ListDeliveriesAsync(new DeliveryFilter(), Ct))[0].Id, Ct))[0].Error!.ShouldStartWith("HTTP 307: a redirect to http://127.0.0.1");
    }

    [Theory]
    [InlineData("http://127.0.0.1:PORT/events", false, "is this machine's own")]
    [InlineData("http://localhost:PORT/events", false, "is this machine's own")]
    [InlineData("http://[::ffff:127.0.0.1]:PORT/events", false, "is this machine's own")]
    [InlineData("http://0.0.0.0:PORT/events", true, "is no address of a receiver")]
    [InlineData("http://127.0.0.1:PORT/events", true, null)]
    public async Task An_address_is_checked_when_it_is_connected_to(string url, bool allowLoopback, string? why)
    {
        using var post = new WebhookPost(new AddressRules(allowLoopback, AllowPrivate: false), null, TimeProvider.System);
        var target = new DeliveryTarget("wfm", new Uri(url.Replace("PORT", $"{receiver.Address.Port}", StringComparison.Ordinal)));
        var reply = await post.PostAsync(target, Delivery.New("de_1", "wfm", "c1", "first", "{}", TimeProvider.System.GetUtcNow()), Ct);
        reply.IsTaken.ShouldBe(why is null, reply.Sentence);
        if (why is not null) reply.Sentence!.ShouldContain(why);
        receiver.All.Count.ShouldBe(why is null ? 1 : 0);
    }

    [Theory]
    [InlineData("10.1.2.3", "is private")]
    [InlineData("172.31.255.255", "is private")]
    [InlineData("192.168.0.1", "is private")]
    [InlineData("100.64.0.1", "is private")]
    [InlineData("fd00::1", "is private")]
    [InlineData("169.254.169.254", "is no address of a receiver")]
    [InlineData("::ffff:169.254.169.254", "is no address of a receiver")]
    [InlineData("64:ff9b::a9fe:a9fe", "is no address of a receiver")]
    [InlineData("fe80::1", "is no address of a receiver")]
    [InlineData("224.0.0.1", "is no address of a receiver")]
    [InlineData("::", "is no address of a receiver")]
    [InlineData("::1", "is this machine's own")]
    [InlineData("172.32.0.1", null)]
    [InlineData("8.8.8.8", null)]
    [InlineData("2606:4700:4700::1111", null)]
    public void Which_addresses_are_receivers(string address, string? why)
    {
        var said = new AddressRules(AllowLoopback: false, AllowPrivate: false).WhyNot(IPAddress.Parse(address));
        if (why is null) said.ShouldBeNull();
        else said!.ShouldStartWith(why);
        if (why == "is private") new AddressRules(AllowLoopback: false, AllowPrivate: true).WhyNot(IPAddress.Parse(address)).ShouldBeNull();
    }

    // The world's own server is not running: its outbox is emptied here, by hand.
    async Task DeliverAsync(HandoffWorld world, int messages)
    {
        using var stop = new CancellationTokenSource();
        var running = world.Baton.Deliveries.RunAsync(stop.Token, Ct);
        await receiver.UntilAsync(messages);
        await world.UntilAsync(() => world.Baton.Store.ListDeliveriesAsync(new DeliveryFilter { State = DeliveryState.Pending }, Ct).GetAwaiter().GetResult().Count == 0);
        await stop.CancelAsync();
        await running;
    }
}

/// <summary>An outbox on virtual time, in front of real receivers.</summary>
sealed class OutboxWorld : IAsyncDisposable
{
    readonly CancellationTokenSource stop = new();
    readonly RequestGauge network;
    readonly Noting noting;
    Task running = Task.CompletedTask;
    bool isRunning;

    OutboxWorld(VirtualTime time, SqliteStore store, RequestGauge network, Noting noting) => (Time, Store, this.network, this.noting) = (time, store, network, noting);

    public VirtualTime Time { get; }
    public SqliteStore Store { get; }

    /// <summary>What receivers took, in the order in which they did.</summary>
    public IReadOnlyList<Delivery> Taken => noting.Taken;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<OutboxWorld> StartAsync(DirectoryInfo folder, IReadOnlyList<DeliveryTarget> targets)
    {
        var time = new VirtualTime(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
        var store = await SqliteStore.OpenAsync(Path.Combine(folder.FullName, "outbox.db"), null, Ct);
        var gauge = new RequestGauge(WebhookPost.Guarded(new AddressRules(AllowLoopback: true, AllowPrivate: false)));
        var watched = new Noting(new WebhookPost(new AddressRules(AllowLoopback: true, AllowPrivate: false), gauge, time));
        // A request to a receiver that does not answer is not work: the clock may pass it by.
        time.AddBusySign(() => gauge.UnderWay > watched.Hanging);
        time.AddBusySign(() => store.PendingWrites > 0);
        var world = new OutboxWorld(time, store, gauge, watched);
        var runner = new DeliveryRunner(store, watched, targets, TimeSpan.FromHours(1), time, new Random(1), NullLogger<DeliveryRunner>.Instance);
        world.running = Task.Run(() => runner.RunAsync(world.stop.Token, world.stop.Token), CancellationToken.None);
        return world;
    }

    public async Task FillAsync(int conversations, int events, string target)
    {
        for (var c = 0; c < conversations; c++)
        {
            var id = $"{target}-{c}";
            var now = Time.GetUtcNow();
            var handoff = Handoff.Request(HandoffId.New(now), id, new HandoffPlan { Steps = [new RouteStep { Queue = "q" }] }, new HandoffOrigin("test", [], null), now);
            await Store.StartHandoffAsync(handoff, null, Ct);
            var canceled = handoff.Apply(new HandoffEvent.CancelRequested("test"), now, HandoffPace.Default);
            await Store.CommitOverAsync(handoff, canceled with
            {
                Deliveries = [.. Enumerable.Range(0, events).Select(e => Delivery.New($"de_{id}_{e}", target, id, e == 0 ? "first" : "second", new JsonObject { ["of"] = id, ["number"] = e }.ToJsonString(), now))],
            }, Ct);
        }
    }

    /// <summary>Until so many were taken, without the clock.</summary>
    public async Task TakenAsync(int count)
    {
        while (Taken.Count < count) await noting.More.WaitAsync(Ct);
    }

    /// <summary>Lets the clock run until all is delivered or given up.</summary>
    public async Task UntilEmptyAsync()
    {
        if (!isRunning) Time.Start();
        isRunning = true;
        while ((await Store.ListDeliveriesAsync(new DeliveryFilter { State = DeliveryState.Pending, Limit = 1 }, Ct)).Count > 0) await Task.Delay(TimeSpan.FromMinutes(5), Time, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        await Store.DisposeAsync();
        network.Dispose();
        noting.Dispose();
        Time.Dispose();
        stop.Dispose();
    }

    /// <summary>Keeps what was taken, and counts those that wait for a receiver called "hangs".</summary>
    sealed class Noting(WebhookPost post) : IOutboundPost, IDisposable
    {
        readonly List<Delivery> taken = [];
        readonly SemaphoreSlim more = new(0);
        int hanging;

        public SemaphoreSlim More => more;

        public int Hanging => Volatile.Read(ref hanging);
        public IReadOnlyList<Delivery> Taken
        {
            get { lock (taken) return [.. taken]; }
        }

        public async Task<PostReply> PostAsync(DeliveryTarget target, Delivery delivery, CancellationToken ct)
        {
            var hangs = target.Name == "hangs" ? 1 : 0;
            Interlocked.Add(ref hanging, hangs);
            try
            {
                var reply = await post.PostAsync(target, delivery, ct);
                if (reply.IsTaken)
                {
                    lock (taken) taken.Add(delivery);
                    more.Release();
                }
                return reply;
            }
            finally
            {
                Interlocked.Add(ref hanging, -hangs);
            }
        }

        public void Dispose()
        {
            post.Dispose();
            more.Dispose();
        }
    }
}

sealed class TooManyResult(string retryAfter) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = 429;
        httpContext.Response.Headers.RetryAfter = retryAfter;
        return Task.CompletedTask;
    }
}
