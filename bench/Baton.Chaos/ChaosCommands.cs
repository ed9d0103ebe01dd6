using System.CommandLine;

namespace Baton.Chaos;

static class ChaosCommands
{
    static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object" };

    public static Command Run()
    {
        var strategy = new Option<Strategy>("--strategy") { Description = "baton, naive (retry until 2xx), or noSettle (look before sending again, at once)" };
        var handoffs = new Option<int>("--handoffs") { DefaultValueFactory = _ => 500 };
        var kills = new Option<int>("--kills") { DefaultValueFactory = _ => 20 };
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1 };
        var late = new Option<int>("--late-apply-ms") { Description = "How late a late transfer is carried out", DefaultValueFactory = _ => 400 };
        var often = new Option<double>("--late-apply") { Description = "How many of the transfers are", DefaultValueFactory = _ => 0.02 };
        var stale = new Option<int>("--stale-ms") { Description = "How old a fifth of the readings of a conversation are" };
        var fence = new Option<bool>("--fence") { Description = "The vendor refuses a leg that has left, as the real one does; without it only the client's care counts" };
        var command = new Command("run", "Hand off many conversations while the worker is killed again and again.") { strategy, handoffs, kills, seed, late, often, stale, fence, Json };
        command.SetAction(async (parsed, ct) =>
        {
            var report = await new ChaosRun(new ChaosOptions(parsed.GetValue(strategy), parsed.GetValue(handoffs), parsed.GetValue(kills), parsed.GetValue(seed), parsed.GetValue(late), parsed.GetValue(often), parsed.GetValue(fence)) { StaleMilliseconds = parsed.GetValue(stale) }).RunAsync(ct);
            Console.Out.WriteLine(parsed.GetValue(Json) ? report.ToJson() : report.ToText());
            return report.Holds ? 0 : 1;
        });
        return command;
    }

    public static Command Failpoints()
    {
        var command = new Command("failpoints", "Kill the worker before and after every write and every call to the vendor, once each, and see that it goes on.") { Json };
        command.SetAction(async (parsed, ct) =>
        {
            var report = await FailpointRun.RunAsync(ct);
            Console.Out.WriteLine(parsed.GetValue(Json) ? report.ToJson() : report.ToText());
            return report.Holds ? 0 : 1;
        });
        return command;
    }

    /// <summary>What is killed: started by the others.</summary>
    public static Command Worker()
    {
        var strategy = new Option<Strategy>("--strategy");
        var folder = new Option<string>("--folder") { Required = true };
        var api = new Option<string>("--api") { Required = true };
        var failpoint = new Option<string?>("--failpoint");
        var record = new Option<string?>("--record");
        var command = new Command("worker", "Started by the others.") { strategy, folder, api, failpoint, record };
        command.Hidden = true;
        command.SetAction(async (parsed, ct) =>
        {
            await WorkerProcess.RunAsync(parsed.GetValue(strategy), parsed.GetValue(folder)!, parsed.GetValue(api)!, parsed.GetValue(failpoint), parsed.GetValue(record), ct);
            return 0;
        });
        return command;
    }
}
