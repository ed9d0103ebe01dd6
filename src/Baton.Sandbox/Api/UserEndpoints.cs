using System.Text.Json.Nodes;
using Baton.Sandbox.Http;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Api;

static class UserEndpoints
{
    public static readonly string[] Statuses = ["OFF_QUEUE", "IDLE", "INTERACTING", "NOT_RESPONDING", "COMMUNICATING"];

    public static void MapUsers(this ApiRoutes api)
    {
        api.Any("GET", "/users/me", "", Me);
        api.Any("GET", "/users/{userId}", "", call => Answer.Ok(QueueWire.User(call.Agent())));
        api.Any("GET", "/users/{userId}/routingstatus", "", call => Answer.Ok(QueueWire.Status(call.Agent())));
        api.Any("PUT", "/users/{userId}/routingstatus", "", Put);
    }

    static Answer Me(Call call)
    {
        if (call.Token!.User is not { } user) throw Refusals.NotAUser();
        var roles = call.QueryAll("expand").Contains("authorization", StringComparer.OrdinalIgnoreCase)
            ? Json.Object(("roles", Json.Array(user.Roles, r => Json.Object(("id", call.World.RoleId(r)), ("name", r)))), ("permissions", new JsonArray()))
            : null;
        return Answer.Ok(Json.Object(
            ("id", user.Id), ("name", user.Name), ("division", Json.Object(("id", call.World.DivisionId), ("name", "Home"))), ("email", user.Email), ("username", user.Email),
            ("state", "active"), ("version", 1), ("authorization", roles), ("selfUri", $"/api/v2/users/{user.Id}")));
    }

    static Answer Put(Call call)
    {
        var agent = call.Agent();
        var status = call.OneOf("status", Statuses) ?? throw Refusals.Missing("status");
        // INTERACTING, COMMUNICATING and NOT_RESPONDING come about by themselves; nobody sets them.
        if (status is not ("IDLE" or "OFF_QUEUE") || (status == "IDLE" && agent.Status is "INTERACTING" or "COMMUNICATING"))
            throw new Refusal(400, "general.bad.request", "An invalid routing status transition was attempted.");
        call.World.Routing.SetStatus(agent, status);
        return Answer.Ok(QueueWire.Status(agent));
    }
}
