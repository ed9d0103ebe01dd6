using System.Diagnostics;
using Baton.Core;
using Baton.Core.Deliveries;
using Baton.Core.Handoffs;
using Baton.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Baton.Benchmarks.Speed;

/// <summary>What Baton itself adds to a handoff, from its request to the customer's being told: the vendor answers at once and nothing is waited for. The partner is the disk: as many appends made durable, one after the other, as there are commits.</summary>
static class OverheadSpeed
{
    const int Handoffs = 500;

    // Requested, claimed, prepared, briefed with the intent, accepted, confirmed, telling.
    const int Commits = 7;

    public static async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("baton-overhead-");
        try
        {
            await using var store = await SqliteStore.OpenAsync(Path.Combine(folder.FullName, "baton.db"), null, ct);
            var vendor = new InstantVendor();
            var options = new RunnerOptions { Pace = HandoffPace.Default with { FirstLook = TimeSpan.Zero, FollowLeast = TimeSpan.FromHours(1) } };
            var runner = new HandoffRunner(store, vendor, Outbox.None, options, TimeProvider.System, NullLogger<HandoffRunner>.Instance);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var running = Task.Run(() => runner.RunAsync(stop.Token, stop.Token), CancellationToken.None);

            List<double> took = [], synced = [];
            await using var disk = new FileStream(Path.Combine(folder.FullName, "disk"), new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 });
            var page = new byte[4096];
            using var me = Process.GetCurrentProcess();
            var cpu = TimeSpan.Zero;
            for (var n = 0; n < Handoffs + 50; n++)
            {
                var (began, cpuBefore) = (Stopwatch.GetTimestamp(), me.TotalProcessorTime);
                var told = vendor.ToldAsync($"c{n}");
                await store.StartHandoffAsync(Some.Handoff($"c{n}", TimeProvider.System.GetUtcNow()), null, ct);
                await told.WaitAsync(ct);
                var elapsed = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                me.Refresh();
                // The first fifty warm everything up.
                if (n >= 50)
                {
                    took.Add(elapsed);
                    cpu += me.TotalProcessorTime - cpuBefore;
                }
                began = Stopwatch.GetTimestamp();
                for (var commit = 0; commit < Commits; commit++)
                {
                    disk.Write(page);
                    disk.Flush(flushToDisk: true);
                }
                if (n >= 50) synced.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                me.Refresh();
            }
            await stop.CancelAsync();
            await running;
            var (p50, p99) = (Rounds.Percentile(took, 0.5), Rounds.Percentile(took, 0.99));
            return
            [
                new Figure("a handoff's own time, p50", p50, "ms", $"{Commits} synced appends p50, ms", Rounds.Percentile(synced, 0.5), "<= 5 ms", p50 <= 5),
                new Figure("a handoff's own time, p99", p99, "ms", $"{Commits} synced appends p99, ms", Rounds.Percentile(synced, 0.99), "<= 25 ms", p99 <= 25),
                new Figure("a handoff's own CPU", cpu.TotalMilliseconds / Handoffs, "ms"),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
