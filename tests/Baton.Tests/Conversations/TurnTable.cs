using Baton.Core;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;

namespace Baton.Tests.Conversations;

/// <summary>The store as a watched conversation sees it: what was folded is found again; there is no handoff.</summary>
sealed class TurnTable : IConversationStore
{
    readonly Dictionary<string, Conversation> folded = [];

    public Task<Conversation?> FindConversationAsync(string conversationId, CancellationToken ct) => Task.FromResult(folded.GetValueOrDefault(conversationId));
    public Task<IReadOnlyList<Handoff>> ListHandoffsAsync(HandoffFilter filter, CancellationToken ct) => Task.FromResult<IReadOnlyList<Handoff>>([]);

    public Task<HandoffStart?> FoldAsync(ConversationFold fold, CancellationToken ct)
    {
        folded[fold.Conversation.Id] = fold.Conversation;
        return Task.FromResult<HandoffStart?>(null);
    }
}
