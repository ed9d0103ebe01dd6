using Baton.Core;
using Baton.Core.Audit;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Sandbox;
using Baton.Storage.Sqlite;

namespace Baton.EndToEnd.Tests.Crashes;

/// <summary>kill -9 of the real server in every state of a handoff: one transfer, one message, nothing stuck.</summary>
public sealed class CrashTests : IAsyncLifetime
{
    const string Told = "You are being transferred to a person.";
    const string Transfers = "/api/v2/conversations/*/participants/*/replace/queue";
    const string Messages = "/api/v2/conversations/messages/*/communications/*/messages";
    const string Readings = "/api/v2/conversations/*";

    readonly BatonFolder folder = new();
    GenesysSandbox sandbox = null!;
    SqliteStore store = null!;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        sandbox = await GenesysSandbox.StartAsync(new SandboxOptions { TransferDelayMax = TimeSpan.FromMilliseconds(300), CallsPerMinute = 100_000, SeedOrganization = false }, Ct);
        sandbox.Organization.AddOAuthClient("baton-sandbox", "sandbox-secret");
        foreach (var queue in (string[])["Slow", "Quick"]) sandbox.Organization.AddQueue(queue, alertingTimeout: TimeSpan.FromMinutes(5));
        sandbox.Organization.AddAgent("Sam", ["Slow"], [], new AgentBehavior { AcceptAfter = TimeSpan.FromMinutes(4), Capacity = 1000 });
        sandbox.Organization.AddAgent("Bea", ["Quick"], [], new AgentBehavior { AcceptAfter = TimeSpan.FromMilliseconds(50), Capacity = 1000 });
        folder.Knows(sandbox);
        folder.IsQuick();
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
    [InlineData("while it is being read", FaultKind.Slow, Readings)]
    [InlineData("while the transfer is on its way", FaultKind.Slow, Transfers)]
    [InlineData("before the transfer was taken", FaultKind.ConnectionResetBeforeApply, Transfers)]
    [InlineData("after the transfer was taken", FaultKind.ConnectionResetAfterApply, Transfers)]
    [InlineData("long before the transfer is carried out", FaultKind.ApplyLate, Transfers)]
    [InlineData("while the customer is being told", FaultKind.Slow, Messages)]
    [InlineData("before the customer was told", FaultKind.ConnectionResetBeforeApply, Messages)]
    public async Task Killed_at(string when, FaultKind kind, string path)
    {
        sandbox.Faults.Add(new Fault { Kind = kind, Path = path, Times = 1, Milliseconds = kind == FaultKind.ApplyLate ? 1500 : 500 });
        await using var first = await folder.ServeAsync();
        var handoff = await RequestAsync("Slow");
        await sandbox.Ledger.WaitForAsync(e => e.Kind == LedgerKind.FaultInjected, ct: Ct);
        await first.KillAsync();

        await using var second = await folder.ServeAsync();
        var after = await UntilAsync(handoff, IsSettled);
        after.State.ShouldBe(HandoffState.Queued, when);
        await ShouldBeOnceAsync([handoff], Told);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("Slow", HandoffState.Queued)]
    [InlineData("Quick", HandoffState.WithAgent)]
    public async Task Killed_while_it_is_followed(string queue, HandoffState state)
    {
        await using var first = await folder.ServeAsync();
        var handoff = await RequestAsync(queue);
        await UntilAsync(handoff, h => h.State == state && IsSettled(h));
        await first.KillAsync();
        await using var second = await folder.ServeAsync();
        sandbox.Organization.GuestLeaves(handoff.ConversationId);
        (await UntilAsync(handoff, h => h.State.IsFinal() && h.Todo == Todo.None)).State.ShouldBe(state == HandoffState.Queued ? HandoffState.Abandoned : HandoffState.Completed);
        await ShouldBeOnceAsync([handoff], state == HandoffState.Queued ? Told : null);
    }

