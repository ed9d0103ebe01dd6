using System.Text.Json;
using System.Text.Json.Nodes;

namespace Baton.Sandbox.Admin;

static class AdminFaults
{
    public static void MapAdminFaults(this IEndpointRouteBuilder admin, Faults faults)
    {
        admin.MapGet("/faults", () => Results.Json(faults.All, SandboxJson.Default.IReadOnlyListFault));
        admin.MapPut("/faults", (HttpRequest request, CancellationToken ct) => ReplaceAsync(faults, request, ct));
        admin.MapPost("/faults", (HttpRequest request, CancellationToken ct) => AddAsync(faults, request, ct));
        admin.MapDelete("/faults", () =>
        {
            faults.Clear();
            return Results.NoContent();
        });
        admin.MapDelete("/faults/{id}", (string id) => faults.Remove(id) ? Results.NoContent() : Results.NotFound());
    }

    /// <summary>Replaces all rules: a list, or one rule.</summary>
    static async Task<IResult> ReplaceAsync(Faults faults, HttpRequest request, CancellationToken ct)
    {
        var body = await JsonNode.ParseAsync(request.Body, cancellationToken: ct);
        faults.Replace(body is JsonArray list ? [.. list.Select(Read)] : [Read(body)]);
        return Results.Json(faults.All, SandboxJson.Default.IReadOnlyListFault);
    }

    static async Task<IResult> AddAsync(Faults faults, HttpRequest request, CancellationToken ct)
    {
        faults.Add(Read(await JsonNode.ParseAsync(request.Body, cancellationToken: ct)));
        return Results.Json(faults.All, SandboxJson.Default.IReadOnlyListFault);
    }

    static Fault Read(JsonNode? node)
    {
        var fault = node.Deserialize(SandboxJson.Default.Fault) ?? throw new JsonException("A fault is a JSON object with a \"kind\".");
        // Generated readers do not know the defaults of init properties: a probability left out would read as never.
        return node!["probability"] is null ? fault with { Probability = 1 } : fault;
    }
}
