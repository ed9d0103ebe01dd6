using Baton.Core;
using Baton.Core.Assist;
using Baton.Core.Audit;
using Baton.Core.Conversations;
using Baton.Core.Deliveries;
using Baton.Core.Handoffs;

namespace Baton.Tests.Simulation;

/// <summary>One process's connection to the database: each call takes its time there and back, may fail before or after its work, and ends with the process.</summary>
sealed class SimulatedConnection(SimulatedProcess process, SimulatedStore store, Simulation world) : IBatonStore
{
    public Task<Conversation?> FindConversationAsync(string conversationId, CancellationToken ct) => CallAsync<Conversation?>("find", () => null);
    public Task<Pause?> PausedAsync(CancellationToken ct) => Task.FromResult<Pause?>(null);

    public Task<IReadOnlyList<LeasedHandoff>> ClaimDueAsync(DateTimeOffset now, TimeSpan lease, int limit, bool beginNew, CancellationToken ct) =>
        CallAsync("claim", () => store.ClaimDue(now, lease, limit, beginNew));

    public Task<LeasedHandoff?> CommitAsync(LeasedHandoff held, Transition transition, CancellationToken ct) => CallAsync($"commit {transition.What}", () =>
    {
        var committed = store.Commit(held, transition);
        world.Log?.Add($"{world.Now:HH:mm:ss.fff} {held.Handoff.ConversationId} {process} {transition.What} v{transition.Handoff.Version} {transition.Handoff.State}/{transition.Handoff.Todo} due {transition.Handoff.DueAt:HH:mm:ss.fff}{(committed is null ? " REFUSED" : "")}");
        if (committed is null) world.Count("commitRefused");
        return committed;
    });

    public Task ReleaseAsync(LeasedHandoff held, DateTimeOffset? notBefore, CancellationToken ct) => CallAsync("release", () =>
    {
        store.Release(held, notBefore);
        return true;
    });

    public Task<DateTimeOffset?> NextDueAsync(bool beginNew, CancellationToken ct) => CallAsync("nextDue", () => store.NextDue(beginNew));

    public Task<LiveNewsOutcome> HearLiveAsync(LiveNews news, string? eventId, DateTimeOffset now, CancellationToken ct) => CallAsync("hear", () => store.HearLive(news, now));
    public Task<LiveRow?> FindLiveAsync(string conversationId, CancellationToken ct) => CallAsync("find", () => store.FindLive(conversationId));

    Task<T> CallAsync<T>(string what, Func<T> effect)
    {
        var fails = what is "nextDue" or "find" ? 0 : world.Draw(("storeFailed", 0.004), ("storeFailedAfterCommit", 0.004));
        return process.CallAsync(world.Milliseconds(1, 8), () => fails switch
        {
            1 => throw new StoreException("The disk is full."),
            2 when effect() is not null => throw new StoreException("The connection broke."),
            2 => throw new StoreException("The connection broke."),
            _ => effect(),
        }, world.Milliseconds(1, 8), isOnTheWire: false);
    }

    public int PendingWrites => 0;
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // What the runner does not ask of a store.

    public Task<IReadOnlyList<ConversationSummary>> ListConversationsAsync(int limit, CancellationToken ct) => throw NotAsked();
    public Task<HandoffStart?> FoldAsync(ConversationFold fold, CancellationToken ct) => throw NotAsked();
    public Task<IReadOnlyList<RecordedDecision>> ListDecisionsAsync(string conversationId, CancellationToken ct) => throw NotAsked();
    public Task<HandoffStart> StartHandoffAsync(Handoff requested, string? idempotencyKey, CancellationToken ct) => throw NotAsked();
    public Task<bool> CommitOverAsync(Handoff known, Transition transition, CancellationToken ct) => throw NotAsked();
    public Task WakeAsync(string conversationId, DateTimeOffset now, CancellationToken ct) => throw NotAsked();
    public Task<Handoff?> FindHandoffAsync(HandoffId id, CancellationToken ct) => throw NotAsked();
    public Task<IReadOnlyList<Handoff>> ListHandoffsAsync(HandoffFilter filter, CancellationToken ct) => throw NotAsked();
    public Task<IReadOnlyList<HandoffStep>> HistoryAsync(HandoffId id, CancellationToken ct) => throw NotAsked();
    public Task WaitForWorkAsync(CancellationToken ct) => throw NotAsked();
    public Task PauseAsync(Pause pause, CancellationToken ct) => throw NotAsked();
    public Task ResumeAsync(string by, DateTimeOffset now, CancellationToken ct) => throw NotAsked();
    public Task<bool> IsNewEventAsync(string eventId, DateTimeOffset now, CancellationToken ct) => throw NotAsked();
    public IAsyncEnumerable<AuditEntry> ReadAuditAsync(string? chain, CancellationToken ct) => throw NotAsked();
    public Task<IReadOnlyList<AuditEntry>> TailAuditAsync(int count, CancellationToken ct) => throw NotAsked();
    public Task<IReadOnlyList<AuditHead>> AuditHeadsAsync(CancellationToken ct) => throw NotAsked();
    public Task EnterAsync(string chain, AuditFact fact, CancellationToken ct) => throw NotAsked();
    public Task<AuditCheckpoint?> CheckpointAsync(AuditKey key, DateTimeOffset now, CancellationToken ct) => throw NotAsked();
    public IAsyncEnumerable<AuditCheckpoint> CheckpointsAsync(CancellationToken ct) => throw NotAsked();
    public Task<EraseOutcome> EraseAsync(string conversationId, string by, DateTimeOffset now, CancellationToken ct) => throw NotAsked();
    public Task<StoreOwner?> TakeOwnershipAsync(StoreOwner me, CancellationToken ct) => throw NotAsked();
    public Task<StoreOwner?> OwnerAsync(CancellationToken ct) => throw NotAsked();
    public Task GiveUpOwnershipAsync(StoreOwner me, CancellationToken ct) => throw NotAsked();
    public Task<IReadOnlyList<LeasedDelivery>> ClaimDeliveriesAsync(string target, DateTimeOffset now, TimeSpan lease, int limit, CancellationToken ct) => throw NotAsked();
    public Task<bool> CommitDeliveryAsync(LeasedDelivery held, Delivery next, DeliveryAttempt attempt, CancellationToken ct) => throw NotAsked();
    public Task<DateTimeOffset?> NextDeliveryDueAsync(IReadOnlyList<string> targets, CancellationToken ct) => throw NotAsked();
    public Task<Delivery?> FindDeliveryAsync(string id, CancellationToken ct) => throw NotAsked();
    public Task<IReadOnlyList<Delivery>> ListDeliveriesAsync(DeliveryFilter filter, CancellationToken ct) => throw NotAsked();
    public Task<IReadOnlyList<DeliveryAttempt>> DeliveryAttemptsAsync(string id, CancellationToken ct) => throw NotAsked();
    public Task<bool> ReplayDeliveryAsync(string id, string by, DateTimeOffset now, CancellationToken ct) => throw NotAsked();
    public Task WaitForDeliveriesAsync(CancellationToken ct) => throw NotAsked();

