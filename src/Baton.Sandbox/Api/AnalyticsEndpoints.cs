using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;
using Baton.Sandbox.Http;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Api;

/// <summary>What happened, as analytics tells it: late, and without attributes.</summary>
static class AnalyticsEndpoints
{
    const string View = "analytics:conversationDetail:view analytics:agentConversationDetail:view";
    const int MaxPageSize = 100;
    static readonly TimeSpan MaxInterval = TimeSpan.FromDays(31);

    public static void MapAnalytics(this ApiRoutes api)
    {
        api.Any("POST", "/analytics/conversations/details/query", View, Query);
        api.Any("GET", "/analytics/conversations/details", View, Several);
        api.Any("GET", "/analytics/conversations/{conversationId}/details", View, One);
    }

    static DateTimeOffset Told(Call call) => call.Now - call.World.Options.AnalyticsLag;

    static Answer One(Call call)
    {
        var (conversation, told) = (call.Conversation(), Told(call));
        return conversation.Start <= told ? Answer.Ok(AnalyticsWire.Render(call.World, conversation, told)) : throw Refusals.NotFound();
    }

    static Answer Several(Call call)
    {
        var ids = call.QueryAll("id");
        if (ids.Count == 0) throw Refusals.Missing("id");
        var told = Told(call);
        var found = ids.Select(id => call.World.ConversationsById.GetValueOrDefault(id)).OfType<Conversation>().Where(c => c.Start <= told);
        return Answer.Ok(Json.Object(("conversations", Json.Array(found, c => AnalyticsWire.Render(call.World, c, told)))));
    }

    static Answer Query(Call call)
    {
        var body = call.BodyObject;
        var (from, to) = Interval.Parse(call.Text("interval") ?? throw Refusals.Missing("interval"));
        if (to - from > MaxInterval) throw Refusals.BadRequest("The interval is longer than 31 days.");
        var descending = call.OneOf("order", "asc", "desc", "unordered") is "desc";
        var byEnd = call.OneOf("orderBy", "conversationStart", "conversationEnd", "segmentStart", "segmentEnd") is "conversationEnd" or "segmentEnd";
        var paging = body["paging"] as JsonObject ?? [];
        var size = Number(paging, "pageSize", 25, MaxPageSize);
        var page = Number(paging, "pageNumber", 1, int.MaxValue);
        var told = Told(call);

        // Whole days count: a conversation belongs to the day it started on.
        var (firstDay, lastDay) = (from.UtcDateTime.Date, to.AddTicks(-1).UtcDateTime.Date);
        var all = call.World.Conversations
            .Where(c => c.Start <= told && c.Start.UtcDateTime.Date >= firstDay && c.Start.UtcDateTime.Date <= lastDay)
            .Where(c => new AnalyticsFilter(c, told) is var filter && filter.Matches(body["conversationFilters"]) && filter.Matches(body["segmentFilters"]))
            .OrderBy(c => byEnd ? c.End ?? DateTimeOffset.MaxValue : c.Start)
            .ToList();
        if (descending) all.Reverse();
        var shown = all.Skip((page - 1) * size).Take(size).ToList();
        return Answer.Ok(Json.Object(
            ("conversations", shown.Count > 0 ? Json.Array(shown, c => AnalyticsWire.Render(call.World, c, told)) : null),
            ("totalHits", all.Count)));
    }

    static int Number(JsonObject paging, string name, int otherwise, int max)
    {
        if (paging[name] is not JsonValue value) return otherwise;
        return value.TryGetValue<int>(out var number) && number >= 1 && number <= max ? number : throw Refusals.BadRequest($"The {name} of paging is not between 1 and {max}.");
    }
}
