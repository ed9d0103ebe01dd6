using System.Text.Json;
using Baton.Core;
using Baton.Core.Handoffs;

namespace Baton.Storage.Sqlite;

public sealed partial class SqliteStore
{
    // Ids begin with "ho_".
    const string AfterEveryId = "ho~";

    public Task<HandoffStart> StartHandoffAsync(Handoff requested, string? idempotencyKey, CancellationToken ct) =>
        WriteAsync(db => Start(db, requested, idempotencyKey), ct, start => start.Outcome == StartOutcome.Started);

    static HandoffStart Start(SqliteSession db, Handoff requested, string? idempotencyKey)
    {
        if (idempotencyKey is not null)
        {
            const string OfKey = """
                SELECT h.data, h.due_at, k.conversation_id
                FROM idempotency_key k JOIN handoff h ON h.id = k.handoff_id
                WHERE k.key = @key
                """;
            var used = db.First(OfKey, row => (Handoff: ReadHandoff(row), ConversationId: row.GetString(2)), ("@key", idempotencyKey));
            if (used.Handoff is not null)
                return new HandoffStart(used.Handoff, used.ConversationId == requested.ConversationId ? StartOutcome.SameRequest : StartOutcome.KeyReused);
        }

        const string Live = "SELECT data, due_at FROM handoff WHERE conversation_id = @conversation AND ended_at IS NULL";
        if (db.First(Live, ReadHandoff, ("@conversation", requested.ConversationId)) is { } live) return new HandoffStart(live, StartOutcome.AlreadyLive);

        const string Insert = """
            INSERT INTO handoff (id, conversation_id, state, version, todo, due_at, requested_at, ended_at, data)
            VALUES (@id, @conversation, @state, @version, @todo, @due, @requested, @ended, @data)
            """;
        db.Execute(Insert,
            ("@id", requested.Id.ToString()), ("@conversation", requested.ConversationId), ("@state", requested.State.ToString()), ("@version", requested.Version),
            ("@todo", (int)requested.Todo), ("@due", requested.DueAt?.UtcTicks), ("@requested", Ticks(requested.RequestedAt)), ("@ended", requested.EndedAt?.UtcTicks),
            ("@data", Write(requested)));
        if (idempotencyKey is not null)
        {
            const string InsertKey = "INSERT INTO idempotency_key (key, conversation_id, handoff_id, at) VALUES (@key, @conversation, @handoff, @at)";
            db.Execute(InsertKey,
                ("@key", idempotencyKey), ("@conversation", requested.ConversationId), ("@handoff", requested.Id.ToString()), ("@at", Ticks(requested.RequestedAt)));
        }
        AddStep(db, requested, "requested", null, []);
        Enter(db, requested.ConversationId, AuditFacts.Requested(requested));
        return new HandoffStart(requested, StartOutcome.Started);
    }

    public Task<IReadOnlyList<LeasedHandoff>> ClaimDueAsync(DateTimeOffset now, TimeSpan lease, int limit, bool beginNew, CancellationToken ct)
    {
        // The stages are listed so that the index is sought once for each and what is not due is never read.
        const string Claim = """
            UPDATE handoff SET lease = lease + 1, lease_until = @until, woken_at = NULL
            WHERE id IN (SELECT id FROM handoff
                         WHERE todo IN (1, 2, 3, 4, 5, 6, 7, 8) AND due_at IS NOT NULL AND due_at <= @now
                           AND (lease_until IS NULL OR lease_until <= @now)
                           AND (@beginNew OR state <> 'Requested')
                         ORDER BY todo, due_at, id LIMIT @limit)
            RETURNING data, due_at, lease
            """;
        var until = now + lease;
        return WriteAsync<IReadOnlyList<LeasedHandoff>>(db =>
        {
            var claimed = db.Query(Claim, row => new LeasedHandoff(ReadHandoff(row), row.GetInt64(2), until),
                ("@until", Ticks(until)), ("@now", Ticks(now)), ("@beginNew", beginNew), ("@limit", limit));
            // RETURNING has no order.
            return [.. claimed.OrderBy(c => c.Handoff.Todo).ThenBy(c => c.Handoff.DueAt).ThenBy(c => c.Handoff.Id.ToString(), StringComparer.Ordinal)];
        }, ct);
    }

