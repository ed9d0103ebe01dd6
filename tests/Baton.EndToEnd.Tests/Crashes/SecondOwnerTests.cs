using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Sandbox;
using Baton.Storage.Sqlite;

namespace Baton.EndToEnd.Tests.Crashes;

/// <summary>One file, one server: the second says who has it and goes; when the first was killed, the next takes over what it held.</summary>
public sealed class SecondOwnerTests : IAsyncLifetime
{
    readonly BatonFolder folder = new();
    GenesysSandbox sandbox = null!;
    SqliteStore store = null!;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        sandbox = await GenesysSandbox.StartAsync(new SandboxOptions { TransferDelayMax = TimeSpan.FromMilliseconds(100), CallsPerMinute = 100_000 }, Ct);
        folder.Knows(sandbox);
        folder.IsQuick();
        store = await SqliteStore.OpenAsync(folder.StorePath, null, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await sandbox.DisposeAsync();
        folder.Dispose();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_second_server_on_the_same_file_names_the_first_and_leaves_it_alone()
    {
        await using var first = await folder.ServeAsync();
        var second = await folder.RunAsync("serve", "--url", "http://127.0.0.1:0");
        var owner = (await store.OwnerAsync(Ct)).ShouldNotBeNull();
        (second.ExitCode, second.Output).ShouldBe((1, ""));
        second.ErrorLines.ShouldBe([$"The store is run by process {owner.Process} at {first.Address.ToString().TrimEnd('/')}. Stop it first, or use another store with --store."]);
        await ShouldHandOffAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task What_a_killed_server_held_goes_on_at_the_next()
    {
        sandbox.Faults.Add(new Fault { Kind = FaultKind.Slow, Path = "/api/v2/conversations/*/participants/*/replace/queue", Times = 1, Milliseconds = 500 });
        await using var first = await folder.ServeAsync();
        var conversation = await RequestAsync();
        await sandbox.Ledger.WaitForAsync(e => e.Kind == LedgerKind.FaultInjected, ct: Ct);
        await first.KillAsync();
        var killed = sandbox.Ledger.Entries.Count;
        (await store.OwnerAsync(Ct)).ShouldBeNull();

        await using var next = await folder.ServeAsync();
        (await store.OwnerAsync(Ct)).ShouldNotBeNull().Address.ShouldBe(next.Address.ToString().TrimEnd('/'));
        await sandbox.Ledger.WaitForAsync(e => e is { Kind: LedgerKind.RequestServed, Method: "GET" } && e.ConversationId == conversation, killed, Ct);
        sandbox.Ledger.TransfersApplied(conversation).Count.ShouldBe(1);
        await ShouldHandOffAsync();
    }

    async Task ShouldHandOffAsync()
    {
        var conversation = await RequestAsync();
        await sandbox.Ledger.WaitForAsync(e => e.Kind == LedgerKind.TransferApplied && e.ConversationId == conversation, ct: Ct);
        sandbox.Ledger.TransfersApplied(conversation).Count.ShouldBe(1);
    }

    async Task<string> RequestAsync()
    {
        var conversation = sandbox.Organization.StartConversation(new GuestProfile("Gina")).ConversationId;
        var now = TimeProvider.System.GetUtcNow();
        var plan = new HandoffPlan { Steps = [new RouteStep { Queue = "Support" }], Messages = new HandoffMessages { Transferring = "You are being transferred to a person." } };
        await store.StartHandoffAsync(Handoff.Request(HandoffId.New(now), conversation, plan, new HandoffOrigin("test", [new Reason("requested", "The test asked for it.")], null), now), null, Ct);
        return conversation;
    }
}
