namespace Baton.Core.Deliveries;

/// <summary>The outbox. Deliveries come in with the transition they tell of (<see cref="Handoffs.Transition.Deliveries"/>), in its transaction.</summary>
public interface IDeliveryStore
{
    /// <summary>
    /// Claims what is due for one receiver, up to the limit, for as long as <paramref name="lease"/>. Of a conversation only the oldest that is still pending, so that a later event
    /// never overtakes an earlier one.
    /// </summary>
    Task<IReadOnlyList<LeasedDelivery>> ClaimDeliveriesAsync(string target, DateTimeOffset now, TimeSpan lease, int limit, CancellationToken ct);

    /// <summary>Records a sending and what it made of the delivery, and gives the claim back. False: the claim was no longer ours, and nothing was written.</summary>
    Task<bool> CommitDeliveryAsync(LeasedDelivery held, Delivery next, DeliveryAttempt attempt, CancellationToken ct);

    /// <summary>When the next delivery to one of these receivers is due, or a lease ends; null when there is nothing to wait for.</summary>
    Task<DateTimeOffset?> NextDeliveryDueAsync(IReadOnlyList<string> targets, CancellationToken ct);

    Task<Delivery?> FindDeliveryAsync(string id, CancellationToken ct);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<Delivery>> ListDeliveriesAsync(DeliveryFilter filter, CancellationToken ct);

    /// <summary>Oldest first.</summary>
    Task<IReadOnlyList<DeliveryAttempt>> DeliveryAttemptsAsync(string id, CancellationToken ct);

    /// <summary>Makes a delivery pending and due again, with its schedule from the beginning. False: there is none, or it is pending anyway.</summary>
    Task<bool> ReplayDeliveryAsync(string id, string by, DateTimeOffset now, CancellationToken ct);

    /// <summary>Completes when this process has written a delivery. Those of other processes are found by polling.</summary>
    Task WaitForDeliveriesAsync(CancellationToken ct);
}

/// <param name="Lease">Grows with each claim.</param>
public sealed record LeasedDelivery(Delivery Delivery, long Lease);

public sealed record DeliveryFilter
{
    public DeliveryState? State { get; init; }
    public string? Target { get; init; }
    public string? ConversationId { get; init; }

    /// <summary>Only those created before this one, by its id: pages go from new to old.</summary>
    public string? Before { get; init; }
    public int Limit { get; init; } = 50;
}
