using Baton.Core.Handoffs;
using Baton.Core.Policies;

namespace Baton.Core.Insights;

/// <summary>What figures over a span of time are counted from: a few columns a row, read in one pass.</summary>
public interface IInsightStore
{
    /// <summary>The handoffs requested from <paramref name="since"/> to before <paramref name="until"/>, newest first; of more than <paramref name="limit"/> the newest.</summary>
    Task<IReadOnlyList<HandoffLine>> HandoffLinesAsync(DateTimeOffset since, DateTimeOffset until, int limit, CancellationToken ct);

    /// <summary>The suggestions that agents dealt with in that time, newest first.</summary>
    Task<IReadOnlyList<AcceptanceLine>> AcceptanceLinesAsync(DateTimeOffset since, DateTimeOffset until, int limit, CancellationToken ct);
}

/// <param name="Queue">The name of the queue it went to last, else as the plan gives it.</param>
/// <param name="Reason">The code of the deciding reason; null when none was given.</param>
/// <param name="Policy">The policy that decided; null when a person asked.</param>
public sealed record HandoffLine(string ConversationId, HandoffState State, string Queue, DateTimeOffset RequestedAt, DateTimeOffset? AgentAt, string? Reason, PolicyVersion? Policy);

public sealed record AcceptanceLine(string ConversationId, DateTimeOffset At, bool IsUsed);