    public Task<LeasedHandoff?> CommitAsync(LeasedHandoff held, Transition transition, CancellationToken ct)
    {
        const string Update = """
            UPDATE handoff SET state = @state, version = @version, todo = @todo, due_at = @due, ended_at = @ended, data = @data
            WHERE id = @id AND version = @known AND lease = @lease AND lease_until IS NOT NULL
            """;
        var next = Next(held.Handoff, transition);
        var data = Write(next);
        return WriteAsync(db =>
        {
            var ours = db.Execute(Update,
                ("@state", next.State.ToString()), ("@version", next.Version), ("@todo", (int)next.Todo), ("@due", next.DueAt?.UtcTicks), ("@ended", next.EndedAt?.UtcTicks),
                ("@data", data), ("@id", next.Id.ToString()), ("@known", held.Handoff.Version), ("@lease", held.Lease)) == 1;
            if (!ours) return null;
            Record(db, held.Handoff, transition);
            return held with { Handoff = next };
        }, ct, committed => Given(committed is not null, transition));
    }

    public Task ReleaseAsync(LeasedHandoff held, DateTimeOffset? notBefore, CancellationToken ct)
    {
        // What was heard of while it was claimed may be newer than the look that has just been committed: look again.
        const string Release = """
            UPDATE handoff SET
                lease_until = NULL, woken_at = NULL,
                due_at = CASE WHEN @notBefore IS NOT NULL THEN MAX(due_at, @notBefore)
                              WHEN woken_at < due_at AND todo IN (2, 8) THEN woken_at
                              ELSE due_at END
            WHERE id = @id AND lease = @lease
            """;
        return WriteAsync(db => db.Execute(Release, ("@notBefore", notBefore?.UtcTicks), ("@id", held.Handoff.Id.ToString()), ("@lease", held.Lease)), ct, released => released > 0);
    }

    public Task<bool> CommitOverAsync(Handoff known, Transition transition, CancellationToken ct)
    {
        // The lease number grows, so that who held the claim is refused.
        const string Update = """
            UPDATE handoff SET
                state = @state, version = @version, todo = @todo, due_at = @due, ended_at = @ended, data = @data,
                lease = lease + 1, lease_until = NULL, woken_at = NULL
            WHERE id = @id AND version = @known
            """;
        var next = Next(known, transition);
        var data = Write(next);
        return WriteAsync(db =>
        {
            var current = db.Execute(Update,
                ("@state", next.State.ToString()), ("@version", next.Version), ("@todo", (int)next.Todo), ("@due", next.DueAt?.UtcTicks), ("@ended", next.EndedAt?.UtcTicks),
                ("@data", data), ("@id", next.Id.ToString()), ("@known", known.Version)) == 1;
            if (current) Record(db, known, transition);
            return current;
        }, ct, current => Given(current, transition));
    }

    public Task WakeAsync(string conversationId, DateTimeOffset now, CancellationToken ct) => WriteAsync(db => Wake(db, conversationId, now), ct, woken => woken > 0);

    static int Wake(SqliteSession db, string conversationId, DateTimeOffset now)
    {
        // Only FindTransfer (2) and Follow (8): a look for a message ahead of its time would find none and send it twice.
        const string Wake = """
            UPDATE handoff SET
                due_at = CASE WHEN lease_until IS NULL THEN MIN(due_at, @now) ELSE due_at END,
                woken_at = CASE WHEN lease_until IS NULL THEN NULL ELSE @now END
            WHERE conversation_id = @conversation AND ended_at IS NULL AND (lease_until IS NOT NULL OR (todo IN (2, 8) AND due_at > @now))
            """;
        return db.Execute(Wake, ("@now", Ticks(now)), ("@conversation", conversationId));
    }

    public Task<int> WakeAllAsync(DateTimeOffset now, CancellationToken ct)
    {
        const string WakeAll = """
            UPDATE handoff SET
                due_at = CASE WHEN lease_until IS NULL THEN MIN(due_at, @now) ELSE due_at END,
                woken_at = CASE WHEN lease_until IS NULL THEN NULL ELSE @now END
            WHERE ended_at IS NULL AND (lease_until IS NOT NULL OR (todo IN (2, 8) AND due_at > @now))
            """;
        return WriteAsync(db => db.Execute(WakeAll, ("@now", Ticks(now))), ct, woken => woken > 0);
    }

    public Task<DateTimeOffset?> NextDueAsync(bool beginNew, CancellationToken ct)
    {
        const string Next = """
            SELECT MIN(MAX(due_at, COALESCE(lease_until, due_at))) FROM handoff
            WHERE due_at IS NOT NULL AND (@beginNew OR state <> 'Requested')
            """;
        return ReadAsync(db => db.First(Next, row => row.IsDBNull(0) ? (DateTimeOffset?)null : At(row.GetInt64(0)), ("@beginNew", beginNew)), ct);
    }

    public Task<Handoff?> FindHandoffAsync(HandoffId id, CancellationToken ct)
    {
        const string Find = "SELECT data, due_at FROM handoff WHERE id = @id";
        return ReadAsync(db => db.First(Find, ReadHandoff, ("@id", id.ToString())), ct);
    }

