using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Baton.Storage.Sqlite;

/// <summary>One connection and the statements prepared on it. Used by one thread at a time.</summary>
sealed class SqliteSession : IDisposable
{
    readonly SqliteConnection connection;

    // Statements are constants: the same text is the same object.
    readonly Dictionary<string, SqliteCommand> prepared = new(ReferenceEqualityComparer.Instance);

    public SqliteSession(string path, TimeSpan busyTimeout, long logLimit)
    {
        connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            // The provider's own retry loop sleeps; SQLite's busy handler, set below, does the waiting. This is only how long the provider goes on after it.
            DefaultTimeout = 1,
        }.ToString());
        try
        {
            connection.Open();
            Run($"PRAGMA busy_timeout = {(int)busyTimeout.TotalMilliseconds}");
            // fullfsync: macOS otherwise only hands the bytes to the drive. secure_delete: what a customer had erased is overwritten, not merely unlinked.
            Run($"PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA journal_size_limit = {logLimit}");
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

    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> args) => Prepare(sql, args).ExecuteNonQuery();

    public List<T> Query<T>(string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> args)
    {
        var rows = new List<T>();
        using var reader = Prepare(sql, args).ExecuteReader();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    public T? First<T>(string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> args)
    {
        using var reader = Prepare(sql, args).ExecuteReader();
        return reader.Read() ? read(reader) : default;
    }

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

    SqliteCommand Prepare(string sql, ReadOnlySpan<(string Name, object? Value)> args)
    {
        if (!prepared.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, _) in args) command.Parameters.Add(new SqliteParameter { ParameterName = name });
            prepared.Add(sql, command);
        }
        for (var i = 0; i < args.Length; i++) command.Parameters[i].Value = args[i].Value ?? DBNull.Value;
        return command;
    }

    public void Dispose()
    {
        foreach (var command in prepared.Values) command.Dispose();
        connection.Dispose();
    }
}
