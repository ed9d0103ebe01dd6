using Baton.Core.Access;

namespace Baton.Storage.Sqlite;

public sealed partial class SqliteStore
{
    const string KeyColumns = "id, name, role, hash, created_at, last_used_at, revoked_at";

    static readonly TimeSpan BetweenUses = TimeSpan.FromMinutes(1);
    static readonly TimeSpan KeepAnswers = TimeSpan.FromDays(2);

    // Only the writer's thread touches it.
    DateTimeOffset answersForgottenAt;

    public Task CreateKeyAsync(ApiKey key, string by, CancellationToken ct)
    {
        const string Insert = "INSERT INTO access_key (id, name, role, hash, created_at) VALUES (@id, @name, @role, @hash, @created)";
        return WriteAsync(db =>
        {
            db.Execute(Insert, ("@id", key.Id), ("@name", key.Name), ("@role", key.Role.ToString()), ("@hash", key.Hash), ("@created", Ticks(key.CreatedAt)));
            Enter(db, AuditFacts.SystemChain, AuditFacts.Key("key.created", key, by, key.CreatedAt));
            return true;
        }, ct);
    }

    public Task<ApiKey?> FindKeyAsync(string id, CancellationToken ct) => ReadAsync(db => FindKey(db, id), ct);

    public Task<IReadOnlyList<ApiKey>> ListKeysAsync(CancellationToken ct)
    {
        const string List = $"SELECT {KeyColumns} FROM access_key ORDER BY created_at, id";
        return ReadAsync<IReadOnlyList<ApiKey>>(db => db.Query(List, ReadKey), ct);
    }

    public Task<bool> RevokeKeyAsync(string id, string by, DateTimeOffset now, CancellationToken ct)
    {
        const string Revoke = "UPDATE access_key SET revoked_at = @now WHERE id = @id AND revoked_at IS NULL";
        return WriteAsync(db =>
        {
            if (db.Execute(Revoke, ("@now", Ticks(now)), ("@id", id)) != 1) return false;
            Enter(db, AuditFacts.SystemChain, AuditFacts.Key("key.revoked", FindKey(db, id)!, by, now));
            EndSessionsOf(db, id, by, now);
            return true;
        }, ct);
    }

    public Task UsedKeyAsync(string id, DateTimeOffset now, CancellationToken ct)
    {
        const string Used = "UPDATE access_key SET last_used_at = @now WHERE id = @id AND (last_used_at IS NULL OR last_used_at <= @before)";
        return WriteAsync(db => db.Execute(Used, ("@now", Ticks(now)), ("@id", id), ("@before", Ticks(now - BetweenUses))), ct);
    }

    public Task<string?> BotOfAsync(string conversationId, CancellationToken ct) => ReadAsync(db => BotOf(db, conversationId), ct);

    public Task<string> ClaimForBotAsync(string conversationId, string bot, CancellationToken ct)
    {
        const string Claim = "INSERT INTO conversation_bot (conversation_id, bot) VALUES (@conversation, @bot) ON CONFLICT (conversation_id) DO NOTHING";
        return WriteAsync(db =>
        {
            db.Execute(Claim, ("@conversation", conversationId), ("@bot", bot));
            return BotOf(db, conversationId)!;
        }, ct);
    }

    public Task<KeptAnswer?> FindAnswerAsync(string caller, string key, CancellationToken ct)
    {
        const string Find = "SELECT fingerprint, status, content_type, body, at, conversation_id FROM kept_answer WHERE caller = @caller AND key = @key";
        return ReadAsync(db => db.First(Find, row =>
            new KeptAnswer(caller, key, row.GetString(0), row.GetInt32(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetString(3), At(row.GetInt64(4))) { ConversationId = row.IsDBNull(5) ? null : row.GetString(5) },
            ("@caller", caller), ("@key", key)), ct);
    }

    public Task KeepAnswerAsync(KeptAnswer answer, CancellationToken ct)
    {
        const string Insert = """
            INSERT INTO kept_answer (caller, key, fingerprint, status, content_type, body, at, conversation_id)
            VALUES (@caller, @key, @fingerprint, @status, @type, @body, @at, @conversation)
            ON CONFLICT (caller, key) DO NOTHING
            """;
        const string Forget = "DELETE FROM kept_answer WHERE at < @before";
        return WriteAsync(db =>
        {
            if (answer.At - answersForgottenAt >= ForgetEvery)
            {
                answersForgottenAt = answer.At;
                db.Execute(Forget, ("@before", Ticks(answer.At - KeepAnswers)));
            }
            db.Execute(Insert,
                ("@caller", answer.Caller), ("@key", answer.Key), ("@fingerprint", answer.Fingerprint), ("@status", answer.Status), ("@type", answer.ContentType),
                ("@body", answer.Body), ("@at", Ticks(answer.At)), ("@conversation", answer.ConversationId));
            return true;
        }, ct);
    }

    static ApiKey? FindKey(SqliteSession db, string id)
    {
        const string Find = $"SELECT {KeyColumns} FROM access_key WHERE id = @id";
        return db.First(Find, ReadKey, ("@id", id));
    }

    static string? BotOf(SqliteSession db, string conversationId)
    {
        const string Find = "SELECT bot FROM conversation_bot WHERE conversation_id = @conversation";
        return db.First(Find, row => row.GetString(0), ("@conversation", conversationId));
    }

    static ApiKey ReadKey(SqliteRow row) => new(row.GetString(0), row.GetString(1), Enum.Parse<Role>(row.GetString(2)), row.GetString(3), At(row.GetInt64(4)))
    {
        LastUsedAt = row.IsDBNull(5) ? null : At(row.GetInt64(5)),
        RevokedAt = row.IsDBNull(6) ? null : At(row.GetInt64(6)),
    };
}
