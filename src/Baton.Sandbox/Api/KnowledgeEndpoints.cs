using System.Text.Json.Nodes;
using Baton.Sandbox.Http;
using Baton.Sandbox.Knowledge;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Api;

static class KnowledgeEndpoints
{
    const int MostResults = 30;

    public static void MapKnowledge(this ApiRoutes api)
    {
        api.Any("GET", "/knowledge/knowledgebases", "knowledge:knowledgebase:view", List);
        api.Any("GET", "/knowledge/knowledgebases/{knowledgeBaseId}", "knowledge:knowledgebase:view", call => Answer.Ok(KnowledgeWire.Base(call.World, Base(call))));
        api.Any("POST", "/knowledge/knowledgebases/{knowledgeBaseId}/documents/search", "knowledge:knowledgebase:search", Search);
    }

    static Answer List(Call call)
    {
        var bases = call.World.Knowledge.Bases.Where(b => call.Named(b.Name)).ToList();
        return call.WalkBothWays(bases, b => b.Number, otherwise: 25, max: 100, page => Json.Array(page, b => KnowledgeWire.Base(call.World, b)));
    }

    static Answer Search(Call call)
    {
        var knowledge = Base(call);
        var query = call.Text("query");
        if (string.IsNullOrWhiteSpace(query)) throw Refusals.Missing("query");
        var size = Within(call, "pageSize", 1, MostResults) ?? 10;
        var number = Within(call, "pageNumber", 1, int.MaxValue) ?? 1;
        var type = call.OneOf("queryType", "AutoSearch", "ManualSearch", "Suggestion");
        var threshold = Threshold(call);
        var found = call.World.Knowledge.Search(query, a => a.Base == knowledge).Where(m => m.Confidence >= threshold).ToList();
        var asked = Terms.Of(query);
        var results = Json.Array(found.Skip((int)Math.Min((long)(number - 1) * size, int.MaxValue)).Take(size), m => KnowledgeWire.Result(m, asked));
        return Answer.Ok(Json.Object(
            ("query", query),
            ("pageSize", size),
            ("pageNumber", number),
            ("searchId", call.Text("searchId") ?? call.World.Knowledge.NextSearchId()),
            ("total", found.Count),
            ("pageCount", (found.Count + size - 1) / size),
            ("queryType", type),
            ("results", KnowledgeWire.Odd.Spoil(results, call.ContentFaults((call.BodyObject["conversationContext"] as JsonObject)?["conversationId"]?.ToString())))));
    }

    static int? Within(Call call, string field, int min, int max) =>
        call.Number(field) is not { } number || (number >= min && number <= max) ? call.Number(field) : throw Refusals.BadRequest($"The field {field} is {number}; allowed is {min} to {max}.");

    static double Threshold(Call call) => call.BodyObject["confidenceThreshold"] switch
    {
        null => 0,
        JsonValue value when value.TryGetValue<double>(out var threshold) && threshold is >= 0 and <= 1 => threshold,
        _ => throw Refusals.BadRequest("The field confidenceThreshold is not a number between 0 and 1."),
    };

    /// <summary>A base may have been loaded under an id of any look; an unknown one has to look like an id first.</summary>
    static KnowledgeBase Base(Call call) =>
        call.World.Knowledge.Bases.Find(b => b.Id == call.Path("knowledgeBaseId")) ?? call.World.Knowledge.Bases.Find(b => b.Id == call.PathId("knowledgeBaseId")) ?? throw Refusals.NotFound();
}
