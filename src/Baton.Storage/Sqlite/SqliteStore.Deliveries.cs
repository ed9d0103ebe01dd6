using Baton.Core.Deliveries;

namespace Baton.Storage.Sqlite;

public sealed partial class SqliteStore
{
    const string DeliveryColumns = "id, target, conversation_id, event_type, body, created_at, state, attempts, due_at, last_error";

    readonly WorkSignal outbox = new();

    public Task WaitForDeliveriesAsync(CancellationToken ct) => outbox.WaitAsync(ct);

    public Task<IReadOnlyList<LeasedDelivery>> ClaimDeliveriesAsync(string target, DateTimeOffset now, TimeSpan lease, int limit, CancellationToken ct)
    {
        const string Claim = $"""
            UPDATE delivery SET lease = lease + 1, lease_until = @until
            WHERE seq IN (SELECT d.seq FROM delivery d
                          WHERE d.target = @target AND d.state = 'Pending' AND d.due_at <= @now AND (d.lease_until IS NULL OR d.lease_until <= @now)
                            AND d.seq = (SELECT MIN(e.seq) FROM delivery e WHERE e.target = d.target AND e.conversation_id = d.conversation_id AND e.state = 'Pending')
                          ORDER BY d.due_at, d.seq LIMIT @limit)
            RETURNING {DeliveryColumns}, lease
            """;
        return WriteAsync<IReadOnlyList<LeasedDelivery>>(db => [.. db.Query(Claim, row => new LeasedDelivery(ReadDelivery(row), row.GetInt64(10)),
            ("@until", Ticks(now + lease)), ("@target", target), ("@now", Ticks(now)), ("@limit", limit)).OrderBy(d => d.Delivery.DueAt)], ct);
    }

    public Task<bool> CommitDeliveryAsync(LeasedDelivery held, Delivery next, DeliveryAttempt attempt, CancellationToken ct)
    {
        const string Update = """
            UPDATE delivery SET state = @state, attempts = @attempts, due_at = @due, last_error = @error, lease_until = NULL
            WHERE id = @id AND lease = @lease AND lease_until IS NOT NULL AND state = 'Pending'
            """;
        const string Insert = "INSERT INTO delivery_attempt (delivery_id, at, status, error, milliseconds) VALUES (@id, @at, @status, @error, @milliseconds)";
        return WriteAsync(db =>
        {
            if (db.Execute(Update, ("@state", next.State.ToString()), ("@attempts", next.Attempts), ("@due", next.DueAt?.UtcTicks), ("@error", next.LastError), ("@id", next.Id), ("@lease", held.Lease)) != 1)
                return false;
            db.Execute(Insert, ("@id", next.Id), ("@at", Ticks(attempt.At)), ("@status", attempt.Status), ("@error", attempt.Error), ("@milliseconds", attempt.Milliseconds));
            if (next.State == DeliveryState.Dead) Enter(db, next.ConversationId, AuditFacts.Delivery("delivery.dead", next, null, attempt.At));
            return true;
        }, ct);
    }

    public Task<DateTimeOffset?> NextDeliveryDueAsync(IReadOnlyList<string> targets, CancellationToken ct)
    {
        // Those that wait behind an earlier one of their conversation are due when that one has been dealt with.
        const string Next = """
            SELECT MIN(MAX(d.due_at, COALESCE(d.lease_until, d.due_at))) FROM delivery d
            WHERE d.target = @target AND d.state = 'Pending'
              AND d.seq = (SELECT MIN(e.seq) FROM delivery e WHERE e.target = d.target AND e.conversation_id = d.conversation_id AND e.state = 'Pending')
            """;
        return ReadAsync(db => targets.Select(t => db.First(Next, row => row.IsDBNull(0) ? (DateTimeOffset?)null : At(row.GetInt64(0)), ("@target", t))).Min(), ct);
    }

