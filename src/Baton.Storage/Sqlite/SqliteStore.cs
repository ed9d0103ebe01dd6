using System.Collections.Concurrent;
using Baton.Core;

namespace Baton.Storage.Sqlite;

/// <summary>
/// The embedded store: one file, one writer a process (<see cref="SqliteWriter"/>), readers beside it. Other processes may open the same file and write too;
/// SQLite's lock puts them in turn. <c>:memory:</c> is a store that lasts as long as this object.
/// </summary>
public sealed partial class SqliteStore : IBatonStore
{
    const string InMemory = ":memory:";
    const int IdleReaders = 8;

    readonly string path;
    readonly SqliteStoreOptions options;
    readonly SqliteWriter writer;
    readonly SqliteCheckpoints? checkpoints;
    readonly ConcurrentStack<SqliteSession> readers = [];
    readonly WorkSignal work = new();
    volatile bool disposed;

    SqliteStore(string path, SqliteStoreOptions options)
    {
        (this.path, this.options) = (path, options);
        var session = OpenFirst();
        if (IsInMemory)
        {
            writer = new SqliteWriter(session, null, Explain, options.BatchLimit);
            return;
        }
        var log = new FileInfo(path + "-wal");
        checkpoints = new SqliteCheckpoints(OpenSession, options.LogLimit, log.Exists ? log.Length : 0);
        writer = new SqliteWriter(session, OpenSession, Explain, options.BatchLimit, checkpoints.AfterCommit);
    }

    /// <summary>Opens the file, makes it when it is not there, and brings its schema up to date.</summary>
    /// <exception cref="StoreException">The sentence says what is wrong with the file or the machine's SQLite, and what to do.</exception>
    public static Task<SqliteStore> OpenAsync(string path, SqliteStoreOptions? options, CancellationToken ct) =>
        Task.Run(() =>
        {
            SqliteLibrary.Use();
            return new SqliteStore(path, options ?? new SqliteStoreOptions());
        }, ct);

    public int PendingWrites => writer.Pending;

    internal long Batches => writer.Batches;
    internal long Commits => writer.Commits;

    bool IsInMemory => path == InMemory;

    public Task WaitForWorkAsync(CancellationToken ct) => work.WaitAsync(ct);

    public async ValueTask DisposeAsync()
    {
        disposed = true;
        await writer.DisposeAsync();
        if (checkpoints is not null) await checkpoints.DisposeAsync();
        while (readers.TryPop(out var reader)) reader.Dispose();
    }

    SqliteSession OpenFirst()
    {
        SqliteSession? session = null;
        try
        {
            if (!IsInMemory && !File.Exists(path)) CreateForOwnerOnly();
            session = OpenSession();
            if (!IsInMemory) session.Run("PRAGMA journal_mode = WAL");
            SqliteSchema.Migrate(session, path);
            return session;
        }
        catch (Exception e)
        {
            session?.Dispose();
            throw Explain(e);
        }
    }

    // The file holds what customers said. SQLite gives its -wal and -shm the same rights.
    void CreateForOwnerOnly()
    {
        var how = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete };
        if (!OperatingSystem.IsWindows()) how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using var file = new FileStream(path, how);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"'{path}' cannot be made ({e.Message}); check that its folder exists and that the user Baton runs as may write in it.", e);
        }
    }

    SqliteSession OpenSession()
    {
        var session = new SqliteSession(path, options.BusyTimeout, options.LogLimit);
        if (options.PageLimit is { } limit) session.Run($"PRAGMA max_page_count = {limit}");
        return session;
    }

    Task<T> WriteAsync<T>(Func<SqliteSession, T> write, CancellationToken ct, Func<T, bool>? makesWork = null) =>
        writer.WriteAsync(write, result =>
        {
            if (makesWork?.Invoke(result) == true) work.Give();
            trail.Give();
        }, ct);

    // Reads of a local file take microseconds: they run on the caller's thread.
    Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken ct)
    {
        if (ct.IsCancellationRequested) return Task.FromCanceled<T>(ct);
        if (IsInMemory) return writer.ReadAsync(read, ct);
        ObjectDisposedException.ThrowIf(disposed, this);
        SqliteSession? session = null;
        try
        {
            session = readers.TryPop(out var idle) ? idle : OpenSession();
            var result = read(session);
            Return(session);
            return Task.FromResult(result);
        }
        catch (Exception e)
        {
            session?.Dispose();
            return Task.FromException<T>(Explain(e));
        }
    }

    void Return(SqliteSession session)
    {
        if (readers.Count >= IdleReaders || disposed) session.Dispose();
        else readers.Push(session);
    }

    Exception Explain(Exception e) => SqliteFault.Explain(e, path, WhoHoldsIt);

    static long Ticks(DateTimeOffset at) => at.UtcTicks;
    static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);
}
