using System.Text.Json.Nodes;
using Baton.Sandbox.Notifications;

namespace Baton.Sandbox.Wire;

/// <summary>Channels as REST tells them, and the frames of their sockets.</summary>
static class NotificationWire
{
    public const string MetadataTopic = "channel.metadata";

    public static string Heartbeat { get; } = Metadata("WebSocket Heartbeat");
    public static string Pong { get; } = Metadata("pong");

    /// <summary>The channel has expired or was replaced.</summary>
    public static string Gone { get; } = Result("404", "failure", null);

    static string Metadata(string message) => Json.Object(("topicName", MetadataTopic), ("eventBody", Json.Object(("message", message)))).ToJsonString();

    public static string Result(string result, string status, string? correlationId) =>
        Json.Object(("result", result), ("status", status), ("correlationId", correlationId)).ToJsonString();

    public static string Closing(string channelId) => Json.Object(
        ("topicName", "v2.system.socket_closing"),
        ("eventBody", Json.Object(
            ("channelId", channelId),
            ("reason", "maintenance"),
            ("message", "This socket will close soon. Connect again.")))).ToJsonString();

    public static string SystemMessage(string channelId, string type, string reason, string message) => Json.Object(
        ("topicName", $"v2.system.{type}.{channelId}"),
        ("eventBody", Json.Object(("channelId", channelId), ("systemTopicType", type), ("reason", reason), ("message", message)))).ToJsonString();

    public static string Frame(string topic, JsonObject body, string correlationId) => Json.Object(
        ("topicName", topic),
        ("version", "2"),
        ("eventBody", body),
        ("metadata", Json.Object(("CorrelationId", correlationId)))).ToJsonString();

    public static JsonObject Channel(NotificationChannel channel, string host) => Json.Object(
        ("id", channel.Id),
        ("connectUri", $"ws://{host}/channels/{channel.Id}"),
        ("expires", channel.Expires.Text()));

    public static JsonObject Topic(NotificationChannel channel, string topic) =>
        Json.Object(("id", topic), ("state", "Permitted"), ("selfUri", $"/api/v2/notifications/channels/{channel.Id}/subscriptions/{topic}"));

    public static JsonObject Rejected(string topic, IReadOnlyList<string>? missing) => Json.Object(
        ("id", topic),
        ("state", "Rejected"),
        ("rejectionReason", missing is null ? "The subscription topic is not valid." : "The client lacks a permission for this topic."),
        ("missingPermissions", missing is null ? null : Json.Strings(missing)));

    public static JsonObject Available(TopicTemplate template, IReadOnlyList<string> expand)
    {
        return Json.Object(
            ("id", template.Id),
            ("description", Wanted("description", template.Description)),
            ("requiresPermissions", Wanted("requiresPermissions", Json.Strings(template.Permissions))),
            ("enforced", Wanted("enforced", template.Permissions.Count > 0)),
            ("visibility", Wanted("visibility", "Public")),
            ("topicParameters", Wanted("topicParameters", new JsonArray("id"))),
            ("transports", Wanted("transports", Transports(template))));

        JsonNode? Wanted(string name, JsonNode value) => expand.Contains(name) ? value : null;
    }

    static JsonArray Transports(TopicTemplate template) =>
        template.Id.StartsWith("v2.users.", StringComparison.Ordinal) || template.Id.StartsWith("v2.routing.", StringComparison.Ordinal) ? new("Websocket", "EventBridge") : new("All");
}
