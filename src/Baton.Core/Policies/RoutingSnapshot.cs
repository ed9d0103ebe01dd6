namespace Baton.Core.Policies;

/// <summary>What was known of the queues at the instant of a decision; stored with it, so that it can be made again.</summary>
public sealed record RoutingSnapshot
{
    public static RoutingSnapshot Unknown { get; } = new();

    /// <summary>By name or id, as the policy names the queue; a queue that is not here is unknown.</summary>
    public IReadOnlyList<QueueSnapshot> Queues { get; init; } = [];

    public QueueSnapshot? Find(string queue)
    {
        for (var index = 0; index < Queues.Count; index++)
            if (string.Equals(Queues[index].Queue, queue, StringComparison.OrdinalIgnoreCase)) return Queues[index];
        return null;
    }
}

/// <param name="OnQueue">Members on queue; null when that is not known.</param>
/// <param name="Free">Of these, free to take a conversation now; null when that is not known.</param>
public sealed record QueueSnapshot(string Queue, int? OnQueue, int? Free);
