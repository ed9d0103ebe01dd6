using Baton.Sandbox.Routing;
using Baton.Sandbox.Timing;

namespace Baton.Sandbox.Conversations;

/// <summary>A participant with its one communication, messages or a call. Its state is a function of its instants, so that any earlier state can still be told.</summary>
sealed class Leg(string id, string communicationId, string purpose, string name, DateTimeOffset start)
{
    public string Id { get; } = id;
    public string CommunicationId { get; } = communicationId;
    public string Purpose { get; } = purpose;
    public string Name { get; } = name;
    public DateTimeOffset Start { get; } = start;
    public DateTimeOffset? Alerting { get; init; }
    public DateTimeOffset? Connected { get; set; }
    public DateTimeOffset? End { get; set; }
    public string? DisconnectType { get; set; }
    public bool IsCall { get; init; }
    public Queue? Queue { get; init; }
    public Agent? Agent { get; init; }
    public RoutingNeeds? Needs { get; init; }
    public SortedDictionary<string, string> Attributes { get; } = new(StringComparer.Ordinal);
    public List<Message> Messages { get; } = [];
    public Wrapup? Wrapup { get; set; }
    public DateTimeOffset? AcwStart { get; set; }
    public DateTimeOffset? AcwEnd { get; set; }

    /// <summary>Assigned by hand or by a transfer to a person, not found by routing.</summary>
    public bool Manual { get; init; }

    /// <summary>What this leg does next by itself: accept, miss, end or wrap up.</summary>
    public Appointment? Next { get; set; }

    /// <summary>The transfer that brought this leg, until it is complete.</summary>
    public Transfer? BroughtBy { get; init; }

    /// <summary>The flow of messages or of calls, and the bot in it.</summary>
    public bool IsFlow => Purpose is "workflow" or "ivr";
    public bool IsConnected => End is null && Connected is not null;
    public bool IsAlerting => End is null && Connected is null;

    public string StateAt(DateTimeOffset instant) =>
        End <= instant ? (IsCall && !InAfterCallWork(instant) ? "terminated" : "disconnected") : Connected <= instant ? "connected" : "alerting";

    bool InAfterCallWork(DateTimeOffset instant) => AcwStart <= instant && !(AcwEnd <= instant);
}

sealed record Wrapup(string Code, string Name, string? Notes, IReadOnlyList<string> Tags, int DurationSeconds, DateTimeOffset EndTime, bool Provisional);
