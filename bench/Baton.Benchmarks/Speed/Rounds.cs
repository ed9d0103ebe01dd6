using System.Diagnostics;

namespace Baton.Benchmarks.Speed;

/// <summary>Two ways to do a thing, turn by turn, so that a bad minute of the machine is bad for both; the medians of both.</summary>
static class Rounds
{
    public static async Task<(double Ours, double Partners)> MediansAsync(int rounds, Func<Task<double>> ours, Func<Task<double>> partners)
    {
        List<double> a = [], b = [];
        // The first round warms both up and counts for neither.
        for (var round = 0; round <= rounds; round++)
        {
            var (x, y) = (await ours(), await partners());
            if (round == 0) continue;
            a.Add(x);
            b.Add(y);
        }
        return (Median(a), Median(b));
    }

    public static Task<(double Ours, double Partners)> MediansAsync(int rounds, Func<double> ours, Func<double> partners) =>
        MediansAsync(rounds, () => Task.FromResult(ours()), () => Task.FromResult(partners()));

    public static double Median(IEnumerable<double> values) => Percentile(values, 0.5);

    public static double Percentile(IEnumerable<double> values, double share)
    {
        var ordered = values.Order().ToList();
        return ordered[Math.Min(ordered.Count - 1, (int)(ordered.Count * share))];
    }

    /// <summary>Microseconds a time.</summary>
    public static double Time(int times, Action work)
    {
        var began = Stopwatch.GetTimestamp();
        for (var n = 0; n < times; n++) work();
        return Stopwatch.GetElapsedTime(began).TotalMicroseconds / times;
    }
}
