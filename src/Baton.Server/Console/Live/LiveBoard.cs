using Baton.Core;
using Baton.Core.Deliveries;
using Baton.Core.Handoffs;
using Baton.Storage.Sqlite;

namespace Baton.Server.Console.Live;

/// <summary>
/// One reading of the store for all who look at the same time. At a change every open page reads itself again, and a hundred watchers must not cost a hundred readings.
/// Nothing is kept: who comes while one is read is given the next, which has seen all they were told of.
/// </summary>
public sealed class LiveBoard(BatonSystem system)
{
    readonly Lock gate = new();
    Task<LiveFacts>? reading;
    Task<LiveFacts>? next;

    /// <exception cref="StoreException">The store cannot be read.</exception>
    public Task<LiveFacts> ReadAsync(CancellationToken ct)
    {
        lock (gate)
        {
            var joined = reading is null ? reading = ReadAfterAsync(Task.CompletedTask) : next ??= ReadAfterAsync(reading);
            return joined.WaitAsync(ct);
        }
    }

    async Task<LiveFacts> ReadAfterAsync(Task before)
    {
        // What became of it is told to those who wait for it. Not here either: the lock is held.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        try
        {
            return await LiveFacts.ReadAsync(system, CancellationToken.None);
        }
        finally
        {
            lock (gate) (reading, next) = (next, null);
        }
    }
}

/// <summary>What the live page shows that lies in the store, whoever looks.</summary>
/// <param name="Now">The newest of those under way.</param>
/// <param name="Load">All of them, counted.</param>
/// <param name="HeldUp">Of those under way, what may not go on by itself, the oldest first.</param>
/// <param name="Failed">Lately, and not tried again.</param>
public sealed record LiveFacts(IReadOnlyList<Handoff> Now, IReadOnlyList<Handoff> HeldUp, IReadOnlyList<QueueLoad> Load, HandoffReport LastHour, IReadOnlyList<Handoff> Failed, IReadOnlyList<Delivery> Dead, StoreCondition Condition)
{
    const int Most = 100;
    const int MostTrouble = 10;
    const int MostCounted = 10_000;
    static readonly TimeSpan Lately = TimeSpan.FromHours(1);

    internal static async Task<LiveFacts> ReadAsync(BatonSystem system, CancellationToken ct)
    {
        var (store, at) = (system.Store, system.Time.GetUtcNow());
        var since = at - Lately;
        var now = await system.NamedAsync(await store.ListHandoffsAsync(new HandoffFilter { LiveOnly = true, Limit = Most }, ct), ct);
        var heldUp = await system.NamedAsync(await store.HeldUpAsync(at - Attention.Overdue, Attention.HeldUp, at - Attention.LongTransfer, Most, ct), ct);
        var open = new List<Handoff>();
        foreach (var failed in await store.ListHandoffsAsync(new HandoffFilter { State = HandoffState.Failed, Since = since, Limit = MostTrouble }, ct))
            // One that was tried again is the new one's matter.
            if (await store.ListHandoffsAsync(new HandoffFilter { ConversationId = failed.ConversationId, Limit = 1 }, ct) is [var last] && last.Id == failed.Id) open.Add(failed);
        return new LiveFacts(now, heldUp, await store.LiveLoadAsync(ct), HandoffReport.Of(since, await store.HandoffTimesAsync(since, MostCounted, ct)), open,
            await store.ListDeliveriesAsync(new DeliveryFilter { State = DeliveryState.Dead, Limit = MostTrouble }, ct), await store.CheckAsync(ct));
    }
}
