using Baton.Core;
using Baton.Core.Access;
using Baton.Core.Assist;
using Baton.Core.Handoffs;
using Baton.Genesys.Quota;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Api;

static class StatsEndpoints
{
    /// <summary>Of more handoffs than these, the newest are counted.</summary>
    const int MostCounted = 100_000;
    static readonly TimeSpan Usual = TimeSpan.FromDays(1);

    public static void MapStats(this IEndpointRouteBuilder app) => app.MapPart("/v1/stats", "Stats", Role.Supervisor)
        .MapGet("/", Get).Answers<Stats>("getStats", "How handoffs and suggestions do, and how much of the platform's quota is used. Without since: the last day.", 400);

    static async Task<IResult> Get(DateTimeOffset? since, BatonSystem system, AuditFeed feed, CancellationToken ct)
    {
        var from = since ?? system.Time.GetUtcNow() - Usual;
        var assist = await AssistReports.ReadAsync(system.Store, from, ct);
        var pause = await system.Store.PausedAsync(ct);
        return Results.Ok(new Stats(
            HandoffReport.Of(from, await system.Store.HandoffTimesAsync(from, MostCounted, ct)),
            [.. system.Center.Quota],
            [.. system.Center.SuggestionQuota],
            pause is null ? null : PauseShown.Of(pause),
            new AssistStats(assist.Requests, assist.Offered, assist.TimedOut, assist.Acceptance),
            feed.Places));
    }
}

/// <param name="Quota">By OAuth client, in the order of the settings.</param>
/// <param name="SuggestionQuota">The same of the questions for suggestions, where the platform counts them by themselves; else empty.</param>
/// <param name="Streams">How many listen to the stream now.</param>
sealed record Stats(HandoffReport Handoffs, IReadOnlyList<QuotaState> Quota, IReadOnlyList<QuotaState> SuggestionQuota, PauseShown? Pause, AssistStats Assist, int Streams);

sealed record AssistStats(int Requests, int Offered, int TimedOut, AcceptanceRate Acceptance);
