using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Baton.EndToEnd.Tests.Crashes;

/// <summary>The crash harness of bench, at a size for every day: its counts must hold, and must be able not to.</summary>
public sealed class ChaosTests
{
    [Fact(Timeout = 900_000)]
    public async Task Five_hundred_handoffs_and_twenty_kills_are_five_hundred_transfers()
    {
        // Without the vendor's fence: what counts is Baton's own care.
        var (exitCode, report) = await RunAsync("run", "--handoffs", "500", "--kills", "20", "--seed", "11");
        foreach (var count in (string[])["lost", "doubled", "stuck", "notQueued", "toldTwice", "auditProblems"]) report[count]!.GetValue<int>().ShouldBe(0, count);
        exitCode.ShouldBe(0);
        report["restarts"]!.AsArray().Count.ShouldBe(20);
        report["faults"]!.AsObject().Sum(f => f.Value!.GetValue<int>()).ShouldBeGreaterThan(20);
        report["sentAgain"]!.GetValue<int>().ShouldBeGreaterThan(0);
    }

    [Fact(Timeout = 900_000)]
    public async Task A_script_that_sends_until_it_succeeds_doubles_under_the_same_kills()
    {
        var (exitCode, report) = await RunAsync("run", "--handoffs", "400", "--kills", "10", "--strategy", "naive");
        report["doubled"]!.GetValue<int>().ShouldBeGreaterThan(0);
        exitCode.ShouldBe(1);
    }

    [Fact(Timeout = 900_000)]
    public async Task Late_transfers_and_trailing_readings_are_held_by_the_vendors_fence()
    {
        var (exitCode, report) = await RunAsync("run", "--handoffs", "200", "--kills", "5", "--fence", "--late-apply-ms", "3000", "--late-apply", "0.1", "--stale-ms", "4000");
        foreach (var count in (string[])["lost", "doubled", "stuck", "notQueued", "auditProblems"]) report[count]!.GetValue<int>().ShouldBe(0, count);
        exitCode.ShouldBe(0);
    }

    [Fact(Timeout = 900_000)]
    public async Task Killed_before_and_after_every_write_and_every_call_it_goes_on()
    {
        var (exitCode, report) = await RunAsync("failpoints");
        var points = report["points"]!.AsArray();
        points.Where(p => p!["wrong"]!.AsArray().Count > 0).Select(p => p!.ToJsonString()).ShouldBeEmpty();
        // That each point was passed and died at is in the exit code.
        report["died"]!.GetValue<int>().ShouldBeGreaterThan(30);
        exitCode.ShouldBe(0);
    }

    static async Task<(int ExitCode, JsonObject Report)> RunAsync(params string[] arguments)
    {
        var how = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        how.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Baton.Chaos.dll"));
        foreach (var argument in arguments) how.ArgumentList.Add(argument);
        how.ArgumentList.Add("--json");
        using var process = Process.Start(how)!;
        await using var ended = TestContext.Current.CancellationToken.Register(() => process.Kill(entireProcessTree: true));
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        var text = (await output).Trim();
        if (!text.StartsWith('{')) throw new ShouldAssertException($"It did not report: {text} {await errors}");
        return (process.ExitCode, JsonNode.Parse(text)!.AsObject());
    }
}
