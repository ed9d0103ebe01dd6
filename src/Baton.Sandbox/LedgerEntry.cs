using System.Text.Json.Serialization;

namespace Baton.Sandbox;

[JsonConverter(typeof(CamelCaseEnumConverter<LedgerKind>))]
public enum LedgerKind
{
    ConversationStarted,
    ConversationEnded,
    CustomerLeft,
    TransferRequested,
    TransferApplied,
    TransferFailed,
    AgentAlerted,
    AgentAccepted,
    AgentMissed,
    AgentEnded,
    WrappedUp,
    MessageSent,
    AttributesChanged,
    RoutingChanged,
    QueueDeleted,
    TokenIssued,

    /// <summary>Suggestions were sent to a callback address; <see cref="LedgerEntry.Status"/> is what it answered, 0 when it did not in time.</summary>
    CallbackPosted,

    /// <summary>An assistant suggested something to an agent; <see cref="LedgerEntry.Detail"/> is the article, or <c>failed</c>.</summary>
    SuggestionMade,

    /// <summary>Somebody told what became of a suggestion; <see cref="LedgerEntry.Detail"/> says what.</summary>
    SuggestionEngaged,

    /// <summary>Somebody put their own text in its place.</summary>
    SuggestionReplaced,
    FaultInjected,
    RequestServed,
}

/// <summary>One thing that truly happened. Fields that do not apply are null and are not written.</summary>
public sealed record LedgerEntry
{
    public long Sequence { get; init; }
    public DateTimeOffset Time { get; init; }
    public required LedgerKind Kind { get; init; }
    public string? ConversationId { get; init; }

    /// <summary>The participant concerned: for a transfer the leg that was to be replaced.</summary>
    public string? LegId { get; init; }

    /// <summary>For an applied transfer: the participant it brought.</summary>
    public string? NewLegId { get; init; }
    public string? TransferId { get; init; }
    public string? QueueId { get; init; }
    public string? UserId { get; init; }
    public string? MessageId { get; init; }
    public string? SuggestionId { get; init; }

    /// <summary>Who caused it: client, agent, other, guest, bot, system.</summary>
    public string? By { get; init; }

    /// <summary>Who wrote a message: guest, bot, api, agent, system.</summary>
    public string? From { get; init; }
    public string? Text { get; init; }

    /// <summary>The OAuth client behind it.</summary>
    public string? Client { get; init; }
    public string? Method { get; init; }

    /// <summary>The path with its parameter names, as in the vendor's documentation.</summary>
    public string? Route { get; init; }

    /// <summary>What was answered; 0 when the connection was cut instead.</summary>
    public int? Status { get; init; }
    public string? Detail { get; init; }
}
