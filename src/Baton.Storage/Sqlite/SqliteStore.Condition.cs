using Baton.Core;

namespace Baton.Storage.Sqlite;

public sealed partial class SqliteStore
{
    // A turn with its decision and its handoff takes some pages of log; with less than this the next one may be refused.
    const long LeastFree = 64 << 10;

    // Only the writer's thread touches it.
    ushort checks;

    /// <summary>Tries a real write and looks at the disk: whether this store can take work now, and if not, the sentence why.</summary>
    public async Task<StoreCondition> CheckAsync(CancellationToken ct)
    {
        if (IsInMemory) return new StoreCondition(null, null);
        try
        {
            // A number in the file's header that means nothing to anybody, and never the same twice in a row: SQLite does not write what is there already.
            await WriteAsync(db =>
            {
                db.Run($"PRAGMA user_version = {++checks}");
                return true;
            }, ct);
        }
        catch (StoreException e)
        {
            return new StoreCondition(e.Message, null);
        }
        // One page may still have found its place where the next transaction does not.
        if (FreeBytes() is < LeastFree) return new StoreCondition(SqliteFault.DiskFull(path), null);
        var log = new FileInfo(path + "-wal");
        return new StoreCondition(null, log.Exists && log.Length > options.LogLimit
            ? $"The log of '{path}' has grown to {log.Length >> 20} MB, because some program has been reading the file all along and keeps it from being emptied; end that program and it shrinks by itself."
            : null);
    }

    long? FreeBytes()
    {
        try { return new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(path))!).AvailableFreeSpace; }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException) { return null; }
    }
}

/// <param name="Trouble">Nothing can be written: what is wrong and what to do.</param>
/// <param name="Warning">It works, but will not for ever.</param>
public sealed record StoreCondition(string? Trouble, string? Warning);
