using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;
using Baton.Sandbox.Routing;

namespace Baton.Sandbox.Wire;

/// <summary>The bodies of notifications about conversations, users and queues. Where REST says <c>External</c> or <c>Active</c>, they say it in lower case.</summary>
static class TopicWire
{
    static readonly string[] enums = ["state", "initialState", "recordingState", "participantType", "transferType", "type", "howEnded", "disconnectType", "wrapupPrompt"];

    public static JsonObject Conversation(World world, Conversation conversation)
    {
        var body = ConversationWire.Render(world, conversation, world.Now);
        body.Remove("selfUri");
        foreach (var (participant, leg) in Participants(body, conversation)) participant["wrapupExpected"] = ConversationWire.WrapupRequired(leg);
        Lower(body);
        return body;
    }

    /// <summary>Participants and their communications in one, a message as an object, who and where as id and name.</summary>
    public static JsonObject MessageConversation(World world, Conversation conversation)
    {
        var body = MessageConversationWire.Render(world, conversation, world.Now);
        body.Remove("selfUri");
        foreach (var (participant, leg) in Participants(body, conversation))
        {
            if (leg.Agent is { } agent) participant["user"] = Json.Object(("id", agent.Id), ("name", agent.Name));
            if (leg.Queue is { } queue) participant["queue"] = Json.Object(("id", queue.Id), ("name", queue.Name));
            participant["messages"] = Json.Array(leg.Messages, m => Message(conversation, m));
        }
        Lower(body);
        return body;
    }

    static JsonObject Message(Conversation conversation, Message message)
    {
        var details = MessageWire.Details(conversation, message);
        details.Remove("messageId");
        details.Remove("messageURI");
        details.Insert(0, "message", Json.Object(("id", message.Id)));
        return details;
    }

    static IEnumerable<(JsonObject, Leg)> Participants(JsonObject body, Conversation conversation) =>
        body["participants"]!.AsArray().Zip(conversation.Legs, (participant, leg) => (participant!.AsObject(), leg));

    static void Lower(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list) Lower(item);
        }
        if (node is not JsonObject body) return;
        foreach (var (name, value) in body.ToArray())
        {
            // What clients put there is theirs.
            if (name == "attributes") continue;
            if (value is JsonValue text && enums.Contains(name) && text.TryGetValue<string>(out var word)) body[name] = word.ToLowerInvariant();
            else Lower(value);
        }
    }

    public static JsonObject RoutingStatus(Agent agent) => Json.Object(("id", agent.Id), ("routingStatus", Status(agent)));

    public static JsonObject Presence(Agent agent) => Json.Object(
        ("source", "PURECLOUD"),
        ("presenceDefinition", Definition(agent)),
        ("primary", true),
        ("modifiedDate", agent.StatusSince.Text()));

    public static JsonObject Activity(Agent agent) => Json.Object(
        ("id", agent.Id),
        ("routingStatus", Status(agent)),
        ("presence", Json.Object(("presenceDefinition", Definition(agent)), ("presenceTime", agent.StatusSince.Text()))),
        ("activeQueueIds", Json.Strings(agent.Queues.Where(agent.Joined.Contains).Select(q => q.Id))));

    public static JsonObject Member(Agent agent, Queue queue) => Json.Object(
        ("id", agent.Id),
        ("user", Json.Object(("id", agent.Id), ("name", agent.Name))),
        ("queueId", queue.Id),
        ("joined", agent.Joined.Contains(queue)));

    public static JsonObject Typing(Conversation conversation, Leg agent) => Json.Object(
        ("conversationId", conversation.Id),
        ("communicationId", agent.CommunicationId),
        ("typing", Json.Object(("type", "On"), ("duration", 5000))));

    static JsonObject Status(Agent agent) => Json.Object(("status", agent.Status), ("startTime", agent.StatusSince.Text()));

    static JsonObject Definition(Agent agent) => Json.Object(("systemPresence", agent.Status == "OFF_QUEUE" ? "AVAILABLE" : "ON_QUEUE"));
}
