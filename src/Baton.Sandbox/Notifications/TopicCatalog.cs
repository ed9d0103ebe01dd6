namespace Baton.Sandbox.Notifications;

/// <summary>A topic as <c>availabletopics</c> lists it.</summary>
/// <param name="Permissions">One of them is enough; nobody is refused when empty.</param>
sealed record TopicTemplate(string Id, string Description, params IReadOnlyList<string> Permissions)
{
    /// <summary>False: it may be subscribed to, and nothing ever comes.</summary>
    public bool IsSent { get; init; } = true;
}

/// <summary>The topics that may be subscribed to. Several of one user or queue may be combined: <c>v2.users.{id}?presence&amp;routingStatus</c>.</summary>
static class TopicCatalog
{
    const string ConversationView = "conversation:communication:view";
    const string DetailView = "analytics:conversationDetail:view";
    const string SpeechView = "speechAndTextAnalytics:data:view";
    const string SuggestionView = "conversation:suggestion:view";

    public static IReadOnlyList<TopicTemplate> All { get; } =
    [
        new("v2.users.{id}.conversations", "Every change of a conversation the user is in.", ConversationView),
        new("v2.users.{id}.conversations.messages", "Every change of a message conversation the user is in.", ConversationView),
        new("v2.users.{id}.conversations.inbound.typing.event", "A guest is typing to the user.", ConversationView),
        new("v2.users.{id}.routingStatus", "The user's routing status."),
        new("v2.users.{id}.presence", "The user's presence."),
        new("v2.users.{id}.activity", "Routing status, presence and active queues of the user."),
        Silent("v2.users.{id}.conversationsummary", "Counts of the user's conversations by medium.", ConversationView),
        Silent("v2.users.{id}.conversations.summaries", "Summaries for the user.", "conversation:summary:view"),
        Silent("v2.users.{id}.station", "The user's station."),
        new("v2.routing.queues.{id}.conversations", "Every change of a conversation that is or was in the queue.", ConversationView),
        new("v2.routing.queues.{id}.conversations.messages", "Every change of a message conversation that is or was in the queue.", ConversationView),
        new("v2.routing.queues.{id}.users", "Members who join or leave the queue.", "routing:queue:view", "routing:queueMember:manage"),
        Silent("v2.analytics.queues.{id}.observations", "Queue observations.", "analytics:queueObservation:view"),
        Silent("v2.analytics.conversation.{id}.metrics", "Metrics of a conversation.", DetailView),
        Silent("v2.conversations.{id}.transcription", "Live transcript of a call.", ConversationView),
        Silent("v2.conversations.{id}.agentchecklist", "The agent's checklist.", ConversationView),
        Silent("v2.bot.conversation.{id}.conversations.summaries", "Summaries of virtual agents.", "conversation:summary:view"),
        .. Each(["intent", "knowledge.article", "knowledge.search", "response", "script", "thirdpartyaction"], name => new TopicTemplate($"v2.conversations.{{id}}.suggestions.{name}", "Suggestions to the agent.", SuggestionView)),
        .. Each(["customer.start", "customer.end", "flow.start", "flow.end", "acd.start", "acd.end", "user.start", "user.end", "acw", "wrapup", "attributes"], name => new TopicTemplate($"v2.detail.events.conversation.{{id}}.{name}", "A step in a conversation.", DetailView)),
        .. Each(["flow.outcome", "contact", "outbound", "voicemail.start", "voicemail.end"], name => Silent($"v2.detail.events.conversation.{{id}}.{name}", "A step in a conversation.", DetailView)),
        new("v2.speechandtextanalytics.conversation.{id}.sentiment", "Sentiment of a conversation.", SpeechView),
        Silent("v2.speechandtextanalytics.conversation.{id}.topics", "Topics of a conversation.", SpeechView),
        Silent("v2.speechandtextanalytics.conversation.{id}.empathy", "Empathy of an agent.", SpeechView),
    ];

    static readonly Dictionary<string, TopicTemplate> byId = All.ToDictionary(t => t.Id, StringComparer.Ordinal);

    static IEnumerable<TopicTemplate> Each(IEnumerable<string> names, Func<string, TopicTemplate> template) => names.Select(template);

    static TopicTemplate Silent(string id, string description, params IReadOnlyList<string> permissions) => new(id, description, permissions) { IsSent = false };

    /// <summary>The plain topics that a subscription stands for, each with its template; empty when one of them does not exist.</summary>
    public static IReadOnlyList<(string Topic, TopicTemplate Template)> Expand(string subscription)
    {
        var parts = subscription.Split('?', 2);
        IReadOnlyList<string> topics = parts.Length == 1 ? [subscription] : [.. parts[1].Split('&').Select(name => $"{parts[0]}.{name}")];
        var found = new List<(string, TopicTemplate)>();
        foreach (var topic in topics)
        {
            if (Template(topic) is not { } template) return [];
            found.Add((topic, template));
        }
        return found;
    }

    static TopicTemplate? Template(string topic)
    {
        var words = topic.Split('.');
        var place = Array.FindIndex(words, w => Guid.TryParseExact(w, "D", out _));
        if (place < 0) return null;
        words[place] = "{id}";
        return byId.GetValueOrDefault(string.Join('.', words));
    }
}
