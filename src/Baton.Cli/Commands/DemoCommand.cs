using System.CommandLine;
using Baton.Cli.Demo;
using Baton.Sandbox;

namespace Baton.Cli.Commands;

static class DemoCommand
{
    /// <summary>Virtual seconds in a real one while a person watches.</summary>
    const double WatchingSpeed = 60;

    public static Command Create()
    {
        var once = new Option<bool>("--once") { Description = "End after the run; otherwise, in a terminal, sandbox and server stay up to be looked at" };
        var from = new Option<FileInfo?>("--from") { Description = "Play recorded conversations (JSON lines with turns) in place of the built-in scenarios" };
        var seed = new Option<int>("--seed") { Description = "The same seed repeats a run", DefaultValueFactory = _ => 1 };
        var flavor = new Option<SandboxFlavor>("--flavor") { Description = "Which API the sandbox speaks and Baton uses: platform (Genesys Cloud's own) or guide (the paths and bodies of the guides)" };
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Log every step and call to standard error" };
        return Verb.Plain("demo", "The whole of it on this machine alone: bots talk in the sandbox, the policy decides, handoffs run, agents accept or do not.", async (parsed, output, ct) =>
        {
            var recorded = parsed.GetValue(from);
            var scenarios = recorded is null ? Scenarios.All : RecordedConversations.Read(recorded.FullName);
            await using var world = await DemoWorld.StartAsync(parsed.GetValue(seed), parsed.GetValue(flavor), wholeDay: recorded is not null, parsed.GetValue(verbose), ct);
            var isWatched = !output.IsJson && !Console.IsOutputRedirected;
            if (isWatched) world.Time.Speed = recorded is null ? WatchingSpeed : WatchingSpeed * 4;
            output.Line($"{scenarios.Count} conversations, {parsed.GetValue(flavor).ToString().ToLowerInvariant()} flavor, seed {parsed.GetValue(seed)}; times are the demo's own clock.");
            output.Line();
            var summary = await DemoView.ShowAsync(new DemoRun(world, scenarios, parsed.GetValue(seed)), isWatched, output, ct);
            if (output.IsJson) Out.JsonLine(summary.ToJson());
            else DemoView.Print(summary, output);
            if (isWatched && !parsed.GetValue(once))
            {
                output.Line();
                output.Line($"Sandbox {world.Sandbox.BaseAddress} and Baton {world.Server.Address} stay up; Ctrl+C ends. Meanwhile, in another terminal:");
                output.Line($"  ./baton handoff list --store {DemoWorld.StorePath}    ./baton audit tail --store {DemoWorld.StorePath}");
                world.Time.Speed = 1;
                await StayAsync(ct);
            }
            return summary.Violations.Count == 0 ? ExitCodes.Done : ExitCodes.RefusedOrFailed;
        }, once, from, seed, flavor, verbose);
    }

    static async Task StayAsync(CancellationToken ct)
    {
        var stopped = new TaskCompletionSource();
        await using var _ = ct.Register(stopped.SetResult);
        await stopped.Task;
    }
}