    public Task<Delivery?> FindDeliveryAsync(string id, CancellationToken ct) =>
        ReadAsync(db => db.First($"SELECT {DeliveryColumns} FROM delivery WHERE id = @id", ReadDelivery, ("@id", id)), ct);

    public Task<IReadOnlyList<Delivery>> ListDeliveriesAsync(DeliveryFilter filter, CancellationToken ct)
    {
        const string List = $"""
            SELECT {DeliveryColumns} FROM delivery
            WHERE (@state IS NULL OR state = @state) AND (@target IS NULL OR target = @target) AND (@conversation IS NULL OR conversation_id = @conversation)
              AND (@before IS NULL OR seq < (SELECT seq FROM delivery WHERE id = @before))
            ORDER BY seq DESC LIMIT @limit
            """;
        return ReadAsync<IReadOnlyList<Delivery>>(db => db.Query(List, ReadDelivery,
            ("@state", filter.State?.ToString()), ("@target", filter.Target), ("@conversation", filter.ConversationId), ("@before", filter.Before), ("@limit", filter.Limit)), ct);
    }

    public Task<IReadOnlyList<DeliveryAttempt>> DeliveryAttemptsAsync(string id, CancellationToken ct)
    {
        const string Attempts = "SELECT at, status, error, milliseconds FROM delivery_attempt WHERE delivery_id = @id ORDER BY at, rowid";
        return ReadAsync<IReadOnlyList<DeliveryAttempt>>(db => db.Query(Attempts,
            row => new DeliveryAttempt(At(row.GetInt64(0)), row.IsDBNull(1) ? null : row.GetInt32(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetDouble(3)), ("@id", id)), ct);
    }

    public Task<bool> ReplayDeliveryAsync(string id, string by, DateTimeOffset now, CancellationToken ct)
    {
        // Its place in the line of its conversation stays the same: the events after it are already through, or wait for it.
        const string Replay = "UPDATE delivery SET state = 'Pending', attempts = 0, due_at = @now, last_error = NULL, lease_until = NULL WHERE id = @id AND state <> 'Pending'";
        return WriteAsync(db =>
        {
            if (db.Execute(Replay, ("@now", Ticks(now)), ("@id", id)) != 1) return false;
            var replayed = db.First($"SELECT {DeliveryColumns} FROM delivery WHERE id = @id", ReadDelivery, ("@id", id))!;
            Enter(db, replayed.ConversationId, AuditFacts.Delivery("delivery.replayed", replayed, by, now));
            return true;
        }, ct, replayed => { if (replayed) outbox.Give(); return false; });
    }

    static void Insert(SqliteSession db, IReadOnlyList<Delivery> deliveries)
    {
        const string Add = """
            INSERT INTO delivery (id, target, conversation_id, event_type, body, created_at, state, attempts, due_at)
            VALUES (@id, @target, @conversation, @type, @body, @created, 'Pending', 0, @due)
            ON CONFLICT (id) DO NOTHING
            """;
        foreach (var delivery in deliveries)
        {
            db.Execute(Add, ("@id", delivery.Id), ("@target", delivery.Target), ("@conversation", delivery.ConversationId), ("@type", delivery.EventType), ("@body", delivery.Body),
                ("@created", Ticks(delivery.CreatedAt)), ("@due", delivery.DueAt?.UtcTicks));
        }
    }

    static Delivery ReadDelivery(SqliteRow row) => new()
    {
        Id = row.GetString(0),
        Target = row.GetString(1),
        ConversationId = row.GetString(2),
        EventType = row.GetString(3),
        Body = row.GetString(4),
        CreatedAt = At(row.GetInt64(5)),
        State = Enum.Parse<DeliveryState>(row.GetString(6)),
        Attempts = row.GetInt32(7),
        DueAt = row.IsDBNull(8) ? null : At(row.GetInt64(8)),
        LastError = row.IsDBNull(9) ? null : row.GetString(9),
    };
}
