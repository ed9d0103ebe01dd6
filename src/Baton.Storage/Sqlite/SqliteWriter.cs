using System.Threading.Channels;

namespace Baton.Storage.Sqlite;

/// <summary>
/// The one writer of this process. What callers hand in while a commit is under way becomes the next transaction: one fsync for all of them.
/// An operation that fails fails its caller only: then the batch is done again with a savepoint each, so an operation may run twice and must leave nothing behind
/// but what it writes. A caller is answered after the COMMIT that holds its work; when that COMMIT fails,
/// none of its callers is told that anything was written.
/// </summary>
sealed class SqliteWriter : IAsyncDisposable
{
    readonly Channel<Operation> operations = Channel.CreateUnbounded<Operation>(new UnboundedChannelOptions { SingleReader = true });
    readonly Func<SqliteSession>? open;
    readonly Func<Exception, Exception> explain;
    readonly Action<SqliteSession>? afterCommit;
    readonly int batchLimit;
    readonly Task loop;
    SqliteSession? session;
    int pending;
    long batches;
    long commits;

    /// <param name="open">A new connection after one was spoiled by a fault; null for a store in memory, whose only connection is the store.</param>
    /// <param name="afterCommit">Runs on the writer's thread when the callers of a commit have been answered.</param>
    public SqliteWriter(SqliteSession session, Func<SqliteSession>? open, Func<Exception, Exception> explain, int batchLimit, Action<SqliteSession>? afterCommit = null)
    {
        (this.session, this.open, this.explain, this.batchLimit, this.afterCommit) = (session, open, explain, batchLimit, afterCommit);
        loop = Task.Run(LoopAsync);
    }

    public int Pending => Volatile.Read(ref pending);
    internal long Batches => Volatile.Read(ref batches);
    internal long Commits => Volatile.Read(ref commits);

    /// <param name="committed">Runs after the commit and before the caller is answered.</param>
    public async Task<T> WriteAsync<T>(Func<SqliteSession, T> work, Action<T>? committed, CancellationToken ct)
    {
        Interlocked.Increment(ref pending);
        try
        {
            return await EnqueueAsync(work, committed, ct);
        }
        finally
        {
            Interlocked.Decrement(ref pending);
        }
    }

    /// <summary>A read on the writer's connection: the only one there is for a store in memory.</summary>
    public Task<T> ReadAsync<T>(Func<SqliteSession, T> work, CancellationToken ct) => EnqueueAsync(work, null, ct);

    Task<T> EnqueueAsync<T>(Func<SqliteSession, T> work, Action<T>? committed, CancellationToken ct)
    {
        var operation = new Operation<T>(work, committed, ct);
        ObjectDisposedException.ThrowIf(!operations.Writer.TryWrite(operation), this);
        return operation.Task;
    }

    async Task LoopAsync()
    {
        var batch = new List<Operation>(batchLimit);
        while (await operations.Reader.WaitToReadAsync())
        {
            batch.Clear();
            if (!TryTake(batch)) continue;
            Interlocked.Increment(ref batches);
            Commit(batch);
        }
    }

    bool TryTake(List<Operation> batch)
    {
        while (batch.Count < batchLimit && operations.Reader.TryRead(out var operation))
        {
            if (operation.IsCanceled()) continue;
            batch.Add(operation);
            return true;
        }
        return false;
    }

    void Commit(List<Operation> batch)
    {
        try
        {
            session ??= open!();
            if (!TryTogether(batch)) OneByOne(batch);
            Interlocked.Increment(ref commits);
        }
        catch (Exception e)
        {
            Abandon(e);
            var explained = explain(e);
            foreach (var operation in batch) operation.Fail(explained);
            return;
        }
        foreach (var operation in batch) operation.Answer(explain);
        afterCommit?.Invoke(session);
    }

    /// <summary>The usual case: nothing goes wrong, and a savepoint each would be a fifth of the work. False: one did, and nothing of the batch is written.</summary>
    bool TryTogether(List<Operation> batch)
    {
        session!.Execute("BEGIN IMMEDIATE");
        // What is handed in while it runs still joins: callers that were answered together come back together, and the first of them must not be committed alone.
        for (var n = 0; n < batch.Count || TryTake(batch); n++)
        {
            var operation = batch[n];
            operation.Run(session);
            if (operation.Fault is null) continue;
            // SQLite may have ended the whole transaction: then the file, not the operation, is in trouble.
            if (session.IsAutocommit) throw operation.Fault;
            session.Execute("ROLLBACK");
            return false;
        }
        session.Execute("COMMIT");
        return true;
    }

    void OneByOne(List<Operation> batch)
    {
        session!.Execute("BEGIN IMMEDIATE");
        foreach (var operation in batch)
        {
            session.Execute("SAVEPOINT operation");
            operation.Run(session);
            if (operation.Fault is not null)
            {
                if (session.IsAutocommit) throw operation.Fault;
                session.Execute("ROLLBACK TO operation");
            }
            session.Execute("RELEASE operation");
        }
        session.Execute("COMMIT");
    }

    void Abandon(Exception cause)
    {
        if (session is null) return;
        try
        {
            if (!session.IsAutocommit) session.Execute("ROLLBACK");
        }
        catch (Exception e) when (e is Microsoft.Data.Sqlite.SqliteException)
        {
            cause = e;
        }
        if (open is null || !SqliteFault.SpoilsConnection(cause)) return;
        session.Dispose();
        session = null;
    }

    public async ValueTask DisposeAsync()
    {
        operations.Writer.TryComplete();
        await loop;
        session?.Dispose();
    }

    abstract class Operation
    {
        public Exception? Fault { get; protected set; }
        public abstract bool IsCanceled();
        public abstract void Run(SqliteSession session);
        public abstract void Answer(Func<Exception, Exception> explain);
        public abstract void Fail(Exception e);
    }

    sealed class Operation<T>(Func<SqliteSession, T> work, Action<T>? committed, CancellationToken ct) : Operation
    {
        readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        T? result;

        public Task<T> Task => answer.Task;

        // Only until it begins: a caller that has been told "canceled" must be able to rely on nothing having been written.
        public override bool IsCanceled() => ct.IsCancellationRequested && answer.TrySetCanceled(ct);

        public override void Run(SqliteSession session)
        {
            Fault = null;
            try
            {
                result = work(session);
            }
            catch (Exception e)
            {
                Fault = e;
            }
        }

        public override void Answer(Func<Exception, Exception> explain)
        {
            if (Fault is not null)
            {
                answer.TrySetException(explain(Fault));
                return;
            }
            committed?.Invoke(result!);
            answer.TrySetResult(result!);
        }

        public override void Fail(Exception e) => answer.TrySetException(e);
    }
}
