using Baton.Core.Briefings;

namespace Baton.Core.Policies;

/// <summary>Where a conversation goes, and what to do when nobody comes: what a handoff is started with.</summary>
public sealed record HandoffPlan
{
    /// <summary>Tried in order: the first is the routing rule's queue, the rest the policy's fallback list.</summary>
    public required IReadOnlyList<RouteStep> Steps { get; init; }

    /// <summary>What happens after the last step.</summary>
    public LastResort LastResort { get; init; } = LastResort.StayWithBot;
    public HandoffMessages Messages { get; init; } = new();
    public HandoffLimits Limits { get; init; } = new();

    /// <summary>What is taken out of texts that the agent is given.</summary>
    public Redactions Redact { get; init; } = Redactions.All;
}

/// <summary>One queue to try.</summary>
public sealed record RouteStep
{
    /// <summary>Name or id, as the policy gives it; resolved when it is tried.</summary>
    public required string Queue { get; init; }
    public IReadOnlyList<string> Skills { get; init; } = [];
    public string? Language { get; init; }

    /// <summary>1..10; the connector translates it (design 4). At the usual priority nothing is sent.</summary>
    public int Priority { get; init; } = UsualPriority;

    public const int UsualPriority = 5;

    /// <summary>How long a customer waits here before the next step; null: as long as it takes.</summary>
    public TimeSpan? MaxWait { get; init; }
}

public enum LastResort
{
    /// <summary>A conversation still with the bot stays there; one already waiting keeps its place in the last queue. The customer is told.</summary>
    StayWithBot,

    /// <summary>The customer is offered a callback.</summary>
    Callback,
}

/// <summary>What the customer is told; null: nothing is said at that point.</summary>
public sealed record HandoffMessages
{
    /// <summary>Said only once the platform has confirmed the transfer.</summary>
    public string? Transferring { get; init; }

    /// <summary>Said when a fallback queue took over.</summary>
    public string? StillLooking { get; init; }

    /// <summary>Said when the last step ended without an agent.</summary>
    public string? NobodyCame { get; init; }

    /// <summary>Said when the handoff could not be made at all.</summary>
    public string? NotPossible { get; init; }
}

public sealed record HandoffLimits
{
    /// <summary>From the request to a confirmed transfer; after it the handoff fails and says so.</summary>
    public TimeSpan Transfer { get; init; } = TimeSpan.FromMinutes(15);
}
