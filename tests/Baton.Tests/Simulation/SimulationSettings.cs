using Baton.Core.Handoffs;

namespace Baton.Tests.Simulation;

/// <summary>What kind of world a run takes place in: drawn from its seed, or given by a test.</summary>
sealed record SimulationSettings(int Seed)
{
    /// <summary>The platform refuses to replace a leg that has left.</summary>
    public bool LegFence { get; init; }

    /// <summary>
    /// Late applies, trailing readings and frozen processes may last longer than settle time and lease. What Baton promises then it owes to the leg fence, so these come only with it.
    /// </summary>
    public bool BeyondSettle { get; init; }

    /// <summary>The transfer carries briefing and message and names no leg (guide 003).</summary>
    public bool Enqueues { get; init; }

    /// <summary>One process at a time that owns the store; else several at once.</summary>
    public bool Embedded { get; init; }

    /// <summary>The queue's leg ends while an agent is alerted, and comes back as another when nobody answers.</summary>
    public bool LegEndsOnAlert { get; init; }

    /// <summary>The clock that the processes read is put forward or back by up to an hour now and then.</summary>
    public bool ClockSteps { get; init; }

    /// <summary>Every change is told as an event, late, twice or not at all, and what was told answers the runner's questions where it may.</summary>
    public bool FedByEvents { get; init; }
    public int Conversations { get; init; } = 6;
    public int Processes { get; init; } = 1;

    /// <summary>How much goes wrong.</summary>
    public double Trouble { get; init; } = 1;
    public HandoffPace Pace { get; init; } = HandoffPace.Default;

    /// <summary>What no connector of Baton does: a transfer whose answer is lost is sent again at once.</summary>
    public bool ResendsWithoutLooking { get; init; }

    public static SimulationSettings Of(int seed)
    {
        var random = new Random(seed);
        var fence = random.Next(2) == 0;
        var embedded = random.Next(3) == 0;
        return new SimulationSettings(seed)
        {
            LegFence = fence,
            BeyondSettle = fence && random.Next(2) == 0,
            Enqueues = !fence && random.Next(3) == 0,
            Embedded = embedded,
            LegEndsOnAlert = random.Next(3) == 0,
            Conversations = random.Next(2, 9),
            Processes = embedded ? 1 : random.Next(1, 4),
            Trouble = random.Next(4) switch { 0 => 0.2, 1 => 1, 2 => 2, _ => 4 },
        };
    }
}
