using System.Diagnostics;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

/// <summary>The vendor's own JavaScript SDK, unmodified, against the sandbox: what it can use, a connector can trust.</summary>
public sealed class SdkTests
{
    static readonly TimeSpan InstallTime = TimeSpan.FromMinutes(3);
    static readonly TimeSpan RunTime = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task The_vendors_sdk_gets_along_with_the_sandbox()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Sdk");
        await InstallAsync(folder);
        await using var sandbox = await GenesysSandbox.StartAsync(new()
        {
            CallsPerMinute = 1000,
            TransferDelayMin = TimeSpan.FromMilliseconds(1),
            TransferDelayMax = TimeSpan.FromMilliseconds(5),
        }, TestContext.Current.CancellationToken);
        foreach (var agent in sandbox.Organization.Agents) sandbox.Organization.SetBehavior(agent.Id, new() { AcceptAfter = TimeSpan.Zero, WrapUpAfter = Timeout.InfiniteTimeSpan, Capacity = 5 });

        var run = await RunAsync("node", ["sdk.test.mjs", sandbox.BaseAddress.ToString()], folder, RunTime);
        if (run is null) Assert.Skip("node is not installed, so the vendor's SDK cannot be run.");
        var steps = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        steps.Where(s => !s.StartsWith("ok ", StringComparison.Ordinal)).ShouldBeEmpty(run.Output + run.Errors);
        run.ExitCode.ShouldBe(0, run.Output + run.Errors);
        steps.Length.ShouldBeGreaterThan(30);
    }

    static async Task InstallAsync(string folder)
    {
        if (Directory.Exists(Path.Combine(folder, "node_modules", "purecloud-platform-client-v2"))) return;
        var install = await RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder, InstallTime);
        if (install is null) Assert.Skip("npm is not installed, so the vendor's SDK cannot be fetched.");
        if (install.ExitCode != 0) Assert.Skip($"npm could not fetch the vendor's SDK: {install.Errors.Trim()}");
    }

    /// <summary>Null when there is no such program.</summary>
    static async Task<Finished?> RunAsync(string program, string[] arguments, string folder, TimeSpan within)
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
        return new(process.ExitCode, await output, await errors);
    }

    sealed record Finished(int ExitCode, string Output, string Errors);
}
