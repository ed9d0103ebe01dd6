namespace Baton.Storage.Sqlite;

/// <summary>
/// Moves what has been committed from the log into the file. A commit is durable in the log; nothing here is needed for that.
/// <para>
/// SQLite by itself does it inside a commit, whose callers wait meanwhile. Here the bulk is moved beside the writer, on a connection of its own.
/// While commits come in something is always left over, and a log with a rest in it only grows: once it is long, the writer moves the rest, which is small by then, between two commits,
/// and the next commit begins the log again from its start.
/// </para>
/// </summary>
sealed class SqliteCheckpoints : IAsyncDisposable
{
    const int PageSize = 4096;

    /// <summary>Four times what SQLite lets come together: a page that was written several times meanwhile is moved once.</summary>
    const int Often = 4000;

    readonly Func<SqliteSession> open;
    readonly int longest;
    Task beside = Task.CompletedTask;
    SqliteSession? own;
    int log;
    int fresh;

    /// <param name="logLength">Bytes of log that were found when the store was opened: a process was killed, or another has the file open.</param>
    public SqliteCheckpoints(Func<SqliteSession> open, long logLimit, long logLength)
    {
        this.open = open;
        longest = (int)Math.Max(1, logLimit / 2 / PageSize);
        log = fresh = (int)Math.Min(longest, logLength / PageSize);
    }

    /// <summary>Ends when none is under way.</summary>
    public Task Underway => Volatile.Read(ref beside);

    /// <summary>By the writer's thread, between two commits.</summary>
    public void AfterCommit(SqliteSession writer)
    {
        var written = writer.TakePagesWritten();
        log += written;
        fresh += written;
        if (log >= longest)
        {
            beside.Wait();
            writer.TryCheckpoint();
            (log, fresh) = (0, 0);
        }
        else if (fresh >= Often && beside.IsCompleted)
        {
            fresh = 0;
            Volatile.Write(ref beside, Task.Run(MoveBulk));
        }
    }

    // What cannot be moved stays in the log, and is moved another time. A file that takes nothing any more shows at the next commit.
    void MoveBulk()
    {
        try
        {
            own ??= open();
            if (own.TryCheckpoint()) return;
        }
        catch (Microsoft.Data.Sqlite.SqliteException) { /* As above. */ }
        own?.Dispose();
        own = null;
    }

    public async ValueTask DisposeAsync()
    {
        await Underway;
        own?.Dispose();
    }
}
