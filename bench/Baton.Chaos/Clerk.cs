using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Genesys;
using Baton.Sandbox;

namespace Baton.Chaos;

/// <summary>What harness and worker have in common: the vendor, the credentials, the plan, the pace.</summary>
static class Clerk
{
    public const string Told = "You are being transferred to a person.";
    public const string Queue = "Support";
    public const string SecondQueue = "Second Line";
    const string Client = "chaos";
    const string Secret = "chaos-secret";

    /// <summary>The waiting that the product does in tens of seconds, in tenths.</summary>
    public static RunnerOptions Runner { get; } = new()
    {
        AtOnce = 16,
        Poll = TimeSpan.FromMilliseconds(50),
        Pace = new HandoffPace
        {
            Settle = TimeSpan.FromSeconds(1),
            SendWithin = TimeSpan.FromSeconds(1),
            FirstLook = TimeSpan.FromMilliseconds(60),
            FollowLeast = TimeSpan.FromMilliseconds(500),
            FollowMost = TimeSpan.FromMinutes(30),
        },
    };

    public static HandoffPlan Plan { get; } = new() { Steps = [new RouteStep { Queue = Queue }], Messages = new HandoffMessages { Transferring = Told } };

    public static async Task<GenesysSandbox> VendorAsync(int seed, bool fence, CancellationToken ct)
    {
        var sandbox = await GenesysSandbox.StartAsync(new SandboxOptions
        {
            Seed = seed,
            SeedOrganization = false,
            CallsPerMinute = 10_000_000,
            TransferDelayMin = TimeSpan.FromMilliseconds(5),
            TransferDelayMax = TimeSpan.FromMilliseconds(40),
            LegFence = fence,
        }, ct);
        sandbox.Organization.AddOAuthClient(Client, Secret);
        foreach (var skill in (string[])["refunds"]) sandbox.Organization.AddSkill(skill);
        foreach (var queue in (string[])[Queue, SecondQueue]) sandbox.Organization.AddQueue(queue, alertingTimeout: TimeSpan.FromHours(5));
        // Somebody is on queue and takes nothing: what waits stays where the transfer put it.
        sandbox.Organization.AddAgent("Sam", [Queue, SecondQueue], ["refunds"], new AgentBehavior { Capacity = 0 });
        return sandbox;
    }

    public static GenesysOptions Options(string api) => new() { ApiBaseUrl = api, LoginBaseUrl = api, Clients = [new OAuthClientOptions(Client, Secret)], CallsPerMinute = 10_000_000, Timeout = TimeSpan.FromSeconds(5) };

    public static Handoff Request(string conversationId, HandoffPlan plan)
    {
        var now = TimeProvider.System.GetUtcNow();
        return Handoff.Request(HandoffId.New(now), conversationId, plan, new HandoffOrigin("chaos", [new Reason("requested", "The run asked for it.")], null), now);
    }

    public static bool IsSettled(Handoff h) => h.State.IsFinal() ? h.Todo == Todo.None : h is { State: HandoffState.Queued or HandoffState.WithAgent, Todo: Todo.Follow } && h.Step == h.Plan.Steps.Count - 1;

    public static string Store(string folder) => Path.Combine(folder, "baton.db");
}