    [Fact(Timeout = 120_000)]
    public async Task Killed_before_anything_was_begun()
    {
        var handoff = await RequestAsync("Slow");
        await using (var first = await folder.ServeAsync()) await first.KillAsync();
        await using var second = await folder.ServeAsync();
        (await UntilAsync(handoff, IsSettled)).State.ShouldBe(HandoffState.Queued);
        await ShouldBeOnceAsync([handoff], Told);
    }

    /// <summary>The moments are drawn: the ledger's entry at which the server dies.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Forty_handoffs_six_kills_and_lost_replies_are_forty_transfers(int seed)
    {
        sandbox.Faults.Add(new Fault { Kind = FaultKind.ConnectionResetAfterApply, Path = "/api/v2/*", Probability = 0.1 });
        sandbox.Faults.Add(new Fault { Kind = FaultKind.ApplyLate, Path = Transfers, Probability = 0.1, Milliseconds = 2500 });
        var random = new Random(seed);
        var handoffs = new List<Handoff>();
        for (var i = 0; i < 40; i++) handoffs.Add(await RequestAsync("Slow"));
        for (var kill = 0; kill < 6; kill++)
        {
            await using var doomed = await folder.ServeAsync();
            var fatal = sandbox.Ledger.Entries.Count + random.Next(5, 60);
            await sandbox.Ledger.WaitForAsync(e => e.Sequence >= fatal, ct: Ct);
            await doomed.KillAsync();
        }
        await using var survivor = await folder.ServeAsync();
        foreach (var handoff in handoffs) (await UntilAsync(handoff, IsSettled)).State.ShouldBe(HandoffState.Queued);
        await ShouldBeOnceAsync(handoffs, Told);
    }

    static bool IsSettled(Handoff h) => h.State.IsFinal() ? h.Todo == Todo.None : h.State is HandoffState.Queued or HandoffState.WithAgent && h.Todo == Todo.Follow;

    async Task<Handoff> RequestAsync(string queue)
    {
        var conversation = sandbox.Organization.StartConversation(new GuestProfile("Gina")).ConversationId;
        var now = TimeProvider.System.GetUtcNow();
        var plan = new HandoffPlan { Steps = [new RouteStep { Queue = queue }], Messages = new HandoffMessages { Transferring = Told } };
        var handoff = Handoff.Request(HandoffId.New(now), conversation, plan, new HandoffOrigin("test", [new Reason("requested", "The test asked for it.")], null), now);
        return (await store.StartHandoffAsync(handoff, null, Ct)).Handoff;
    }

    async Task<Handoff> UntilAsync(Handoff handoff, Func<Handoff, bool> holds)
    {
        const int MostLooks = 2000;
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        for (var look = 0; look < MostLooks; look++)
        {
            if (await store.FindHandoffAsync(handoff.Id, Ct) is { } now && holds(now)) return now;
            await again.WaitForNextTickAsync(Ct);
        }
        var stuck = await store.FindHandoffAsync(handoff.Id, Ct);
        throw new ShouldAssertException($"The handoff is stuck: {stuck!.State}, next {stuck.Todo}, after {string.Join(", ", (await store.HistoryAsync(handoff.Id, Ct)).Select(s => s.What))}.");
    }

    async Task ShouldBeOnceAsync(IReadOnlyList<Handoff> handoffs, string? told)
    {
        foreach (var handoff in handoffs)
        {
            sandbox.Ledger.TransfersApplied(handoff.ConversationId).Count.ShouldBe(1);
            var messages = sandbox.Ledger.MessagesTo(handoff.ConversationId).Where(m => m.From == "api").ToList();
            messages.Select(m => m.Text).ShouldBe(told is null ? [] : [told]);
            if (told is not null) messages[0].Sequence.ShouldBeGreaterThan(sandbox.Ledger.TransfersApplied(handoff.ConversationId)[0].Sequence);
        }
        var report = await AuditVerifier.VerifyAsync(store, null, null, Ct);
        report.Problems.ShouldBeEmpty();
    }
}
