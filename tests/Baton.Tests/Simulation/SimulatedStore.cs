using Baton.Core;
using Baton.Core.Audit;
using Baton.Core.Conversations;
using Baton.Core.Deliveries;
using Baton.Core.Handoffs;

namespace Baton.Tests.Simulation;

/// <summary>
/// The database: rows, leases with numbers, versions, one live handoff a conversation, history, audit chains and outbox. What each method does is one transaction.
/// It follows the statements of the real stores and shares no code with them.
/// </summary>
sealed class SimulatedStore
{
    readonly Dictionary<HandoffId, Row> rows = [];
    readonly List<Row> inOrder = [];
    readonly HashSet<string> deliveryIds = [];
    readonly Dictionary<string, LiveRow> live = [];

    public List<AuditEntry> Audit { get; } = [];
    public Dictionary<string, AuditHead> Heads { get; } = [];
    public List<Delivery> Deliveries { get; } = [];
    public List<HandoffStep> History { get; } = [];
    public IEnumerable<Handoff> Handoffs => inOrder.Select(r => r.Handoff);
    public bool HasWork => inOrder.Exists(r => r.Handoff.Todo != Todo.None);

    /// <summary>Called after each write a runner may wait for.</summary>
    public Action Written { get; set; } = () => { };

    public HandoffStart Start(Handoff requested)
    {
        if (inOrder.Find(r => r.Handoff.ConversationId == requested.ConversationId && r.Handoff.EndedAt is null) is { } live) return new HandoffStart(live.Handoff, StartOutcome.AlreadyLive);
        var row = new Row(requested);
        rows.Add(requested.Id, row);
        inOrder.Add(row);
        Enter(requested, "requested");
        Written();
        return new HandoffStart(requested, StartOutcome.Started);
    }

    public IReadOnlyList<LeasedHandoff> ClaimDue(DateTimeOffset now, TimeSpan lease, int limit, bool beginNew)
    {
        var due = inOrder.Where(r => r.Handoff.Todo != Todo.None && r.Handoff.DueAt <= now && (r.LeasedUntil is null || r.LeasedUntil <= now) && (beginNew || r.Handoff.State != HandoffState.Requested))
            .OrderBy(r => r.Handoff.Todo).ThenBy(r => r.Handoff.DueAt).ThenBy(r => r.Handoff.Id.ToString(), StringComparer.Ordinal).Take(limit).ToList();
        foreach (var row in due) (row.Lease, row.LeasedUntil, row.WokenAt) = (row.Lease + 1, now + lease, null);
        return [.. due.Select(r => new LeasedHandoff(r.Handoff, r.Lease, now + lease))];
    }

    public LeasedHandoff? Commit(LeasedHandoff held, Transition transition)
    {
        var next = Next(held.Handoff, transition);
        var row = rows[next.Id];
        if (row.Handoff.Version != held.Handoff.Version || row.Lease != held.Lease || row.LeasedUntil is null) return null;
        Write(row, transition);
        return held with { Handoff = next };
    }

    public void Release(LeasedHandoff held, DateTimeOffset? notBefore)
    {
        var row = rows[held.Handoff.Id];
        if (row.Lease != held.Lease) return;
        var due = row.Handoff.DueAt;
        if (notBefore is not null) due = due is null ? null : due > notBefore ? due : notBefore;
        else if (row.WokenAt < due && row.Handoff.Todo is Todo.FindTransfer or Todo.Follow) due = row.WokenAt;
        row.Handoff = row.Handoff with { DueAt = due };
        (row.LeasedUntil, row.WokenAt) = (null, null);
        Written();
    }

    public bool CommitOver(Handoff known, Transition transition)
    {
        Next(known, transition);
        var row = rows[known.Id];
        if (row.Handoff.Version != known.Version) return false;
        (row.Lease, row.LeasedUntil, row.WokenAt) = (row.Lease + 1, null, null);
        Write(row, transition);
        return true;
    }

    public void Wake(string conversation, DateTimeOffset now)
    {
        if (inOrder.Find(r => r.Handoff.ConversationId == conversation && r.Handoff.EndedAt is null) is not { } row) return;
        if (row.LeasedUntil is not null) row.WokenAt = now;
        else if (row.Handoff.Todo is Todo.FindTransfer or Todo.Follow && row.Handoff.DueAt > now) row.Handoff = row.Handoff with { DueAt = now };
        Written();
    }

    public LiveNewsOutcome HearLive(LiveNews news, DateTimeOffset now)
    {
        var known = live.GetValueOrDefault(news.ConversationId);
        var folded = (known?.Conversation ?? new LiveConversation(news.ConversationId)).Fold(news);
        live[news.ConversationId] = new LiveRow(folded, known?.ToldAt > now ? known.ToldAt : now);
        if (known is not null && folded.IsSameAs(known.Conversation)) return LiveNewsOutcome.NothingNew;
        if (!news.IsRead) Wake(news.ConversationId, now);
        return LiveNewsOutcome.Folded;
    }

    public LiveRow? FindLive(string conversation) => live.GetValueOrDefault(conversation);

    public DateTimeOffset? NextDue(bool beginNew) => inOrder.Where(r => r.Handoff.DueAt is not null && (beginNew || r.Handoff.State != HandoffState.Requested))
        .Min(r => r.LeasedUntil > r.Handoff.DueAt ? r.LeasedUntil : r.Handoff.DueAt);

    /// <summary>A new owner: the claims of the one that is gone end with it.</summary>
    public void TakeOwnership()
    {
        foreach (var row in inOrder) (row.LeasedUntil, row.WokenAt) = (null, null);
    }

    public Handoff? Find(HandoffId id) => rows.GetValueOrDefault(id)?.Handoff;

    static Handoff Next(Handoff before, Transition transition) =>
        transition.Changed && transition.Handoff.Id == before.Id && transition.Handoff.Version == before.Version + 1
            ? transition.Handoff
            : throw new ArgumentException($"'{transition.What}' does not follow version {before.Version} of {before.Id}.", nameof(transition));

    void Write(Row row, Transition transition)
    {
        if (row.Handoff.EndedAt is not null && transition.Handoff.EndedAt is null) throw new StoreException("An ended handoff cannot be brought back to life.");
        row.Handoff = transition.Handoff;
        foreach (var delivery in transition.Deliveries)
            if (deliveryIds.Add(delivery.Id)) Deliveries.Add(delivery);
        if (!transition.IsQuiet) Enter(transition.Handoff, transition.What);
        Written();
    }

    void Enter(Handoff handoff, string what)
    {
        History.Add(new HandoffStep(handoff.Id, handoff.Version, handoff.ChangedAt, handoff.State, what, handoff.FailureSentence));
        var fact = new AuditFact(handoff.ChangedAt, "handoff." + what, $$"""{"handoff":"{{handoff.Id}}","version":{{handoff.Version}},"attempt":{{handoff.Intent?.Attempt ?? 0}},"leg":"{{handoff.Intent?.LegId}}"}""");
        var entry = AuditEntry.After(Heads.GetValueOrDefault(handoff.ConversationId), handoff.ConversationId, fact);
        Audit.Add(entry);
        Heads[handoff.ConversationId] = new AuditHead(entry.Chain, entry.Sequence, entry.Hash);
    }

    sealed class Row(Handoff handoff)
    {
        public Handoff Handoff { get; set; } = handoff;
        public long Lease { get; set; }
        public DateTimeOffset? LeasedUntil { get; set; }
        public DateTimeOffset? WokenAt { get; set; }
    }
}
