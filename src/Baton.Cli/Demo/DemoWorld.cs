using Baton.Core;
using Baton.Core.Assist;
using Baton.Core.Assist.Knowledge;
using Baton.Core.Handoffs;
using Baton.Genesys;
using Baton.Sandbox;
using Baton.Server;
using Baton.Storage.Sqlite;
using Microsoft.Extensions.Logging;

namespace Baton.Cli.Demo;

/// <summary>The demo's whole world in one process: the sandbox with its agents, the store, the server with runner and receiver, one virtual clock for all.</summary>
sealed class DemoWorld : IAsyncDisposable
{
    /// <summary>How long after the start of the run the demo's business hours end.</summary>
    public static readonly TimeSpan OpenFor = TimeSpan.FromMinutes(4);

    public const string UsualFolder = ".baton";
    public static readonly string StorePath = Path.Combine(UsualFolder, "demo.db");

    /// <summary>Where the person who stays comes to be an agent.</summary>
    public const string FrontDesk = "Front Desk";
    public const string You = "You";

    static readonly DateTimeOffset Closing = new(2026, 3, 2, 17, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset Opening = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    readonly string folder;

    DemoWorld(string folder, VirtualTime time, GenesysSandbox sandbox, BatonSystem system, BatonServer server, RequestGauge network)
    {
        (this.folder, Time, Sandbox, Baton, Server, Network) = (folder, time, sandbox, system, server, network);
        Bot = new HttpClient(network, disposeHandler: false) { BaseAddress = server.Address, Timeout = Timeout.InfiniteTimeSpan };
    }

    public VirtualTime Time { get; }
    public GenesysSandbox Sandbox { get; }
    public BatonSystem Baton { get; }
    public BatonServer Server { get; }
    public RequestGauge Network { get; }

    /// <summary>The connection over which the bots tell Baton their turns.</summary>
    public HttpClient Bot { get; }

    /// <summary>The screen of the person who stays.</summary>
    public Uri AgentScreen => new(Sandbox.BaseAddress, $"agent?user={Sandbox.Organization.Agents.Single(a => a.Name == You).Id}");

    /// <param name="withYou">A person stays after the run and is an agent then.</param>
    /// <param name="wholeDay">Start in the morning, for runs that are longer than what is left until closing.</param>
    public static async Task<DemoWorld> StartAsync(int seed, SandboxFlavor flavor, bool wholeDay, bool verbose, bool withYou, string folder, CancellationToken ct)
    {
        var storePath = Path.Combine(folder, Path.GetFileName(StorePath));
        await ClearStoreAsync(storePath, ct);
        var time = new VirtualTime(wholeDay ? Opening : Closing - OpenFor);
        var port = FreePort();
        var sandbox = await GenesysSandbox.StartAsync(new SandboxOptions
        {
            Seed = seed,
            Flavor = flavor,
            Time = time,
            SeedOrganization = false,
            EventTargets = [new Uri($"http://127.0.0.1:{port}/v1/events/genesys")],
            Widget = $"http://127.0.0.1:{port}/desk?conversationId={{{{gcConversationId}}}}",
        }, ct);
        Staff(sandbox.Organization, wholeDay ? 6 : 2);
        var articles = Path.Combine(AppContext.BaseDirectory, "Demo", "Articles");
        var knowledge = Shelve(sandbox.Organization, articles);
        if (withYou) SitDown(sandbox.Organization);
        var network = new RequestGauge(new SocketsHttpHandler());
        var settings = new BatonSettings
        {
            StorePath = storePath,
            Url = $"http://127.0.0.1:{port}",
            Policy = PolicyFile(folder, flavor == SandboxFlavor.Guide ? "demo-guide-policy.yaml" : "demo-policy.yaml"),
            IsPolicyGiven = true,
            Console = new ConsoleSettings { FrameAncestors = [sandbox.BaseAddress.GetLeftPart(UriPartial.Authority)] },
            Access = new AccessSettings { Auth = ServerAuth.Open },
            Genesys = new GenesysOptions
            {
                Flavor = flavor == SandboxFlavor.Guide ? GenesysFlavor.Guide : GenesysFlavor.Platform,
                Queues = sandbox.Organization.Queues.ToDictionary(q => q.Name, q => q.Id),
                ApiBaseUrl = sandbox.ApiBaseUrl.ToString(),
                LoginBaseUrl = sandbox.LoginBaseUrl.ToString(),
                Clients = [new OAuthClientOptions("demo", "demo-secret")],
            },
            Deliveries = new DeliveryOptions { AllowLoopback = true },
            Assist = new AssistSettings
            {
                Local = new KnowledgeOptions { Folder = articles },
                KnowledgeSourceIds = ["local", knowledge],
                Options = new AssistOptions { CallbackUrl = $"http://127.0.0.1:{port}/agentassist/callback" },
            },
            // Nobody else writes into this store: looking into it every half second would only be noise on the virtual clock.
            Runner = new RunnerOptions { Poll = TimeSpan.FromSeconds(10) },
        };
        var system = await BatonSystem.OpenAsync(settings, new BatonSystem.Parts(time, new Random(seed), Verb.Logs(verbose ? LogLevel.Debug : LogLevel.Error)) { Network = network, RepeatIds = true }, ct);
        var server = await BatonServer.StartAsync(system, null, ct);
        time.AddBusySign(() => network.UnderWay > sandbox.ParkedRequests);
        time.AddBusySign(() => sandbox.EventsUnderway > 0);
        time.AddBusySign(() => system.Store.PendingWrites > 0);
        return new DemoWorld(folder, time, sandbox, system, server, network);
    }

    static void Staff(Organization organization, int each)
    {
        foreach (var skill in (string[])["refunds", "english"]) organization.AddSkill(skill);
        foreach (var queue in (string[])["Support", "Billing", "VIP", "Night Desk", "Empty"]) organization.AddQueue(queue, alertingTimeout: TimeSpan.FromSeconds(20));
        organization.AddBotFlow("Main Bot");
        organization.AddOAuthClient("demo", "demo-secret");
        var quick = new AgentBehavior { AcceptAfter = TimeSpan.FromSeconds(3), HandleTime = TimeSpan.FromSeconds(40), WrapUpAfter = TimeSpan.FromSeconds(5), Capacity = 2, Greeting = "Hello, you are talking to a person now. I have read what you told the bot." };
        var slow = quick with { AcceptAfter = TimeSpan.FromSeconds(9), Capacity = 1 };
        for (var i = 0; i < each; i++)
        {
            organization.AddAgent($"Support {i + 1}", ["Support"], ["english"], i % 2 == 0 ? quick : slow);
            organization.AddAgent($"Billing {i + 1}", ["Billing"], ["refunds"], slow);
        }
        organization.AddAgent("Vera", ["VIP"], [], quick);
        organization.AddAgent("Nils", ["Night Desk"], [], new AgentBehavior { Answers = false, BackAfter = TimeSpan.FromSeconds(5) });
    }

    // Last of all, so that every id before it is as in a run that nobody stays for.
    static void SitDown(Organization organization)
    {
        organization.AddQueue(FrontDesk, alertingTimeout: TimeSpan.FromSeconds(60));
        foreach (var code in (string[])["Resolved", "Follow-up"]) organization.AddWrapupCode(code);
        organization.AddAgent(You, [FrontDesk], ["english", "refunds"], new AgentBehavior { Answers = false, BackAfter = TimeSpan.FromSeconds(5), WrapUpAfter = TimeSpan.FromMinutes(2), Capacity = 4 });
        organization.BindAssistant(FrontDesk);
    }

    /// <summary>The run's business hours are over: from now on it is always open, and everybody is sent to the front desk. Entered as a person would, so that the console knows of it.</summary>
    public async Task OpenForTheEveningAsync(CancellationToken ct)
    {
        var text = await File.ReadAllTextAsync(PolicyFile(folder, Sandbox.Flavor == SandboxFlavor.Guide ? "demo-guide-evening-policy.yaml" : "demo-evening-policy.yaml"), ct);
        var newest = await Baton.Store.NewestPolicyAsync(null, ct);
        var reply = await new PolicyDesk(Baton).SaveAsync(text, "The day is over: everybody goes to the front desk", newest?.Number ?? 0, "demo", ct);
        if (reply is not PolicyReply.Saved) throw new InvalidOperationException($"The evening's policy was not taken: {reply}.");
    }

    /// <summary>The platform's own knowledge holds the same articles, and its assistants suggest from them.</summary>
    static string Shelve(Organization organization, string folder)
    {
        var help = organization.AddKnowledgeBase("Help");
        foreach (var file in Directory.EnumerateFiles(folder, "*.md").Order(StringComparer.Ordinal))
        {
            var article = Article.Read(Path.GetFileName(file), File.ReadAllText(file));
            organization.AddArticle(help.Id, new KnowledgeArticle(article.Title, string.Join("\n", article.Sections.Select(s => s.Text))) { Id = Path.GetFileNameWithoutExtension(file), Tags = article.Tags });
        }
        foreach (var queue in (string[])["Support", "Billing", "VIP"]) organization.BindAssistant(queue);
        return help.Id;
    }

    static string PolicyFile(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        using var resource = typeof(DemoWorld).Assembly.GetManifestResourceStream(name)!;
        using var file = File.Create(path);
        resource.CopyTo(file);
        return path;
    }

    /// <summary>Each run begins with an empty store; the last run's stays until then, to be looked at.</summary>
    static async Task ClearStoreAsync(string storePath, CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(storePath)!);
        if (File.Exists(storePath))
        {
            try
            {
                await using var store = await SqliteStore.OpenAsync(storePath, null, ct);
                if (await store.OwnerAsync(ct) is { } owner) throw new StoreOwnedException(owner);
            }
            catch (StoreException) { /* Damaged, or from another version: it is only the demo's. */ }
        }
        foreach (var file in (string[])[storePath, storePath + "-wal", storePath + "-shm"]) File.Delete(file);
    }

    static int FreePort()
    {
        using var socket = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        socket.Start();
        return ((System.Net.IPEndPoint)socket.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        Bot.Dispose();
        await Server.DisposeAsync();
        await Baton.DisposeAsync();
        Baton.Logs.Dispose();
        await Sandbox.DisposeAsync();
        Network.Dispose();
        Time.Dispose();
    }
}
