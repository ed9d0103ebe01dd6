using Baton.Core;
using Baton.Core.Handoffs;

namespace Baton.Genesys;

/// <summary>How many calls were made, by what they were for, and how they were answered. Calls of a handoff are told from calls for nobody in particular.</summary>
public sealed class CallCounter
{
    readonly Lock gate = new();
    readonly Dictionary<CallPurpose, long> forHandoffs = [];
    long others;
    long rateLimited;

    internal void Count(CallPurpose purpose, HandoffId? handoff, int status)
    {
        lock (gate)
        {
            if (handoff is null) others++;
            else forHandoffs[purpose] = forHandoffs.GetValueOrDefault(purpose) + 1;
            if (status == 429) rateLimited++;
        }
    }

    public CallCounts Snapshot()
    {
        lock (gate) return new CallCounts(new Dictionary<CallPurpose, long>(forHandoffs), others, rateLimited);
    }
}

/// <param name="RateLimited">Answers 429.</param>
public sealed record CallCounts(IReadOnlyDictionary<CallPurpose, long> ForHandoffs, long Others, long RateLimited);
