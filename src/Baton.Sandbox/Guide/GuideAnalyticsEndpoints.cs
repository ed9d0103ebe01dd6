using System.Globalization;
using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;
using Baton.Sandbox.Http;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Guide;

/// <summary>Row 003 a of the contract: how sure the bot was.</summary>
static class GuideAnalyticsEndpoints
{
    const int PageSize = 25;
    const int MaxPageSize = 100;

    public static void MapGuideAnalytics(this ApiRoutes api) =>
        api.Scoped("POST", "/analytics/conversations/details/query", GuideScopes.AnalyticsQuery, Query);

    static Answer Query(Call call)
    {
        var range = call.BodyObject["dateRange"] as JsonObject ?? throw GuideCalls.Missing("dateRange");
        var (from, to) = (Instant(range, "startDate"), Instant(range, "endDate"));
        if (from > to) throw GuideCalls.Invalid("dateRange", "The startDate is after the endDate.");
        if (call.OptionalTexts("groupBy") is not { Count: > 0 }) throw GuideCalls.Missing("groupBy");
        var view = call.RequiredText("view");
        if (view != "conversationDetails") throw Refusals.InvalidValue(view, "view", ["conversationDetails"]);
        var filter = call.BodyObject["filter"] as JsonObject ?? [];
        var (type, id) = (Call.Text(filter, "type"), Call.Text(filter, "conversationId"));
        var size = call.NumberWithin("pageSize", 1, MaxPageSize) ?? PageSize;
        var page = call.NumberWithin("page", 1, int.MaxValue) ?? 1;

        var told = call.Now - call.World.Options.AnalyticsLag;
        var found = call.World.Conversations
            .Where(c => c.Start <= told && c.Start <= to && (c.End is null || c.End >= from))
            .Where(c => (id is null || string.Equals(c.Id, id, StringComparison.OrdinalIgnoreCase)) && (type is null || c.Media.Guide() == type))
            .ToList();
        return Answer.Ok(Json.Object(
            ("entities", Json.Array(found.Skip((page - 1) * size).Take(size), c => Entity(c, told))),
            ("pageSize", size),
            ("pageCount", (found.Count + size - 1) / size)));
    }

    static JsonObject Entity(Conversation conversation, DateTimeOffset told)
    {
        var confidence = conversation.Quirks.NoIntentConfidence ? null : conversation.Turns.FindLast(t => t.Time <= told && t.Confidence is not null)?.Confidence;
        return Json.Object(
            ("id", conversation.Id),
            ("entityName", conversation.Media.Guide()),
            ("metrics", Json.Object(("intentConfidence", confidence is null ? null : Json.Object(("value", confidence))))),
            ("conversationData", Json.Object(("direction", "both"), ("channel", conversation.Media.Guide()))));
    }

    static DateTimeOffset Instant(JsonObject range, string name)
    {
        var text = Call.Text(range, name) ?? throw GuideCalls.Missing($"dateRange.{name}");
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? instant
            : throw new Refusal(400, "invalid.date", $"The {name} [{text}] is not an ISO-8601 instant.") { Details = [("invalid.date", $"dateRange.{name}")] };
    }
}
