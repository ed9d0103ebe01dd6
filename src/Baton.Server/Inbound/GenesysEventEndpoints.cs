using System.Text.Json;
using Baton.Server.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Inbound;

/// <summary>
/// The vendor's events as EventBridge delivers them (genesys-api 10.1): at least once, in any order. An event wakes the handoff of its conversation, which then reads
/// what is true; so a false, late or repeated event costs at most one read.
/// </summary>
static class GenesysEventEndpoints
{
    public static void MapGenesysEvents(this IEndpointRouteBuilder app) => app.MapPost("/v1/events/genesys", Receive);

    static async Task<IResult> Receive(JsonElement envelope, BatonSystem system, CancellationToken ct)
    {
        if (envelope.ValueKind != JsonValueKind.Object || Text(envelope, "id") is not { Length: > 0 and <= 200 } id)
            return Problems.Of(StatusCodes.Status400BadRequest, "invalid.event", "The envelope has no id; send it as EventBridge delivers it.");
        var topic = Text(envelope, "detail-type") ?? "";
        var conversation = envelope.TryGetProperty("detail", out var detail) && detail.ValueKind == JsonValueKind.Object
            && detail.TryGetProperty("eventBody", out var body) && body.ValueKind == JsonValueKind.Object ? Text(body, "conversationId") : null;
        if (conversation is null || !Matters(topic)) return Results.Accepted();
        if (await system.Store.IsNewEventAsync(id, system.Time.GetUtcNow(), ct)) await system.Store.WakeAsync(conversation, system.Time.GetUtcNow(), ct);
        return Results.Accepted();
    }

    // What can change where a handoff stands; the rest would only cost reads.
    static bool Matters(string topic) => topic.EndsWith(".acd.start", StringComparison.Ordinal) || topic.EndsWith(".acd.end", StringComparison.Ordinal)
        || topic.EndsWith(".user.start", StringComparison.Ordinal) || topic.EndsWith(".user.end", StringComparison.Ordinal) || topic.EndsWith(".customer.end", StringComparison.Ordinal);

    static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
