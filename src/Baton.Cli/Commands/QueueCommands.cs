using System.CommandLine;
using System.Text.Json.Nodes;

namespace Baton.Cli.Commands;

static class QueueCommands
{
    public static Command Create() => new("queue", "The organization's queues.") { List(), Check() };

    static Command List() => Verb.WithSystem("list", "List the queues with their members. The guide flavor has no call for it: there, those named under Genesys:Queues.", async (_, system, output, ct) =>
    {
        var queues = await system.Center.ListQueuesAsync(ct);
        output.Answer(new JsonArray([.. queues.Select(q => new JsonObject { ["id"] = q.QueueId, ["name"] = q.Name, ["members"] = q.Members, ["joined"] = q.OnQueue })]),
            () => Out.Table(["name", "members", "joined", "id"], queues.Select(q => (IReadOnlyList<string>)[q.Name ?? q.Asked, $"{q.Members}", $"{q.OnQueue}", q.QueueId ?? ""])));
        return ExitCodes.Done;
    });

    static Command Check()
    {
        var queue = new Argument<string?>("QUEUE") { Description = "The queue's id, or its name (else GENESYS_QUEUE_ID)", Arity = ArgumentArity.ZeroOrOne };
        return Verb.WithSystem("check", "Whether a queue could take a conversation now: active, and somebody available. Exits 1 when it could not.", async (parsed, system, output, ct) =>
        {
            var asked = Configuration.Given(parsed.GetValue(queue), "QUEUE", "GENESYS_QUEUE_ID");
            var status = await Patience.OutAsync(system, () => system.Center.ReadQueueStatusAsync(asked, ct), ct);
            var json = new JsonObject
            {
                ["queue_id"] = status.Asked,
                ["queue_status"] = status.Status,
                ["is_active"] = status.IsActive,
                ["total_members"] = status.TotalMembers,
                ["available_agents"] = status.AvailableAgents,
                ["routing_valid"] = status.RoutingValid,
            };
            if (status.Error is not null) json["error"] = status.Error;
            output.Answer(json, () =>
            {
                foreach (var (name, value) in json) output.Line($"{name,-17} {value?.ToString() ?? "unknown"}");
                if (status is { RoutingValid: false, Error: null }) output.Line(status.IsActive ? "Nobody is available there; a handoff would go on to the policy's fallback." : "The queue is not active.");
            });
            return status.RoutingValid ? ExitCodes.Done : ExitCodes.RefusedOrFailed;
        }, queue);
    }
}
