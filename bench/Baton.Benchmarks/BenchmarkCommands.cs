using System.CommandLine;
using Baton.Benchmarks.Speed;
using Baton.Benchmarks.Storm;

namespace Baton.Benchmarks;

static class BenchmarkCommands
{
    static readonly string[] Parts = ["decide", "call", "store", "overhead", "waiting", "start", "claim"];
    static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object" };

    public static Command Storm()
    {
        var client = new Option<StormClient>("--client") { Description = "baton, guide000 (retries without limit), guide003 (retries the enqueuing three times), sdkDefault (one try)" };
        var handoffs = new Option<int>("--handoffs") { DefaultValueFactory = _ => 600 };
        var calls = new Option<int>("--calls-per-minute") { DefaultValueFactory = _ => 300 };
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1 };
        var skills = new Option<bool>("--skills") { Description = "The plan asks for a skill" };
        var neighbor = new Option<bool>("--neighbor") { Description = "Somebody else spends a fifth of the token's calls, unseen" };
        var command = new Command("storm", "Many handoffs at once on a quota that is much too small for them; virtual time, real HTTP.") { client, handoffs, calls, seed, skills, neighbor, Json };
        command.SetAction(async (parsed, ct) =>
        {
            var report = await StormRun.RunAsync(new StormOptions(parsed.GetValue(client), parsed.GetValue(handoffs), parsed.GetValue(calls), parsed.GetValue(seed), parsed.GetValue(skills), parsed.GetValue(neighbor)), ct);
            Console.Out.WriteLine(parsed.GetValue(Json) ? report.ToJson() : report.ToText());
            return 0;
        });
        return command;
    }

    public static Command Speed()
    {
        var parts = new Argument<string[]>("part") { Description = "None: all", Arity = ArgumentArity.ZeroOrMore };
        parts.AcceptOnlyFromAmong(Parts);
        var finished = new Option<int>("--finished") { Description = "How many handoffs have been finished before", DefaultValueFactory = _ => 1_000_000 };
        var baton = new Option<string?>("--baton") { Description = "The published baton.dll whose start is measured (default: the one built beside this)" };
        var command = new Command("speed", "Each figure beside its partner, turn by turn in the same run; medians.") { parts, finished, baton, Json };
        command.SetAction(async (parsed, ct) =>
        {
            var wanted = parsed.GetValue(parts) is { Length: > 0 } some ? some : Parts;
            var all = new List<Figure>();
            foreach (var part in wanted)
            {
                var machine = new Machine();
                var figures = part switch
                {
                    "decide" => await DecideSpeed.RunAsync(),
                    "call" => await CallSpeed.RunAsync(ct),
                    "store" => await StoreSpeed.RunAsync(ct),
                    "claim" => await ClaimSpeed.RunAsync(parsed.GetValue(finished), ct),
                    "start" => await StartSpeed.RunAsync(parsed.GetValue(baton), ct),
                    "waiting" => await WaitingSpeed.RunAsync(ct),
                    "overhead" => await OverheadSpeed.RunAsync(ct),
                    _ => throw new InvalidOperationException($"There is no part '{part}'."),
                };
                all.AddRange(figures);
                if (parsed.GetValue(Json)) continue;
                Console.Out.WriteLine($"{part}: {machine.ToText()}");
                foreach (var figure in figures) Console.Out.WriteLine($"  {figure.ToText()}");
            }
            if (parsed.GetValue(Json)) Console.Out.WriteLine(Figure.ToJson(all));
            return 0;
        });
        return command;
    }

    /// <summary>The process the others measure against: started by them.</summary>
    public static Command Vendor()
    {
        var command = new Command("vendor", "Started by the others.") { Hidden = true };
        command.SetAction(async (_, ct) =>
        {
            await PlainVendor.ServeAsync(ct);
            return 0;
        });
        return command;
    }
}
