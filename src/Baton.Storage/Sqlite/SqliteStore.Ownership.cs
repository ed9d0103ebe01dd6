using Baton.Core;
using Microsoft.Data.Sqlite;

namespace Baton.Storage.Sqlite;

public sealed partial class SqliteStore
{
    const string SelectOwner = "SELECT process, started, address FROM owner";

    public Task<StoreOwner?> TakeOwnershipAsync(StoreOwner me, CancellationToken ct)
    {
        const string Upsert = """
            INSERT INTO owner (one, process, started, address) VALUES (1, @process, @started, @address)
            ON CONFLICT (one) DO UPDATE SET process = excluded.process, started = excluded.started, address = excluded.address
            """;
        // Only an owner claims, and the one before is gone: what it held is free at once, and the grown number refuses whatever of it might still come.
        const string FreeClaims = "UPDATE handoff SET lease = lease + 1, lease_until = NULL WHERE lease_until IS NOT NULL";
        const string FreeDeliveries = "UPDATE delivery SET lease = lease + 1, lease_until = NULL WHERE lease_until IS NOT NULL";
        return WriteAsync(db =>
        {
            if (LiveOwner(db) is { } other)
            {
                if (!IsSame(other, me)) return other;
            }
            else
            {
                db.Execute(FreeClaims);
                db.Execute(FreeDeliveries);
            }
            db.Execute(Upsert, ("@process", me.Process), ("@started", me.Started), ("@address", me.Address));
            return null;
        }, ct);
    }

    public Task<StoreOwner?> OwnerAsync(CancellationToken ct) => ReadAsync(LiveOwner, ct);

    public Task GiveUpOwnershipAsync(StoreOwner me, CancellationToken ct)
    {
        const string Delete = "DELETE FROM owner WHERE process = @process AND started = @started";
        return WriteAsync(db => db.Execute(Delete, ("@process", me.Process), ("@started", me.Started)), ct);
    }

    static StoreOwner? LiveOwner(SqliteSession db) => db.First(SelectOwner, ReadOwner) is { } owner && OwnerProcess.IsAlive(owner) ? owner : null;

    static bool IsSame(StoreOwner a, StoreOwner b) => a.Process == b.Process && a.Started == b.Started;

    static StoreOwner ReadOwner(SqliteRow row) => new(row.GetInt32(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2));

    // Readers are not held up by a writer's lock, so the owner can be asked for while the file is locked.
    string WhoHoldsIt()
    {
        try
        {
            using var session = OpenSession();
            if (LiveOwner(session) is { } owner && owner.Process != Environment.ProcessId)
                return $"process {owner.Process}{(owner.Address is null ? "" : $" ({owner.Address})")}, which runs its handoffs";
        }
        catch (SqliteException)
        {
            // Then nobody can be named.
        }
        return "another process that is writing to it";
    }
}
