namespace Baton.Core.Transfers;

/// <summary>A call that is to go to another queue (guide 002).</summary>
/// <param name="Queue">Name or id.</param>
public sealed record CallTransferRequest(string Queue)
{
    /// <summary>The user whose newest active call it is; null when the conversation is named.</summary>
    public string? UserId { get; init; }
    public string? ConversationId { get; init; }

    /// <summary>Null keeps what was asked of agents before; an empty list asks for nobody in particular.</summary>
    public IReadOnlyList<string>? Skills { get; init; }

    /// <summary>What the next agent and the reports read as the reason.</summary>
    public string? Reason { get; init; }

    /// <summary>Who asks: for the audit trail.</summary>
    public required string By { get; init; }
}
