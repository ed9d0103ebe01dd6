using Baton.Core;
using Baton.Core.Audit;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Sandbox;
using Baton.Storage.Sqlite;

namespace Baton.EndToEnd.Tests;

/// <summary>kill -9 of the real server on the guide flavor, by either way of moving a conversation: the transfer that names its leg, and the enqueue that names none.</summary>
public sealed class GuideCrashTests : IAsyncLifetime
{
    const string Told = "You are being transferred to a person.";
    const string Transfers = "/api/v2/conversations/*/participants/*/transfer";
    const string Enqueues = "/api/v2/routing/conversations/queue/*";
    const string Guests = "/api/v2/conversations/guests/*";
    const string Readings = "/api/v2/conversations/*";

    readonly BatonFolder folder = new();
    GenesysSandbox sandbox = null!;
    SqliteStore store = null!;
    string queue = "";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        sandbox = await GenesysSandbox.StartAsync(new SandboxOptions { Flavor = SandboxFlavor.Guide, CallsPerMinute = 100_000, SeedOrganization = false }, Ct);
        sandbox.Organization.AddOAuthClient("baton-sandbox", "sandbox-secret");
        queue = sandbox.Organization.AddQueue("Slow", alertingTimeout: TimeSpan.FromMinutes(5)).Id;
        sandbox.Organization.AddAgent("Sam", ["Slow"], [], new AgentBehavior { AcceptAfter = TimeSpan.FromMinutes(4), Capacity = 1000 });
        folder.Knows(sandbox);
        folder.IsQuick();
        folder.Environment["BATON__GENESYS__FLAVOR"] = "guide";
        folder.Environment["BATON__POLICY"] = "escalate";
        folder.Environment["BATON__GENESYS__CALLSPERMINUTE"] = "100000";
        store = await SqliteStore.OpenAsync(folder.StorePath, null, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await sandbox.DisposeAsync();
        folder.Dispose();
    }

    [Theory(Timeout = 120_000)]
    [InlineData(false, FaultKind.Slow, Readings)]
    [InlineData(false, FaultKind.Slow, Transfers)]
    [InlineData(false, FaultKind.ConnectionResetBeforeApply, Transfers)]
    [InlineData(false, FaultKind.ConnectionResetAfterApply, Transfers)]
    [InlineData(false, FaultKind.ApplyLate, Transfers)]
    [InlineData(true, FaultKind.Slow, Readings)]
    [InlineData(true, FaultKind.Slow, Guests)]
    [InlineData(true, FaultKind.Slow, Enqueues)]
    [InlineData(true, FaultKind.ConnectionResetBeforeApply, Enqueues)]
    [InlineData(true, FaultKind.ConnectionResetAfterApply, Enqueues)]
    [InlineData(true, FaultKind.ApplyLate, Enqueues)]
    public async Task Killed_in_the_middle_of_a_call(bool byGuest, FaultKind kind, string path)
    {
        sandbox.Faults.Add(new Fault { Kind = kind, Path = path, Times = 1, Milliseconds = kind == FaultKind.ApplyLate ? 1500 : 500 });
        await using var first = await folder.ServeAsync();
        var handoff = await RequestAsync(byGuest);
        await sandbox.Ledger.WaitForAsync(e => e.Kind == LedgerKind.FaultInjected, ct: Ct);
        await first.KillAsync();

        await using var second = await folder.ServeAsync();
        (await UntilSettledAsync(handoff)).State.ShouldBe(HandoffState.Queued);
        await ShouldBeOnceAsync([handoff], byGuest);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(true, 3)]
    [InlineData(false, 4)]
    public async Task Thirty_handoffs_five_kills_and_lost_replies_are_thirty_moves(bool byGuest, int seed)
    {
        sandbox.Faults.Add(new Fault { Kind = FaultKind.ConnectionResetAfterApply, Path = "/api/v2/*", Probability = 0.1 });
        sandbox.Faults.Add(new Fault { Kind = FaultKind.ApplyLate, Path = byGuest ? Enqueues : Transfers, Probability = 0.1, Milliseconds = 2500 });
        var random = new Random(seed);
        var handoffs = new List<Handoff>();
        for (var i = 0; i < 30; i++) handoffs.Add(await RequestAsync(byGuest));
        for (var kill = 0; kill < 5; kill++)
        {
            await using var doomed = await folder.ServeAsync();
            var fatal = sandbox.Ledger.Entries.Count + random.Next(5, 40);
            await sandbox.Ledger.WaitForAsync(e => e.Sequence >= fatal, ct: Ct);
            await doomed.KillAsync();
        }
        await using var survivor = await folder.ServeAsync();
        foreach (var handoff in handoffs) (await UntilSettledAsync(handoff)).State.ShouldBe(HandoffState.Queued);
        await ShouldBeOnceAsync(handoffs, byGuest);
    }

    async Task<Handoff> RequestAsync(bool byGuest)
    {
        var started = sandbox.Organization.StartConversation(new GuestProfile("Gina"));
        var now = TimeProvider.System.GetUtcNow();
        var plan = new HandoffPlan { Steps = [new RouteStep { Queue = queue }], Messages = byGuest ? new HandoffMessages { Transferring = Told } : new HandoffMessages() };
        var handoff = Handoff.Request(HandoffId.New(now), started.ConversationId, plan, new HandoffOrigin("test", [new Reason("requested", "The test asked for it.")], null), now);
        return (await store.StartHandoffAsync(byGuest ? handoff with { GuestId = started.GuestId } : handoff, null, Ct)).Handoff;
    }

    async Task<Handoff> UntilSettledAsync(Handoff handoff)
    {
        const int MostLooks = 2000;
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        for (var look = 0; look < MostLooks; look++)
        {
            if (await store.FindHandoffAsync(handoff.Id, Ct) is { } now && (now.State.IsFinal() ? now.Todo == Todo.None : now is { State: HandoffState.Queued, Todo: Todo.Follow })) return now;
            await again.WaitForNextTickAsync(Ct);
        }
        var stuck = await store.FindHandoffAsync(handoff.Id, Ct);
        throw new ShouldAssertException($"The handoff is stuck: {stuck!.State}, next {stuck.Todo}, after {string.Join(", ", (await store.HistoryAsync(handoff.Id, Ct)).Select(s => s.What))}.");
    }

    async Task ShouldBeOnceAsync(IReadOnlyList<Handoff> handoffs, bool told)
    {
        foreach (var handoff in handoffs)
        {
            sandbox.Ledger.TransfersApplied(handoff.ConversationId).Count.ShouldBe(1);
            sandbox.Ledger.MessagesTo(handoff.ConversationId).Where(m => m.From == "system").Select(m => m.Text).ShouldBe(told ? [Told] : []);
        }
        (await AuditVerifier.VerifyAsync(store, null, null, Ct)).Problems.ShouldBeEmpty();
    }
}
