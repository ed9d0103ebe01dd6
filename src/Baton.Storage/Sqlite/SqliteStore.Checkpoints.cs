using System.Runtime.CompilerServices;
using Baton.Core.Audit;

namespace Baton.Storage.Sqlite;

public sealed partial class SqliteStore
{
    const int CheckpointPage = 100;

    public Task<AuditCheckpoint?> CheckpointAsync(AuditKey key, DateTimeOffset now, CancellationToken ct)
    {
        const string Last = "SELECT number, digest FROM audit_checkpoint ORDER BY number DESC LIMIT 1";
        const string Moved = "SELECT chain, sequence, hash FROM audit_head WHERE checkpointed < sequence ORDER BY chain";
        const string Insert = """
            INSERT INTO audit_checkpoint (number, at, previous, digest, key_id, signature) VALUES (@number, @at, @previous, @digest, @key, @signature)
            """;
        const string InsertHead = "INSERT INTO audit_checkpoint_head (number, chain, sequence, hash) VALUES (@number, @chain, @sequence, @hash)";
        const string MarkMoved = "UPDATE audit_head SET checkpointed = sequence WHERE checkpointed < sequence";
        return WriteAsync(db =>
        {
            var moved = db.Query(Moved, ReadHead);
            if (moved.Count == 0) return null;
            var checkpoint = AuditCheckpoint.After(db.First(Last, row => new AuditMark(row.GetInt64(0), row.GetString(1))), moved, now, key);
            db.Execute(Insert,
                ("@number", checkpoint.Number), ("@at", Ticks(checkpoint.At)), ("@previous", checkpoint.Previous), ("@digest", checkpoint.Digest), ("@key", checkpoint.KeyId),
                ("@signature", checkpoint.Signature));
            foreach (var head in checkpoint.Heads)
                db.Execute(InsertHead, ("@number", checkpoint.Number), ("@chain", head.Chain), ("@sequence", head.Sequence), ("@hash", head.Hash));
            db.Execute(MarkMoved);
            return checkpoint;
        }, ct);
    }

    public async IAsyncEnumerable<AuditCheckpoint> CheckpointsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        const string Checkpoints = """
            SELECT number, at, previous, digest, key_id, signature FROM audit_checkpoint WHERE number > @after ORDER BY number LIMIT @limit
            """;
        // SQLite's order of texts is that of their UTF-8 bytes; the digest's is AuditCheckpoint's own, so it sorts again.
        const string Heads = "SELECT chain, sequence, hash FROM audit_checkpoint_head WHERE number = @number";
        var after = 0L;
        while (true)
        {
            var page = await ReadAsync(db => db.Snapshot(() => db
                .Query(Checkpoints, row => new AuditCheckpoint(row.GetInt64(0), At(row.GetInt64(1)), row.GetString(2), [], row.GetString(4), row.GetString(3), row.GetString(5)),
                    ("@after", after), ("@limit", CheckpointPage))
                .ConvertAll(c => c with { Heads = [.. db.Query(Heads, ReadHead, ("@number", c.Number)).OrderBy(h => h.Chain, StringComparer.Ordinal)] })), ct);
            foreach (var checkpoint in page) yield return checkpoint;
            if (page.Count < CheckpointPage) yield break;
            after = page[^1].Number;
        }
    }
}
