using Baton.Core.Access;
using Baton.Server.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Console.Live;

static class LivePages
{
    const int LongestWhy = 200;

    public static void MapLive(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/", ShowAsync).For(Role.Agent);
        pages.MapPost("/console/pause", PauseAsync).For(Role.Supervisor).DisableAntiforgery();
        pages.MapPost("/console/resume", ResumeAsync).For(Role.Supervisor).DisableAntiforgery();
    }

    static async Task<IResult> ShowAsync(HttpContext context, BatonSystem system, LiveBoard board, CancellationToken ct)
    {
        var view = await PageView.ReadAsync(context, system, ct);
        return ConsolePages.Render<LivePage>((nameof(LivePage.View), view), (nameof(LivePage.Live), LiveView.Of(await board.ReadAsync(ct), view, system)));
    }

    static async Task<IResult> PauseAsync([FromForm] string? why, Caller caller, BatonSystem system, CancellationToken ct)
    {
        var because = why?.Trim() is { Length: > 0 } text ? text[..Math.Min(text.Length, LongestWhy)] : null;
        await system.Store.PauseAsync(new Core.Pause(caller.Name, system.Time.GetUtcNow(), because), ct);
        return Results.LocalRedirect("/");
    }

    static async Task<IResult> ResumeAsync(Caller caller, BatonSystem system, CancellationToken ct)
    {
        await system.Store.ResumeAsync(caller.Name, system.Time.GetUtcNow(), ct);
        return Results.LocalRedirect("/");
    }
}
