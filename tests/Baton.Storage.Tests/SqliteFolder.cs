using Microsoft.Data.Sqlite;

namespace Baton.Storage.Tests;

/// <summary>A folder of its own for a test's database file.</summary>
sealed class SqliteFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("baton-store-").FullName;
    public string Database => System.IO.Path.Combine(Path, "baton.db");

    /// <summary>Past the store, as somebody who owns the file could.</summary>
    public static T Direct<T>(string database, Func<SqliteConnection, T> work)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        return work(connection);
    }

    public static object? Scalar(string database, string sql) => Direct(database, connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    });

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
