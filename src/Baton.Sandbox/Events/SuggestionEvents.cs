using Baton.Sandbox.Assist;
using Baton.Sandbox.Conversations;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Events;

/// <summary><c>v2.conversations.{id}.suggestions.*</c>: told when a suggestion is made, and again whenever something was done with it.</summary>
static class SuggestionEvents
{
    public const string KnowledgeSearch = "v2.conversations.{id}.suggestions.knowledge.search";
    const string ThirdPartyAction = "v2.conversations.{id}.suggestions.thirdpartyaction";

    public static void Suggested(this EventFeed feed, Conversation conversation, Suggestion suggestion)
    {
        var (cue, said) = (suggestion.Cue, suggestion.ThirdParty);
        feed.Publish(said is null ? KnowledgeSearch : ThirdPartyAction, conversation.Id, Json.Object(
            ("eventTime", feed.Now.Text()),
            ("conversationId", conversation.Id),
            ("suggestionId", suggestion.Id),
            ("state", suggestion.State),
            ("triggerType", cue.TriggerType),
            ("engagementType", suggestion.EngagementType ?? "Unknown"),
            ("context", Json.Object(
                ("mediaType", "MESSAGE"),
                ("queueId", cue.Agent.Queue?.Id),
                ("userId", cue.Agent.Agent?.Id),
                ("assistantId", cue.Assistant.Id),
                ("messageId", cue.Message.Id),
                ("queryStatement", cue.Statement),
                ("language", KnowledgeWire.Language))),
            ("feedback", suggestion.Rating is { } rating ? Json.Object(("rating", rating)) : null),
            ("knowledgeSearch", said is null ? SuggestionWire.Told(suggestion) : null),
            ("thirdPartySuggestion", said?.DeepClone())));
    }
}
