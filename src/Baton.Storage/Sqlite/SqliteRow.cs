using SQLitePCL;

namespace Baton.Storage.Sqlite;

/// <summary>The row a statement stands at; good until its next step.</summary>
readonly struct SqliteRow(sqlite3_stmt statement)
{
    public bool IsDBNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;
    public string GetString(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();
    public long GetInt64(int column) => raw.sqlite3_column_int64(statement, column);
    public int GetInt32(int column) => checked((int)GetInt64(column));
    public bool GetBoolean(int column) => GetInt64(column) != 0;
    public double GetDouble(int column) => raw.sqlite3_column_double(statement, column);
    public byte[] GetBytes(int column) => raw.sqlite3_column_blob(statement, column).ToArray();
}
