using System.Diagnostics;

namespace Baton.Assist;

/// <summary>Durations of one piece of work done again and again, after enough runs that the compiler has settled.</summary>
sealed record Timing(double P50, double P99, int Runs)
{
    public static Timing Of(int warmUps, int runs, Action<int> work)
    {
        for (var i = 0; i < warmUps; i++) work(i);
        var microseconds = new double[runs];
        for (var i = 0; i < runs; i++)
        {
            var began = Stopwatch.GetTimestamp();
            work(i);
            microseconds[i] = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
        }
        Array.Sort(microseconds);
        return new Timing(microseconds[runs / 2], microseconds[(int)(runs * 0.99)], runs);
    }

    /// <summary>A loop without memory or branches that takes as long: what the machine's other work adds to anything of this length.</summary>
    public static Timing OfLoop(double microseconds, int runs)
    {
        const int Trial = 100_000;
        var trial = Of(200, 500, _ => Loop(Trial));
        return Of(100, runs, _ => Loop((int)(Trial * microseconds / trial.P50)));
    }

    static void Loop(int turns)
    {
        var state = 1u;
        for (var i = 0; i < turns; i++) state = state * 1_664_525 + 1_013_904_223;
        kept = state;
    }

    // Read by nobody; without it the compiler might leave the loop out.
    static volatile uint kept;
}
