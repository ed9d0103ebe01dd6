using Baton.Core;
using Baton.Core.Access;
using Baton.Core.Assist;
using Baton.Server.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Console.Desk;

/// <summary>The agent's desktop, at the address that the interaction widget of Genesys Cloud opens: <c>/desk?conversationId={{gcConversationId}}</c>.</summary>
static class DeskPages
{
    const int MostListed = 200;

    public static void MapDesk(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/desk", ShowAsync).For(Role.Agent);
        pages.MapPost("/desk/ask", AskAsync).For(Role.Agent).DisableAntiforgery();
        pages.MapPost("/desk/suggestions/{id}/{did}", EngageAsync).For(Role.Agent);
    }

    static async Task<IResult> ShowAsync(string? conversationId, string? copied, HttpContext context, Caller caller, BatonSystem system, CancellationToken ct)
    {
        var view = await PageView.ReadAsync(context, system, ct);
        if (string.IsNullOrWhiteSpace(conversationId))
        {
            var live = await system.Store.ListHandoffsAsync(new HandoffFilter { LiveOnly = true, OldestFirst = true, Limit = MostListed }, ct);
            return ConsolePages.Render<DeskListPage>((nameof(DeskListPage.View), view), (nameof(DeskListPage.Live), await system.NamedAsync(live, ct)));
        }
        var desk = IsId(conversationId) ? await DeskView.ReadAsync(conversationId, AgentOf(caller), system, ct) : new DeskView(conversationId, DeskStage.Unknown);
        return ConsolePages.Render<DeskPage>(desk.Stage == DeskStage.Unknown ? StatusCodes.Status404NotFound : StatusCodes.Status200OK, (nameof(DeskPage.View), view), (nameof(DeskPage.Desk), desk), (nameof(DeskPage.Copied), copied), (nameof(DeskPage.Said), Said.Of(context, conversationId)), (nameof(DeskPage.Weights), system.Assist.Options.Weights));
    }

    /// <param name="unasked">The page asks by itself: only if nobody has asked yet.</param>
    static async Task<IResult> AskAsync([FromForm] string? conversationId, [FromForm] bool? unasked, Caller caller, HttpContext context, BatonSystem system, CancellationToken ct)
    {
        if (!IsId(conversationId)) return Results.LocalRedirect("/desk");
        var desk = await DeskView.ReadAsync(conversationId!, AgentOf(caller), system, ct);
        if (unasked == true && desk.Asked is not null) return Back(context, system, desk.ConversationId);
        if (desk.Question is null || desk.WhyNotAsked is not null) return Back(context, system, desk.ConversationId, desk.WhyNotAsked);
        try
        {
            await system.Assist.AskAsync(desk.Question, ct);
            return Back(context, system, desk.ConversationId);
        }
        catch (AssistRefusedException e)
        {
            return Back(context, system, desk.ConversationId, e.Message);
        }
    }

    static async Task<IResult> EngageAsync(string id, string did, Caller caller, HttpContext context, BatonSystem system, CancellationToken ct)
    {
        SuggestionState? action = did switch { "displayed" => SuggestionState.Displayed, "inserted" => SuggestionState.Inserted, "dismissed" => SuggestionState.Dismissed, _ => null };
        if (action is not { } known || !SuggestionId.TryParse(id, null, out var suggestion) || await system.Assist.EngageAsync(suggestion, new Engagement(known, AgentOf(caller), system.Time.GetUtcNow()), ct) is not { } engaged)
            return ConsolePages.NotFound(await PageView.ReadAsync(context, system, ct), "There is no such suggestion", "It may be of another store, or the address was cut.");
        if (known == SuggestionState.Displayed) return Results.NoContent();
        // Where there are no scripts nothing has copied the text: it is shown to be copied by hand.
        var copied = known == SuggestionState.Inserted && engaged.Rejection is null && context.Request.Headers["HX-Request"] != "true" ? engaged.Suggestion.Id.ToString() : null;
        return Back(context, system, engaged.Suggestion.ConversationId, engaged.Rejection, copied);
    }

    /// <summary>Who the agent is to the sources, reports and the trail.</summary>
    static string AgentOf(Caller caller) => caller.UserId ?? caller.Name;

    static bool IsId(string? conversationId) => conversationId is { Length: > 0 and <= ConversationEndpoints.LongestId };

    // After a form comes a page of its own address: going back or reloading sends nothing twice.
    static IResult Back(HttpContext context, BatonSystem system, string conversationId, string? said = null, string? copied = null)
    {
        if (said is not null) Said.Give(context, system.Settings.Console, "/desk", conversationId, said);
        return Results.LocalRedirect($"/desk?conversationId={Uri.EscapeDataString(conversationId)}{(copied is null ? "" : $"&copied={copied}#{copied}")}");
    }
}
