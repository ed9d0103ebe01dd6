using System.Text.Json.Nodes;
using Baton.Sandbox.Assist;
using Baton.Sandbox.Conversations;
using Baton.Sandbox.Knowledge;

namespace Baton.Sandbox.Wire;

static class SuggestionWire
{
    public static readonly OddSuggestions Odd = new(
        suggestion => suggestion,
        suggestion => suggestion["knowledgeSearch"] as JsonObject,
        (suggestion, text) => ((suggestion["knowledgeSearch"] ?? suggestion["thirdPartySuggestion"]) as JsonObject)?["title"] = text);

    public static JsonObject Render(Conversation conversation, Suggestion suggestion)
    {
        var cue = suggestion.Cue;
        var address = $"/api/v2/conversations/{conversation.Id}";
        return Json.Object(
            ("id", suggestion.Id),
            ("type", suggestion.Type),
            ("triggerType", cue.TriggerType),
            ("state", suggestion.State),
            ("dateCreated", suggestion.Created.Text()),
            ("conversation", Json.Ref(conversation.Id, address)),
            ("assistant", Json.Ref(cue.Assistant.Id, $"/api/v2/assistants/{cue.Assistant.Id}")),
            ("context", Json.Object(
                ("mediaType", "Message"),
                ("queue", cue.Agent.Queue is { } queue ? Json.Ref(queue.Id, $"/api/v2/routing/queues/{queue.Id}") : null),
                ("user", cue.Agent.Agent is { } agent ? Json.Ref(agent.Id, $"/api/v2/users/{agent.Id}") : null),
                ("message", Json.Ref(cue.Message.Id, $"{address}/messages/{cue.Message.Id}")),
                ("queryStatement", cue.Statement))),
            ("knowledgeSearch", suggestion.ThirdParty is null ? Found(suggestion) : null),
            ("thirdPartySuggestion", suggestion.ThirdParty?.DeepClone()),
            ("selfUri", $"{address}/suggestions/{suggestion.Id}"));
    }

    static JsonObject? Found(Suggestion suggestion)
    {
        if (suggestion.Found is not { Article: var article } found) return null;
        var (snippets, answer) = Answer(suggestion, article);
        var document = $"/api/v2/knowledge/knowledgebases/{article.Base.Id}/documents/{article.Id}";
        return Json.Object(
            ("title", article.Title),
            ("snippets", snippets),
            ("confidence", found.Confidence),
            ("searchId", suggestion.SearchId),
            ("document", Json.Ref(article.Id, document)),
            ("version", Json.Ref(article.VersionId, $"{document}/versions/{article.VersionId}")),
            ("knowledgeAnswer", answer),
            ("variations", new JsonArray(Json.Ref(article.VariationId, $"{document}/variations/{article.VariationId}"))));
    }

    /// <summary>The same as an event tells it: ids in the place of references.</summary>
    public static JsonObject? Told(Suggestion suggestion)
    {
        if (suggestion.Found is not { Article: var article } found) return null;
        var (snippets, answer) = Answer(suggestion, article);
        return Json.Object(
            ("title", article.Title),
            ("snippets", snippets),
            ("confidence", found.Confidence),
            ("searchId", suggestion.SearchId),
            ("documentId", article.Id),
            ("versionId", article.VersionId),
            ("variationIds", new JsonArray(article.VariationId)),
            ("knowledgeAnswer", answer));
    }

    static (JsonArray Snippets, JsonObject Answer) Answer(Suggestion suggestion, Article article)
    {
        var (start, end) = article.Passage(Terms.Of(suggestion.Cue.Statement));
        return (new JsonArray(article.Text), Json.Object(("answer", article.Text[start..end]), ("startIndex", start), ("endIndex", end)));
    }
}
