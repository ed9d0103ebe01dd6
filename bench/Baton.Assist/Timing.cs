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
}
