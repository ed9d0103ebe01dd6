using System.CommandLine;
using System.Text.Json.Nodes;
using Baton.Genesys;
using Baton.Sandbox;

namespace Baton.Cli.Commands;

static class SandboxCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "Port on loopback; 0 takes a free one", DefaultValueFactory = _ => 5100 };
        var seed = new Option<int>("--seed") { Description = "Same seed, same ids and same chance", DefaultValueFactory = _ => 1 };
        var calls = new Option<int>("--calls-per-minute") { Description = "The quota a token has", DefaultValueFactory = _ => 300 };
        var events = new Option<string[]>("--events-to") { Description = "Where vendor events are posted, e.g. http://127.0.0.1:5200/v1/events/genesys", DefaultValueFactory = _ => [] };
        var fault = new Option<string[]>("--fault") { Description = "KIND[:PROBABILITY], e.g. connectionResetAfterApply:0.1; may be repeated. 'baton sandbox --faults' lists the kinds", DefaultValueFactory = _ => [] };
        var flavor = new Option<SandboxFlavor>("--flavor") { Description = "Whose API it speaks: platform (Genesys Cloud's own) or guide (the paths and bodies of the guides)" };
        var widget = new Option<string?>("--widget") { Description = "The page beside a conversation on the agent's screen, e.g. 'http://127.0.0.1:5200/desk?conversationId={{gcConversationId}}'" };
        var list = new Option<bool>("--faults") { Description = "List the kinds of faults and end" };
        return Verb.Plain("sandbox", "Genesys Cloud on this machine: the API's paths, quotas, agents and faults. Verbs with --sandbox use it.", async (parsed, output, ct) =>
        {
            if (parsed.GetValue(list))
            {
                foreach (var kind in Enum.GetNames<FaultKind>()) output.Line(Camel(kind));
                return ExitCodes.Done;
            }
            var faults = parsed.GetValue(fault)!.Select(Parse).ToList();
            await using var sandbox = await GenesysSandbox.StartAsync(new SandboxOptions
            {
                Flavor = parsed.GetValue(flavor),
                Port = parsed.GetValue(port),
                Seed = parsed.GetValue(seed),
                CallsPerMinute = parsed.GetValue(calls),
                EventTargets = [.. parsed.GetValue(events)!.Select(e => Target(e, "--events-to"))],
                Widget = parsed.GetValue(widget) is { } page ? Target(page, "--widget").OriginalString : null,
            }, ct);
            foreach (var f in faults) sandbox.Faults.Add(f);
            var client = sandbox.Organization.OAuthClients[0];
            new SandboxFile(sandbox.ApiBaseUrl.ToString(), sandbox.LoginBaseUrl.ToString(), client.Id, client.Secret, Environment.ProcessId)
            {
                Flavor = sandbox.Flavor == SandboxFlavor.Guide ? GenesysFlavor.Guide : GenesysFlavor.Platform,
                Queues = sandbox.Organization.Queues.ToDictionary(q => q.Name, q => q.Id),
                KnowledgeBases = [.. sandbox.Organization.KnowledgeBases.Select(b => b.Id)],
            }.Write();
            var json = new JsonObject
            {
                ["address"] = sandbox.BaseAddress.ToString(),
                ["flavor"] = Camel(sandbox.Flavor.ToString()),
                ["apiBaseUrl"] = sandbox.ApiBaseUrl.ToString(),
                ["loginBaseUrl"] = sandbox.LoginBaseUrl.ToString(),
                ["queues"] = new JsonObject(sandbox.Organization.Queues.Select(q => KeyValuePair.Create(q.Name, (JsonNode?)q.Id))),
            };
            if (output.IsJson) Out.JsonLine(json);
            output.Line($"The sandbox ({Camel(sandbox.Flavor.ToString())} flavor) answers at {sandbox.BaseAddress} and is described in {SandboxFile.Name}. Ctrl+C stops it.");
            output.Line($"  API    {sandbox.ApiBaseUrl}/api/v2/...   login  {sandbox.LoginBaseUrl}/oauth/token   client  {client.Id}");
            output.Line($"  queues {string.Join(", ", sandbox.Organization.Queues.Select(q => q.Name))}");
            output.Line($"  agents {new Uri(sandbox.BaseAddress, "agent")} is an agent's screen{(parsed.GetValue(widget) is null ? "; --widget puts a page of yours beside the conversation" : "")}");
            output.Line();
            output.Line("Try, in another terminal of this folder:");
            output.Line($"""  curl -s -X POST {sandbox.BaseAddress}sandbox/conversations -H 'content-type: application/json' -d '{"{"}"name":"Ana","text":"I want to talk to a human"{"}"}'""");
            output.Line("  baton decide CONVERSATION --sandbox");
            // The guide flavor's usual policy asks how sure the bot was, and this bot has not said so.
            output.Line($"  baton handoff start CONVERSATION --sandbox{(sandbox.Flavor == SandboxFlavor.Guide ? " --queue Support" : "")}");
            await StoppedAsync(ct);
            File.Delete(SandboxFile.Name);
            return ExitCodes.Done;
        }, flavor, port, seed, calls, events, fault, widget, list);
    }

    static async Task StoppedAsync(CancellationToken ct)
    {
        var stopped = new TaskCompletionSource();
        await using var _ = ct.Register(stopped.SetResult);
        await stopped.Task;
    }

    static Uri Target(string text, string option) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        ? new Uri(text)
        : throw new UsageException($"{option} is '{text}'; it must be an http address.");

    static Fault Parse(string text)
    {
        var parts = text.Split(':');
        if (!Enum.TryParse<FaultKind>(parts[0], ignoreCase: true, out var kind))
            throw new UsageException($"--fault {text}: there is no fault '{parts[0]}'; allowed is {string.Join(", ", Enum.GetNames<FaultKind>().Select(Camel))}.");
        var probability = 1.0;
        if (parts.Length > 1 && !(double.TryParse(parts[1], out probability) && probability is > 0 and <= 1))
            throw new UsageException($"--fault {text}: the probability is '{parts[1]}'; allowed is more than 0, at most 1.");
        return new Fault { Kind = kind, Probability = probability };
    }

    static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