    public Task<IReadOnlyList<Handoff>> ListHandoffsAsync(HandoffFilter filter, CancellationToken ct)
    {
        // Three statements rather than one with every condition optional: each has its index. Left to itself, SQLite reads all that have ended to find the live.
        const string OfConversation = """
            SELECT data, due_at FROM handoff
            WHERE conversation_id = @conversation AND id < @before AND (@state IS NULL OR state = @state) AND (NOT @liveOnly OR ended_at IS NULL)
              AND (@since IS NULL OR requested_at >= @since)
              AND (@queue IS NULL OR @queue IN (json_extract(data, '$.queueName'), json_extract(data, '$.intent.queueId'), json_extract(data, '$.plan.steps[' || json_extract(data, '$.step') || '].queue')))
            ORDER BY id DESC LIMIT @limit
            """;
        const string LiveOnes = """
            SELECT data, due_at FROM handoff INDEXED BY handoff_live
            WHERE ended_at IS NULL AND id < @before AND (@state IS NULL OR state = @state)
              AND (@since IS NULL OR requested_at >= @since)
              AND (@queue IS NULL OR @queue IN (json_extract(data, '$.queueName'), json_extract(data, '$.intent.queueId'), json_extract(data, '$.plan.steps[' || json_extract(data, '$.step') || '].queue')))
            ORDER BY id DESC LIMIT @limit
            """;
        const string LiveFromOld = """
            SELECT data, due_at FROM handoff INDEXED BY handoff_live
            WHERE ended_at IS NULL AND (@state IS NULL OR state = @state)
              AND (@since IS NULL OR requested_at >= @since)
              AND (@queue IS NULL OR @queue IN (json_extract(data, '$.queueName'), json_extract(data, '$.intent.queueId'), json_extract(data, '$.plan.steps[' || json_extract(data, '$.step') || '].queue')))
            ORDER BY id LIMIT @limit
            """;
        const string Any = """
            SELECT data, due_at FROM handoff
            WHERE id < @before AND (@state IS NULL OR state = @state)
              AND (@since IS NULL OR requested_at >= @since)
              AND (@queue IS NULL OR @queue IN (json_extract(data, '$.queueName'), json_extract(data, '$.intent.queueId'), json_extract(data, '$.plan.steps[' || json_extract(data, '$.step') || '].queue')))
            ORDER BY id DESC LIMIT @limit
            """;
        var before = ("@before", (object?)(filter.Before?.ToString() ?? AfterEveryId));
        var state = ("@state", (object?)filter.State?.ToString());
        var since = ("@since", (object?)filter.Since?.UtcTicks);
        var queue = ("@queue", (object?)filter.Queue);
        var limit = ("@limit", (object?)filter.Limit);
        return ReadAsync<IReadOnlyList<Handoff>>(db => filter switch
        {
            { ConversationId: { } conversation } => db.Query(OfConversation, ReadHandoff, ("@conversation", conversation), before, state, ("@liveOnly", filter.LiveOnly), since, queue, limit),
            { LiveOnly: true, OldestFirst: true } => db.Query(LiveFromOld, ReadHandoff, state, since, queue, limit),
            { LiveOnly: true } => db.Query(LiveOnes, ReadHandoff, before, state, since, queue, limit),
            _ => db.Query(Any, ReadHandoff, before, state, since, queue, limit),
        }, ct);
    }

