using Baton.Storage.Sqlite;
using Microsoft.Extensions.Logging;

namespace Baton.Server;

/// <summary>Looks after the store also when nothing is to be written, and says once when its condition changes.</summary>
sealed partial class StoreWatch(SqliteStore store, TimeProvider time, ILogger<StoreWatch> log)
{
    static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(10);

    readonly Lock gate = new();
    StoreCondition known = new(null, null);

    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(BetweenLooks, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop)) await LookAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
    }

    public async Task<StoreCondition> LookAsync(CancellationToken ct)
    {
        var now = await store.CheckAsync(ct);
        StoreCondition before;
        lock (gate) (before, known) = (known, now);
        if (now.Trouble is { } trouble && trouble != before.Trouble) InTrouble(log, trouble);
        if (now.Trouble is null && before.Trouble is not null) Works(log);
        if (now.Warning is { } warning && before.Warning is null) Warned(log, warning);
        return now;
    }

    [LoggerMessage(LogLevel.Error, "The store takes no work, nothing is acknowledged: {Why}")]
    static partial void InTrouble(ILogger log, string why);

    [LoggerMessage(LogLevel.Information, "The store takes work again")]
    static partial void Works(ILogger log);

    [LoggerMessage(LogLevel.Warning, "{Warning}")]
    static partial void Warned(ILogger log, string warning);
}
