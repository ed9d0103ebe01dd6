using Baton.Core;
using Baton.Core.Audit;
using Baton.Core.Conversations;
using Baton.Core.Deliveries;
using Baton.Core.Handoffs;

namespace Baton.Tests.Simulation;

/// <summary>A store that is asked nothing: a test's store answers what its subject asks, and anything else is an error of the test.</summary>
abstract class UnaskedStore : IBatonStore
{
    public virtual Task<Conversation?> FindConversationAsync(string conversationId, CancellationToken ct) => throw NotAsked();
    public virtual Task<Pause?> PausedAsync(CancellationToken ct) => throw NotAsked();
    public virtual Task<IReadOnlyList<LeasedHandoff>> ClaimDueAsync(DateTimeOffset now, TimeSpan lease, int limit, bool beginNew, CancellationToken ct) => throw NotAsked();
    public virtual Task<LeasedHandoff?> CommitAsync(LeasedHandoff held, Transition transition, CancellationToken ct) => throw NotAsked();
    public virtual Task ReleaseAsync(LeasedHandoff held, DateTimeOffset? notBefore, CancellationToken ct) => throw NotAsked();
    public virtual Task<DateTimeOffset?> NextDueAsync(bool beginNew, CancellationToken ct) => throw NotAsked();
    public virtual Task<IReadOnlyList<ConversationSummary>> ListConversationsAsync(int limit, CancellationToken ct) => throw NotAsked();
    public virtual Task<HandoffStart?> FoldAsync(ConversationFold fold, CancellationToken ct) => throw NotAsked();
    public virtual Task<IReadOnlyList<RecordedDecision>> ListDecisionsAsync(string conversationId, CancellationToken ct) => throw NotAsked();
    public virtual Task<HandoffStart> StartHandoffAsync(Handoff requested, string? idempotencyKey, CancellationToken ct) => throw NotAsked();
    public virtual Task<bool> CommitOverAsync(Handoff known, Transition transition, CancellationToken ct) => throw NotAsked();
    public virtual Task WakeAsync(string conversationId, DateTimeOffset now, CancellationToken ct) => throw NotAsked();
    public virtual Task<Handoff?> FindHandoffAsync(HandoffId id, CancellationToken ct) => throw NotAsked();
    public virtual Task<IReadOnlyList<Handoff>> ListHandoffsAsync(HandoffFilter filter, CancellationToken ct) => throw NotAsked();
    public virtual Task<IReadOnlyList<HandoffStep>> HistoryAsync(HandoffId id, CancellationToken ct) => throw NotAsked();
    public virtual Task WaitForWorkAsync(CancellationToken ct) => throw NotAsked();
    public virtual Task PauseAsync(Pause pause, CancellationToken ct) => throw NotAsked();
    public virtual Task ResumeAsync(string by, DateTimeOffset now, CancellationToken ct) => throw NotAsked();
    public virtual Task<bool> IsNewEventAsync(string eventId, DateTimeOffset now, CancellationToken ct) => throw NotAsked();
    public virtual IAsyncEnumerable<AuditEntry> ReadAuditAsync(string? chain, CancellationToken ct) => throw NotAsked();
    public virtual Task<IReadOnlyList<AuditEntry>> TailAuditAsync(int count, CancellationToken ct) => throw NotAsked();
    public virtual Task<IReadOnlyList<AuditHead>> AuditHeadsAsync(CancellationToken ct) => throw NotAsked();
    public virtual Task EnterAsync(string chain, AuditFact fact, CancellationToken ct) => throw NotAsked();
    public virtual Task<AuditCheckpoint?> CheckpointAsync(AuditKey key, DateTimeOffset now, CancellationToken ct) => throw NotAsked();
    public virtual IAsyncEnumerable<AuditCheckpoint> CheckpointsAsync(CancellationToken ct) => throw NotAsked();
    public virtual Task<EraseOutcome> EraseAsync(string conversationId, string by, DateTimeOffset now, CancellationToken ct) => throw NotAsked();
    public virtual Task<StoreOwner?> TakeOwnershipAsync(StoreOwner me, CancellationToken ct) => throw NotAsked();
    public virtual Task<StoreOwner?> OwnerAsync(CancellationToken ct) => throw NotAsked();
    public virtual Task GiveUpOwnershipAsync(StoreOwner me, CancellationToken ct) => throw NotAsked();
    public virtual Task<IReadOnlyList<LeasedDelivery>> ClaimDeliveriesAsync(string target, DateTimeOffset now, TimeSpan lease, int limit, CancellationToken ct) => throw NotAsked();
    public virtual Task<bool> CommitDeliveryAsync(LeasedDelivery held, Delivery next, DeliveryAttempt attempt, CancellationToken ct) => throw NotAsked();
    public virtual Task<DateTimeOffset?> NextDeliveryDueAsync(IReadOnlyList<string> targets, CancellationToken ct) => throw NotAsked();
    public virtual Task<Delivery?> FindDeliveryAsync(string id, CancellationToken ct) => throw NotAsked();
    public virtual Task<IReadOnlyList<Delivery>> ListDeliveriesAsync(DeliveryFilter filter, CancellationToken ct) => throw NotAsked();
    public virtual Task<IReadOnlyList<DeliveryAttempt>> DeliveryAttemptsAsync(string id, CancellationToken ct) => throw NotAsked();
    public virtual Task<bool> ReplayDeliveryAsync(string id, string by, DateTimeOffset now, CancellationToken ct) => throw NotAsked();
    public virtual Task WaitForDeliveriesAsync(CancellationToken ct) => throw NotAsked();
    public int PendingWrites => 0;
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    static NotSupportedException NotAsked() => new("This store is not meant to be asked this; a store of a test has only what the test's subject asks of it.");
}
