using System.Globalization;
using Baton.Core;
using Baton.Core.Access;
using Baton.Core.Handoffs;
using Baton.Server.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Console.Handoffs;

static class HandoffPages
{
    public static void MapHandoffPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/handoffs", ListAsync).For(Role.Agent);
        pages.MapGet("/handoffs/{id}", ShowAsync).For(Role.Agent);
        pages.MapPost("/handoffs/{id}/retry", RetryAsync).For(Role.Supervisor);
        pages.MapPost("/handoffs/{id}/cancel", CancelAsync).For(Role.Supervisor);
    }

    static async Task<IResult> ListAsync(string? state, string? queue, string? since, string? before, string? conversation, HttpContext context, BatonSystem system, CancellationToken ct)
    {
        var view = await PageView.ReadAsync(context, system, ct);
        var asked = HandoffSearch.Of(state, queue, since, before, conversation);
        var read = await system.NamedAsync(await system.Store.ListHandoffsAsync(asked.Filter(view.Now), ct), ct);
        return ConsolePages.Render<HandoffsPage>((nameof(HandoffsPage.View), view), (nameof(HandoffsPage.Asked), asked), (nameof(HandoffsPage.Read), read),
            (nameof(HandoffsPage.Queues), system.Policy.Current.Queues.ToList()));
    }

    static async Task<IResult> ShowAsync(string id, HttpContext context, BatonSystem system, CancellationToken ct)
    {
        var view = await PageView.ReadAsync(context, system, ct);
        return HandoffId.TryParse(id, CultureInfo.InvariantCulture, out var known) && await HandoffView.ReadAsync(known, system, ct) is { } handoff
            ? ConsolePages.Render<HandoffPage>((nameof(HandoffPage.View), view), (nameof(HandoffPage.Shown), handoff), (nameof(HandoffPage.Said), Said.Of(context, id)))
            : ConsolePages.NotFound(view, "There is no such handoff", $"No handoff has the id '{id}'. It may be of another store, or the address was cut.");
    }

    static async Task<IResult> RetryAsync(string id, Caller caller, HttpContext context, BatonSystem system, CancellationToken ct) =>
        HandoffId.TryParse(id, CultureInfo.InvariantCulture, out var known) && await system.Store.FindHandoffAsync(known, ct) is { } ended
            ? Answer(id, context, system, await new HandoffDesk(system).RetryAsync(ended, caller.Name, ct))
            : await UnknownAsync(id, context, system, ct);

    static async Task<IResult> CancelAsync(string id, Caller caller, HttpContext context, BatonSystem system, CancellationToken ct) =>
        HandoffId.TryParse(id, CultureInfo.InvariantCulture, out var known) && await HandoffDesk.CancelAsync(system.Store, system.Settings, known, caller.Name, system.Time, ct) is { } reply
            ? Answer(id, context, system, reply)
            : await UnknownAsync(id, context, system, ct);

    static async Task<IResult> UnknownAsync(string id, HttpContext context, BatonSystem system, CancellationToken ct) =>
        ConsolePages.NotFound(await PageView.ReadAsync(context, system, ct), "There is no such handoff", $"No handoff has the id '{id}'.");

    // After a form comes a page of its own address: going back or reloading sends nothing twice.
    static IResult Answer(string id, HttpContext context, BatonSystem system, HandoffReply reply)
    {
        if (reply is HandoffReply.Refused refused) Said.Give(context, system.Settings.Console, $"/handoffs/{id}", id, refused.Sentence);
        return reply switch
        {
            HandoffReply.Known { Handoff: var handoff } => Results.LocalRedirect($"/handoffs/{handoff.Id}"),
            HandoffReply.Refused => Results.LocalRedirect($"/handoffs/{id}"),
            _ => throw new InvalidOperationException($"{reply.GetType().Name} has no answer."),
        };
    }
}
