namespace Baton.Benchmarks.Storm;

/// <summary>Many handoffs at once on a quota that is much too small for them.</summary>
static class StormRun
{
    public static async Task<StormReport> RunAsync(StormOptions options, CancellationToken ct)
    {
        await using var world = await StormWorld.StartAsync(options, ct);
        if (options.Client == StormClient.Baton) return await BatonStorm.RunAsync(world, ct);
        using var scripts = new ScriptStorm(world);
        return await scripts.RunAsync(ct);
    }
}
