using Baton.Core;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;

namespace Baton.Tests.Simulation;

/// <summary>One process's connection to the database: each call takes its time there and back, may fail before or after its work, and ends with the process.</summary>
sealed class SimulatedConnection(SimulatedProcess process, SimulatedStore store, SimulatedWorld world) : IHandoffStore
{
    public Task<Conversation?> FindConversationAsync(string conversationId, CancellationToken ct) => CallAsync<Conversation?>("find", () => null);
    public Task<Pause?> PausedAsync(CancellationToken ct) => Task.FromResult<Pause?>(null);

    public Task<IReadOnlyList<LeasedHandoff>> ClaimDueAsync(DateTimeOffset now, TimeSpan lease, int limit, bool beginNew, CancellationToken ct) =>
        CallAsync("claim", () => store.ClaimDue(now, lease, limit, beginNew));

    public Task<LeasedHandoff?> CommitAsync(LeasedHandoff held, Transition transition, CancellationToken ct) => CallAsync($"commit {transition.What}", () =>
    {
        var committed = store.Commit(held, transition);
        world.Log?.Add($"{world.Now:HH:mm:ss.fff} {held.Handoff.ConversationId} {process} {transition.What} v{transition.Handoff.Version} {transition.Handoff.State}/{transition.Handoff.Todo} due {transition.Handoff.DueAt:HH:mm:ss.fff}{(committed is null ? " REFUSED" : "")}");
        if (committed is null) world.Count("commitRefused");
        return committed;
    });

    public Task ReleaseAsync(LeasedHandoff held, DateTimeOffset? notBefore, CancellationToken ct) => CallAsync("release", () =>
    {
        store.Release(held, notBefore);
        return true;
    });

    public Task<DateTimeOffset?> NextDueAsync(bool beginNew, CancellationToken ct) => CallAsync("nextDue", () => store.NextDue(beginNew));

    Task<T> CallAsync<T>(string what, Func<T> effect)
    {
        var fails = what is "nextDue" or "find" ? 0 : world.Draw(("storeFailed", 0.004), ("storeFailedAfterCommit", 0.004));
        return process.CallAsync(world.Milliseconds(1, 8), () => fails switch
        {
            1 => throw new StoreException("The disk is full."),
            2 when effect() is not null => throw new StoreException("The connection broke."),
            2 => throw new StoreException("The connection broke."),
            _ => effect(),
        }, world.Milliseconds(1, 8), isOnTheWire: false);
    }

    public Task WaitForWorkAsync(CancellationToken ct) => throw new NotSupportedException("The simulation steps its processes; nobody waits for a signal.");
}
