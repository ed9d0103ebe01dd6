using System.Text.Json.Nodes;
using Baton.Sandbox.Http;
using Baton.Sandbox.Routing;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Api;

static class QueueEndpoints
{
    const string View = "routing:queue:view";

    static readonly string[] MediaTypes = ["all", "call", "chat", "callback", "email", "videoComm", "message"];

    public static void MapQueues(this ApiRoutes api)
    {
        api.Any("GET", "/routing/queues", View, List);
        api.Any("GET", "/routing/queues/{queueId}", View, call => Answer.Ok(QueueWire.Render(call.World, call.Queue())));
        api.Any("GET", "/routing/queues/{queueId}/members", View + " routing:queue:edit routing:queue:readonly routing:queueMember:manage", Members);
        api.Any("GET", "/routing/queues/{queueId}/estimatedwaittime", View, call => Estimate(call, "MESSAGE"));
        api.Any("GET", "/routing/queues/{queueId}/mediatypes/{mediaType}/estimatedwaittime", View, EstimateOfMedia);
    }

    static Answer List(Call call)
    {
        var ids = call.QueryAll("id");
        return call.Page([.. call.World.Queues.Where(q => call.Named(q.Name) && (ids.Count == 0 || ids.Contains(q.Id)) && InDivision(call)).OrderBy(q => q.Name, StringComparer.OrdinalIgnoreCase)],
            q => QueueWire.Render(call.World, q));
    }

    static Answer Members(Call call)
    {
        var queue = call.Queue();
        var joined = call.Query("joined") switch { null => (bool?)null, "true" => true, "false" => false, var other => throw Refusals.InvalidQuery("joined", other) };
        var statuses = call.QueryAll("routingStatus");
        if (statuses.FirstOrDefault(s => !UserEndpoints.Statuses.Contains(s)) is { } unknown) throw Refusals.InvalidValue(unknown, "routingStatus", UserEndpoints.Statuses);
        var expand = call.QueryAll("expand");
        var members = call.World.Agents
            .Where(a => a.Queues.Contains(queue) && call.Named(a.Name))
            .Where(a => joined is null || a.Joined.Contains(queue) == joined)
            .Where(a => statuses.Count == 0 || statuses.Contains(a.Status))
            .Where(_ => call.Query("memberBy") is not "group")
            .ToList();
        return call.Page(members, a => QueueWire.Member(queue, a, expand), maxPageSize: 100, withTotal: false);
    }

    static Answer EstimateOfMedia(Call call)
    {
        var media = call.Path("mediaType");
        if (!MediaTypes.Contains(media, StringComparer.OrdinalIgnoreCase)) throw Refusals.InvalidValue(media, "mediaType", MediaTypes);
        return Estimate(call, media.ToUpperInvariant());
    }

    /// <summary>Without anybody answered so far there is no history to estimate from, and the number is absent.</summary>
    static Answer Estimate(Call call, string intent)
    {
        var queue = call.Queue();
        double? seconds = queue.PastWaits.Count == 0 ? null : queue.PastWaits.Average(w => w.TotalSeconds) * (1 + call.World.Routing.WaitingIn(queue));
        return Answer.Ok(Json.Object(("results", new JsonArray(Json.Object(
            ("intent", intent),
            ("formula", "BEST"),
            ("estimatedWaitTimeSeconds", seconds is { } known ? (int)Math.Round(known) : null))))));
    }

    static bool InDivision(Call call) => call.QueryAll("divisionId") is not { Count: > 0 } wanted || wanted.Contains(call.World.DivisionId);
}
