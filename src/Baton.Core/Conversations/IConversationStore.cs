using Baton.Core.Handoffs;

namespace Baton.Core.Conversations;

/// <summary>What watching conversations asks of the database.</summary>
public interface IConversationStore : IConversationReader
{
    /// <summary>
    /// Folds turns in (one already known changes nothing), records the decision when one is given, and starts the handoff when one is given: all or nothing.
    /// </summary>
    Task<HandoffStart?> FoldAsync(ConversationFold fold, CancellationToken ct);

    Task<IReadOnlyList<Handoff>> ListHandoffsAsync(HandoffFilter filter, CancellationToken ct);
}

public interface IConversationReader
{
    /// <summary>The conversation as it was folded, with its turns; null when it is not known.</summary>
    Task<Conversation?> FindConversationAsync(string conversationId, CancellationToken ct);
}
