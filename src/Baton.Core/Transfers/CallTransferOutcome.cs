using System.Text.Json;

namespace Baton.Core.Transfers;

/// <summary>What became of a call's transfer, by what the platform said afterwards.</summary>
public sealed record CallTransferOutcome(CallTransferResult Result, string ConversationId, string QueueId)
{
    public string? QueueName { get; init; }
    public string? OriginalQueueId { get; init; }

    /// <summary>The user whose leg was moved; null when the call only waited.</summary>
    public string? UserId { get; init; }
    public string? Reason { get; init; }

    /// <summary>As asked for; null: kept.</summary>
    public IReadOnlyList<string>? Skills { get; init; }

    /// <summary>False when an agent took the call before its skills could be set.</summary>
    public bool SkillsApplied { get; init; } = true;

    /// <summary>How often the move was sent.</summary>
    public int Sends { get; init; }

    public bool IsVerified => Result is CallTransferResult.Transferred or CallTransferResult.AlreadyThere;

    public string ToJson() => JsonSerializer.Serialize(this, TransfersJson.Default.CallTransferOutcome);
}

public enum CallTransferResult
{
    /// <summary>Seen in the queue, or with an agent who took it from there.</summary>
    Transferred,

    /// <summary>It waited there before anything was sent.</summary>
    AlreadyThere,

    /// <summary>The platform accepted it and did not show it in time.</summary>
    NotVerified,
}
