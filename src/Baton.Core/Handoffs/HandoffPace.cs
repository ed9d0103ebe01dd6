namespace Baton.Core.Handoffs;

/// <summary>How long a handoff waits for what. One value for a whole system; defaults are what <c>reliability-and-speed</c> measured as enough.</summary>
public sealed record HandoffPace
{
    public static HandoffPace Default { get; } = new();

    /// <summary>Longer than the platform's slowest late apply: after it, a transfer that is not there has not happened (design 4.3).</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From the commit of an intent to the wire, at the most: a later send is not made. So a process that died has sent by then, or not at all.</summary>
    public TimeSpan SendWithin { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>From an accepted transfer to the first look.</summary>
    public TimeSpan FirstLook { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The first pause between two looks while waiting for an agent; it grows by half each time up to <see cref="FollowMost"/>.</summary>
    public TimeSpan FollowLeast { get; init; } = TimeSpan.FromSeconds(2);
    public TimeSpan FollowMost { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the platform may accept a transfer and not carry it out, before the next step of the plan.</summary>
    public int TransferAttempts { get; init; } = 4;

    /// <summary>How often what helps but does not decide (briefing, skills, a message) is tried.</summary>
    public int SideTries { get; init; } = 4;

    /// <summary>The pause before try n + 1: doubled from one second, at most a minute, spread by a fifth from a hash so that a thousand do not come back at once.</summary>
    public static TimeSpan Retry(int tries, HandoffId id)
    {
        var seconds = Math.Min(60, Math.Pow(2, Math.Clamp(tries, 0, 6)));
        return TimeSpan.FromSeconds(seconds * (0.8 + 0.4 * Spread(id, tries)));
    }

    /// <summary>The pause after a "too many calls" that does not say until when: two seconds, doubled each time (guide 003), at most a window.</summary>
    public static TimeSpan WithoutHeader(int delays) => TimeSpan.FromSeconds(Math.Min(60, 2 * Math.Pow(2, Math.Clamp(delays, 0, 6))));

    public TimeSpan Follow(int looks) =>
        TimeSpan.FromSeconds(Math.Min(FollowMost.TotalSeconds, FollowLeast.TotalSeconds * Math.Pow(1.5, Math.Min(looks, 20))));

    static double Spread(HandoffId id, int tries)
    {
        // FNV-1a: string.GetHashCode differs from run to run, and a run must repeat.
        var hash = 2166136261u;
        foreach (var c in id.ToString()) hash = (hash ^ c) * 16777619;
        hash = (hash ^ (uint)tries) * 16777619;
        return hash / (double)uint.MaxValue;
    }
}
