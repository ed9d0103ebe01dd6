using System.CommandLine;
using Baton.Cli.Demo;
using Baton.Sandbox;

namespace Baton.Cli.Commands;

static class DemoCommand
{
    /// <summary>Virtual seconds in a real one while a person watches.</summary>
    const double WatchingSpeed = 60;

    /// <summary>The same where somebody looks at the pages meanwhile: slow enough to follow, and over in a minute or two.</summary>
    const double FollowingSpeed = 5;

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
            var isWatched = !output.IsJson && !Console.IsOutputRedirected;
            var stays = isWatched && !parsed.GetValue(once);
            await using var world = await DemoWorld.StartAsync(parsed.GetValue(seed), parsed.GetValue(flavor), wholeDay: recorded is not null, parsed.GetValue(verbose), withYou: stays, DemoWorld.UsualFolder, ct);
            if (isWatched) world.Time.Speed = (stays ? FollowingSpeed : WatchingSpeed) * (recorded is null ? 1 : 4);
            output.Line($"{scenarios.Count} conversations, {parsed.GetValue(flavor).ToString().ToLowerInvariant()} flavor, seed {parsed.GetValue(seed)}; times are the demo's own clock.");
            if (stays)
            {
                output.Line($"  Console  {world.Server.Address}    watch them being handed off");
                output.Line($"  Agent    {world.AgentScreen}    yours, once these are over");
            }
            output.Line();
            var summary = await DemoView.ShowAsync(new DemoRun(world, scenarios, parsed.GetValue(seed)), isWatched, output, ct);
            if (output.IsJson) Out.JsonLine(summary.ToJson());
            else DemoView.Print(summary, output);
            if (stays)
            {
                output.Line();
                output.Line($"Baton {world.Server.Address} and the sandbox {world.Sandbox.BaseAddress} stay up; Ctrl+C ends. Every half minute a conversation needs a person, and the person is you:");
                output.Line($"  accept it at {world.AgentScreen}");
                output.Line($"  ./baton handoff list --store {DemoWorld.StorePath}    ./baton audit tail --store {DemoWorld.StorePath}");
                output.Line();
                world.Time.Speed = 1;
                try { await new DemoStay(world, parsed.GetValue(seed)).RunAsync(line => output.Line($"{world.Time.GetUtcNow():HH:mm:ss}  {line}"), ct); }
                catch (OperationCanceledException) when (ct.IsCancellationRequested) { /* Ended by hand. */ }
            }
            return summary.Violations.Count == 0 ? ExitCodes.Done : ExitCodes.RefusedOrFailed;
        }, once, from, seed, flavor, verbose);
    }
}
