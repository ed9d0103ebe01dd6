using Baton.Core;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Baton.Storage.Sqlite;

/// <summary>What SQLite's error codes mean to whoever runs Baton: what is wrong and what to do.</summary>
static class SqliteFault
{
    /// <param name="lockedBy">Who may hold the file's lock, as a phrase; asked only when it is locked.</param>
    public static Exception Explain(Exception e, string path, Func<string> lockedBy) =>
        e is SqliteException fault ? new StoreException(Sentence(fault, path, lockedBy), fault) : e;

    static string Sentence(SqliteException e, string path, Func<string> lockedBy) => e.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => DiskFull(path),
        raw.SQLITE_READONLY => $"'{path}' cannot be written; make the file and its folder writable for the user Baton runs as.",
        raw.SQLITE_CANTOPEN => $"'{path}' cannot be opened; check that its folder exists and that the user Baton runs as may read and write in it.",
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => $"'{path}' is damaged or is no SQLite file; stop Baton, move the file away with its -wal and -shm, and restore a backup.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"'{path}' is locked by {lockedBy()}; end it or try again.",
        raw.SQLITE_IOERR => $"Reading or writing '{path}' failed ({e.Message}); check the disk and its free space.",
        raw.SQLITE_CONSTRAINT => $"A value breaks a rule of the store ({e.Message}); this is a fault in Baton, please report it.",
        _ => $"SQLite could not do it ({e.Message}).",
    };

    public static string DiskFull(string path) => $"The disk that holds '{path}' is full; free some space and Baton goes on by itself.";

    /// <summary>True when the connection itself may be part of the trouble and a new one should be tried next time.</summary>
    public static bool SpoilsConnection(Exception e) => e is SqliteException { SqliteErrorCode: not raw.SQLITE_CONSTRAINT and not raw.SQLITE_BUSY };
}
