using System.Globalization;

namespace Baton.Benchmarks.Speed;

/// <summary>What else the machine did while a figure was taken: a figure without it says little.</summary>
sealed class Machine
{
    readonly (long Steal, long All) began = Ticks();

    public string ToText()
    {
        var (steal, all) = Ticks();
        var share = all > began.All ? 100.0 * (steal - began.Steal) / (all - began.All) : 0;
        var load = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "?";
        return string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm}Z, {Environment.ProcessorCount} cores, .NET {Environment.Version}, steal {share:0.0} %, load {load}");
    }

    static (long Steal, long All) Ticks()
    {
        if (!File.Exists("/proc/stat")) return (0, 0);
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(f => long.Parse(f, CultureInfo.InvariantCulture)).ToList();
        return (fields[7], fields.Take(8).Sum());
    }
}
