using Baton.Core;
using Baton.Core.Handoffs;
using Baton.Genesys.Quota;

namespace Baton.Server.Console.Live;

/// <summary>What is happening now: what waits, what goes on, what needs a person.</summary>
public sealed record LiveView
{
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

    internal static LiveView Of(LiveFacts facts, PageView view, BatonSystem system)
    {
        var quota = system.Center.Quota.ToList();
        return new LiveView
        {
            Now = facts.Now,
            Load = facts.Load,
            LastHour = facts.LastHour,
            Quota = quota,
            Attention = [.. Live.Attention.Of(view, facts.Condition, system.Policies.Trouble, quota, facts.HeldUp, facts.Failed, facts.Dead)],
        };
    }

    int In(HandoffState state, string? queue = null) => Load.Where(l => l.State == state && (queue is null || l.Queue == queue)).Sum(l => l.Count);
}
