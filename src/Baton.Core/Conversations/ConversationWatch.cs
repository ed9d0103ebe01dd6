using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Core.Readings;

namespace Baton.Core.Conversations;

/// <summary>
/// Watches conversations: folds in what is said, measures, decides, and requests the handoff, all in one transaction a turn.
/// What it remembers is a bounded cache over the table; a restart loses nothing.
/// </summary>
public sealed class ConversationWatch(IConversationStore store, Func<Policy> policy, Func<DateTimeOffset, HandoffId> newId, TimeProvider time)
{
    const int Most = 10_000;
    readonly Lock gate = new();
    readonly Dictionary<string, Watched> watched = [];

    /// <summary>Hears turns of one conversation, in any order and as often as they come, and answers with the decision as it stands now.</summary>
    public async Task<Heard> HearAsync(ConversationUpdate update, CancellationToken ct)
    {
        var known = Find(update.ConversationId);
        await known.Turnstile.WaitAsync(ct);
        try
        {
            var conversation = known.Conversation ?? await store.FindConversationAsync(update.ConversationId, ct);
            conversation ??= new Conversation { Id = update.ConversationId, StartedAt = update.Turns.Count > 0 ? update.Turns.Min(t => t.At) : time.GetUtcNow() };
            var handoffs = await store.ListHandoffsAsync(new HandoffFilter { ConversationId = conversation.Id }, ct);
            var backSince = handoffs.Max(h => h.EndedAt);
            var readings = known.Readings is not null && known.BackSince == backSince ? known.Readings : Afresh(conversation, backSince);
            known.BackSince = backSince;

            var fresh = new List<Turn>();
            foreach (var turn in update.Turns)
            {
                var before = conversation.Turns.Count;
                conversation = conversation.Hear(turn);
                if (conversation.Turns.Count == before) continue;
                if (turn.At < conversation.StartedAt)
                {
                    // The beginning came late: what is counted from it is counted again.
                    conversation = conversation with { StartedAt = turn.At };
                    readings = Afresh(conversation, backSince);
                }
                readings.Hear(turn);
                fresh.Add(turn);
            }
            conversation = conversation with
            {
                Language = update.Language ?? conversation.Language,
                GuestId = update.GuestId ?? conversation.GuestId,
                Media = update.Media ?? conversation.Media,
                Attributes = Merge(conversation.Attributes, update.Attributes),
                Participants = HandedOver(handoffs),
            };
            readings.Hear(conversation.Participants);

            var now = time.GetUtcNow();
            var current = policy();
            var decision = current.Decide(readings, conversation, RoutingSnapshot.Unknown, now);
            var signature = $"{decision.Outcome}:{string.Join(',', decision.Reasons.Select(r => r.Code))}:{decision.Policy.Hash}";
            var isNew = signature != known.LastSignature;
            var start = decision is { Outcome: DecisionOutcome.HandOff, Plan: { } plan } && current.Acts(conversation.Id)
                ? Handoff.Request(newId(now), conversation.Id, plan, new HandoffOrigin("policy", decision.Reasons, decision.Policy), now) with { GuestId = conversation.GuestId }
                : null;
            var started = await store.FoldAsync(new ConversationFold(conversation, fresh) { Decision = isNew ? decision : null, Start = start }, ct);
            (known.Conversation, known.Readings, known.LastSignature) = (conversation, readings, signature);
            return new Heard(decision, started);
        }
        catch
        {
            // What was folded in memory may not be in the table: read it again next time.
            (known.Conversation, known.Readings) = (null, null);
            throw;
        }
        finally
        {
            known.Turnstile.Release();
        }
    }

    /// <summary>What was said before a handoff ended has been dealt with: a bot that has the conversation back needs a new reason to give it away again.</summary>
    static ConversationReadings Afresh(Conversation conversation, DateTimeOffset? backSince)
    {
        var readings = new ConversationReadings(backSince ?? conversation.StartedAt);
        foreach (var turn in conversation.Turns)
        {
            if (backSince is null || turn.At > backSince) readings.Hear(turn);
        }
        return readings;
    }

    /// <summary>The queues Baton has handed this conversation to: what the depth counts when no vendor reading is at hand.</summary>
    static IReadOnlyList<Participant> HandedOver(IReadOnlyList<Handoff> handoffs) =>
        [.. handoffs.Where(h => h.ConfirmedAt is not null).OrderBy(h => h.ConfirmedAt)
            .Select(h => new Participant(h.Id.ToString(), ParticipantRole.Queue) { QueueId = h.Intent?.QueueId, Name = h.QueueName, StartedAt = h.ConfirmedAt, EndedAt = h.EndedAt })];

    static IReadOnlyDictionary<string, string> Merge(IReadOnlyDictionary<string, string> known, IReadOnlyDictionary<string, string>? told) =>
        told is null or { Count: 0 } ? known : new Dictionary<string, string>([.. known.Where(k => !told.ContainsKey(k.Key)), .. told]);

    Watched Find(string conversationId)
    {
        lock (gate)
        {
            if (watched.TryGetValue(conversationId, out var known)) return known;
            if (watched.Count >= Most)
            {
                foreach (var idle in watched.Where(w => w.Value.Turnstile.CurrentCount == 1).Take(Most / 10).Select(w => w.Key).ToList()) watched.Remove(idle);
            }
            return watched[conversationId] = new Watched();
        }
    }

    sealed class Watched
    {
        public SemaphoreSlim Turnstile { get; } = new(1, 1);
        public Conversation? Conversation { get; set; }
        public ConversationReadings? Readings { get; set; }
        public DateTimeOffset? BackSince { get; set; }
        public string? LastSignature { get; set; }
    }
}

/// <summary>What is told of a conversation from outside.</summary>
public sealed record ConversationUpdate(string ConversationId, IReadOnlyList<Turn> Turns)
{
    public string? Language { get; init; }

    /// <summary>Null: not told.</summary>
    public string? GuestId { get; init; }

    /// <summary>Null: not told.</summary>
    public Media? Media { get; init; }
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }
}

/// <param name="Handoff">The handoff that was started, or the one that is live already; null when none was called for.</param>
public sealed record Heard(Decision Decision, HandoffStart? Handoff);
