using Baton.Core;
using Baton.Core.Deliveries;
using Baton.Core.Handoffs;
using Baton.Genesys.Quota;

namespace Baton.Server.Console.Live;

/// <summary>What is happening now: what waits, what goes on, what needs a person.</summary>
public sealed record LiveView
{
    const int Most = 100;
    const int MostTrouble = 10;
    const int MostCounted = 10_000;
    static readonly TimeSpan Lately = TimeSpan.FromHours(1);

    public required IReadOnlyList<Handoff> Now { get; init; }

    /// <summary>All that are live, counted in the table; <see cref="Now"/> is the newest of them.</summary>
    public required IReadOnlyList<QueueLoad> Load { get; init; }
    public required IReadOnlyList<Attention> Attention { get; init; }
    public required HandoffReport LastHour { get; init; }
    public required IReadOnlyList<QuotaState> Quota { get; init; }

    public int Waiting => In(HandoffState.Queued);
    public int WithAgent => In(HandoffState.WithAgent);
    public int UnderWay => In(HandoffState.Requested) + In(HandoffState.Transferring);
    public int More => Load.Sum(l => l.Count) - Now.Count;

    /// <summary>Since when the customer that waits longest has waited.</summary>
    public DateTimeOffset? Longest => Load.Where(l => l.State == HandoffState.Queued).Min(l => (DateTimeOffset?)l.Oldest);

    /// <summary>Queues, those where somebody waits longest first.</summary>
    public IEnumerable<(string Name, int Waiting, DateTimeOffset? Since, int WithAgent, QueueReport? Lately)> Queues =>
        Load.Select(l => l.Queue).Concat(LastHour.Queues.Select(q => q.Queue)).Distinct(StringComparer.Ordinal)
            .Select(name => (name, In(HandoffState.Queued, name), Load.Where(l => l.Queue == name && l.State == HandoffState.Queued).Min(l => (DateTimeOffset?)l.Oldest), In(HandoffState.WithAgent, name), LastHour.Queues.FirstOrDefault(q => q.Queue == name)))
            .OrderBy(q => q.Item3 ?? DateTimeOffset.MaxValue).ThenBy(q => q.name, StringComparer.Ordinal);

    internal static async Task<LiveView> ReadAsync(BatonSystem system, PageView view, CancellationToken ct)
    {
        var now = await system.NamedAsync(await system.Store.ListHandoffsAsync(new HandoffFilter { LiveOnly = true, Limit = Most }, ct), ct);
        var failed = await system.Store.ListHandoffsAsync(new HandoffFilter { State = HandoffState.Failed, Since = view.Now - Lately, Limit = MostTrouble }, ct);
        var open = new List<Handoff>();
        foreach (var handoff in failed)
            // One that was tried again is the new one's matter.
            if (await system.Store.ListHandoffsAsync(new HandoffFilter { ConversationId = handoff.ConversationId, Limit = 1 }, ct) is [var last] && last.Id == handoff.Id) open.Add(handoff);
        var dead = await system.Store.ListDeliveriesAsync(new DeliveryFilter { State = DeliveryState.Dead, Limit = MostTrouble }, ct);
        var quota = system.Center.Quota.ToList();
        var condition = await system.Store.CheckAsync(ct);
        return new LiveView
        {
            Now = now,
            Load = await system.Store.LiveLoadAsync(ct),
            LastHour = HandoffReport.Of(view.Now - Lately, await system.Store.HandoffTimesAsync(view.Now - Lately, MostCounted, ct)),
            Quota = quota,
            Attention = [.. Live.Attention.Of(view, condition, system.Policies.Trouble, quota, now, open, dead)],
        };
    }

    int In(HandoffState state, string? queue = null) => Load.Where(l => l.State == state && (queue is null || l.Queue == queue)).Sum(l => l.Count);
}
