using System.Text.Json.Nodes;
using Baton.Sandbox.Assist;
using Baton.Sandbox.Conversations;
using Baton.Sandbox.Http;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Api;

/// <summary>What assistants suggested to the agents of a conversation. There is no way to ask for more: they come by themselves.</summary>
static class SuggestionEndpoints
{
    const string View = "conversation:suggestion:view";

    public static void MapSuggestions(this ApiRoutes api)
    {
        const string All = "/conversations/{conversationId}/suggestions";
        api.Any("GET", All, View, List);
        api.Any("POST", All + "/feedback", "", Feedback);
        api.Any("GET", All + "/{suggestionId}", View, call => One(call, Known(call).Suggestion));
        api.Any("PATCH", All + "/{suggestionId}", "conversation:suggestion:edit", Replace);
        api.Any("POST", All + "/{suggestionId}/engagement", "conversation:suggestionEngagement:add", Engage);
    }

    static Answer List(Call call)
    {
        var conversation = call.Conversation();
        var (type, state) = (Filter(call, "type", Suggestion.Types), Filter(call, "state", Suggestion.States));
        var wanted = conversation.Suggestions.Where(s => (type is null || s.Type == type) && (state is null || s.State == state)).ToList();
        var struck = call.ContentFaults(conversation.Id);
        return call.WalkBothWays(wanted, s => s.Number, otherwise: 25, max: 200, page => SuggestionWire.Odd.Spoil(Json.Array(page, s => SuggestionWire.Render(conversation, s)), struck));
    }

    static Answer One(Call call, Suggestion suggestion)
    {
        var conversation = call.Conversation();
        var alone = SuggestionWire.Odd.Spoil(new JsonArray(SuggestionWire.Render(conversation, suggestion)), call.ContentFaults(conversation.Id));
        if (alone.Count == 0) throw Refusals.NotFound();
        return Answer.Ok(alone[0]!);
    }

    static Answer Replace(Call call)
    {
        var (conversation, suggestion) = Known(call);
        if (call.BodyObject["thirdPartySuggestion"] is not { } given) throw Refusals.Missing("thirdPartySuggestion");
        call.World.Assisting.Replace(conversation, suggestion, ThirdParty(given), call.Client!.Id);
        return Answer.Ok(SuggestionWire.Render(conversation, suggestion));
    }

    static JsonObject ThirdParty(JsonNode given)
    {
        if (given is not JsonObject body) throw Refusals.BadRequest("The field thirdPartySuggestion is not an object.");
        var sources = body["sources"] switch
        {
            null => null,
            JsonArray list => Json.Array(list, s => Source(s)),
            _ => throw Refusals.BadRequest("The field sources is not a list."),
        };
        return Json.Object(("text", Call.Text(body, "text")), ("title", Call.Text(body, "title")), ("sources", sources));
    }

    static JsonObject Source(JsonNode? source) => source is JsonObject one
        ? Json.Object(("name", Call.Text(one, "name")), ("url", Call.Text(one, "url")))
        : throw Refusals.BadRequest("The field sources is not a list of objects.");

    static Answer Engage(Call call)
    {
        var (conversation, suggestion) = Known(call);
        var type = call.OneOf("engagementType", "Dismissed", "Copied", "Opened", "Feedback") ?? throw Refusals.Missing("engagementType");
        var rating = Rating(call, type);
        call.World.Assisting.Engage(conversation, suggestion, type, rating, call.Client!.Id);
        return Answer.Ok(Json.Object(("engagementType", type), ("feedback", rating is null ? null : Json.Object(("rating", rating)))));
    }

    static string? Rating(Call call, string type)
    {
        if (call.BodyObject["feedback"] is not { } node) return type == "Feedback" ? throw Refusals.Missing("feedback") : null;
        if (node is not JsonObject feedback) throw Refusals.BadRequest("The field feedback is not an object.");
        var rating = Call.Text(feedback, "rating") ?? throw Refusals.Missing("feedback.rating");
        return rating is "Positive" or "Negative" ? rating : throw Refusals.InvalidValue(rating, "rating", ["Positive", "Negative"]);
    }

    /// <summary>The older way, which names the suggestion in its body.</summary>
    static Answer Feedback(Call call)
    {
        var conversation = call.Conversation();
        var id = call.Text("suggestionId") ?? throw Refusals.Missing("suggestionId");
        var relevance = call.OneOf("relevance", "Unknown", "Relevant", "Irrelevant") ?? throw Refusals.Missing("relevance");
        call.Flag("userProvided");
        var suggestion = Find(conversation, id);
        if (relevance != "Unknown") call.World.Assisting.Engage(conversation, suggestion, "Feedback", relevance == "Relevant" ? "Positive" : "Negative", call.Client!.Id);
        return Answer.NoContent;
    }

    static (Conversation Conversation, Suggestion Suggestion) Known(Call call)
    {
        var conversation = call.Conversation();
        return (conversation, Find(conversation, call.PathId("suggestionId")));
    }

    static Suggestion Find(Conversation conversation, string id) => conversation.Suggestions.Find(s => s.Id == id) ?? throw Refusals.NotFound();

    static string? Filter(Call call, string name, string[] allowed)
    {
        var value = call.Query(name);
        return value is null || allowed.Contains(value) ? value : throw Refusals.InvalidValue(value, name, allowed);
    }
}
