using System.Text.Json.Nodes;
using Baton.Sandbox.Http;
using Baton.Sandbox.Routing;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Api;

/// <summary>Live counts of queues. User metrics come in a group without a media type; what is zero is left out.</summary>
static class ObservationEndpoints
{
    static readonly string[] Metrics =
    [
        "oActiveUsers", "oAlerting", "oInteracting", "oLongestInteracting", "oLongestWaiting", "oMemberUsers",
        "oOffQueueUsers", "oOnQueueUsers", "oUserPresences", "oUserRoutingStatuses", "oWaiting",
    ];

    public static void MapObservations(this ApiRoutes api) =>
        api.Any("POST", "/analytics/queues/observations/query", "analytics:queueObservation:view", Query);

    static Answer Query(Call call)
    {
        if (call.BodyObject["filter"] is not JsonObject filter) throw Refusals.Missing("filter");
        var wanted = call.TextList("metrics") ?? Metrics;
        if (wanted.FirstOrDefault(m => !Metrics.Contains(m)) is { } unknown) throw Refusals.InvalidValue(unknown, "metrics", Metrics);
        var ids = Values(filter, "queueId").ToList();
        if (ids.Count == 0) throw Refusals.BadRequest("The filter names no queueId.");
        var media = Values(filter, "mediaType").ToList();
        var results = new JsonArray();
        foreach (var queue in call.World.Queues.Where(q => ids.Contains(q.Id)))
        {
            foreach (var kind in (Media[])[Media.Message, Media.Voice])
            {
                // Unasked for, a medium that nothing happens in is not told; messages are.
                var counts = Conversations(call, queue, kind, wanted).ToList();
                if (media.Count == 0 ? kind == Media.Message || counts.Exists(c => c.Count > 0) : media.Contains(kind.Platform()))
                    results.Add(Group(Json.Object(("queueId", queue.Id), ("mediaType", kind.Platform())), counts));
            }
            results.Add(Group(Json.Object(("queueId", queue.Id)), Users(call, queue, wanted)));
        }
        return Answer.Ok(Json.Object(("systemToOrganizationMappings", new JsonObject()), ("results", results)));
    }

    static JsonObject Group(JsonObject group, IEnumerable<(string Metric, string? Qualifier, long Count)> counts)
    {
        var data = Json.Array(counts.Where(c => c.Count > 0), c => Json.Object(("metric", c.Metric), ("qualifier", c.Qualifier), ("stats", Json.Object(("count", c.Count)))));
        return Json.Object(("group", group), ("data", data.Count > 0 ? data : null));
    }

    static IEnumerable<(string Metric, string? Qualifier, long Count)> Conversations(Call call, Queue queue, Media media, IReadOnlyList<string> wanted)
    {
        var live = call.World.Conversations.Where(c => c.End is null && c.Media == media).ToList();
        if (wanted.Contains("oWaiting")) yield return ("oWaiting", null, call.World.Routing.WaitingIn(queue, media));
        if (wanted.Contains("oInteracting")) yield return ("oInteracting", null, live.Count(c => c.Agent?.Queue == queue));
        if (wanted.Contains("oAlerting")) yield return ("oAlerting", null, live.Count(c => c.AlertingAgent?.Queue == queue));
    }

    static IEnumerable<(string, string?, long)> Users(Call call, Queue queue, IReadOnlyList<string> wanted)
    {
        var members = call.World.Agents.Where(a => a.Queues.Contains(queue)).ToList();
        if (wanted.Contains("oMemberUsers")) yield return ("oMemberUsers", null, members.Count);
        if (wanted.Contains("oActiveUsers")) yield return ("oActiveUsers", null, members.Count(a => a.Joined.Contains(queue)));
        if (wanted.Contains("oOffQueueUsers")) yield return ("oOffQueueUsers", null, members.Count(a => a.Status == "OFF_QUEUE"));
        foreach (var status in UserEndpoints.Statuses)
        {
            var count = members.Count(a => a.Status == status);
            if (status != "OFF_QUEUE" && wanted.Contains("oOnQueueUsers")) yield return ("oOnQueueUsers", status, count);
            if (wanted.Contains("oUserRoutingStatuses")) yield return ("oUserRoutingStatuses", status, count);
        }
    }

    static IEnumerable<string> Values(JsonObject filter, string dimension)
    {
        var own = Objects(filter, "predicates").Where(p => Call.Text(p, "dimension") == dimension).Select(p => Call.Text(p, "value")).OfType<string>();
        return own.Concat(Objects(filter, "clauses").SelectMany(c => Values(c, dimension)));
    }

    static IEnumerable<JsonObject> Objects(JsonObject from, string name) => from[name] is JsonArray list ? list.OfType<JsonObject>() : [];
}
