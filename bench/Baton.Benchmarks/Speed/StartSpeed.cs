using System.Diagnostics;
using System.Globalization;
using Baton.Sandbox;

namespace Baton.Benchmarks.Speed;

/// <summary>From the start of the process to its first good answer, and what it holds while nothing happens. The partner is a Kestrel that does nothing else.</summary>
static class StartSpeed
{
    /// <param name="baton">The program as it is published; null: the one that was built beside this.</param>
    public static async Task<IReadOnlyList<Figure>> RunAsync(string? baton, CancellationToken ct)
    {
        await using var sandbox = await GenesysSandbox.StartAsync(new SandboxOptions(), ct);
        using var http = new HttpClient(new SocketsHttpHandler());
        List<double> ourMemory = [], partnersMemory = [];
        var start = await Rounds.MediansAsync(9, () => ServeAsync(Path.GetFullPath(baton ?? Path.Combine(AppContext.BaseDirectory, "baton.dll")), sandbox, http, ourMemory, ct), () => PlainAsync(http, partnersMemory, ct));
        return
        [
            new Figure($"baton serve{(baton is null ? "" : ", published")}, start of the process to /healthz 200", start.Ours, "ms", "bare Kestrel, ms", start.Partners, "< 500 ms", start.Ours < 500),
            new Figure("baton serve, resident while idle", Rounds.Median(ourMemory), "MiB", "bare Kestrel, MiB", Rounds.Median(partnersMemory), "< 100 MiB", Rounds.Median(ourMemory) < 100),
        ];
    }

    static async Task<double> ServeAsync(string baton, GenesysSandbox sandbox, HttpClient http, List<double> memory, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("baton-start-");
        try
        {
            var environment = new Dictionary<string, string>
            {
                ["BATON__GENESYS__APIBASEURL"] = sandbox.ApiBaseUrl.ToString(),
                ["BATON__GENESYS__LOGINBASEURL"] = sandbox.LoginBaseUrl.ToString(),
                ["BATON__GENESYS__CLIENTID"] = "baton-sandbox",
                ["BATON__GENESYS__CLIENTSECRET"] = "sandbox-secret",
                ["BATON__STORE__PATH"] = Path.Combine(folder.FullName, "baton.db"),
            };
            var began = Stopwatch.GetTimestamp();
            using var process = Dotnet.Start(baton, environment, "serve", "--url", "http://127.0.0.1:0");
            var line = await process.StandardOutput.ReadLineAsync(ct) ?? throw new InvalidOperationException("baton does not serve.");
            return await FinishAsync(process, http, new Uri(new Uri(line.Split("listens at ")[1].Split(';')[0]), "healthz"), began, memory, ct);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static async Task<double> PlainAsync(HttpClient http, List<double> memory, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        using var process = Dotnet.Start("Baton.Benchmarks.dll", new Dictionary<string, string>(), "vendor");
        var line = await process.StandardOutput.ReadLineAsync(ct) ?? throw new InvalidOperationException("The plain vendor did not start.");
        return await FinishAsync(process, http, new Uri(new Uri(line), PlainVendor.QueuePath), began, memory, ct);
    }

    static async Task<double> FinishAsync(Process process, HttpClient http, Uri address, long began, List<double> memory, CancellationToken ct)
    {
        (await http.GetAsync(address, ct)).EnsureSuccessStatusCode().Dispose();
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, ct);
        memory.Add(Resident(process.Id));
        process.Kill();
        await process.WaitForExitAsync(ct);
        return took;
    }

    static double Resident(int process) =>
        double.Parse(File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
}
