using System.Text.Json;
using Baton.Genesys.Events;
using Baton.Server.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Inbound;

/// <summary>
/// The vendor's events as EventBridge delivers them (genesys-api 10.1): at least once, in any order. What an event tells is folded into the conversation and its handoff is woken,
/// in one transaction with the event's id, before it is answered: an event that was not taken is delivered again.
/// </summary>
static class GenesysEventEndpoints
{
    public static void MapGenesysEvents(this IEndpointRouteBuilder app) => app.MapPost("/v1/events/genesys", Receive);

    static async Task<IResult> Receive(JsonElement envelope, BatonSystem system, CancellationToken ct)
    {
        if (envelope.ValueKind != JsonValueKind.Object || Text(envelope, "id") is not { Length: > 0 and <= 200 } id)
            return Problems.Of(StatusCodes.Status400BadRequest, "invalid.event", "The envelope has no id; send it as EventBridge delivers it.");
        var news = envelope.TryGetProperty("detail", out var detail) && detail.ValueKind == JsonValueKind.Object && detail.TryGetProperty("eventBody", out var body)
            ? GenesysNews.Read(Text(envelope, "detail-type") ?? Text(detail, "topicName") ?? "", body, isEvent: true)
            : null;
        if (news is not null) await system.Live.HearAsync(news, id, ct);
        return Results.Accepted();
    }

    static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
