using Baton.Core;

namespace Baton.Storage.Sqlite;

// The stop switch and the memory for events already seen.
public sealed partial class SqliteStore
{
    static readonly TimeSpan KeepEvents = TimeSpan.FromDays(5);
    static readonly TimeSpan ForgetEvery = TimeSpan.FromMinutes(10);

    // Only the writer's thread touches it.
    DateTimeOffset forgotAt;

    public Task<Pause?> PausedAsync(CancellationToken ct)
    {
        const string Find = "SELECT by, since, why FROM pause";
        return ReadAsync(db => db.First(Find, row => new Pause(row.GetString(0), At(row.GetInt64(1)), row.IsDBNull(2) ? null : row.GetString(2))), ct);
    }

    public Task PauseAsync(Pause pause, CancellationToken ct)
    {
        const string Upsert = """
            INSERT INTO pause (one, by, since, why) VALUES (1, @by, @since, @why)
            ON CONFLICT (one) DO UPDATE SET by = excluded.by, since = excluded.since, why = excluded.why
            """;
        return WriteAsync(db =>
        {
            db.Execute(Upsert, ("@by", pause.By), ("@since", Ticks(pause.Since)), ("@why", pause.Why));
            Enter(db, AuditFacts.SystemChain, AuditFacts.ByPerson("system.paused", pause.By, pause.Since));
            return true;
        }, ct);
    }

    public Task ResumeAsync(string by, DateTimeOffset now, CancellationToken ct) => WriteAsync(db =>
    {
        var wasPaused = db.Execute("DELETE FROM pause") > 0;
        if (wasPaused) Enter(db, AuditFacts.SystemChain, AuditFacts.ByPerson("system.resumed", by, now));
        return wasPaused;
    }, ct, wasPaused => wasPaused);

    public Task<bool> IsNewEventAsync(string eventId, DateTimeOffset now, CancellationToken ct) => WriteAsync(db => IsNew(db, eventId, now), ct);

    bool IsNew(SqliteSession db, string eventId, DateTimeOffset now)
    {
        const string Insert = "INSERT INTO seen_event (id, at) VALUES (@id, @at) ON CONFLICT (id) DO NOTHING";
        const string Forget = "DELETE FROM seen_event WHERE at < @before";
        if (now - forgotAt >= ForgetEvery)
        {
            forgotAt = now;
            db.Execute(Forget, ("@before", Ticks(now - KeepEvents)));
        }
        return db.Execute(Insert, ("@id", eventId), ("@at", Ticks(now))) == 1;
    }
}
