using System.Globalization;
using Baton.Core.Access;
using Baton.Server.Console;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Api;

static class StreamEndpoints
{
    const string LastEventId = "Last-Event-ID";
    const int MostKinds = 20;
    const int LongestFilter = 200;

    public static void MapStream(this IEndpointRouteBuilder app) => app.MapPart("/v1/stream", "Stream", Role.Agent)
        .MapGet("/", Follow).Answers("stream", "What is decided and done, as server-sent events: an entry of the audit trail each. Resumes after Last-Event-ID, or after; begins now without either.", 400, 503)
        .Produces<string>(StatusCodes.Status200OK, EventStream.ContentType);

    static IResult Follow(string? conversationId, string? kinds, long? after, HttpContext context, Caller caller, AuditFeed feed, SessionDoor door, BatonSystem system)
    {
        if (conversationId is { Length: > LongestFilter }) return Problems.Of(StatusCodes.Status400BadRequest, "invalid.filter", $"conversationId is longer than {LongestFilter} characters.");
        var prefixes = kinds?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (prefixes.Length > MostKinds || prefixes.Any(p => p.Length > LongestFilter)) return Problems.Of(StatusCodes.Status400BadRequest, "invalid.filter", $"kinds has more than {MostKinds} entries, or one that is too long.");
        if (context.Request.Headers[LastEventId].ToString() is { Length: > 0 } seen)
        {
            if (!long.TryParse(seen, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return Problems.Of(StatusCodes.Status400BadRequest, "invalid.event.id", $"{LastEventId} is '{seen}', which is no id of this stream.");
            after = number;
        }
        if (after < 0) return Problems.Of(StatusCodes.Status400BadRequest, "invalid.event.id", $"after is {after}; ids begin at 1.");
        if (feed.Enter() is { } listener) return new EventStream(listener, system, door, caller, after, e => (conversationId is null || e.Chain == conversationId) && (prefixes.Length == 0 || prefixes.Any(p => e.Kind.StartsWith(p, StringComparison.Ordinal))));
        context.Response.Headers.RetryAfter = "5";
        return Problems.Of(StatusCodes.Status503ServiceUnavailable, "streams.exhausted", $"{AuditFeed.MostListeners} streams are open, or the server is stopping; come back in a moment.");
    }
}
