using System.CommandLine;
using Baton.Genesys;
using Baton.Server;
using Microsoft.Extensions.Logging;

namespace Baton.Cli.Commands;

static class ServeCommand
{
    public static Command Create()
    {
        var url = new Option<string?>("--url") { Description = "Where to listen (default http://127.0.0.1:5200)" };
        return Verb.WithSystem("serve", "Run the handoffs: watch what bots and the vendor tell, decide, hand off, follow.", LogLevel.Information, async (parsed, system, output, ct) =>
        {
            // It answers a person who asks; heard on every turn, it would hand off whoever passes.
            if (system.Settings is { Genesys.Flavor: GenesysFlavor.Guide, Policy: BatonSettings.GuidePolicy })
                throw new UsageException("The preset 'gate' answers a request and does not watch: it would hand off every conversation that passes its guards. Name a policy with --policy: escalate, or a file.");
            await using var server = await BatonServer.StartAsync(system, parsed.GetValue(url), notifications: true, ct);
            output.Line($"Baton listens at {server.Address}; policy {system.Policy.Current.Version.Name}, store {system.Settings.StorePath}. Ctrl+C stops it.");
            await server.WaitForShutdownAsync(ct);
            if (server.Broke is { } part) await Console.Error.WriteLineAsync($"The server stops by itself: its {part} broke; the log above says why. Start it again; nothing that was acknowledged is lost.");
            output.Line("Stopping: what is under way is finished or left for the next start.");
            return server.Broke is null ? ExitCodes.Done : ExitCodes.RefusedOrFailed;
        }, BatonServer.WarmAsync, url);
    }
}
