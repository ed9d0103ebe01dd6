using Baton.Core.Assist;
using Baton.Core.Handoffs;
using Baton.Core.Policies;

namespace Baton.Core.Insights;

/// <summary>Which handoffs are looked at.</summary>
/// <param name="Policy">The hash of a policy's rules.</param>
public sealed record InsightFilter(DateTimeOffset Since, DateTimeOffset Until, string? Queue = null, string? Policy = null)
{
    static readonly TimeSpan LongestByHour = TimeSpan.FromHours(48);

    /// <summary>By the hour up to two days, else by the day; both of universal time.</summary>
    public bool IsByHour => Until - Since <= LongestByHour;
    public TimeSpan Width => IsByHour ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);

    /// <summary>The beginning of the hour or day it falls into.</summary>
    public DateTimeOffset BucketOf(DateTimeOffset at) => new(at.UtcTicks - at.UtcTicks % Width.Ticks, TimeSpan.Zero);

    public IEnumerable<DateTimeOffset> Buckets()
    {
        for (var at = BucketOf(Since); at < Until; at += Width) yield return at;
    }

    public bool Takes(HandoffLine line) => (Queue is null || line.Queue == Queue) && (Policy is null || line.Policy?.Hash == Policy);
}

/// <summary>How handoffs did over a span of time. Counted from what is stored, nothing is assumed: what has no value yet has none.</summary>
public sealed record InsightReport(InsightFilter Filter, InsightCounts Total)
{
    /// <summary>Every hour or day of the span, those in which nothing happened among them.</summary>
    public required IReadOnlyList<InsightGroup<DateTimeOffset>> Buckets { get; init; }

    /// <summary>By the code of the deciding reason, most frequent first; null: no reason was given.</summary>
    public required IReadOnlyList<InsightGroup<string?>> Reasons { get; init; }
    public required IReadOnlyList<InsightGroup<string>> Queues { get; init; }

    /// <summary>By policy; null: a person asked.</summary>
    public required IReadOnlyList<InsightGroup<PolicyVersion?>> Policies { get; init; }

    /// <param name="handoffs">Newest first.</param>
    public static InsightReport Of(InsightFilter filter, IReadOnlyList<HandoffLine> handoffs, IReadOnlyList<AcceptanceLine> suggestions)
    {
        var taken = handoffs.Where(filter.Takes).ToList();
        var conversations = new Dictionary<string, HandoffLine>(StringComparer.Ordinal);
        // A conversation handed off twice counts for the newer.
        foreach (var line in taken) conversations.TryAdd(line.ConversationId, line);
        var isFiltered = filter.Queue is not null || filter.Policy is not null;
        var used = suggestions.Where(s => !isFiltered || conversations.ContainsKey(s.ConversationId)).ToList();

        var byBucket = taken.ToLookup(h => filter.BucketOf(h.RequestedAt));
        var usedByBucket = used.ToLookup(s => filter.BucketOf(s.At));
        return new InsightReport(filter, InsightCounts.Of(taken, used))
        {
            Buckets = [.. filter.Buckets().Select(at => new InsightGroup<DateTimeOffset>(at, InsightCounts.Of(byBucket[at], usedByBucket[at])))],
            Reasons = Group(h => h.Reason),
            Queues = Group(h => h.Queue),
            Policies = Group(h => h.Policy),
        };

        IReadOnlyList<InsightGroup<TKey>> Group<TKey>(Func<HandoffLine, TKey> key)
        {
            var offered = used.Where(s => conversations.ContainsKey(s.ConversationId)).ToLookup(s => key(conversations[s.ConversationId]));
            return [.. taken.GroupBy(key).Select(g => new InsightGroup<TKey>(g.Key, InsightCounts.Of(g, offered[g.Key]))).OrderByDescending(g => g.Counts.Requested).ThenBy(g => g.Key?.ToString(), StringComparer.Ordinal)];
        }
    }
}

public sealed record InsightGroup<TKey>(TKey Key, InsightCounts Counts);

/// <summary>What became of some handoffs. The states add up to those requested.</summary>
/// <param name="TimeToAgent">From the request to an agent, in seconds; null when none came.</param>
/// <param name="Acceptance">Of the suggestions that agents dealt with.</param>
public sealed record InsightCounts(int Requested, IReadOnlyDictionary<HandoffState, int> States, Percentiles? TimeToAgent, AcceptanceRate Acceptance)
{
    public int WithAgent => In(HandoffState.WithAgent, HandoffState.Completed);
    public int CustomerLeft => In(HandoffState.Abandoned);
    public int StayedWithBot => In(HandoffState.ReturnedToBot);
    public int Refused => In(HandoffState.Refused);
    public int Failed => In(HandoffState.Failed);
    public int CalledOff => In(HandoffState.Canceled);
    public int UnderWay => In(HandoffState.Requested, HandoffState.Transferring, HandoffState.Queued);

    public static InsightCounts Of(IEnumerable<HandoffLine> handoffs, IEnumerable<AcceptanceLine> suggestions)
    {
        var lines = handoffs.ToList();
        var dealtWith = suggestions.ToList();
        return new InsightCounts(lines.Count, lines.CountBy(h => h.State).ToDictionary(s => s.Key, s => s.Value),
            Percentiles.Of(lines.Where(h => h.AgentAt is not null).Select(h => (h.AgentAt!.Value - h.RequestedAt).TotalSeconds)),
            AcceptanceRate.Of(dealtWith.Count(s => s.IsUsed), dealtWith.Count));
    }

    int In(params ReadOnlySpan<HandoffState> states)
    {
        var count = 0;
        foreach (var state in states) count += States.GetValueOrDefault(state);
        return count;
    }
}
