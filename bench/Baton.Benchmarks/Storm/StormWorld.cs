using Baton.Sandbox;

namespace Baton.Benchmarks.Storm;

/// <summary>The vendor and everybody's conversations on a virtual clock, over real HTTP; what truly happened is in its ledger.</summary>
sealed class StormWorld : IAsyncDisposable
{
    public const string Queue = "Support";
    public const string Client = "storm";
    public const string Secret = "storm-secret";
    public const string NeighborsRoute = "/api/v2/tokens/me";

    static readonly DateTimeOffset Morning = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LongEnough = TimeSpan.FromHours(3);

    readonly RequestGauge gauge;
    readonly CancellationTokenSource stop = new();
    Task neighbor = Task.CompletedTask;

    StormWorld(VirtualTime time, GenesysSandbox sandbox, StormOptions options, IReadOnlyList<StartedConversation> conversations)
    {
        (Time, Sandbox, Options, Conversations) = (time, sandbox, options, conversations);
        gauge = new RequestGauge(new SocketsHttpHandler());
        Network = new Wire(time, options) { InnerHandler = gauge };
        time.AddBusySign(() => gauge.UnderWay > 0);
    }

    public VirtualTime Time { get; }
    public GenesysSandbox Sandbox { get; }
    public StormOptions Options { get; }
    public IReadOnlyList<StartedConversation> Conversations { get; }
    public Wire Network { get; }
    public string QueueId => Sandbox.Organization.Queues.Single(q => q.Name == Queue).Id;

    public static async Task<StormWorld> StartAsync(StormOptions options, CancellationToken ct)
    {
        var time = new VirtualTime(Morning);
        var flavor = options.Client == StormClient.Baton ? SandboxFlavor.Platform : SandboxFlavor.Guide;
        var sandbox = await GenesysSandbox.StartAsync(new SandboxOptions { Time = time, Seed = options.Seed, Flavor = flavor, SeedOrganization = false, CallsPerMinute = options.CallsPerMinute }, ct);
        var organization = sandbox.Organization;
        organization.AddOAuthClient(Client, Secret);
        organization.AddSkill("refunds");
        organization.AddQueue(Queue, alertingTimeout: TimeSpan.FromHours(5));
        // Somebody is on queue and takes nothing: what waits stays where the transfer put it, and is followed all the while.
        organization.AddAgent("Sam", [Queue], ["refunds"], new AgentBehavior { Capacity = 0 });
        return new StormWorld(time, sandbox, options, [.. Enumerable.Range(0, options.Handoffs).Select(n => organization.StartConversation(new GuestProfile($"Guest {n}")))]);
    }

    public void Begin()
    {
        if (Options.Neighbor) neighbor = Task.Run(() => SpendAsync(stop.Token), CancellationToken.None);
        Time.Start();
    }

    public async Task UntilAsync(Func<bool> holds, CancellationToken ct)
    {
        var limit = Time.GetUtcNow() + LongEnough;
        while (!holds() && Time.GetUtcNow() < limit) await Task.Delay(Glance, Time, ct);
    }

    /// <summary>A fifth of the token's calls, one every so often, from the moment there is a token.</summary>
    async Task SpendAsync(CancellationToken ct)
    {
        using var http = new HttpMessageInvoker(gauge, disposeHandler: false);
        var pause = TimeSpan.FromMinutes(1) / (Options.CallsPerMinute / 5);
        while (!ct.IsCancellationRequested)
        {
            await Task.Delay(pause, Time, ct).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            if (ct.IsCancellationRequested || Network.Token is not { } token) continue;
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Sandbox.BaseAddress, NeighborsRoute)) { Headers = { Authorization = token } };
            try { (await http.SendAsync(request, ct)).Dispose(); }
            catch (OperationCanceledException) when (ct.IsCancellationRequested) { }
        }
    }

    public StormReport Judge()
    {
        var began = Morning;
        var ours = Sandbox.Ledger.Requests().Where(r => r.Route is not (null or "/oauth/token" or NeighborsRoute)).ToList();
        var transfers = Sandbox.Ledger.Of(LedgerKind.TransferApplied).Where(t => t.By == "client").ToList();
        var told = Sandbox.Ledger.Of(LedgerKind.MessageSent).Where(m => m.From == "api").ToList();
        var last = transfers.Concat(told).Select(e => e.Time).DefaultIfEmpty(began).Max();
        var end = Options.Client == StormClient.Baton || transfers.Count == Options.Handoffs ? last : ours.Select(r => r.Time).DefaultIfEmpty(began).Max();
        var once = transfers.GroupBy(t => t.ConversationId).ToList();
        return new StormReport(Options)
        {
            Done = once.Count(g => g.Count() == 1),
            Doubled = once.Count(g => g.Count() > 1),
            Failed = Options.Handoffs - once.Count,
            TooMany = ours.Count(r => r.Status == 429),
            Calls = ours.Count(r => r.Time <= end),
            TransferredInFirstMinute = transfers.Count(t => t.Time < began.AddMinutes(1)),
            LastTransferSeconds = (transfers.Select(t => t.Time).DefaultIfEmpty(began).Max() - began).TotalSeconds,
            Seconds = (end - began).TotalSeconds,
            CallsInWindows = CallsInWindows(),
            CallsPerHandoff = CallKinds.Count([.. ours.Where(r => r.Time <= end)], told).ToDictionary(k => k.Key, k => (double)k.Value / Options.Handoffs),
        };
    }

    /// <summary>The platform's windows, counted again from its ledger.</summary>
    List<int> CallsInWindows()
    {
        var (windows, opened) = (new List<int>(), DateTimeOffset.MinValue);
        foreach (var request in Sandbox.Ledger.Requests().Where(r => r.Route != "/oauth/token"))
        {
            if (request.Time >= opened.AddMinutes(1))
            {
                opened = request.Time;
                windows.Add(0);
            }
            if (request.Route != NeighborsRoute) windows[^1]++;
        }
        return windows;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await neighbor;
        await Sandbox.DisposeAsync();
        gauge.Dispose();
        Time.Dispose();
        stop.Dispose();
    }
}
