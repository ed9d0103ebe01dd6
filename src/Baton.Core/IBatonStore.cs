using Baton.Core.Access;
using Baton.Core.Assist;
using Baton.Core.Audit;
using Baton.Core.Conversations;
using Baton.Core.Deliveries;
using Baton.Core.Handoffs;
using Baton.Core.Insights;
using Baton.Core.Policies;

namespace Baton.Core;

/// <summary>
/// The border to the database. Every write is one transaction, and durable when its task completes. A change of a handoff is its new state, its history row
/// and its audit entry together. What two processes could do at once is decided here, not in memory: one live handoff a conversation, a lease with a number that
/// grows with each claim, versions.
/// </summary>
public interface IBatonStore : IConversationStore, IHandoffStore, IDeliveryStore, IAssistStore, IAccessStore, ILiveStore, IPolicyStore, IInsightStore, IAsyncDisposable
{
    // Conversations

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<ConversationSummary>> ListConversationsAsync(ConversationFilter filter, CancellationToken ct);

    /// <summary>A conversation's recorded decisions, oldest first.</summary>
    Task<IReadOnlyList<RecordedDecision>> ListDecisionsAsync(string conversationId, CancellationToken ct);

    // Handoffs

    /// <summary>Inserts a requested handoff, unless the conversation has a live one or the key was used: then it answers with that one.</summary>
    Task<HandoffStart> StartHandoffAsync(Handoff requested, string? idempotencyKey, CancellationToken ct);

    /// <summary>Commits a transition of a handoff that need not be claimed (a person cancels it): takes any claim away. False: the version has moved on; read again.</summary>
    Task<bool> CommitOverAsync(Handoff known, Transition transition, CancellationToken ct);

    /// <summary>Something was heard of a conversation: its live handoff looks at once, when looking is what it would do next anyway.</summary>
    Task WakeAsync(string conversationId, DateTimeOffset now, CancellationToken ct);

    Task<Handoff?> FindHandoffAsync(HandoffId id, CancellationToken ct);
    Task<IReadOnlyList<HandoffStep>> HistoryAsync(HandoffId id, CancellationToken ct);

    /// <summary>What a report needs of the handoffs requested since then; of more than <paramref name="limit"/> the newest.</summary>
    Task<IReadOnlyList<HandoffTimes>> HandoffTimesAsync(DateTimeOffset since, int limit, CancellationToken ct);

    /// <summary>How many handoffs are live, by queue and state.</summary>
    Task<IReadOnlyList<QueueLoad>> LiveLoadAsync(CancellationToken ct);

    /// <summary>Live handoffs that may not go on by themselves, the oldest first: due before an instant, tried in vain so often, or not confirmed since another.</summary>
    Task<IReadOnlyList<Handoff>> HeldUpAsync(DateTimeOffset dueBefore, int tries, DateTimeOffset unconfirmedSince, int limit, CancellationToken ct);

    /// <summary>Writes that have been handed in and not yet been committed.</summary>
    int PendingWrites { get; }

    // The stop switch

    Task PauseAsync(Pause pause, CancellationToken ct);
    Task ResumeAsync(string by, DateTimeOffset now, CancellationToken ct);

    // Events from outside

    /// <summary>True the first time an event id is seen. Ids are kept for at least four days: that is how long the vendor repeats deliveries.</summary>
    Task<bool> IsNewEventAsync(string eventId, DateTimeOffset now, CancellationToken ct);

    // The audit trail

    /// <summary>All chains, or one; ordered by chain and sequence, streamed.</summary>
    IAsyncEnumerable<AuditEntry> ReadAuditAsync(string? chain, CancellationToken ct);

    /// <summary>The newest entries over all chains, newest last.</summary>
    Task<IReadOnlyList<AuditEntry>> TailAuditAsync(int count, CancellationToken ct);

    /// <summary>The entries after a number, in the order in which they were entered over all chains.</summary>
    Task<IReadOnlyList<NumberedEntry>> ReadAuditAfterAsync(long number, int limit, CancellationToken ct);

    /// <summary>The number of the newest entry; 0 when there is none.</summary>
    Task<long> LastAuditNumberAsync(CancellationToken ct);

    /// <summary>Completes when this process has written something that may have been entered. Entries of other processes are found by polling. Made for one waiter a store.</summary>
    Task WaitForAuditAsync(CancellationToken ct);

    /// <summary>What the store holds as the end of each chain: an entry cut off the end of a chain is found by it.</summary>
    Task<IReadOnlyList<AuditHead>> AuditHeadsAsync(CancellationToken ct);

    /// <summary>The same of one chain; null when it has no entry.</summary>
    Task<AuditHead?> AuditHeadAsync(string chain, CancellationToken ct);

    Task EnterAsync(string chain, AuditFact fact, CancellationToken ct);

    /// <summary>Signs the heads that have moved since the last checkpoint and keeps the statement; null when none has. One number a checkpoint, however many nodes ask.</summary>
    Task<AuditCheckpoint?> CheckpointAsync(AuditKey key, DateTimeOffset now, CancellationToken ct);

