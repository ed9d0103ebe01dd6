namespace Baton.Core.Conversations;

/// <summary>What was told of running conversations, and who may speak in them. Rows are kept for as long as a conversation may last; memory holds nothing that a restart would lose.</summary>
public interface ILiveStore : IConversationReader
{
    /// <summary>
    /// Folds news in, gives the conversation to whom they show when no handoff is at work on it, and wakes its handoff: one transaction.
    /// </summary>
    /// <param name="eventId">Known already: nothing happens. Null: news that carry none; the same again changes nothing.</param>
    Task<LiveNewsOutcome> HearLiveAsync(LiveNews news, string? eventId, DateTimeOffset now, CancellationToken ct);

    /// <summary>Every live handoff looks at once, as <see cref="IBatonStore.WakeAsync"/>: something may have happened that nobody heard. Answers how many.</summary>
    Task<int> WakeAllAsync(DateTimeOffset now, CancellationToken ct);

    /// <summary>Who may speak; the bot, from the beginning, in a conversation that is known; null for one that is not.</summary>
    Task<ConversationOwner?> FindOwnerAsync(string conversationId, CancellationToken ct);
}

public enum LiveNewsOutcome
{
    /// <summary>The event's id was known.</summary>
    Repeated,

    /// <summary>Nothing that was not known already.</summary>
    NothingNew,

    Folded,
}
