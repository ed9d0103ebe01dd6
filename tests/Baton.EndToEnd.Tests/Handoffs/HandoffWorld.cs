using Baton.Core;
using Baton.Core.Audit;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Genesys;
using Baton.Sandbox;
using Baton.Server;
using Baton.Server.Outbound;
using Microsoft.Extensions.Logging.Abstractions;

namespace Baton.EndToEnd.Tests.Handoffs;

/// <summary>
/// Virtual time looks at the whole process's thread pool, so these tests run alone: one collection, nothing beside it. By its trait <c>./test</c> gives it a process of its own.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
[Trait("Clock", "Virtual")]
public sealed class OnVirtualTime
{
    public const string Name = "on virtual time";
}

/// <summary>
/// The sandbox, a store and a runner on one virtual clock. What truly happened is asked of the sandbox's ledger; what Baton believes, of its store.
/// </summary>
sealed class HandoffWorld : IAsyncDisposable
{
    public const string Told = "You are being transferred to a person.";
    public const string StillLooking = "We are still looking for somebody.";
    public const string NobodyCame = "Nobody is free right now; you keep your place.";
    public const string NotPossible = "We cannot transfer you right now.";
    public const string Secret = "the-secret-of-the-test-organization";

    public const string Transfers = "/api/v2/conversations/*/participants/*/replace/queue";
    public const string Briefings = "/api/v2/conversations/*/participants/*/attributes";
    public const string Messages = "/api/v2/conversations/messages/*/communications/*/messages";
    public const string Routings = "/api/v2/routing/conversations/*";

    static readonly DateTimeOffset Morning = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan LongEnough = TimeSpan.FromHours(2);
    static int ports;

    readonly DirectoryInfo folder;
    readonly RequestGauge network;
    readonly RequestGauge outbound;
    readonly CancellationTokenSource stop = new();
    readonly Func<Task<BatonSystem>> open;
    BatonServer? server;
    Task running = Task.CompletedTask;
    HttpClient? client;

    HandoffWorld(DirectoryInfo folder, VirtualTime time, GenesysSandbox sandbox, BatonSystem system, RequestGauge network, RequestGauge outbound, BatonServer? server, Func<Task<BatonSystem>> open) =>
        (this.folder, Time, Sandbox, Baton, this.network, this.outbound, this.server, this.open) = (folder, time, sandbox, system, network, outbound, server, open);

    public VirtualTime Time { get; }
    public GenesysSandbox Sandbox { get; }
    public BatonSystem Baton { get; private set; }
    public Organization Organization => Sandbox.Organization;
    public Ledger Ledger => Sandbox.Ledger;
    public string StorePath => Baton.Settings.StorePath;

