using Baton.Sandbox.Routing;

namespace Baton.Sandbox.Conversations;

sealed class Transfer(string id, Leg from, DateTimeOffset issued)
{
    readonly List<(DateTimeOffset Since, string State)> states = [];

    public string Id { get; } = id;
    public Leg From { get; } = from;
    public DateTimeOffset Issued { get; } = issued;
    public Queue? Queue { get; init; }
    public Agent? Agent { get; init; }
    public string Type { get; init; } = "Unattended";

    /// <summary>client, agent, other; system for an assignment by routing.</summary>
    public string By { get; init; } = "client";
    public string? Client { get; init; }
    /// <summary>What it asks of the next agent; null keeps what was asked before.</summary>
    public IReadOnlyList<Skill>? Skills { get; init; }
    public int? Priority { get; init; }

    /// <summary>Everybody but the customer leaves, not only the leg that is replaced.</summary>
    public bool IsForAll { get; init; }

    /// <summary>Told to the guest once the conversation waits.</summary>
    public string? InitialMessage { get; init; }

    /// <summary>Put before the agent who takes it.</summary>
    public string? WelcomeMessage { get; init; }
    public bool FailsWhenApplied { get; init; }
    public bool AgentQuick { get; init; }

    public string State => states[^1].State;
    public bool IsUnderway => State is "Pending" or "Active";

    public string StateAt(DateTimeOffset instant)
    {
        var last = states.FindLastIndex(s => s.Since <= instant);
        return states[Math.Max(0, last)].State;
    }

    public void Become(string state, DateTimeOffset now) => states.Add((now, state));
}
