using Baton.Benchmarks.Speed;
using Baton.Core.Assist;

namespace Baton.Benchmarks.Service;

/// <summary>What comes in over HTTP and is durable before it is answered. Load and server are two processes on the same cores.</summary>
static class ServiceSpeed
{
    const int Connections = 64;
    const int Each = 6_400;
    const int Turns = 5;

    /// <summary>Rounds that do not count: the runtime compiles what is hot again, and Baton's way is the longer one.</summary>
    const int WarmUps = 4;

    public static async Task<IReadOnlyList<Figure>> CallbacksAsync(CancellationToken ct)
    {
        IReadOnlyList<AssistRequestId> ids = [];
        await using var baton = await ServedProcess.StartAsync("guide", ct, async path => ids = await ServiceRequests.AskAsync(path, Each * (WarmUps + Turns), ct));
        await using var partner = await ServedProcess.StartAsync("dictionary", ct);
        return await BesideAsync("callbacks taken (signed, durable, then ranked)", baton, partner, (server, round) => [.. ids.Skip(round * Each).Take(Each).Select(id => ServiceRequests.Callback(server, id))],
            p99Goal: 20, ratioGoal: null, ct);
    }

    public static async Task<IReadOnlyList<Figure>> EventsAsync(CancellationToken ct)
    {
        await using var baton = await ServedProcess.StartAsync("platform", ct);
        await using var partner = await ServedProcess.StartAsync("dictionary", ct);
        return await BesideAsync("vendor events taken (key, folded, durable)", baton, partner, (server, round) => [.. Enumerable.Range(0, Each).Select(n => ServiceRequests.Event(server, $"c-{round}-{n}", n))],
            p99Goal: null, ratioGoal: 0.5, ct);
    }

    static async Task<IReadOnlyList<Figure>> BesideAsync(string what, ServedProcess baton, ServedProcess partner, Func<Uri, int, IReadOnlyList<byte[]>> requests, double? p99Goal, double? ratioGoal, CancellationToken ct)
    {
        List<Load> ours = [], theirs = [];
        for (var round = 0; round < WarmUps + Turns; round++)
        {
            foreach (var (server, loads) in new[] { (baton, ours), (partner, theirs) })
            {
                var load = await Load.ClosedAsync(server.Address, Connections, requests(server.Address, round), ct);
                if (load.Failed > 0) throw new InvalidOperationException($"{load.Failed} of {load.Milliseconds.Count} {what} were refused.");
                if (round >= WarmUps) loads.Add(load);
            }
        }
        var (rate, partnersRate) = (Rounds.Median(ours.Select(l => l.PerSecond)), Rounds.Median(theirs.Select(l => l.PerSecond)));
        var (p99, partnersP99) = (Rounds.Median(ours.Select(l => l.P99)), Rounds.Median(theirs.Select(l => l.P99)));
        return
        [
            new Figure($"{what}, {Connections} connections", rate, "per s", "the same with a dictionary, per s", partnersRate, ratioGoal is { } least ? $"ratio >= {least}" : null, ratioGoal is { } goal ? rate / partnersRate >= goal : null),
            new Figure($"{what}, p50", Rounds.Median(ours.Select(l => l.P50)), "ms", "dictionary, ms", Rounds.Median(theirs.Select(l => l.P50))),
            new Figure($"{what}, p99", p99, "ms", "dictionary, ms", partnersP99, p99Goal is { } most ? $"< {most} ms" : null, p99Goal is { } limit ? p99 < limit : null),
        ];
    }

    public static async Task<IReadOnlyList<Figure>> TurnsAsync(CancellationToken ct)
    {
        const int PerSecond = 500, Seconds = 20, Conversations = 2_000;
        await using var baton = await ServedProcess.StartAsync("platform", ct);
        IReadOnlyList<byte[]> requests = [.. Enumerable.Range(0, PerSecond * Seconds).Select(n => ServiceRequests.Turn(baton.Address, baton.Token, $"c-{n % Conversations}", n / Conversations))];
        var warm = await Load.ClosedAsync(baton.Address, 16, [.. Enumerable.Range(0, 24_000).Select(n => ServiceRequests.Turn(baton.Address, baton.Token, $"w-{n % 500}", n / 500))], ct);
        var load = await Load.OpenAsync(baton.Address, Connections, PerSecond, requests, ct);
        if (warm.Failed + load.Failed > 0) throw new InvalidOperationException($"{warm.Failed + load.Failed} turns were refused.");
        return
        [
            new Figure($"turn in to decision out at {PerSecond} a second, p50", load.P50, "ms"),
            new Figure($"turn in to decision out at {PerSecond} a second, p99", load.P99, "ms", Goal: "< 10 ms", Holds: load.P99 < 10),
            new Figure("turns served, as many a second as were sent", load.PerSecond, "per s", "16 connections without a pause, per s", warm.PerSecond),
        ];
    }

    /// <summary>Memory a watched conversation; what it remembers is a cache with a bound, and the rest is rows.</summary>
    public static async Task<IReadOnlyList<Figure>> WatchedAsync(int conversations, CancellationToken ct)
    {
        await using var baton = await ServedProcess.StartAsync("platform", ct);
        await TellAsync(0, conversations / 100);
        var (heap, resident, rows) = (await baton.HeapBytesAsync(ct), baton.ResidentBytes, Stored());
        await TellAsync(conversations / 100, conversations);
        var (heapAfter, residentAfter, rowsAfter) = (await baton.HeapBytesAsync(ct), baton.ResidentBytes, Stored());
        var count = conversations - conversations / 100;
        return
        [
            new Figure($"{conversations:N0} watched: heap a conversation", (heapAfter - heap) / count, "bytes"),
            new Figure($"{conversations:N0} watched: resident memory a conversation", (residentAfter - resident) / count, "bytes"),
            new Figure($"{conversations:N0} watched: the whole process, resident", residentAfter / (1 << 20), "MiB", "before them, MiB", resident / (1 << 20)),
            new Figure($"{conversations:N0} watched: on disk a conversation (two turns, decision, trail)", (rowsAfter - rows) / count, "bytes"),
        ];

        async Task TellAsync(int from, int to)
        {
            foreach (var some in Enumerable.Range(from, to - from).Chunk(5_000))
            {
                var load = await Load.ClosedAsync(baton.Address, Connections, [.. some.SelectMany(n => new[] { ServiceRequests.Turn(baton.Address, baton.Token, $"c-{n}", 0), ServiceRequests.Turn(baton.Address, baton.Token, $"c-{n}", 1) })], ct);
                if (load.Failed > 0) throw new InvalidOperationException($"{load.Failed} turns were refused.");
            }
        }

        double Stored() => Directory.GetFiles(Path.GetDirectoryName(baton.StorePath)!, "baton.db*").Sum(f => (double)new FileInfo(f).Length);
    }
}
