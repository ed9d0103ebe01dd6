using System.Text.Json;

namespace Baton.Sandbox.Admin;

static class AdminPeople
{
    public static void MapAdminPeople(this IEndpointRouteBuilder admin, Organization organization)
    {
        admin.MapPost("/queues", (HttpRequest request, CancellationToken ct) => AddQueueAsync(organization, request, ct));
        admin.MapDelete("/queues/{id}", (string id) =>
        {
            organization.DeleteQueue(id);
            return Results.NoContent();
        });
        admin.MapPut("/queues/{id}/active", (string id, HttpRequest request, CancellationToken ct) => SetQueueActiveAsync(organization, id, request, ct));
        admin.MapPost("/agents", (HttpRequest request, CancellationToken ct) => AddAgentAsync(organization, request, ct));
        admin.MapPut("/agents/{id}/status", (string id, HttpRequest request, CancellationToken ct) => SetStatusAsync(organization, id, request, ct));
        admin.MapPut("/agents/{id}/roles", (string id, HttpRequest request, CancellationToken ct) => SetRolesAsync(organization, id, request, ct));
        admin.MapPost("/skills", (HttpRequest request, CancellationToken ct) => AddSkillAsync(organization, request, ct));
        admin.MapPost("/clients", (HttpRequest request, CancellationToken ct) => AddClientAsync(organization, request, ct));
    }

    static async Task<IResult> AddQueueAsync(Organization organization, HttpRequest request, CancellationToken ct)
    {
        var body = await AdminBody.ReadAsync(request, ct);
        var queue = organization.AddQueue(body.Required("name"), body.Seconds("alertingTimeoutSeconds"), body["wrapupRequired"]?.GetValue<bool>() ?? true, body.Seconds("acwTimeoutSeconds"),
            body.ContainsKey("media") ? [.. body.Texts("media").Select(AdminBody.Media)] : null, (int?)body.Number("capacity"));
        if (body["active"]?.GetValue<bool>() == false) organization.SetQueueActive(queue.Id, false);
        return Created(queue.Id, queue.Name);
    }

    static async Task<IResult> SetQueueActiveAsync(Organization organization, string id, HttpRequest request, CancellationToken ct)
    {
        var body = await AdminBody.ReadAsync(request, ct);
        organization.SetQueueActive(id, body["active"]?.GetValue<bool>() ?? throw new JsonException("\"active\" is missing in the body."));
        return Results.NoContent();
    }

    static async Task<IResult> AddAgentAsync(Organization organization, HttpRequest request, CancellationToken ct)
    {
        var body = await AdminBody.ReadAsync(request, ct);
        var usual = new AgentBehavior();
        var behavior = usual with
        {
            AcceptAfter = body.Seconds("acceptAfterSeconds") ?? usual.AcceptAfter,
            Answers = body["answers"]?.GetValue<bool>() ?? usual.Answers,
            HandleTime = body.Seconds("handleSeconds") ?? usual.HandleTime,
            WrapUpAfter = body.Seconds("wrapUpAfterSeconds") ?? usual.WrapUpAfter,
            Capacity = (int?)body.Number("capacity") ?? usual.Capacity,
            Greeting = body.Text("greeting"),
        };
        var agent = organization.AddAgent(body.Required("name"), body.Texts("queues"), body.Texts("skills"), behavior, body.Texts("languages"), body["onQueue"]?.GetValue<bool>() ?? true);
        return Created(agent.Id, agent.Name);
    }

    static async Task<IResult> SetStatusAsync(Organization organization, string id, HttpRequest request, CancellationToken ct)
    {
        var body = await AdminBody.ReadAsync(request, ct);
        organization.SetRoutingStatus(id, body.Required("status"));
        return Results.NoContent();
    }

    static async Task<IResult> SetRolesAsync(Organization organization, string id, HttpRequest request, CancellationToken ct)
    {
        organization.SetRoles(id, (await AdminBody.ReadAsync(request, ct)).Texts("roles"));
        return Results.NoContent();
    }

    static async Task<IResult> AddSkillAsync(Organization organization, HttpRequest request, CancellationToken ct)
    {
        var body = await AdminBody.ReadAsync(request, ct);
        var skill = organization.AddSkill(body.Required("name"));
        return Created(skill.Id, skill.Name);
    }

    static async Task<IResult> AddClientAsync(Organization organization, HttpRequest request, CancellationToken ct)
    {
        var body = await AdminBody.ReadAsync(request, ct);
        if (body.ContainsKey("redirectUris"))
        {
            organization.AddSignInClient(body.Required("id"), body.Texts("redirectUris"));
            return Created(body.Required("id"), body.Required("id"));
        }
        var client = organization.AddOAuthClient(body.Required("id"), body.Required("secret"), body.ContainsKey("permissions") ? body.Texts("permissions") : null,
            (int?)body.Number("callsPerMinute"), body["anotherRegion"]?.GetValue<bool>() ?? false, body.ContainsKey("scopes") ? body.Texts("scopes") : null);
        return Created(client.Id, client.Id);
    }

    static IResult Created(string id, string name) => AdminEndpoints.Json(Wire.Json.Object(("id", id), ("name", name)), StatusCodes.Status201Created);
}
