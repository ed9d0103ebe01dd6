using Baton.Core.Access;
using Baton.Core.Deliveries;
using Baton.Server.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Console.Deliveries;

static class DeliveryPages
{
    const string Replayed = "replayed";
    /// <summary>At one click; what is left is replayed by the next.</summary>
    const int MostReplayed = 500;

    public static void MapDeliveryPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/deliveries", ListAsync).For(Role.Supervisor);
        pages.MapGet("/deliveries/{id}", ShowAsync).For(Role.Supervisor);
        pages.MapPost("/deliveries/{id}/replay", ReplayAsync).For(Role.Supervisor);
        pages.MapPost("/deliveries/replay", ReplayDeadAsync).For(Role.Supervisor);
    }

    static async Task<IResult> ListAsync(string? state, string? target, string? before, HttpContext context, BatonSystem system, CancellationToken ct)
    {
        var view = await PageView.ReadAsync(context, system, ct);
        var asked = DeliverySearch.Of(state, target, before);
        // A page begins after a delivery; one that was never there begins nowhere.
        if (asked.Before is { } last && await system.Store.FindDeliveryAsync(last, ct) is null) asked = asked with { Before = null };
        var read = await system.Store.ListDeliveriesAsync(asked.Filter, ct);
        var dead = await system.Store.ListDeliveriesAsync(new DeliveryFilter { State = DeliveryState.Dead, Target = asked.Target, Limit = 1 }, ct);
        return ConsolePages.Render<DeliveriesPage>((nameof(DeliveriesPage.View), view), (nameof(DeliveriesPage.Asked), asked), (nameof(DeliveriesPage.Read), read),
            (nameof(DeliveriesPage.Targets), system.Settings.Deliveries.Targets), (nameof(DeliveriesPage.HasDead), dead.Count > 0), (nameof(DeliveriesPage.Said), Said.Of(context, Replayed)));
    }

    static async Task<IResult> ShowAsync(string id, HttpContext context, BatonSystem system, CancellationToken ct)
    {
        var view = await PageView.ReadAsync(context, system, ct);
        return await system.Store.FindDeliveryAsync(id, ct) is { } delivery
            ? ConsolePages.Render<DeliveryPage>((nameof(DeliveryPage.View), view), (nameof(DeliveryPage.Shown), delivery), (nameof(DeliveryPage.Attempts), await system.Store.DeliveryAttemptsAsync(id, ct)),
                (nameof(DeliveryPage.HandoffId), (await system.Store.ListHandoffsAsync(new Core.HandoffFilter { ConversationId = delivery.ConversationId, Limit = 1 }, ct)) is [var newest] ? newest.Id.ToString() : null))
            : ConsolePages.NotFound(view, "There is no such event", $"No event has the id '{id}'.");
    }

    static async Task<IResult> ReplayAsync(string id, Caller caller, BatonSystem system, CancellationToken ct)
    {
        await system.Store.ReplayDeliveryAsync(id, caller.Name, system.Time.GetUtcNow(), ct);
        return Results.LocalRedirect($"/deliveries/{Uri.EscapeDataString(id)}");
    }

    static async Task<IResult> ReplayDeadAsync(string? target, Caller caller, HttpContext context, BatonSystem system, CancellationToken ct)
    {
        var asked = DeliverySearch.Of("dead", target, null);
        var dead = await system.Store.ListDeliveriesAsync(asked.Filter with { Limit = MostReplayed }, ct);
        var replayed = 0;
        // Oldest first: a receiver hears of a conversation's events in their order.
        foreach (var delivery in dead.Reverse())
            if (await system.Store.ReplayDeliveryAsync(delivery.Id, caller.Name, system.Time.GetUtcNow(), ct)) replayed++;
        Said.Give(context, system.Settings.Console, "/deliveries", Replayed, $"{Wording.Count(replayed, "event")} {(replayed == 1 ? "is" : "are")} sent again.");
        return Results.LocalRedirect("/deliveries");
    }
}
