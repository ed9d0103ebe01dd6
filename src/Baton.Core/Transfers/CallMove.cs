using Baton.Core.Handoffs;

namespace Baton.Core.Transfers;

/// <summary>One call's move to a queue, as it is sent: the leg it names never changes, however often it is sent.</summary>
public sealed record CallMove(TransferIntent Intent, CallView Before)
{
    /// <summary>Null keeps them.</summary>
    public IReadOnlyList<string>? Skills { get; init; }
    public string? Reason { get; init; }

    /// <summary>The queue through which the call came; null when there was none.</summary>
    public string? OriginalQueueId { get; init; }
}
