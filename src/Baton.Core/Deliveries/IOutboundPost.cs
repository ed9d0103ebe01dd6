namespace Baton.Core.Deliveries;

/// <summary>The border to the receivers of events. Never throws for what a receiver or the network does: that is the answer.</summary>
public interface IOutboundPost
{
    Task<PostReply> PostAsync(DeliveryTarget target, Delivery delivery, CancellationToken ct);
}

/// <param name="Status">Null when no answer came.</param>
/// <param name="Sentence">Why it was not taken.</param>
public sealed record PostReply(int? Status, string? Sentence)
{
    /// <summary>The receiver's wish; null when it has none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public bool IsTaken => Status is >= 200 and < 300;

    /// <summary>410 Gone: the receiver wants nothing more.</summary>
    public bool IsFinal => Status == 410;
}
