using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Baton.Core;
using Baton.Genesys;
using Baton.Genesys.Http;
using Baton.Genesys.Platform;
using Microsoft.Extensions.Logging.Abstractions;

namespace Baton.Benchmarks.Speed;

/// <summary>What Baton's pipeline (retry, quota, token, deadline, log) adds to reading a queue with HttpClient and source-generated JSON. The vendor is a process of its own, so that only the client is counted.</summary>
static class CallSpeed
{
    const int Together = 16;

    public static async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken ct)
    {
        const int Calls = 4000;
        using var vendor = await PlainVendor.StartAsync(ct);
        using var network = new SocketsHttpHandler();
        using var api = Pipeline(vendor, network);
        using var rawNetwork = new SocketsHttpHandler();
        using var raw = new HttpClient(rawNetwork);
        raw.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", PlainVendor.Token);
        var url = new Uri(vendor.Address, PlainVendor.QueuePath);

        Func<Task> ours = () => ReadAsync(api, ct);
        Func<Task> partners = () => raw.GetFromJsonAsync(url, PlatformJson.Default.WireQueue, ct);
        var cpu = await Rounds.MediansAsync(9, async () => (await SpendAsync(ours, Calls)).Cpu, async () => (await SpendAsync(partners, Calls)).Cpu);
        var bytes = await Rounds.MediansAsync(5, async () => (await SpendAsync(ours, Calls)).Bytes, async () => (await SpendAsync(partners, Calls)).Bytes);
        return
        [
            new Figure("reading a queue through the whole pipeline, CPU", cpu.Ours, "us", "raw HttpClient, us", cpu.Partners, "ratio <= 1.5", cpu.Ours / cpu.Partners <= 1.5),
            new Figure("the same, allocated", bytes.Ours, "bytes", "raw HttpClient, bytes", bytes.Partners, "<= 8,192", bytes.Ours <= 8192),
        ];
    }

    /// <summary>Bytes allocated by one reading of a queue of four kilobytes. The same on any machine; nothing else may run in the process meanwhile.</summary>
    public static async Task<double> AllocatedAsync(int calls, CancellationToken ct)
    {
        using var vendor = await PlainVendor.StartAsync(ct);
        using var network = new SocketsHttpHandler();
        using var api = Pipeline(vendor, network);
        await SpendAsync(() => ReadAsync(api, ct), calls);
        return (await SpendAsync(() => ReadAsync(api, ct), calls)).Bytes;
    }

    static GenesysApi Pipeline(PlainVendor vendor, HttpMessageHandler network) => new(
        new GenesysOptions { ApiBaseUrl = vendor.Address.ToString(), LoginBaseUrl = vendor.Address.ToString(), Clients = [new OAuthClientOptions("bench", "bench")], CallsPerMinute = 1_000_000_000 },
        network, TimeProvider.System, new Random(1), NullLogger.Instance);

    static Task ReadAsync(GenesysApi api, CancellationToken ct) =>
        api.GetAsync($"routing/queues/{PlainVendor.QueueId}", "Looking up a queue", PlatformJson.Default.WireQueue, CallPurpose.Validate, CallFor.Nobody, ct);

    /// <summary>Microseconds of CPU and bytes allocated, a call.</summary>
    static async Task<(double Cpu, double Bytes)> SpendAsync(Func<Task> call, int calls)
    {
        using var me = Process.GetCurrentProcess();
        var (cpu, bytes) = (me.TotalProcessorTime, GC.GetTotalAllocatedBytes(precise: true));
        await Task.WhenAll(Enumerable.Range(0, Together).Select(async _ =>
        {
            for (var n = 0; n < calls / Together; n++) await call();
        }));
        me.Refresh();
        return ((me.TotalProcessorTime - cpu).TotalMicroseconds / calls, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)calls);
    }
}
