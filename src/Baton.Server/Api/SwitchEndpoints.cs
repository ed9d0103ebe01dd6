using Baton.Core;
using Baton.Core.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Api;

/// <summary>The stop switch.</summary>
static class SwitchEndpoints
{
    const int LongestWhy = 500;

    public static void MapSwitches(this IEndpointRouteBuilder app)
    {
        var switches = app.MapPart("/v1", "Switches", Role.Supervisor);
        switches.MapPost("/pause", Stop).Answers<PauseShown>("pause", "Stop beginning handoffs, everywhere. Those already sent are still confirmed and followed.", 400);
        switches.MapPost("/resume", Resume).Answers<PauseShown>("resume", "Begin handoffs again.");
    }

    static async Task<IResult> Stop(PauseAsked? body, Caller caller, BatonSystem system, CancellationToken ct)
    {
        if (body?.Why is { Length: > LongestWhy }) return Problems.Of(StatusCodes.Status400BadRequest, "invalid.pause", $"why is longer than {LongestWhy} characters.");
        var pause = new Pause(caller.Name, system.Time.GetUtcNow(), body?.Why);
        await system.Store.PauseAsync(pause, ct);
        return Results.Ok(PauseShown.Of(pause));
    }

    static async Task<IResult> Resume(Caller caller, BatonSystem system, CancellationToken ct)
    {
        await system.Store.ResumeAsync(caller.Name, system.Time.GetUtcNow(), ct);
        return Results.Ok(new PauseShown(false, null, null, null));
    }
}

/// <param name="Why">Shown to everybody who asks why nothing is handed off.</param>
sealed record PauseAsked(string? Why);

sealed record PauseShown(bool Paused, string? By, DateTimeOffset? Since, string? Why)
{
    public static PauseShown Of(Pause pause) => new(true, pause.By, pause.Since, pause.Why);
}
