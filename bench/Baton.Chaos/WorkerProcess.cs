using Baton.Chaos.Strategies;
using Baton.Core;
using Baton.Core.Deliveries;
using Baton.Core.Handoffs;
using Baton.Genesys;
using Baton.Storage.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Baton.Chaos;

/// <summary>The process that is killed. It ends by itself when whoever started it is gone.</summary>
static class WorkerProcess
{
    public const string Ready = "ready";

    public static async Task RunAsync(Strategy strategy, string folder, string api, string? failpoint, string? record, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        // The parent holds the other end of standard input: when it dies, this line comes to an end.
        _ = Task.Run(() => { Console.In.ReadToEnd(); stop.Cancel(); }, CancellationToken.None);
        if (strategy == Strategy.Baton) await RunBatonAsync(folder, api, failpoint is null && record is null ? null : new Failpoints(failpoint, record), stop.Token);
        else await ScriptWorker.RunAsync(strategy, folder, api, stop.Token);
    }

    static async Task RunBatonAsync(string folder, string api, Failpoints? failpoints, CancellationToken ct)
    {
        await using var opened = await SqliteStore.OpenAsync(Clerk.Store(folder), null, ct);
        using var network = new SocketsHttpHandler();
        using var genesys = GenesysContactCenter.Create(Clerk.Options(api), network, TimeProvider.System, new Random(), NullLoggerFactory.Instance);
        IBatonStore store = failpoints is null ? opened : failpoints.Around<IBatonStore>(opened);
        IContactCenter center = failpoints is null ? genesys : failpoints.Around<IContactCenter>(genesys);
        await store.TakeOwnershipAsync(OwnerProcess.Me(null), ct);
        var runner = new HandoffRunner(store, center, Outbox.None, Clerk.Runner, TimeProvider.System, NullLogger<HandoffRunner>.Instance);
        Console.Out.WriteLine(Ready);
        await runner.RunAsync(ct, ct);
    }
}
