using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Baton.Core.Audit;

namespace Baton.Storage.Sqlite;

public sealed partial class SqliteStore
{
    const int AuditPage = 1000;

    readonly WorkSignal trail = new();

    public Task EnterAsync(string chain, AuditFact fact, CancellationToken ct) => WriteAsync(db =>
    {
        Enter(db, chain, fact);
        return true;
    }, ct);

    static void Enter(SqliteSession db, string chain, AuditFact fact)
    {
        const string Head = "SELECT sequence, hash FROM audit_head WHERE chain = @chain";
        const string Insert = """
            INSERT INTO audit (chain, sequence, at, kind, facts, previous, hash) VALUES (@chain, @sequence, @at, @kind, @facts, @previous, @hash)
            """;
        const string MoveHead = """
            INSERT INTO audit_head (chain, sequence, hash) VALUES (@chain, @sequence, @hash)
            ON CONFLICT (chain) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash
            """;
        var head = db.First(Head, row => new AuditHead(chain, row.GetInt64(0), row.GetString(1)), ("@chain", chain));
        var entry = AuditEntry.After(head, chain, fact);
        db.Execute(Insert,
            ("@chain", chain), ("@sequence", entry.Sequence), ("@at", Ticks(entry.At)), ("@kind", entry.Kind), ("@facts", entry.Facts), ("@previous", entry.Previous), ("@hash", entry.Hash));
        db.Execute(MoveHead, ("@chain", chain), ("@sequence", entry.Sequence), ("@hash", entry.Hash));
    }

    /// <summary>The conversation's salt, made when it is first needed.</summary>
    static byte[] Salt(SqliteSession db, string conversationId)
    {
        const string Find = "SELECT salt FROM audit_salt WHERE conversation_id = @conversation";
        const string Insert = "INSERT INTO audit_salt (conversation_id, salt) VALUES (@conversation, @salt)";
        if (db.First(Find, row => row.GetBytes(0), ("@conversation", conversationId)) is { } known) return known;
        var salt = RandomNumberGenerator.GetBytes(16);
        db.Execute(Insert, ("@conversation", conversationId), ("@salt", salt));
        return salt;
    }

    // In pages: a long read would keep the write-ahead log from being emptied.
    public async IAsyncEnumerable<AuditEntry> ReadAuditAsync(string? chain, [EnumeratorCancellation] CancellationToken ct)
    {
        const string All = """
            SELECT chain, sequence, at, kind, facts, previous, hash FROM audit
            WHERE (chain, sequence) > (@chain, @sequence) ORDER BY chain, sequence LIMIT @limit
            """;
        const string OfChain = """
            SELECT chain, sequence, at, kind, facts, previous, hash FROM audit
            WHERE chain = @chain AND sequence > @sequence ORDER BY sequence LIMIT @limit
            """;
        var after = (Chain: chain ?? "", Sequence: long.MinValue);
        while (true)
        {
            var page = await ReadAsync(db => db.Query(chain is null ? All : OfChain, ReadEntry,
                ("@chain", after.Chain), ("@sequence", after.Sequence), ("@limit", AuditPage)), ct);
            foreach (var entry in page) yield return entry;
            if (page.Count < AuditPage) yield break;
            after = (page[^1].Chain, page[^1].Sequence);
        }
    }

    public Task<IReadOnlyList<AuditEntry>> TailAuditAsync(int count, CancellationToken ct)
    {
        const string Tail = "SELECT chain, sequence, at, kind, facts, previous, hash FROM audit ORDER BY entry DESC LIMIT @count";
        return ReadAsync<IReadOnlyList<AuditEntry>>(db =>
        {
            var newestFirst = db.Query(Tail, ReadEntry, ("@count", count));
            newestFirst.Reverse();
            return newestFirst;
        }, ct);
    }

    public Task<IReadOnlyList<NumberedEntry>> ReadAuditAfterAsync(long number, int limit, CancellationToken ct)
    {
        const string After = "SELECT chain, sequence, at, kind, facts, previous, hash, entry FROM audit WHERE entry > @number ORDER BY entry LIMIT @limit";
        return ReadAsync<IReadOnlyList<NumberedEntry>>(db => db.Query(After, row => new NumberedEntry(row.GetInt64(7), ReadEntry(row)), ("@number", number), ("@limit", limit)), ct);
    }

    public Task<long> LastAuditNumberAsync(CancellationToken ct)
    {
        const string Last = "SELECT COALESCE(MAX(entry), 0) FROM audit";
        return ReadAsync(db => db.First(Last, row => row.GetInt64(0)), ct);
    }

    public Task WaitForAuditAsync(CancellationToken ct) => trail.WaitAsync(ct);

    public Task<IReadOnlyList<AuditHead>> AuditHeadsAsync(CancellationToken ct)
    {
        const string Heads = "SELECT chain, sequence, hash FROM audit_head ORDER BY chain";
        return ReadAsync<IReadOnlyList<AuditHead>>(db => db.Query(Heads, ReadHead), ct);
    }

    public Task<AuditHead?> AuditHeadAsync(string chain, CancellationToken ct)
    {
        const string Head = "SELECT chain, sequence, hash FROM audit_head WHERE chain = @chain";
        return ReadAsync(db => db.Query(Head, ReadHead, ("@chain", chain)).FirstOrDefault(), ct);
    }

    static AuditEntry ReadEntry(SqliteRow row) =>
        new(row.GetString(0), row.GetInt64(1), At(row.GetInt64(2)), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6));

    static AuditHead ReadHead(SqliteRow row) => new(row.GetString(0), row.GetInt64(1), row.GetString(2));
}
