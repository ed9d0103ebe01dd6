using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;
using Baton.Sandbox.Http;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Api;

/// <summary>Filters of a details query: and/or of predicates and clauses, over dimensions of a leg or metrics of the conversation.</summary>
sealed class AnalyticsFilter(Conversation conversation, DateTimeOffset asOf)
{
    public bool Matches(JsonNode? filters) => filters is not JsonArray all || all.OfType<JsonObject>().All(Filter);

    bool Filter(JsonObject filter)
    {
        var parts = Objects(filter, "predicates").Select(Predicate).Concat(Objects(filter, "clauses").Select(Filter));
        return Call.Text(filter, "type") switch
        {
            "and" or null => parts.All(p => p),
            "or" => parts.Any(p => p),
            var other => throw Refusals.InvalidValue(other, "type", ["and", "or"]),
        };
    }

    bool Predicate(JsonObject predicate)
    {
        if (Call.Text(predicate, "metric") is { } metric) return InRange(Metric(metric), predicate["range"] as JsonObject);
        var dimension = Call.Text(predicate, "dimension") ?? throw Refusals.Missing("dimension");
        var values = Dimension(dimension).ToList();
        return (Call.Text(predicate, "operator") ?? "matches") switch
        {
            "matches" => values.Contains(Call.Text(predicate, "value"), StringComparer.OrdinalIgnoreCase),
            "exists" => values.Count > 0,
            "notExists" => values.Count == 0,
            var other => throw Refusals.InvalidValue(other, "operator", ["matches", "exists", "notExists"]),
        };
    }

    IEnumerable<string> Dimension(string name)
    {
        var legs = ConversationWire.LegsAt(conversation, asOf);
        return name switch
        {
            "conversationId" => [conversation.Id],
            "mediaType" => [conversation.Media.Platform()],
            "messageType" => conversation.IsCall ? [] : ["webmessaging"],
            "direction" or "originatingDirection" => ["inbound"],
            "purpose" => legs.Select(AnalyticsWire.Purpose),
            "queueId" => legs.Select(l => l.Queue?.Id).OfType<string>(),
            "userId" => legs.Select(l => l.Agent?.Id).OfType<string>(),
            "participantName" => legs.Select(l => l.Name),
            "flowId" => [conversation.Flow.Id],
            "disconnectType" => legs.Where(l => l.End <= asOf).Select(AnalyticsWire.DisconnectType).OfType<string>(),
            "wrapUpCode" => legs.Select(l => l.Wrapup?.Code).OfType<string>(),
            "conversationEnd" => conversation.End <= asOf ? [conversation.End.Value.Text()] : [],
            _ => [],
        };
    }

    long Metric(string name) =>
        ConversationWire.LegsAt(conversation, asOf).SelectMany(l => AnalyticsWire.Metrics(conversation, l, asOf)).Where(m => m.Name == name).Sum(m => m.Value);

    static bool InRange(long value, JsonObject? range) =>
        range is null ? value > 0 :
        (Bound(range, "gt") is not { } gt || value > gt) && (Bound(range, "gte") is not { } gte || value >= gte) &&
        (Bound(range, "lt") is not { } lt || value < lt) && (Bound(range, "lte") is not { } lte || value <= lte);

    static double? Bound(JsonObject range, string name) => range[name] switch
    {
        null => null,
        JsonValue number when number.TryGetValue<double>(out var value) => value,
        _ => throw Refusals.BadRequest($"The bound {name} is not a number."),
    };

    static IEnumerable<JsonObject> Objects(JsonObject from, string name) => from[name] is JsonArray list ? list.OfType<JsonObject>() : [];
}
