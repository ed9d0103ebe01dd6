using Baton.Core.Policies;

namespace Baton.Storage.Sqlite;

public sealed partial class SqliteStore
{
    const string PolicyColumns = "number, name, version, hash, text, by, at, note, source";

    public Task<PolicySave> SavePolicyAsync(PolicyEdition policy, long basedOn, CancellationToken ct)
    {
        const string Newest = $"SELECT {PolicyColumns} FROM policy ORDER BY number DESC LIMIT 1";
        const string Insert = """
            INSERT INTO policy (number, name, version, hash, text, by, at, note, source)
            VALUES (@number, @name, @version, @hash, @text, @by, @at, @note, @source)
            """;
        return WriteAsync(db =>
        {
            var newest = db.First(Newest, ReadPolicy);
            if (newest is not null && newest.Number != basedOn) return new PolicySave(newest, false);
            var added = policy with { Number = (newest?.Number ?? 0) + 1 };
            db.Execute(Insert,
                ("@number", added.Number), ("@name", added.Version.Name), ("@version", added.Version.Version), ("@hash", added.Version.Hash), ("@text", added.Text),
                ("@by", added.By), ("@at", Ticks(added.At)), ("@note", added.Note), ("@source", added.Source.ToString()));
            Enter(db, AuditFacts.SystemChain, AuditFacts.PolicyEntered(added));
            return new PolicySave(added, true);
        }, ct);
    }

    public Task<PolicyEdition?> NewestPolicyAsync(PolicySource? source, CancellationToken ct)
    {
        const string Newest = $"SELECT {PolicyColumns} FROM policy WHERE @source IS NULL OR source = @source ORDER BY number DESC LIMIT 1";
        return ReadAsync(db => db.First(Newest, ReadPolicy, ("@source", source?.ToString())), ct);
    }

    public Task<PolicyEdition?> FindPolicyAsync(long number, CancellationToken ct)
    {
        const string Find = $"SELECT {PolicyColumns} FROM policy WHERE number = @number";
        return ReadAsync(db => db.First(Find, ReadPolicy, ("@number", number)), ct);
    }

    public Task<IReadOnlyList<PolicyEdition>> ListPoliciesAsync(long? before, int limit, CancellationToken ct)
    {
        const string List = $"SELECT {PolicyColumns} FROM policy WHERE @before IS NULL OR number < @before ORDER BY number DESC LIMIT @limit";
        return ReadAsync<IReadOnlyList<PolicyEdition>>(db => db.Query(List, ReadPolicy, ("@before", before), ("@limit", limit)), ct);
    }

    static PolicyEdition ReadPolicy(SqliteRow row) =>
        new(row.GetInt64(0), new PolicyVersion(row.GetString(1), row.GetString(2), row.GetString(3)), row.GetString(4), row.GetString(5), At(row.GetInt64(6)), Enum.Parse<PolicySource>(row.GetString(8)))
        {
            Note = row.IsDBNull(7) ? null : row.GetString(7),
        };
}
