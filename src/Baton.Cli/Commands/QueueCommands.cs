using System.CommandLine;
using System.Text.Json.Nodes;

namespace Baton.Cli.Commands;

static class QueueCommands
{
    public static Command Create() => new("queue", "The organization's queues.") { List() };

    static Command List() => Verb.WithSystem("list", "List the queues with their members.", async (_, system, output, ct) =>
    {
        var queues = await system.Center.ListQueuesAsync(ct);
        output.Answer(new JsonArray([.. queues.Select(q => new JsonObject { ["id"] = q.QueueId, ["name"] = q.Name, ["members"] = q.Members, ["joined"] = q.OnQueue })]),
            () => Out.Table(["name", "members", "joined", "id"], queues.Select(q => (IReadOnlyList<string>)[q.Name ?? "", $"{q.Members}", $"{q.OnQueue}", q.QueueId ?? ""])));
        return ExitCodes.Done;
    });
}
