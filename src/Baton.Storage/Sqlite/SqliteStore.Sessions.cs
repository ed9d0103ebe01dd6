using Baton.Core.Access;

namespace Baton.Storage.Sqlite;

public sealed partial class SqliteStore
{
    const string SessionColumns = "id, name, role, hash, created_at, expires_at, key_id, user_id, last_used_at";

    public Task<bool> BeginSessionAsync(Session session, CancellationToken ct)
    {
        const string Forget = "DELETE FROM session WHERE expires_at <= @now";
        const string Insert = """
            INSERT INTO session (id, name, role, hash, created_at, expires_at, key_id, user_id)
            SELECT @id, @name, @role, @hash, @created, @expires, @key, @user
            WHERE @key IS NULL OR EXISTS (SELECT 1 FROM access_key WHERE id = @key AND revoked_at IS NULL)
            """;
        return WriteAsync(db =>
        {
            db.Execute(Forget, ("@now", Ticks(session.CreatedAt)));
            var begun = db.Execute(Insert,
                ("@id", session.Id), ("@name", session.Name), ("@role", session.Role.ToString()), ("@hash", session.Hash), ("@created", Ticks(session.CreatedAt)),
                ("@expires", Ticks(session.ExpiresAt)), ("@key", session.KeyId), ("@user", session.UserId)) == 1;
            if (begun) Enter(db, AuditFacts.SystemChain, AuditFacts.Session("session.begun", session, session.Name, session.CreatedAt));
            return begun;
        }, ct);
    }

    public Task<Session?> FindSessionAsync(string id, CancellationToken ct) => ReadAsync(db => FindSession(db, id), ct);

    public Task<IReadOnlyList<Session>> ListSessionsAsync(DateTimeOffset now, CancellationToken ct)
    {
        const string List = $"SELECT {SessionColumns} FROM session WHERE expires_at > @now ORDER BY created_at, id";
        return ReadAsync<IReadOnlyList<Session>>(db => db.Query(List, ReadSession, ("@now", Ticks(now))), ct);
    }

    public Task<bool> EndSessionAsync(string id, string by, DateTimeOffset now, CancellationToken ct)
    {
        return WriteAsync(db =>
        {
            if (FindSession(db, id) is not { } session) return false;
            EndSession(db, session, by, now);
            return true;
        }, ct);
    }

    public Task UsedSessionAsync(string id, DateTimeOffset now, CancellationToken ct)
    {
        const string Used = "UPDATE session SET last_used_at = @now WHERE id = @id AND (last_used_at IS NULL OR last_used_at <= @before)";
        return WriteAsync(db => db.Execute(Used, ("@now", Ticks(now)), ("@id", id), ("@before", Ticks(now - BetweenUses))), ct);
    }

    void EndSessionsOf(SqliteSession db, string keyId, string by, DateTimeOffset now)
    {
        const string OfKey = $"SELECT {SessionColumns} FROM session WHERE key_id = @key ORDER BY created_at, id";
        foreach (var session in db.Query(OfKey, ReadSession, ("@key", keyId))) EndSession(db, session, by, now);
    }

    void EndSession(SqliteSession db, Session session, string by, DateTimeOffset now)
    {
        db.Execute("DELETE FROM session WHERE id = @id", ("@id", session.Id));
        Enter(db, AuditFacts.SystemChain, AuditFacts.Session("session.ended", session, by, now));
    }

    static Session? FindSession(SqliteSession db, string id)
    {
        const string Find = $"SELECT {SessionColumns} FROM session WHERE id = @id";
        return db.First(Find, ReadSession, ("@id", id));
    }

    static Session ReadSession(SqliteRow row) => new(row.GetString(0), row.GetString(1), Enum.Parse<Role>(row.GetString(2)), row.GetString(3), At(row.GetInt64(4)), At(row.GetInt64(5)))
    {
        KeyId = row.IsDBNull(6) ? null : row.GetString(6),
        UserId = row.IsDBNull(7) ? null : row.GetString(7),
        LastUsedAt = row.IsDBNull(8) ? null : At(row.GetInt64(8)),
    };
}
