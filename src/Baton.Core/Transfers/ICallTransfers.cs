namespace Baton.Core.Transfers;

/// <summary>What a contact center must be able to do for <see cref="CallTransfer"/>. Like <see cref="IContactCenter"/> it speaks intentions, and throws <see cref="ContactCenterException"/>.</summary>
public interface ICallTransfers
{
    /// <summary>True when the text could be an id of the platform; what cannot is not asked for.</summary>
    bool CouldBeId(string id);

    /// <summary>The calls a user is in now, newest first, over all pages.</summary>
    Task<IReadOnlyList<CallView>> FindCallsAsync(string userId, CancellationToken ct);

    Task<CallView> ReadCallAsync(string conversationId, CancellationToken ct);

    /// <summary>Asks for the move once. Never retried inside.</summary>
    Task<SendReply> MoveAsync(CallMove move, CancellationToken ct);

    /// <summary>Sets what must wait until the call is in the queue. False: an agent was quicker.</summary>
    Task<bool> FinishAsync(CallMove move, CancellationToken ct);
}
