using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;

namespace Baton.Sandbox.Wire;

static class MessageWire
{
    /// <summary>What a communication lists: ids only, never the text.</summary>
    public static JsonObject Details(Conversation conversation, Message message) => Json.Object(
        ("messageId", message.Id),
        ("messageURI", Uri(conversation, message)),
        ("messageStatus", message.IsInbound ? "received" : "sent"),
        ("messageSegmentCount", 1),
        ("messageTime", message.Time.Text()),
        ("media", new JsonArray()),
        ("stickers", new JsonArray()));

    public static JsonObject Data(Conversation conversation, Message message, bool normalized = true)
    {
        var direction = message.IsInbound ? "inbound" : "outbound";
        return Json.Object(
            ("id", message.Id),
            ("timestamp", message.Time.Text()),
            ("direction", direction),
            ("messengerType", "webmessaging"),
            ("status", message.IsInbound ? "received" : "sent"),
            ("fromAddress", message.IsInbound ? conversation.Customer.Id : conversation.Flow.Id),
            ("toAddress", message.IsInbound ? conversation.Flow.Id : conversation.Customer.Id),
            ("textBody", message.Text),
            ("normalizedMessage", normalized ? Normalized(conversation, message) : null),
            ("conversationId", conversation.Id),
            ("selfUri", Uri(conversation, message)));
    }

    static JsonObject Normalized(Conversation conversation, Message message) => Json.Object(
        ("id", message.Id),
        ("type", "Text"),
        ("text", message.Text),
        ("content", Json.Array(message.MediaIds, id => Json.Object(("contentType", "Attachment"), ("attachment", Json.Object(("id", id)))))),
        ("direction", message.IsInbound ? "Inbound" : "Outbound"),
        ("originatingEntity", message.ByHuman ? "Human" : "Bot"),
        ("channel", Json.Object(
            ("id", conversation.Id),
            ("platform", "WebMessaging"),
            ("type", "Private"),
            ("messageId", message.Id),
            ("time", message.Time.Text()))),
        ("status", message.IsInbound ? null : "Sent"));

    static string Uri(Conversation conversation, Message message) => $"/api/v2/conversations/messages/{conversation.Id}/messages/{message.Id}";
}
