using Baton.Core;
using Baton.Core.Policies;
using Baton.Genesys.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.Server.Api;

static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("").WithTags("Health").ForAnyone();
        health.MapGet("/healthz", Live, Bound<StoreWatch>(Live)).Answers<Health>("getHealth", "Alive, and able to write.", 503);
        health.MapGet("/readyz", Ready, Bound<ReadyWatch>(Ready)).Answers<Readiness>("getReadiness", "Ready for work: the store is this server's, a policy is in force, the platform lets it in.", 503);
    }

    /// <summary>The first thing that a supervisor of processes asks waits for no compiler.</summary>
    static RequestDelegate Bound<TWatch>(Func<BatonSystem, TWatch, CancellationToken, Task<IResult>> handler) where TWatch : notnull => async context =>
    {
        var services = context.RequestServices;
        await (await handler(services.GetRequiredService<BatonSystem>(), services.GetRequiredService<TWatch>(), context.RequestAborted)).ExecuteAsync(context);
    };

    /// <summary>An answer that only says the process runs would hide a full disk.</summary>
    static async Task<IResult> Live(BatonSystem system, StoreWatch watch, CancellationToken ct)
    {
        var store = await watch.LookAsync(ct);
        if (store.Trouble is { } trouble) return Problems.Of(StatusCodes.Status503ServiceUnavailable, "store.unavailable", trouble);
        var pause = await system.Store.PausedAsync(ct);
        var quota = system.Center.Quota.Where(q => q.PausedUntil is not null).Min(q => q.PausedUntil);
        return Results.Ok(new Health(pause is null ? "running" : "paused", pause?.Why, quota, store.Warning, system.Feed is { IsListening: true } feed ? feed.State : null, system.Policies.Trouble));
    }

    static async Task<IResult> Ready(BatonSystem system, ReadyWatch watch, CancellationToken ct)
    {
        var why = await watch.WhyNotAsync(ct);
        return why.Count == 0 ? Results.Ok(new Readiness("ready", system.Policy.Current.Version)) : Problems.Of(StatusCodes.Status503ServiceUnavailable, "not.ready", string.Join(" ", why));
    }
}

/// <param name="QuotaPausedUntil">Set while the platform has told every call to wait.</param>
/// <param name="StoreWarning">The store works, but something should be done about it.</param>
/// <param name="Notifications">Absent where the platform's notifications are not listened to. While they are not whole, the platform is read instead.</param>
/// <param name="PolicyWarning">The newest policy, or the edited file, could not be taken; the one before is in force.</param>
sealed record Health(string Status, string? PausedBecause, DateTimeOffset? QuotaPausedUntil, string? StoreWarning, FeedState? Notifications, string? PolicyWarning);

sealed record Readiness(string Status, PolicyVersion Policy);