    public Task<int> WakeAllAsync(DateTimeOffset now, CancellationToken ct) => throw NotAsked();
    public Task<ConversationOwner?> FindOwnerAsync(string conversationId, CancellationToken ct) => throw NotAsked();

    public Task BeginAssistAsync(AssistRequest request, CancellationToken ct) => throw NotAsked();
    public Task<bool> CommitAssistAsync(AssistStep step, CancellationToken ct) => throw NotAsked();
    public Task<AssistRequest?> FindAssistAsync(AssistRequestId id, CancellationToken ct) => throw NotAsked();
    public Task<AssistRequest?> FindAssistByVendorIdAsync(string vendorId, CancellationToken ct) => throw NotAsked();
    public Task<IReadOnlyList<AssistRequest>> ListAssistAsync(AssistFilter filter, CancellationToken ct) => throw NotAsked();
    public Task<IReadOnlyList<Suggestion>> SuggestionsOfAsync(AssistRequestId request, CancellationToken ct) => throw NotAsked();
    public Task<IReadOnlyList<Suggestion>> ListSuggestionsAsync(AssistFilter filter, CancellationToken ct) => throw NotAsked();
    public Task<Suggestion?> FindSuggestionAsync(SuggestionId id, CancellationToken ct) => throw NotAsked();
    public Task<bool> TakeCallbackAsync(AssistCallback callback, CancellationToken ct) => throw NotAsked();
    public Task<IReadOnlyList<AssistCallback>> CallbacksToRankAsync(DateTimeOffset askedBefore, int limit, CancellationToken ct) => throw NotAsked();
    public Task<bool> CommitCallbackAsync(AssistCallback callback, AssistStep step, CancellationToken ct) => throw NotAsked();
    public Task<IReadOnlyList<AssistRequest>> OverdueAssistAsync(DateTimeOffset now, int limit, CancellationToken ct) => throw NotAsked();
    public Task<IReadOnlyList<Suggestion>> ExpiredSuggestionsAsync(DateTimeOffset now, int limit, CancellationToken ct) => throw NotAsked();
    public Task<EngageOutcome> EngageAsync(SuggestionStep step, CancellationToken ct) => throw NotAsked();
    public Task<IReadOnlyList<RecordedEngagement>> EngagementsOfAsync(SuggestionId suggestion, CancellationToken ct) => throw NotAsked();
    public Task<IReadOnlyList<ForwardedEngagement>> ClaimForwardsAsync(DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken ct) => throw NotAsked();
    public Task CommitForwardAsync(ForwardedEngagement forwarded, DateTimeOffset now, DateTimeOffset? again, string? error, CancellationToken ct) => throw NotAsked();
    public Task<IReadOnlyDictionary<string, IReadOnlyList<SubjectOutcome>>> OutcomesAsync(IReadOnlyCollection<string> subjects, int most, CancellationToken ct) => throw NotAsked();
    public Task<DateTimeOffset?> NextAssistDueAsync(CancellationToken ct) => throw NotAsked();
    public Task WaitForAssistAsync(CancellationToken ct) => throw NotAsked();

    static NotSupportedException NotAsked() => new("A handoff's runner does not ask this of its store; the simulation has only what it does ask.");
}
