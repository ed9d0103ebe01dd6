using Baton.Sandbox.Http;
using Baton.Sandbox.Routing;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Guide;

/// <summary>Rows 000 c and 000 d of the contract: whether there is anybody to hand off to.</summary>
static class GuideQueueEndpoints
{
    const int MembersPerPage = 100;

    public static void MapGuideQueues(this ApiRoutes api)
    {
        api.Scoped("GET", "/routing/queues/{queueId}", GuideScopes.QueueView, Get);
        api.Scoped("GET", "/routing/queues/{queueId}/members", GuideScopes.AgentView, Members);
    }

    static Answer Get(Call call)
    {
        var queue = call.KnownQueue();
        var members = MembersOf(call, queue);
        return Answer.Ok(Json.Object(
            ("id", queue.Id),
            ("name", queue.Name),
            ("status", queue.IsActive ? "active" : "inactive"),
            ("membersCount", members.Count),
            ("capacity", queue.Capacity ?? members.Sum(m => m.Behavior.Capacity)),
            ("mediaTypes", Json.Strings(queue.Media.OrderDescending().Select(m => m.Guide())))));
    }

    static Answer Members(Call call)
    {
        var queue = call.KnownQueue();
        var size = call.QueryInt("pageSize", MembersPerPage, 1, MembersPerPage);
        var number = call.QueryInt("pageNumber", 1, 1, int.MaxValue);
        var members = MembersOf(call, queue);
        return Answer.Ok(Json.Object(
            ("entities", Json.Array(members.Skip((number - 1) * size).Take(size), m => Json.Object(
                ("id", m.Id),
                ("name", m.Name),
                ("status", Status(m, queue)),
                ("skills", Json.Strings(m.Skills.Select(s => s.Name)))))),
            ("pageSize", size),
            ("pageNumber", number),
            ("pageCount", (members.Count + size - 1) / size),
            ("total", members.Count)));
    }

    static List<Agent> MembersOf(Call call, Queue queue) => [.. call.World.Agents.Where(a => a.Queues.Contains(queue))];

    static string Status(Agent agent, Queue queue) => agent.Status switch
    {
        "OFF_QUEUE" => "offline",
        "NOT_RESPONDING" => "away",
        _ when !agent.Joined.Contains(queue) => "away",
        "IDLE" when agent.HasRoom => "available",
        _ => "busy",
    };
}