    /// <summary>Oldest first, streamed.</summary>
    IAsyncEnumerable<AuditCheckpoint> CheckpointsAsync(CancellationToken ct);

    // Erasing a customer

    /// <summary>
    /// Deletes what a conversation's customer and bot said, what was attached to the customer, the sentences of decisions and handoffs, the texts of suggestions and callbacks, and
    /// the salt without which the audit trail's hashes of them can no longer be guessed at. States, codes, counts and the audit trail stay, and verify.
    /// </summary>
    Task<EraseOutcome> EraseAsync(string conversationId, string by, DateTimeOffset now, CancellationToken ct);

    // Ownership

    /// <summary>Makes this process the one that runs the handoffs of this file; answers the live owner instead when there is one. The claims of an owner that is gone end with it.</summary>
    Task<StoreOwner?> TakeOwnershipAsync(StoreOwner me, CancellationToken ct);
    Task<StoreOwner?> OwnerAsync(CancellationToken ct);
    Task GiveUpOwnershipAsync(StoreOwner me, CancellationToken ct);
}

/// <summary>What was heard of a conversation, and what follows from it.</summary>
public sealed record ConversationFold(Conversation Conversation, IReadOnlyList<Turn> NewTurns)
{
    /// <summary>Given only when outcome or reasons differ from the last recorded one (design 3).</summary>
    public Decision? Decision { get; init; }
    public Handoff? Start { get; init; }
}

public sealed record ConversationFilter
{
    /// <summary>True: only those that have ended; false: only those that have not.</summary>
    public bool? Ended { get; init; }

    /// <summary>Only those that come after this one: pages go from new to old.</summary>
    public ConversationMark? Before { get; init; }
    public int Limit { get; init; } = 50;
}

/// <summary>A conversation's place in the list.</summary>
public sealed record ConversationMark(DateTimeOffset StartedAt, string Id);

public sealed record ConversationSummary(string Id, Media Media, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, int Turns, DecisionOutcome? LastOutcome);

/// <param name="Json">The decision's canonical bytes as text.</param>
public sealed record RecordedDecision(long Id, string ConversationId, DateTimeOffset At, DecisionOutcome Outcome, string Json);

public sealed record HandoffStart(Handoff Handoff, StartOutcome Outcome);

public enum StartOutcome
{
    Started,

    /// <summary>The conversation has a live handoff; it is answered.</summary>
    AlreadyLive,

    /// <summary>The same key with the same request: the handoff it started is answered.</summary>
    SameRequest,

    /// <summary>The key was used for another conversation; nothing was started.</summary>
    KeyReused,
}

public enum EraseOutcome
{
    Erased,

    /// <summary>Nothing is stored of this conversation.</summary>
    NotKnown,

    /// <summary>A handoff of it is not over, or still owes the customer a message, and needs the texts: erase it afterwards.</summary>
    HandoffIsLive,
}

/// <param name="Lease">Grows with each claim of this handoff; a commit with an older number is refused.</param>
public sealed record LeasedHandoff(Handoff Handoff, long Lease, DateTimeOffset Until);

public sealed record HandoffFilter
{
    public string? ConversationId { get; init; }
    public HandoffState? State { get; init; }
    public bool LiveOnly { get; init; }

    /// <summary>Only those that are with this queue, by its name, its id, or what the plan calls it.</summary>
    public string? Queue { get; init; }

    /// <summary>Requested at or after.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only those older than this one: pages go from new to old.</summary>
    public HandoffId? Before { get; init; }
    public int Limit { get; init; } = 50;

    /// <summary>From old to new instead, of those that are live; <see cref="Before"/> does not go with it.</summary>
    public bool OldestFirst { get; init; }
}

/// <param name="Queue">The queue's name, else as the plan gives it.</param>
/// <param name="Oldest">When the one that has been live longest was requested.</param>
public sealed record QueueLoad(string Queue, HandoffState State, int Count, DateTimeOffset Oldest);

/// <summary>One row of a handoff's history.</summary>
/// <param name="What">The transition's name: <c>prepared</c>, <c>transferConfirmed</c>, ...</param>
/// <param name="Note">The failure's sentence, when the step was about one.</param>
public sealed record HandoffStep(HandoffId Handoff, int Version, DateTimeOffset At, HandoffState State, string What, string? Note)
{
    /// <summary>What was asked of the contact center for it, in the order of the answers.</summary>
    public IReadOnlyList<VendorCall> Calls { get; init; } = [];
}

public sealed record Pause(string By, DateTimeOffset Since, string? Why);

/// <param name="Process">The owner's process id; an owner whose process is gone is no owner.</param>
/// <param name="Address">Where its server listens; null when it has none.</param>
public sealed record StoreOwner(int Process, string Started, string? Address);

/// <summary>The store could not do what was asked: full disk, read-only file, damaged file. The sentence says which and what to do; nothing was acknowledged.</summary>
public sealed class StoreException(string message, Exception? inner = null) : Exception(message, inner);
