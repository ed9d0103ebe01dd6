using Baton.Core.Access;
using Baton.Core.Deliveries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Api;

static class DeliveryEndpoints
{
    const string List = "deliveries";

    public static void MapDeliveries(this IEndpointRouteBuilder app)
    {
        var deliveries = app.MapPart("/v1/deliveries", "Deliveries", Role.Supervisor);
        deliveries.MapGet("/", Browse).Answers<Page<DeliveryShown>>("listDeliveries", "Events sent to other systems, newest first.", 400);
        deliveries.MapPost("/{id}/replay", Replay).Answers<DeliveryShown>("replayDelivery", "Send again, with the same id and body.", 404, 409);
    }

    static async Task<IResult> Browse(DeliveryState? state, string? target, string? conversationId, string? cursor, int? limit, BatonSystem system, CancellationToken ct)
    {
        if (Paging.Fault(limit) is { } fault) return fault;
        string? before = null;
        if (cursor is not null && (Paging.PartsOf(cursor, List, 1) is not [var id] || await system.Store.FindDeliveryAsync(before = id, ct) is null)) return Paging.InvalidCursor();
        var size = limit ?? Paging.Usual;
        var read = await system.Store.ListDeliveriesAsync(new DeliveryFilter { State = state, Target = target, ConversationId = conversationId, Before = before, Limit = size + 1 }, ct);
        return Results.Ok(Paging.PageOf(read, size, DeliveryShown.Of, d => Paging.Cursor(List, d.Id)));
    }

    static async Task<IResult> Replay(string id, Caller caller, BatonSystem system, CancellationToken ct)
    {
        var replayed = await system.Store.ReplayDeliveryAsync(id, caller.Name, system.Time.GetUtcNow(), ct);
        if (await system.Store.FindDeliveryAsync(id, ct) is not { } delivery) return Problems.Of(StatusCodes.Status404NotFound, "unknown.delivery", $"There is no delivery '{id}'.");
        return replayed ? Results.Ok(DeliveryShown.Of(delivery)) : Problems.Of(StatusCodes.Status409Conflict, "delivery.pending", $"Delivery {id} is on its way already.");
    }
}

sealed record DeliveryShown(string Id, string Target, string ConversationId, string EventType, DeliveryState State, DateTimeOffset CreatedAt, int Attempts, DateTimeOffset? DueAt, string? LastError)
{
    public static DeliveryShown Of(Delivery d) => new(d.Id, d.Target, d.ConversationId, d.EventType, d.State, d.CreatedAt, d.Attempts, d.DueAt, d.LastError);
}
