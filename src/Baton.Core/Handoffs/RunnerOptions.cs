namespace Baton.Core.Handoffs;

/// <summary>How the runner works. Configuration section <c>Runner</c>.</summary>
public sealed record RunnerOptions
{
    public HandoffPace Pace { get; init; } = HandoffPace.Default;

    /// <summary>Longer than any one call to the platform, or a commit could come after somebody else has taken over.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Handoffs worked on at the same time. None of them holds a thread while it waits.</summary>
    public int AtOnce { get; init; } = 64;

    /// <summary>How long what was told of a conversation is believed while nothing more is heard; then it is read again.</summary>
    public TimeSpan Trust { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the table is left alone when nothing is due and nothing was signaled; other processes write into it too.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The calls a handoff needs until its transfer is confirmed: reading its leg, briefing, transfer, one look. Admitted together or not at all (design 6).</summary>
    public int PlanCalls { get; init; } = 4;
}
