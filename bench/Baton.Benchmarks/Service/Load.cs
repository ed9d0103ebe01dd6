using System.Diagnostics;
using System.Threading.Channels;
using Baton.Benchmarks.Speed;

namespace Baton.Benchmarks.Service;

/// <summary>What came of many requests.</summary>
/// <param name="Milliseconds">Each request's time, in no order.</param>
sealed record Load(IReadOnlyList<double> Milliseconds, double Seconds, int Failed)
{
    public double PerSecond => Milliseconds.Count / Seconds;
    public double P50 => Rounds.Percentile(Milliseconds, 0.5);
    public double P99 => Rounds.Percentile(Milliseconds, 0.99);

    /// <summary>So many connections, each of which sends its next request when the last is answered.</summary>
    public static async Task<Load> ClosedAsync(Uri address, int connections, IReadOnlyList<byte[]> requests, CancellationToken ct)
    {
        var next = -1;
        var times = new double[requests.Count];
        var failed = 0;
        var wires = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Wire.ConnectAsync(address, ct)));
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(wires.Select(wire => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var n && n < requests.Count)
            {
                var sent = Stopwatch.GetTimestamp();
                if (await wire.SendAsync(requests[n], ct) is not (>= 200 and < 300)) Interlocked.Increment(ref failed);
                times[n] = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
            }
        }, ct)));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        foreach (var wire in wires) wire.Dispose();
        return new Load(times, seconds, failed);
    }

    /// <summary>So many a second whether or not the server keeps up: a request's time begins when it was due, so that waiting behind a slow one is counted.</summary>
    public static async Task<Load> OpenAsync(Uri address, int connections, double perSecond, IReadOnlyList<byte[]> requests, CancellationToken ct)
    {
        var due = Channel.CreateUnbounded<(int Number, long Due)>();
        var times = new double[requests.Count];
        var failed = 0;
        var wires = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Wire.ConnectAsync(address, ct)));
        var sending = wires.Select(wire => Task.Run(async () =>
        {
            await foreach (var (number, at) in due.Reader.ReadAllAsync(ct))
            {
                if (await wire.SendAsync(requests[number], ct) is not (>= 200 and < 300)) Interlocked.Increment(ref failed);
                times[number] = Stopwatch.GetElapsedTime(at).TotalMilliseconds;
            }
        }, ct)).ToList();
        var began = Stopwatch.GetTimestamp();
        // A thread of its own that sleeps: a timer of the pool would come late just when the pool is busy, and hide it.
        var clock = new Thread(() =>
        {
            for (var n = 0; n < requests.Count && !ct.IsCancellationRequested; n++)
            {
                var at = began + (long)(n / perSecond * Stopwatch.Frequency);
#pragma warning disable RS0030 // Load keeps to the wall's clock; nothing signals that it is time.
                while (Stopwatch.GetTimestamp() < at) Thread.Sleep(TimeSpan.FromMicroseconds(200));
#pragma warning restore RS0030 // As above.
                due.Writer.TryWrite((n, at));
            }
            due.Writer.Complete();
        })
        { IsBackground = true, Name = "load" };
        clock.Start();
        await Task.WhenAll(sending);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        foreach (var wire in wires) wire.Dispose();
        return new Load(times, seconds, failed);
    }
}
