using System.Diagnostics;
using Baton.Core.Deliveries;
using Baton.Core.Handoffs;
using Baton.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Baton.Benchmarks.Speed;

/// <summary>A thousand handoffs that the quota lets wait: how many threads they hold, and how late a timer of somebody else's is. The partner is the same timer with nobody waiting.</summary>
static class WaitingSpeed
{
    const int Waiting = 1000;
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    public static async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("baton-waiting-");
        try
        {
            await using var store = await SqliteStore.OpenAsync(Path.Combine(folder.FullName, "baton.db"), null, ct);
            var opens = TimeProvider.System.GetUtcNow().AddHours(1);
            var runner = new HandoffRunner(store, new InstantVendor { Opens = opens }, Outbox.None, new RunnerOptions(), TimeProvider.System, NullLogger<HandoffRunner>.Instance);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var running = Task.Run(() => runner.RunAsync(stop.Token, stop.Token), CancellationToken.None);
            var alone = await LatenessAsync(ct);
            var before = ThreadPool.ThreadCount;
            for (var n = 0; n < Waiting; n++) await store.StartHandoffAsync(Some.Handoff($"c{n}", TimeProvider.System.GetUtcNow()), null, ct);
            while (await store.NextDueAsync(true, ct) < opens) await Task.Delay(Tick, TimeProvider.System, ct);
            var among = await LatenessAsync(ct);
            var added = ThreadPool.ThreadCount - before;
            await stop.CancelAsync();
            await running;
            return
            [
                new Figure($"threads that {Waiting:#,0} waiting handoffs add", added, "threads", Goal: "<= 5", Holds: added <= 5),
                new Figure("a timer of 50 ms is late beside them, p99", among, "ms", "nobody waiting, ms", alone, "<= 20 ms", among <= 20),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static async Task<double> LatenessAsync(CancellationToken ct)
    {
        var late = new List<double>();
        for (var n = 0; n < 100; n++)
        {
            var began = Stopwatch.GetTimestamp();
            await Task.Delay(Tick, TimeProvider.System, ct);
            late.Add((Stopwatch.GetElapsedTime(began) - Tick).TotalMilliseconds);
        }
        return Rounds.Percentile(late, 0.99);
    }
}
