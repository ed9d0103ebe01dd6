using System.Diagnostics;

namespace Baton.EndToEnd.Tests;

/// <summary>Runs what is written for Node. Where there is no Node, or nothing can be fetched, the test is skipped and says so.</summary>
static class NodeTool
{
    static readonly TimeSpan InstallTime = TimeSpan.FromMinutes(10);
    static readonly TimeSpan RunTime = TimeSpan.FromMinutes(10);

    /// <param name="folder">Beside the test program; its package.json names what is needed.</param>
    /// <param name="package">One of them: when it is there, all are.</param>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string folder, string package, params string[] arguments)
    {
        var path = Path.Combine(AppContext.BaseDirectory, folder);
        if (!Directory.Exists(Path.Combine(path, "node_modules", package)))
        {
            var install = await StartAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], path, InstallTime);
            if (install is null) Assert.Skip($"npm is not installed, so {package} cannot be fetched.");
            if (install.Value.ExitCode != 0) Assert.Skip($"npm could not fetch {package}: {install.Value.Errors.Trim()}");
        }
        var run = await StartAsync("node", arguments, path, RunTime);
        if (run is null) Assert.Skip($"node is not installed, so {package} cannot be run.");
        return run.Value;
    }

    /// <summary>Null when there is no such program.</summary>
    static async Task<(int ExitCode, string Output, string Errors)?> StartAsync(string program, string[] arguments, string folder, TimeSpan within)
    {
        using var process = new Process { StartInfo = new(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false } };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
        var ct = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var errors = process.StandardError.ReadToEndAsync(ct);
        try
        {
            await process.WaitForExitAsync(ct).WaitAsync(within, TimeProvider.System, ct);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return (process.ExitCode, await output, await errors);
    }
}
