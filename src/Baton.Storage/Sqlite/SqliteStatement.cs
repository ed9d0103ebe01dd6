using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Baton.Storage.Sqlite;

/// <summary>A statement that is prepared once and run many times, on SQLite itself: the provider's commands and readers cost more than the work of a small statement.</summary>
sealed class SqliteStatement : IDisposable
{
    readonly sqlite3 db;
    readonly sqlite3_stmt handle;
    readonly int[] places;

    public SqliteStatement(sqlite3 db, string sql, ReadOnlySpan<(string Name, object? Value)> args)
    {
        this.db = db;
        Check(raw.sqlite3_prepare_v2(db, sql, out handle));
        places = new int[args.Length];
        for (var i = 0; i < args.Length; i++) places[i] = raw.sqlite3_bind_parameter_index(handle, args[i].Name);
        if (places.Contains(0) || raw.sqlite3_bind_parameter_count(handle) != args.Length) throw new ArgumentException($"The parameters given are not those of: {sql}", nameof(args));
    }

    /// <summary>Runs it to its end; the answer is how many rows were changed.</summary>
    public int Execute(ReadOnlySpan<(string Name, object? Value)> args)
    {
        Bind(args);
        try
        {
            while (Step()) { }
            return raw.sqlite3_changes(db);
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Reads rows, at most so many.</summary>
    public List<T> Query<T>(Func<SqliteRow, T> read, int most, ReadOnlySpan<(string Name, object? Value)> args)
    {
        var rows = new List<T>();
        Bind(args);
        try
        {
            while (rows.Count < most && Step()) rows.Add(read(new SqliteRow(handle)));
        }
        finally
        {
            Reset();
        }
        return rows;
    }

    void Bind(ReadOnlySpan<(string Name, object? Value)> args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var place = places[i];
            Check(args[i].Value switch
            {
                null => raw.sqlite3_bind_null(handle, place),
                string text => raw.sqlite3_bind_text(handle, place, text),
                long number => raw.sqlite3_bind_int64(handle, place, number),
                int number => raw.sqlite3_bind_int64(handle, place, number),
                bool flag => raw.sqlite3_bind_int64(handle, place, flag ? 1 : 0),
                double number => raw.sqlite3_bind_double(handle, place, number),
                byte[] bytes => raw.sqlite3_bind_blob(handle, place, bytes),
                var other => throw new ArgumentException($"{args[i].Name} is a {other.GetType().Name}, which no column holds.", nameof(args)),
            });
        }
    }

    bool Step()
    {
        var result = raw.sqlite3_step(handle);
        if (result == raw.SQLITE_ROW) return true;
        Check(result);
        return false;
    }

    // Its answer repeats what the step before it said.
    void Reset() => raw.sqlite3_reset(handle);

    void Check(int result) => SqliteException.ThrowExceptionForRC(result, db);

    public void Dispose() => handle.Dispose();
}
