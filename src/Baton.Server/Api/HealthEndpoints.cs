using Baton.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Api;

static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app) => app.MapGet("/healthz", Get);

    /// <summary>Alive, and able to write: an answer that only says the process runs would hide a full disk.</summary>
    static async Task<IResult> Get(BatonSystem system, StoreWatch watch, CancellationToken ct)
    {
        var store = await watch.LookAsync(ct);
        if (store.Trouble is { } trouble) return Problems.Of(StatusCodes.Status503ServiceUnavailable, "store.unavailable", trouble);
        var pause = await system.Store.PausedAsync(ct);
        var quota = system.Center.Quota.Where(q => q.PausedUntil is not null).Min(q => q.PausedUntil);
        return Results.Ok(new Health(pause is null ? "running" : "paused", pause?.Why, quota, store.Warning));
    }
}

/// <param name="QuotaPausedUntil">Set while the platform has told every call to wait.</param>
/// <param name="StoreWarning">The store works, but something should be done about it.</param>
sealed record Health(string Status, string? PausedBecause, DateTimeOffset? QuotaPausedUntil, string? StoreWarning);
