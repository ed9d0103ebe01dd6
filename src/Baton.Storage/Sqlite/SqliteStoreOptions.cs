namespace Baton.Storage.Sqlite;

public sealed class SqliteStoreOptions
{
    /// <summary>How long a write waits for another process that is writing.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The most writes one commit takes together.</summary>
    public int BatchLimit { get; init; } = 256;

    /// <summary>What the write-ahead log is cut back to when it has been emptied; longer, something keeps it from being emptied, and <see cref="SqliteStore.CheckAsync"/> says so.</summary>
    public long LogLimit { get; init; } = 64 << 20;

    /// <summary>For tests of a full disk: no more pages than this.</summary>
    internal long? PageLimit { get; init; }
}
