using System.Diagnostics;
using System.Text;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

/// <summary>The real executable in a folder of its own, told of a sandbox by its environment.</summary>
sealed class BatonFolder : IDisposable
{
    readonly DirectoryInfo folder;

    public BatonFolder(string? at = null)
    {
        folder = at is null ? Directory.CreateTempSubdirectory("baton-cli-") : new DirectoryInfo(at);
        Directory.CreateDirectory(System.IO.Path.Combine(folder.FullName, ".baton"));
    }

    public string Path => folder.FullName;
    public string StorePath => System.IO.Path.Combine(Path, ".baton", "baton.db");
    public Dictionary<string, string> Environment { get; } = new() { ["BATON__SERVER__AUTH"] = "open" };

    public void Knows(GenesysSandbox sandbox, string clientId = "baton-sandbox", string secret = "sandbox-secret")
    {
        Environment["BATON__GENESYS__APIBASEURL"] = sandbox.ApiBaseUrl.ToString();
        Environment["BATON__GENESYS__LOGINBASEURL"] = sandbox.LoginBaseUrl.ToString();
        Environment["BATON__GENESYS__CLIENTID"] = clientId;
        Environment["BATON__GENESYS__CLIENTSECRET"] = secret;
    }

    /// <summary>Everything that is waited for, in tenths.</summary>
    public void IsQuick()
    {
        foreach (var (name, seconds) in ((string, string)[])[("SETTLE", "1"), ("SENDWITHIN", "1"), ("FIRSTLOOK", "0.2"), ("FOLLOWLEAST", "0.5"), ("FOLLOWMOST", "1"), ("POLL", "0.05")])
            Environment[$"BATON__RUNNER__{name}SECONDS"] = seconds;
    }

    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Runs a verb to its end.</summary>
    public async Task<BatonAnswer> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        await using var ended = TestContext.Current.CancellationToken.Register(() => process.Kill());
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return new BatonAnswer(process.ExitCode, await output, await error);
    }

    /// <summary>Starts the server and waits until it listens.</summary>
    public async Task<BatonServing> ServeAsync()
    {
        var process = Start("serve", "--url", "http://127.0.0.1:0");
        // Read to the end from the start: a server whose log nobody reads stands still as soon as the pipe is full.
        var log = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        if (line is null) throw new InvalidOperationException($"It does not serve: {await log}");
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        return new BatonServing(process, new Uri(line.Split("listens at ")[1].Split(';')[0]), log);
    }

    Process Start(params string[] arguments)
    {
        var how = new ProcessStartInfo("dotnet") { UseShellExecute = false, WorkingDirectory = Path, RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8 };
        how.ArgumentList.Add(System.IO.Path.Combine(AppContext.BaseDirectory, "baton.dll"));
        foreach (var argument in arguments) how.ArgumentList.Add(argument);
        foreach (var name in how.Environment.Keys.Where(k => k.StartsWith("BATON__", StringComparison.Ordinal) || k.StartsWith("GENESYS_", StringComparison.Ordinal) || k.StartsWith("TARGET_", StringComparison.Ordinal) || k is "WFM_WEBHOOK_URL" or "ANALYTICS_ENDPOINT").ToList()) how.Environment.Remove(name);
        foreach (var (name, value) in Environment) how.Environment[name] = value;
        return Process.Start(how)!;
    }

    public void Dispose() => folder.Delete(recursive: true);
}

sealed record BatonAnswer(int ExitCode, string Output, string Error)
{
    public string LastLine => Output.TrimEnd().Split('\n')[^1];
    public IReadOnlyList<string> ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>A running server, until it is killed.</summary>
sealed class BatonServing(Process process, Uri address, Task<string> log) : IAsyncDisposable
{
    public Uri Address { get; } = address;

    /// <summary>kill -9: no word of farewell, nothing flushed.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>As a service manager does; Ctrl+C is the same to it, but a test that runs in the background of a shell hands down that it is not heard.</summary>
    /// <returns>Its exit code, once it has ended by itself.</returns>
    public async Task<int> InterruptAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) await kill.WaitForExitAsync(CancellationToken.None);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    /// <summary>All it has logged, once it is killed.</summary>
    public async Task<string> LogAsync()
    {
        await KillAsync();
        return await log;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
    }
}
