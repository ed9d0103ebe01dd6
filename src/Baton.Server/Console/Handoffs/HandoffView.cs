using Baton.Core;
using Baton.Core.Audit;
using Baton.Core.Briefings;
using Baton.Core.Conversations;
using Baton.Core.Deliveries;
using Baton.Core.Handoffs;
using Baton.Core.Policies;

namespace Baton.Server.Console.Handoffs;

/// <summary>One handoff with everything that belongs to it.</summary>
public sealed record HandoffView(Handoff Handoff, IReadOnlyList<HandoffStep> Steps)
{
    /// <summary>Of this conversation, newest first.</summary>
    public required IReadOnlyList<Handoff> Handoffs { get; init; }

    /// <summary>The decision it came from; null when a person asked for it.</summary>
    public Decision? Decision { get; init; }

    /// <summary>Null: nothing of the conversation is stored.</summary>
    public Conversation? Conversation { get; init; }
    public ConversationOwner? Owner { get; init; }

    /// <summary>What the agent reads, as it stands on the customer's participant.</summary>
    public required IReadOnlyDictionary<string, string> Briefing { get; init; }
    public required IReadOnlyList<Delivery> Deliveries { get; init; }

    /// <summary>The conversation's chain, oldest first.</summary>
    public required IReadOnlyList<AuditEntry> Audit { get; init; }
    public required AuditReport Proof { get; init; }

    internal static async Task<HandoffView?> ReadAsync(HandoffId id, BatonSystem system, CancellationToken ct)
    {
        var store = system.Store;
        if (await store.FindHandoffAsync(id, ct) is not { } found) return null;
        var handoff = await system.NamedAsync(found, ct);
        var conversation = await store.FindConversationAsync(handoff.ConversationId, ct);
        var verifier = new AuditVerifier(null, null);
        if (await store.AuditHeadAsync(handoff.ConversationId, ct) is { } before) verifier.Add(before);
        var audit = new List<AuditEntry>();
        await foreach (var entry in store.ReadAuditAsync(handoff.ConversationId, ct))
        {
            verifier.Add(entry);
            audit.Add(entry);
        }
        return new HandoffView(handoff, await store.HistoryAsync(id, ct))
        {
            Handoffs = await store.ListHandoffsAsync(new HandoffFilter { ConversationId = handoff.ConversationId }, ct),
            Decision = handoff.Origin.Policy is null ? null : DecisionOf(handoff, await store.ListDecisionsAsync(handoff.ConversationId, ct)),
            Conversation = conversation,
            Owner = await store.FindOwnerAsync(handoff.ConversationId, ct),
            Briefing = Core.Briefings.Briefing.Write(handoff, conversation),
            Deliveries = await store.ListDeliveriesAsync(new DeliveryFilter { ConversationId = handoff.ConversationId }, ct),
            Audit = audit,
            Proof = verifier.Finish(await store.AuditHeadAsync(handoff.ConversationId, ct) is { } after ? [after] : []),
        };
    }

    /// <summary>The newest that had been made when it was requested; the trail is stored when outcome or reasons change, so an older one may still stand.</summary>
    static Decision? DecisionOf(Handoff handoff, IReadOnlyList<RecordedDecision> decisions) =>
        decisions.LastOrDefault(d => d.At <= handoff.RequestedAt && d.Outcome == DecisionOutcome.HandOff) is { } last ? Decision.FromJson(System.Text.Encoding.UTF8.GetBytes(last.Json)) : null;
}
