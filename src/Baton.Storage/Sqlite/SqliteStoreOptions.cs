namespace Baton.Storage.Sqlite;

public sealed class SqliteStoreOptions
{
    /// <summary>How long a write waits for another process that is writing.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The most writes one commit takes together.</summary>
    public int BatchLimit { get; init; } = 256;

    /// <summary>For tests of a full disk: no more pages than this.</summary>
    internal long? PageLimit { get; init; }
}
