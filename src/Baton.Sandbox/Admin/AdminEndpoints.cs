using System.Text.Json;
using System.Text.Json.Nodes;
using Baton.Sandbox.Http;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Admin;

/// <summary>The sandbox's own control, for other processes on this machine. Not part of the platform: no token, no quota, no faults.</summary>
static class AdminEndpoints
{
    public static void MapAdmin(this IEndpointRouteBuilder app, GenesysSandbox sandbox)
    {
        var admin = app.MapGroup("/sandbox");
        admin.AddEndpointFilter(Refuse);
        admin.MapGet("", () => Json(Summary(sandbox)));
        admin.MapGet("/ledger", (long? after) => Results.Json(sandbox.Ledger.After(after ?? 0), SandboxJson.Default.IReadOnlyListLedgerEntry));
        admin.MapGet("/provenance", () => Results.Json(Provenance.All, SandboxJson.Default.IReadOnlyListProvenanceEntry));
        admin.MapAdminConversations(sandbox.Organization);
        admin.MapAdminPeople(sandbox.Organization);
        admin.MapAdminKnowledge(sandbox.Organization);
        admin.MapAdminFaults(sandbox.Faults);
        admin.MapAdminSockets(sandbox.Organization);
    }

    public static IResult Json(JsonNode body, int status = 200) => Results.Text(body.ToJsonString(), "application/json", statusCode: status);

    /// <summary>What cannot be done is a sentence, not a stack trace.</summary>
    static async ValueTask<object?> Refuse(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return Json(new JsonObject { ["error"] = e.Message }, StatusCodes.Status400BadRequest);
        }
        catch (KeyNotFoundException e)
        {
            return Json(new JsonObject { ["error"] = e.Message }, StatusCodes.Status404NotFound);
        }
        catch (InvalidOperationException e)
        {
            return Json(new JsonObject { ["error"] = e.Message }, StatusCodes.Status409Conflict);
        }
    }

    static JsonObject Summary(GenesysSandbox sandbox)
    {
        var organization = sandbox.Organization;
        return Wire.Json.Object(
            ("baseAddress", sandbox.BaseAddress.ToString()),
            ("apiBaseUrl", sandbox.ApiBaseUrl.ToString()),
            ("loginBaseUrl", sandbox.LoginBaseUrl.ToString()),
            ("webMessagingUri", sandbox.WebMessagingUri.ToString()),
            ("flavor", sandbox.Flavor == SandboxFlavor.Guide ? "guide" : "platform"),
            ("organizationId", organization.Id),
            ("clients", Wire.Json.Array(organization.OAuthClients, c => Wire.Json.Object(("id", c.Id), ("secret", c.Secret)))),
            ("queues", Wire.Json.Array(organization.Queues, q => Wire.Json.Object(("id", q.Id), ("name", q.Name)))),
            ("skills", Wire.Json.Array(organization.Skills, s => Wire.Json.Object(("id", s.Id), ("name", s.Name)))),
            ("languages", Wire.Json.Array(organization.Languages, l => Wire.Json.Object(("id", l.Id), ("name", l.Name)))),
            ("botFlows", Wire.Json.Array(organization.BotFlows, f => Wire.Json.Object(("id", f.Id), ("name", f.Name)))),
            ("deployments", Wire.Json.Array(organization.Deployments, d => Wire.Json.Object(("id", d.Id), ("name", d.Name)))),
            ("agents", Wire.Json.Array(organization.Agents, a => Wire.Json.Object(("id", a.Id), ("name", a.Name), ("email", a.Email), ("routingStatus", a.RoutingStatus), ("load", a.Load)))),
            ("knowledgeBases", AdminKnowledge.Render(organization.KnowledgeBases)),
            ("assistants", Wire.Json.Array(organization.Assistants, AdminKnowledge.Render)),
            ("conversations", Wire.Json.Strings(organization.ConversationIds)));
    }
}
