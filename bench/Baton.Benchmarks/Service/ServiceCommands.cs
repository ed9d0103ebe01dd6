using System.CommandLine;
using Baton.Benchmarks.Speed;

namespace Baton.Benchmarks.Service;

static class ServiceCommands
{
    public static Command Create()
    {
        var parts = new Argument<string[]>("part") { Description = "callback, event, turn, guest, watched, console, screen; none: all but screen, which needs Chromium", Arity = ArgumentArity.ZeroOrMore };
        var watched = new Option<int>("--watched") { Description = "How many conversations are watched", DefaultValueFactory = _ => 100_000 };
        var guests = new Option<int>("--guests") { DefaultValueFactory = _ => 200 };
        var json = new Option<bool>("--json") { Description = "Print one JSON object" };
        var command = new Command("service", "The server under load: callbacks, events, turns, guests; each over real HTTP and durable.") { parts, watched, guests, json };
        command.SetAction(async (parsed, ct) =>
        {
            var all = new List<Figure>();
            foreach (var part in parsed.GetValue(parts) is { Length: > 0 } some ? some : ["callback", "event", "turn", "guest", "watched", "console"])
            {
                var machine = new Machine();
                var figures = part switch
                {
                    "callback" => await ServiceSpeed.CallbacksAsync(ct),
                    "event" => await ServiceSpeed.EventsAsync(ct),
                    "turn" => await ServiceSpeed.TurnsAsync(ct),
                    "guest" => await GuestToTransfer.RunAsync(parsed.GetValue(guests), ct),
                    "watched" => await ServiceSpeed.WatchedAsync(parsed.GetValue(watched), ct),
                    "console" => await ConsoleSpeed.RunAsync(10_000, ct),
                    "screen" => await ScreenSpeed.RunAsync(10_000, ct),
                    _ => throw new InvalidOperationException($"There is no part '{part}'."),
                };
                all.AddRange(figures);
                if (parsed.GetValue(json)) continue;
                Console.Out.WriteLine($"{part}: {machine.ToText()}");
                foreach (var figure in figures) Console.Out.WriteLine($"  {figure.ToText()}");
            }
            if (parsed.GetValue(json)) Console.Out.WriteLine(Figure.ToJson(all));
            return 0;
        });
        return command;
    }

    /// <summary>The processes the others measure: started by them.</summary>
    public static Command Served()
    {
        var kind = new Argument<string>("kind");
        var path = new Argument<string>("store");
        var command = new Command("served", "Started by the others.") { kind, path };
        command.Hidden = true;
        command.SetAction(async (parsed, ct) =>
        {
            await ServiceHost.ServeAsync(parsed.GetRequiredValue(kind), parsed.GetRequiredValue(path), ct);
            return 0;
        });
        return command;
    }
}
