using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Baton.Storage.Sqlite;

/// <summary>One connection and the statements prepared on it. Used by one thread at a time.</summary>
sealed class SqliteSession : IDisposable
{
    readonly SqliteConnection connection;

    // Statements are constants: the same text is the same object.
    readonly Dictionary<string, SqliteStatement> prepared = new(ReferenceEqualityComparer.Instance);

    public SqliteSession(string path, TimeSpan busyTimeout, long logLimit)
    {
        connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            // The provider's own retry loop sleeps; SQLite's busy handler, set below, does the waiting. This is only how long the provider goes on after it (pragmas and schema).
            DefaultTimeout = 1,
        }.ToString());
        try
        {
            connection.Open();
            Run($"PRAGMA busy_timeout = {(int)busyTimeout.TotalMilliseconds}");
            // fullfsync: macOS otherwise only hands the bytes to the drive. secure_delete: what a customer had erased is overwritten, not merely unlinked.
            // The log is moved into the file by SqliteCheckpoints, not by whoever happens to commit.
            Run($"PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA journal_size_limit = {logLimit}");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>True outside a transaction. SQLite ends a transaction by itself on some errors (disk full, I/O).</summary>
    public bool IsAutocommit => raw.sqlite3_get_autocommit(connection.Handle) != 0;

    /// <summary>Once, unprepared: pragmas and schema.</summary>
    public void Run(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> args) => Prepare(sql, args).Execute(args);

    public List<T> Query<T>(string sql, Func<SqliteRow, T> read, params ReadOnlySpan<(string Name, object? Value)> args) => Prepare(sql, args).Query(read, int.MaxValue, args);

    public T? First<T>(string sql, Func<SqliteRow, T> read, params ReadOnlySpan<(string Name, object? Value)> args) => Prepare(sql, args).Query(read, 1, args) is [var first] ? first : default;

    /// <summary>Several reads of one state of the file. A savepoint, not BEGIN: it also works inside the writer's transaction.</summary>
    public T Snapshot<T>(Func<T> read)
    {
        Execute("SAVEPOINT snapshot");
        try
        {
            return read();
        }
        finally
        {
            Execute("RELEASE snapshot");
        }
    }

    /// <summary>How many pages commits have written to the log since the last time this was asked.</summary>
    public int TakePagesWritten()
    {
        const int ResetIt = 1;
        raw.sqlite3_db_status(connection.Handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, ResetIt);
        return pages;
    }

    /// <summary>Moves of the log what no reader needs any more. False: it could not be moved, or another is at it.</summary>
    public bool TryCheckpoint() => raw.sqlite3_wal_checkpoint_v2(connection.Handle, null, raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _) == raw.SQLITE_OK;

    SqliteStatement Prepare(string sql, ReadOnlySpan<(string Name, object? Value)> args)
    {
        if (!prepared.TryGetValue(sql, out var statement)) prepared.Add(sql, statement = new SqliteStatement(connection.Handle!, sql, args));
        return statement;
    }

    public void Dispose()
    {
        foreach (var statement in prepared.Values) statement.Dispose();
        connection.Dispose();
    }
}