    public Task<IReadOnlyList<HandoffStep>> HistoryAsync(HandoffId id, CancellationToken ct)
    {
        const string History = "SELECT version, at, state, what, note, calls FROM handoff_step WHERE handoff_id = @id ORDER BY version";
        return ReadAsync<IReadOnlyList<HandoffStep>>(db => db.Query(History,
            row => new HandoffStep(id, row.GetInt32(0), At(row.GetInt64(1)), Enum.Parse<HandoffState>(row.GetString(2)), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4))
            {
                Calls = row.IsDBNull(5) ? [] : JsonSerializer.Deserialize(row.GetString(5), CoreJson.Default.IReadOnlyListVendorCall) ?? [],
            },
            ("@id", id.ToString())), ct);
    }

    public Task<IReadOnlyList<HandoffTimes>> HandoffTimesAsync(DateTimeOffset since, int limit, CancellationToken ct)
    {
        const string Times = """
            SELECT state, COALESCE(json_extract(data, '$.queueName'), json_extract(data, '$.plan.steps[' || json_extract(data, '$.step') || '].queue')), requested_at,
                   json_extract(data, '$.confirmedAt'), json_extract(data, '$.agentAt'), json_extract(data, '$.failure')
            FROM handoff INDEXED BY handoff_requested WHERE requested_at >= @since ORDER BY id DESC LIMIT @limit
            """;
        return ReadAsync<IReadOnlyList<HandoffTimes>>(db => db.Query(Times, row => new HandoffTimes(
            Enum.Parse<HandoffState>(row.GetString(0)), row.GetString(1), At(row.GetInt64(2)), Instant(row, 3), Instant(row, 4), row.IsDBNull(5) ? null : Enum.Parse<FailureKind>(row.GetString(5))),
            ("@since", Ticks(since)), ("@limit", limit)), ct);

        static DateTimeOffset? Instant(SqliteRow row, int column) => row.IsDBNull(column) ? null : DateTimeOffset.Parse(row.GetString(column));
    }

    public Task<IReadOnlyList<QueueLoad>> LiveLoadAsync(CancellationToken ct)
    {
        const string Load = """
            SELECT COALESCE(json_extract(data, '$.queueName'), json_extract(data, '$.plan.steps[' || json_extract(data, '$.step') || '].queue')) AS queue, state, COUNT(*), MIN(requested_at)
            FROM handoff INDEXED BY handoff_live WHERE ended_at IS NULL GROUP BY queue, state ORDER BY queue, state
            """;
        return ReadAsync<IReadOnlyList<QueueLoad>>(db => db.Query(Load, row => new QueueLoad(row.GetString(0), Enum.Parse<HandoffState>(row.GetString(1)), row.GetInt32(2), At(row.GetInt64(3)))), ct);
    }

    public Task<IReadOnlyList<Handoff>> HeldUpAsync(DateTimeOffset dueBefore, int tries, DateTimeOffset unconfirmedSince, int limit, CancellationToken ct)
    {
        const string HeldUp = """
            SELECT data, due_at FROM handoff INDEXED BY handoff_live
            WHERE ended_at IS NULL AND (due_at < @due OR json_extract(data, '$.tries') >= @tries
              OR (state = 'Transferring' AND julianday(json_extract(data, '$.changedAt')) < julianday(@unconfirmed)))
            ORDER BY id LIMIT @limit
            """;
        return ReadAsync<IReadOnlyList<Handoff>>(db => db.Query(HeldUp, ReadHandoff,
            ("@due", Ticks(dueBefore)), ("@tries", tries), ("@unconfirmed", unconfirmedSince.UtcDateTime.ToString("O")), ("@limit", limit)), ct);
    }

    bool Given(bool written, Transition transition)
    {
        if (written && transition.Deliveries.Count > 0) outbox.Give();
        return written;
    }

    static Handoff Next(Handoff before, Transition transition) =>
        transition.Changed && transition.Handoff.Id == before.Id && transition.Handoff.Version == before.Version + 1
            ? transition.Handoff
            : throw new ArgumentException($"'{transition.What}' does not follow version {before.Version} of {before.Id}; there is nothing to commit.", nameof(transition));

    /// <summary>What goes with every change, in its transaction: the history row and the audit entry.</summary>
    static void Record(SqliteSession db, Handoff before, Transition transition)
    {
        Insert(db, transition.Deliveries);
        if (transition.IsQuiet) return;
        var next = transition.Handoff;
        GiveAfter(db, before, next);
        // "delayed" is always about a failure, also when it is the same as last time.
        var isNews = next.FailureSentence != before.FailureSentence || transition.What == "delayed";
        AddStep(db, next, transition.What, isNews ? next.FailureSentence : null, transition.Calls);
        Enter(db, next.ConversationId, AuditFacts.Changed(before, transition, () => Salt(db, next.ConversationId)));
    }

    static void AddStep(SqliteSession db, Handoff handoff, string what, string? note, IReadOnlyList<VendorCall> calls)
    {
        const string Insert = "INSERT INTO handoff_step (handoff_id, version, at, state, what, note, calls) VALUES (@handoff, @version, @at, @state, @what, @note, @calls)";
        db.Execute(Insert,
            ("@handoff", handoff.Id.ToString()), ("@version", handoff.Version), ("@at", Ticks(handoff.ChangedAt)), ("@state", handoff.State.ToString()), ("@what", what), ("@note", note),
            ("@calls", calls.Count == 0 ? null : JsonSerializer.Serialize(calls, CoreJson.Default.IReadOnlyListVendorCall)));
    }

    static string Write(Handoff handoff) => JsonSerializer.Serialize(handoff, CoreJson.Default.Handoff);

    /// <summary>data, due_at</summary>
    static Handoff ReadHandoff(SqliteRow row)
    {
        var handoff = JsonSerializer.Deserialize(row.GetString(0), CoreJson.Default.Handoff)!;
        DateTimeOffset? due = row.IsDBNull(1) ? null : At(row.GetInt64(1));
        return handoff.DueAt == due ? handoff : handoff with { DueAt = due };
    }
}
