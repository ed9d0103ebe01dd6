using Baton.Core.Assist;

namespace Baton.Core.Handoffs;

/// <summary>How handoffs do: where they stand, how they ended, how long customers waited. Counted from what is stored.</summary>
public sealed record HandoffReport(DateTimeOffset Since, int Requested, IReadOnlyList<StateCount> States)
{
    /// <summary>From the request to the confirmed transfer, in seconds; null when none was confirmed.</summary>
    public Percentiles? TimeToConfirmed { get; init; }

    /// <summary>From the request to an agent, in seconds; null when none came.</summary>
    public Percentiles? TimeToAgent { get; init; }

    /// <summary>Why those that failed or were refused did.</summary>
    public IReadOnlyList<FailureCount> Failures { get; init; } = [];
    public IReadOnlyList<QueueReport> Queues { get; init; } = [];

    public static HandoffReport Of(DateTimeOffset since, IReadOnlyList<HandoffTimes> handoffs) => new(since, handoffs.Count, CountStates(handoffs))
    {
        TimeToConfirmed = Percentiles.Of(handoffs.Where(h => h.ConfirmedAt is not null).Select(h => (h.ConfirmedAt!.Value - h.RequestedAt).TotalSeconds)),
        TimeToAgent = Percentiles.Of(WaitsOf(handoffs)),
        Failures = [.. handoffs.Where(h => h is { Failure: not null, State: HandoffState.Failed or HandoffState.Refused or HandoffState.ReturnedToBot }).GroupBy(h => h.Failure!.Value)
            .Select(g => new FailureCount(g.Key, g.Count())).OrderByDescending(f => f.Count).ThenBy(f => f.Failure)],
        Queues = [.. handoffs.GroupBy(h => h.Queue).Select(g => new QueueReport(g.Key, g.Count(), CountStates([.. g]), Percentiles.Of(WaitsOf(g)))).OrderByDescending(q => q.Requested).ThenBy(q => q.Queue, StringComparer.Ordinal)],
    };

    static IReadOnlyList<StateCount> CountStates(IReadOnlyList<HandoffTimes> handoffs) => [.. handoffs.GroupBy(h => h.State).OrderBy(g => g.Key).Select(g => new StateCount(g.Key, g.Count()))];

    static IEnumerable<double> WaitsOf(IEnumerable<HandoffTimes> handoffs) => handoffs.Where(h => h.AgentAt is not null).Select(h => (h.AgentAt!.Value - h.RequestedAt).TotalSeconds);
}

public sealed record StateCount(HandoffState State, int Count);

public sealed record FailureCount(FailureKind Failure, int Count);

/// <param name="TimeToAgent">In seconds.</param>
public sealed record QueueReport(string Queue, int Requested, IReadOnlyList<StateCount> States, Percentiles? TimeToAgent);

/// <summary>What a report needs of a handoff.</summary>
/// <param name="Queue">The name of the queue it went to last, else as the plan gives it.</param>
public sealed record HandoffTimes(HandoffState State, string Queue, DateTimeOffset RequestedAt, DateTimeOffset? ConfirmedAt, DateTimeOffset? AgentAt, FailureKind? Failure);
