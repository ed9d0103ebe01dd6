namespace Baton.Core.Deliveries;

/// <summary>A receiver of events.</summary>
public sealed record DeliveryTarget(string Name, Uri Url)
{
    /// <summary>Each signs; the newest first, the old one until the receiver knows the new. Empty: unsigned.</summary>
    public IReadOnlyList<WebhookSecret> Secrets { get; init; } = [];

    /// <summary>Empty: all.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    public bool Wants(string eventType) => Events.Count == 0 || Events.Contains(eventType, StringComparer.Ordinal);
}
