using System.Diagnostics;
using System.Globalization;
using Baton.Benchmarks.Speed;

namespace Baton.Benchmarks.Service;

/// <summary>A server in a process of its own, in a folder of its own.</summary>
sealed class ServedProcess : IAsyncDisposable
{
    readonly Process process;
    readonly DirectoryInfo folder;

    ServedProcess(Process process, DirectoryInfo folder, Uri address, string token) => (this.process, this.folder, Address, Token) = (process, folder, address, token);

    public Uri Address { get; }

    /// <summary>A bot's key.</summary>
    public string Token { get; }

    public string StorePath => PathIn(folder);

    public static string PathIn(DirectoryInfo folder) => Path.Combine(folder.FullName, "baton.db");

    /// <param name="kind">As <see cref="ServiceHost"/> knows it.</param>
    /// <param name="prepare">Fills the store before it is served.</param>
    public static async Task<ServedProcess> StartAsync(string kind, CancellationToken ct, Func<string, Task>? prepare = null)
    {
        var home = Directory.CreateTempSubdirectory("baton-service-");
        if (prepare is not null) await prepare(PathIn(home));
        var served = Dotnet.Start("Baton.Benchmarks.dll", new Dictionary<string, string>(), "served", kind, PathIn(home));
        var line = await served.StandardOutput.ReadLineAsync(ct) ?? throw new InvalidOperationException($"'{kind}' is not served.");
        return new ServedProcess(served, home, new Uri(line.Split(' ')[0]), line.Split(' ')[1]);
    }

    public double ResidentBytes => double.Parse(File.ReadLines($"/proc/{process.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;

    /// <summary>What it holds after collecting, as it says itself.</summary>
    public async Task<double> HeapBytesAsync(CancellationToken ct)
    {
        await process.StandardInput.WriteLineAsync("heap".AsMemory(), ct);
        await process.StandardInput.FlushAsync(ct);
        return double.Parse(await process.StandardOutput.ReadLineAsync(ct) ?? throw new InvalidOperationException("The server is gone."), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        folder.Delete(recursive: true);
    }
}
