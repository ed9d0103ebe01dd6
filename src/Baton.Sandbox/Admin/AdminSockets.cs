using System.Text.Json.Nodes;

namespace Baton.Sandbox.Admin;

static class AdminSockets
{
    public static void MapAdminSockets(this IEndpointRouteBuilder admin, Organization organization)
    {
        admin.MapGet("/channels", () => Results.Json(organization.NotificationChannels, SandboxJson.Default.IReadOnlyListNotificationChannelView));
        admin.MapPost("/channels/{id}/closing", (string id, HttpRequest request, CancellationToken ct) => AnnounceAsync(organization, id, request, ct));
        admin.MapPost("/channels/{id}/drop", (string id) => Done(() => organization.DropSocket(id)));
        admin.MapPost("/channels/{id}/expire", (string id) => Done(() => organization.ExpireChannel(id)));
        admin.MapPost("/channels/{id}/evict", (string id) => Done(() => organization.EvictChannel(id)));
        admin.MapGet("/guests", () => Results.Json(organization.GuestSessions, SandboxJson.Default.IReadOnlyListGuestSessionView));
        admin.MapPost("/guests/{token}/drop", (string token) => Done(() => organization.DropGuest(token)));
        admin.MapPost("/deployments", (HttpRequest request, CancellationToken ct) => AddDeploymentAsync(organization, request, ct));
    }

    static async Task<IResult> AnnounceAsync(Organization organization, string id, HttpRequest request, CancellationToken ct)
    {
        var body = await AdminBody.ReadAsync(request, ct);
        return Done(() => organization.AnnounceClosing(id, body.Seconds("seconds")));
    }

    static async Task<IResult> AddDeploymentAsync(Organization organization, HttpRequest request, CancellationToken ct)
    {
        var body = await AdminBody.ReadAsync(request, ct);
        var deployment = organization.AddDeployment(body.Required("name"), body["origins"] is JsonArray ? body.Texts("origins") : null, body.Text("botFlow"));
        return AdminEndpoints.Json(Wire.Json.Object(("id", deployment.Id), ("name", deployment.Name)), StatusCodes.Status201Created);
    }

    static IResult Done(Action act)
    {
        act();
        return Results.NoContent();
    }
}
