using System.Text.Json.Nodes;
using Baton.Sandbox.Routing;

namespace Baton.Sandbox.Wire;

static class QueueWire
{
    public static JsonObject Render(World world, Queue queue)
    {
        var members = world.Agents.Count(a => a.Queues.Contains(queue));
        var media = new JsonObject();
        foreach (var kind in (string[])["call", "callback", "chat", "email", "message"])
        {
            if ((kind == "call" && !queue.Takes(Media.Voice)) || (kind == "message" && !queue.Takes(Media.Message))) continue;
            media.Add(kind, Json.Object(
                ("alertingTimeoutSeconds", (int)queue.AlertingTimeout.TotalSeconds),
                ("serviceLevel", Json.Object(("percentage", 0.8), ("durationMs", 20000))),
                ("enableAutoAnswer", false)));
        }
        return Json.Object(
            ("id", queue.Id),
            ("name", queue.Name),
            ("division", Json.Ref(world.DivisionId, $"/api/v2/authorization/divisions/{world.DivisionId}", "Home")),
            ("dateCreated", queue.Created.Text()),
            ("memberCount", members),
            ("userMemberCount", members),
            ("joinedMemberCount", world.Agents.Count(a => a.Joined.Contains(queue))),
            ("mediaSettings", media),
            ("scoringMethod", "TimestampAndPriority"),
            ("skillEvaluationMethod", "ALL"),
            ("lastAgentRoutingMode", "Disabled"),
            ("acwSettings", Json.Object(("wrapupPrompt", queue.WrapupRequired ? "MANDATORY" : "OPTIONAL"), ("timeoutMs", (long?)queue.AcwTimeout?.TotalMilliseconds))),
            ("routingRules", new JsonArray()),
            ("memberGroups", new JsonArray()),
            ("defaultScripts", new JsonObject()),
            ("enableManualAssignment", true),
            ("enableTranscription", false),
            ("selfUri", $"/api/v2/routing/queues/{queue.Id}"));
    }

    public static JsonObject Member(Queue queue, Agent agent, IReadOnlyList<string> expand) => Json.Object(
        ("id", agent.Id),
        ("name", agent.Name),
        ("user", Json.Object(("id", agent.Id), ("name", agent.Name), ("email", agent.Email), ("state", "active"), ("selfUri", $"/api/v2/users/{agent.Id}"),
            ("skills", expand.Contains("skills") ? Json.Array(agent.Skills, s => Json.Object(("id", s.Id), ("name", s.Name), ("proficiency", 5.0), ("state", "active"))) : null),
            ("languages", expand.Contains("languages") ? Json.Array(agent.Languages, l => Json.Object(("id", l.Id), ("name", l.Name), ("proficiency", 5.0), ("state", "active"))) : null),
            ("presence", expand.Contains("presence") ? Json.Object(("presenceDefinition", Json.Object(("systemPresence", agent.Status == "OFF_QUEUE" ? "AVAILABLE" : "ON_QUEUE")))) : null))),
        ("ringNumber", 1),
        ("joined", agent.Joined.Contains(queue)),
        ("memberBy", "user"),
        ("routingStatus", expand.Contains("routingStatus") ? Status(agent) : null),
        ("selfUri", $"/api/v2/routing/queues/{queue.Id}/members/{agent.Id}"));

    public static JsonObject User(Agent agent) => Json.Object(
        ("id", agent.Id),
        ("name", agent.Name),
        ("chat", new JsonObject()),
        ("email", agent.Email),
        ("primaryContactInfo", new JsonArray(Json.Object(("address", agent.Email), ("mediaType", "EMAIL"), ("type", "PRIMARY")))),
        ("addresses", new JsonArray()),
        ("state", "active"),
        ("username", agent.Email),
        ("version", 1),
        ("acdAutoAnswer", false),
        ("selfUri", $"/api/v2/users/{agent.Id}"));

    public static JsonObject Status(Agent agent) => Json.Object(("userId", agent.Id), ("status", agent.Status), ("startTime", agent.StatusSince.Text()));
}
