using System.Diagnostics;
using System.Threading.Channels;
using Baton.Core;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Baton.Benchmarks.Speed;

/// <summary>Sixty-four callers who commit one transition after the other, beside the barest loop that writes as durably: one update and one insert each, grouped into transactions.</summary>
static class StoreSpeed
{
    const int Callers = 64;
    const int Each = 60;

    public static async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("baton-store-");
        try
        {
            await using var store = await SqliteStore.OpenAsync(Path.Combine(folder.FullName, "baton.db"), null, ct);
            var held = await ClaimAsync(store, ct);
            var size = System.Text.Json.JsonSerializer.Serialize(held[0].Handoff, CoreJson.Default.Handoff).Length;
            await using var bare = new BareLoop(Path.Combine(folder.FullName, "bare.db"), Callers, new string('x', size));
            Func<int, Task> move = async caller => held[caller] = await MoveAsync(store, held[caller], ct);
            var (ours, partners) = await Rounds.MediansAsync(15, () => RateAsync(move), () => RateAsync(bare.MoveAsync));
            var cpu = await Rounds.MediansAsync(15, () => CpuAsync(move), () => CpuAsync(bare.MoveAsync));
            return
            [
                new Figure($"transitions with {Callers} callers (row, history, audit chain)", ours, "per s", "bare grouped update + insert, per s", partners, "ratio >= 0.5", ours / partners >= 0.5),
                new Figure("the same, processor time each", cpu.Ours, "us", "bare grouped update + insert, us", cpu.Partners),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static async Task<double> RateAsync(Func<int, Task> move)
    {
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var n = 0; n < Each; n++) await move(caller);
        })));
        return Callers * Each / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>Microseconds a move, of all threads: what the rate would be if nothing else ran on the machine.</summary>
    static async Task<double> CpuAsync(Func<int, Task> move)
    {
        using var me = Process.GetCurrentProcess();
        var before = me.TotalProcessorTime;
        await RateAsync(move);
        me.Refresh();
        return (me.TotalProcessorTime - before).TotalMicroseconds / (Callers * Each);
    }

    static async Task<LeasedHandoff[]> ClaimAsync(SqliteStore store, CancellationToken ct)
    {
        var now = TimeProvider.System.GetUtcNow();
        for (var n = 0; n < Callers; n++) await store.StartHandoffAsync(Some.Handoff($"c{n}", now), null, ct);
        return [.. await store.ClaimDueAsync(now, TimeSpan.FromHours(1), Callers, true, ct)];
    }

    static async Task<LeasedHandoff> MoveAsync(SqliteStore store, LeasedHandoff held, CancellationToken ct)
    {
        var transition = held.Handoff.Apply(new HandoffEvent.Faulted(FailureKind.Unavailable, "The platform is in trouble.", null), held.Handoff.RequestedAt, HandoffPace.Default);
        return await store.CommitAsync(held, transition, ct) ?? throw new InvalidOperationException("The claim was lost.");
    }
}

/// <summary>One connection, two prepared statements, one transaction for whoever is waiting.</summary>
sealed class BareLoop : IAsyncDisposable
{
    const int Together = 256;

    readonly Channel<(int Caller, TaskCompletionSource Done)> waiting = Channel.CreateUnbounded<(int, TaskCompletionSource)>(new UnboundedChannelOptions { SingleReader = true });
    readonly SqliteConnection connection;
    readonly string data;
    readonly Task loop;

    public BareLoop(string path, int callers, string data)
    {
        SqliteLibrary.Use();
        this.data = data;
        connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON");
        Run("CREATE TABLE handoff (id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, data TEXT NOT NULL); CREATE TABLE step (handoff TEXT NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL, what TEXT NOT NULL, PRIMARY KEY (handoff, version)) WITHOUT ROWID");
        for (var caller = 0; caller < callers; caller++) Run($"INSERT INTO handoff VALUES ('{Id(caller)}', 0, '{data}')");
        loop = Task.Run(LoopAsync);
    }

    public Task MoveAsync(int caller)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Writer.TryWrite((caller, done));
        return done.Task;
    }

    async Task LoopAsync()
    {
        using var update = Prepared("UPDATE handoff SET version = version + 1, data = @data WHERE id = @id", "@id", "@data");
        using var insert = Prepared("INSERT INTO step SELECT id, version, @at, 'moved' FROM handoff WHERE id = @id", "@id", "@at");
        using var begin = Prepared("BEGIN IMMEDIATE");
        using var commit = Prepared("COMMIT");
        var batch = new List<TaskCompletionSource>();
        while (await waiting.Reader.WaitToReadAsync())
        {
            batch.Clear();
            begin.ExecuteNonQuery();
            while (batch.Count < Together && waiting.Reader.TryRead(out var next))
            {
                (update.Parameters[0].Value, update.Parameters[1].Value) = (Id(next.Caller), data);
                update.ExecuteNonQuery();
                (insert.Parameters[0].Value, insert.Parameters[1].Value) = (Id(next.Caller), Stopwatch.GetTimestamp());
                insert.ExecuteNonQuery();
                batch.Add(next.Done);
            }
            commit.ExecuteNonQuery();
            foreach (var done in batch) done.SetResult();
        }
    }

    SqliteCommand Prepared(string sql, params string[] names)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in names) command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }

    void Run(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    // As long as ours.
    static string Id(int caller) => $"ho_{caller:D32}";

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.Complete();
        await loop;
        await connection.DisposeAsync();
    }
}
