namespace Baton.Core.Deliveries;

/// <summary>One event for one receiver. The body is kept as it is sent, byte for byte, so that a repetition and a replay are the same message with the same id.</summary>
public sealed record Delivery
{
    /// <summary>The same for the same event and receiver, so that an event is never given two.</summary>
    public required string Id { get; init; }

    /// <summary>The receiver's name in the settings.</summary>
    public required string Target { get; init; }

    /// <summary>Events of one conversation reach one receiver in their order.</summary>
    public required string ConversationId { get; init; }
    public required string EventType { get; init; }
    public required string Body { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DeliveryState State { get; init; }

    /// <summary>How often it has been sent since it was created or replayed.</summary>
    public int Attempts { get; init; }

    /// <summary>Null once it is delivered or dead.</summary>
    public DateTimeOffset? DueAt { get; init; }
    public string? LastError { get; init; }

    /// <summary>A new delivery, due at once.</summary>
    public static Delivery New(string id, string target, string conversationId, string eventType, string body, DateTimeOffset now) => new()
    {
        Id = id,
        Target = target,
        ConversationId = conversationId,
        EventType = eventType,
        Body = body,
        CreatedAt = now,
        DueAt = now,
    };

    /// <summary>What an answer makes of it.</summary>
    /// <param name="spread">0 to 1, so that many do not come back at once.</param>
    public Delivery After(PostReply reply, DateTimeOffset now, double spread)
    {
        var sent = this with { Attempts = Attempts + 1 };
        if (reply.IsTaken) return sent with { State = DeliveryState.Delivered, DueAt = null, LastError = null };
        if (reply.IsFinal || DeliverySchedule.Next(sent.Attempts, reply.RetryAfter, spread) is not { } pause)
            return sent with { State = DeliveryState.Dead, DueAt = null, LastError = reply.Sentence };
        return sent with { DueAt = now + pause, LastError = reply.Sentence };
    }
}

/// <summary>Names are stored; the database's CHECK constraint mirrors them.</summary>
public enum DeliveryState
{
    Pending,
    Delivered,

    /// <summary>Given up; a person may replay it.</summary>
    Dead,
}

/// <summary>One sending, as it went.</summary>
/// <param name="Status">Null when no answer came.</param>
public sealed record DeliveryAttempt(DateTimeOffset At, int? Status, string? Error, double Milliseconds);