    /// <summary>A client of the server, whose requests hold the clock like all others.</summary>
    public HttpClient Client => client ??= new HttpClient(network, disposeHandler: false) { BaseAddress = server!.Address, Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>What is sent through it holds the clock until it was dealt with.</summary>
    public HttpMessageHandler Network => network;

    /// <summary>A client of the sandbox itself, as an agent's screen is.</summary>
    public HttpClient AtSandbox() => new(network, disposeHandler: false) { BaseAddress = Sandbox.BaseAddress, Timeout = Timeout.InfiniteTimeSpan };

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A world whose clock stands still and whose runner has not begun: <see cref="Begin"/> lets it go.</summary>
    public static async Task<HandoffWorld> StillAsync(Func<SandboxOptions, SandboxOptions>? sandboxed = null, Func<BatonSettings, BatonSettings>? configured = null, bool withEvents = false, Func<HttpMessageHandler, HttpMessageHandler>? wired = null)
    {
        var temporary = Directory.CreateTempSubdirectory("baton-world-");
        var time = new VirtualTime(Morning);
        var port = withEvents ? FreePort() : 0;
        var options = new SandboxOptions { Time = time, SeedOrganization = false, EventTargets = withEvents ? [new Uri($"http://127.0.0.1:{port}/v1/events/genesys")] : [] };
        var sandbox = await GenesysSandbox.StartAsync(sandboxed?.Invoke(options) ?? options, Ct);
        Staff(sandbox.Organization);
        var gauge = new RequestGauge(new SocketsHttpHandler());
        var settings = new BatonSettings
        {
            StorePath = Path.Combine(temporary.FullName, "baton.db"),
            Url = $"http://127.0.0.1:{port}",
            Genesys = new GenesysOptions { ApiBaseUrl = sandbox.ApiBaseUrl.ToString(), LoginBaseUrl = sandbox.LoginBaseUrl.ToString(), Clients = [new OAuthClientOptions("baton", Secret)] },
            Access = new AccessSettings { Auth = ServerAuth.Open },
            // Nobody else writes into this store.
            Runner = new RunnerOptions { Poll = TimeSpan.FromSeconds(10) },
        };
        var settled = configured?.Invoke(settings) ?? settings;
        var posts = new RequestGauge(WebhookPost.Guarded(settled.Deliveries.Rules));
        Task<BatonSystem> OpenAsync() => BatonSystem.OpenAsync(settled, new BatonSystem.Parts(time, new Random(1), NullLoggerFactory.Instance) { Network = new Lent(wired?.Invoke(gauge) ?? gauge), Outbound = posts, RepeatIds = true }, Ct);
        var system = await OpenAsync();
        var served = withEvents ? await BatonServer.StartAsync(system, null, Ct) : null;
        time.AddBusySign(() => gauge.UnderWay > sandbox.ParkedRequests);
        time.AddBusySign(() => posts.UnderWay > 0);
        time.AddBusySign(() => sandbox.EventsUnderway > 0);
        var world = new HandoffWorld(temporary, time, sandbox, system, gauge, posts, served, OpenAsync);
        time.AddBusySign(() => world.Baton.Store.PendingWrites > 0);
        return world;
    }

    public static async Task<HandoffWorld> StartAsync(Func<SandboxOptions, SandboxOptions>? sandboxed = null, Func<BatonSettings, BatonSettings>? configured = null, bool withEvents = false, Func<HttpMessageHandler, HttpMessageHandler>? wired = null)
    {
        var world = await StillAsync(sandboxed, configured, withEvents, wired);
        world.Begin();
        return world;
    }

    public void Begin()
    {
        if (server is null) running = Task.Run(() => Baton.Runner.RunAsync(stop.Token, stop.Token), CancellationToken.None);
        Time.Start();
    }

    /// <summary>The server's whole process ends and, when something has happened meanwhile, another begins on the same store and address.</summary>
    public async Task RestartAsync(Func<Task> meanwhile)
    {
        await server!.DisposeAsync();
        await Baton.DisposeAsync();
        await meanwhile();
        Baton = await open();
        server = await BatonServer.StartAsync(Baton, null, Ct);
    }

    /// <summary>The network outlives the process that uses it.</summary>
    sealed class Lent(HttpMessageHandler network) : HttpMessageHandler
    {
        readonly HttpMessageInvoker invoker = new(network, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => invoker.SendAsync(request, cancellationToken);
    }

    // Billing answers fast, Support takes its time, nobody answers at the Night Desk, nobody is in Empty.
    static void Staff(Organization organization)
    {
        foreach (var skill in (string[])["refunds", "english"]) organization.AddSkill(skill);
        foreach (var queue in (string[])["Billing", "Support", "Night Desk", "Empty"]) organization.AddQueue(queue);
        organization.AddOAuthClient("baton", Secret);
        organization.AddAgent("Bea", ["Billing"], ["refunds"], new AgentBehavior { AcceptAfter = TimeSpan.FromSeconds(3), Capacity = 1000 });
        organization.AddAgent("Sam", ["Support"], ["english", "refunds"], new AgentBehavior { AcceptAfter = TimeSpan.FromSeconds(25), Capacity = 1000 });
        organization.AddAgent("Nils", ["Night Desk"], [], new AgentBehavior { Answers = false, BackAfter = TimeSpan.FromSeconds(5), Capacity = 1000 });
    }

    public string Converse(string text = "I want to talk to a human.") => Organization.StartConversation(new GuestProfile("Gina"), text).ConversationId;

    public string Queue(string name) => Organization.Queues.Single(q => q.Name == name).Id;

    public Task<Handoff> RequestAsync(string conversationId, params string[] queues) => RequestAsync(conversationId, [.. queues.Select(q => new RouteStep { Queue = q })]);

    public async Task<Handoff> RequestAsync(string conversationId, params RouteStep[] steps) => (await Baton.Store.StartHandoffAsync(Request(conversationId, steps), null, Ct)).Handoff;

    public Handoff Request(string conversationId, params RouteStep[] steps)
    {
        var plan = new HandoffPlan { Steps = steps, Messages = new HandoffMessages { Transferring = Told, StillLooking = StillLooking, NobodyCame = NobodyCame, NotPossible = NotPossible } };
        var now = Time.GetUtcNow();
        return Handoff.Request(Baton.NewId(now), conversationId, plan, new HandoffOrigin("test", [new Reason("requested", "The test asked for it.")], null), now);
    }

    public void Fails(FaultKind kind, string? path = null, int? times = 1, int? status = null, int milliseconds = 0, string? method = null) =>
        Sandbox.Faults.Add(new Fault { Kind = kind, Path = path, Times = times, Status = status, Milliseconds = milliseconds, Method = method });

    public async Task<Handoff> FindAsync(HandoffId id) => await Baton.Store.FindHandoffAsync(id, Ct) ?? throw new InvalidOperationException($"{id} is not in the store.");

    public async Task<IReadOnlyList<HandoffStep>> HistoryAsync(Handoff handoff) => await Baton.Store.HistoryAsync(handoff.Id, Ct);

    /// <summary>The names of its steps, in order.</summary>
    public async Task<IReadOnlyList<string>> StepsAsync(Handoff handoff) => [.. (await HistoryAsync(handoff)).Select(s => s.What)];

    public Task<Handoff> UntilAsync(Handoff handoff, HandoffState state) => UntilAsync(handoff, h => h.State == state);

    /// <summary>Until nothing is left to be done but following, or nothing at all.</summary>
    public Task<Handoff> UntilSettledAsync(Handoff handoff) =>
        UntilAsync(handoff, h => h.State.IsFinal() ? h.Todo == Todo.None : h.State is HandoffState.WithAgent or HandoffState.Queued && h.Todo == Todo.Follow);

    /// <summary>Until an agent has it and nothing is left to say.</summary>
    public Task<Handoff> UntilWithAgentAsync(Handoff handoff) => UntilAsync(handoff, h => h.State == HandoffState.WithAgent && h.Todo == Todo.Follow);

    public async Task<Handoff> UntilAsync(Handoff handoff, Func<Handoff, bool> holds)
    {
        var limit = Time.GetUtcNow() + LongEnough;
        while (true)
        {
            var now = await FindAsync(handoff.Id);
            if (holds(now)) return now;
            if (Time.GetUtcNow() > limit || (now.State.IsFinal() && now.Todo == Todo.None))
                throw new ShouldAssertException($"It did not come to that; the handoff is {now.State} ({now.Failure}: {now.FailureSentence}), next {now.Todo}, after {string.Join(", ", await StepsAsync(now))}.");
            await Task.Delay(Glance, Time, Ct);
        }
    }

    public async Task UntilAsync(Func<bool> holds)
    {
        var limit = Time.GetUtcNow() + LongEnough;
        while (!holds())
        {
            if (Time.GetUtcNow() > limit) throw new ShouldAssertException("It did not come to that.");
            await Task.Delay(Glance, Time, Ct);
        }
    }

    public Task PassAsync(TimeSpan time) => Task.Delay(time, Time, Ct);

    /// <summary>Transfers that truly happened because Baton asked for them, by queue.</summary>
    public IReadOnlyList<string> Applied(string conversationId) =>
        [.. Ledger.TransfersApplied(conversationId).Select(t => Organization.Queues.FirstOrDefault(q => q.Id == t.QueueId)?.Name ?? "a queue that is gone")];

    /// <summary>What the guest was sent by Baton.</summary>
    public IReadOnlyList<string> Heard(string conversationId) => [.. Ledger.MessagesTo(conversationId).Where(m => m.From == "api").Select(m => m.Text!)];

    /// <summary>How often the sandbox was asked to transfer, whatever it answered.</summary>
    public int Asked(string conversationId) => Ledger.Requests().Count(r => r.ConversationId == conversationId && r.Route!.EndsWith("/replace/queue", StringComparison.Ordinal));

    /// <summary>Transferred once to this queue and nowhere else; told once, and not before it was true.</summary>
    public void ShouldBeTransferredOnce(string conversationId, string queue, bool told = true)
    {
        Applied(conversationId).ShouldBe([queue]);
        Heard(conversationId).ShouldBe(told ? [Told] : []);
        if (told) Ledger.MessagesTo(conversationId).Single(m => m.Text == Told).Sequence.ShouldBeGreaterThan(Ledger.TransfersApplied(conversationId)[0].Sequence);
    }

    public async Task<AuditReport> AuditAsync() => await AuditVerifier.VerifyAsync(Baton.Store, null, null, Ct);

    /// <summary>Below those that the system hands out by itself: nobody is given it between being found free and being listened at.</summary>
    static int FreePort()
    {
        while (true)
        {
            var port = 20_000 + (Environment.ProcessId * 101 + Interlocked.Increment(ref ports)) % 12_000;
            using var socket = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port);
            try
            {
                socket.Start();
                return port;
            }
            catch (System.Net.Sockets.SocketException)
            {
                // Taken; the next one.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        client?.Dispose();
        if (server is not null) await server.DisposeAsync();
        await Baton.DisposeAsync();
        await Sandbox.DisposeAsync();
        network.Dispose();
        outbound.Dispose();
        Time.Dispose();
        stop.Dispose();
        folder.Delete(recursive: true);
    }
}
