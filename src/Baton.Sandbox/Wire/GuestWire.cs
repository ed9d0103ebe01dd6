using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;
using Baton.Sandbox.Messaging;

namespace Baton.Sandbox.Wire;

/// <summary>The frames of web messaging. None of them names the conversation.</summary>
static class GuestWire
{
    public static string SessionExpired { get; } = Frame("response", "SessionExpiredEvent", 200, new JsonObject(), null);
    public static string SessionCleared { get; } = Frame("message", "SessionClearedEvent", 200, new JsonObject(), null);

    static string Frame(string type, string kind, int code, JsonNode body, string? tracingId) =>
        Json.Object(("type", type), ("class", kind), ("code", code), ("body", body), ("tracingId", tracingId)).ToJsonString();

    public static string Error(int code, string sentence, string? tracingId) => Frame("response", "string", code, sentence, tracingId);

    public static string ConnectionClosed(string reason) => Frame("message", "ConnectionClosedEvent", 200, Json.Object(("reason", reason)), null);

    public static string TooManyRequests(int retryAfter, string? tracingId) => Frame("response", "TooManyRequestsErrorMessage", 429, Json.Object(
        ("retryAfter", retryAfter),
        ("errorCode", 4029),
        ("errorMessage", "Message rate too high for this session")), tracingId);

    public static string Jwt(string jwt, DateTimeOffset expires, string? tracingId) =>
        Frame("response", "JwtResponse", 200, Json.Object(("jwt", jwt), ("exp", expires.ToUnixTimeSeconds())), tracingId);

    public static string Session(GuestSession session, bool isNew, bool clears, DateTimeOffset now, string? tracingId) => Frame("response", "SessionResponse", 200, Json.Object(
        ("connected", true),
        ("newSession", isNew),
        ("readOnly", session.IsReadOnly),
        ("maxCustomDataBytes", GuestDesk.MaxCustomData),
        ("allowedMedia", Json.Object(("inbound", Json.Object(("fileTypes", new JsonArray()), ("maxFileSizeKB", 0))))),
        ("blockedExtensions", new JsonArray()),
        ("clearedExistingSession", clears),
        ("durationSeconds", (long)(session.Expires - now).TotalSeconds),
        ("expirationDate", session.Expires.ToUnixTimeSeconds())), tracingId);

    public static string Structured(JsonNode body, string? tracingId) => Frame("message", "StructuredMessage", 200, body, tracingId);

    public static string Echo(string id, string text, DateTimeOffset now, string? tracingId) => Structured(Json.Object(
        ("text", text),
        ("direction", "Inbound"),
        ("id", id),
        ("channel", Json.Object(("time", now.Text()), ("messageId", id))),
        ("type", "Text")), tracingId);

    public static JsonObject Message(Leg leg, Message message) => message.IsInbound ? Inbound(message) : Outbound(leg, message);

    static JsonObject Inbound(Message message) => Json.Object(
        ("text", message.Text),
        ("direction", "Inbound"),
        ("id", message.Id),
        ("channel", Json.Object(("time", message.Time.Text()), ("messageId", message.Id))),
        ("type", message.Response is null ? "Text" : "Structured"),
        ("content", message.Response is not { } button ? null : new JsonArray(Json.Object(
            ("contentType", "ButtonResponse"),
            ("buttonResponse", Json.Object(("text", button.Text), ("payload", button.Payload), ("type", button.Type)))))));

    static JsonObject Outbound(Leg leg, Message message) => Json.Object(
        ("direction", "Outbound"),
        ("id", message.Id),
        ("channel", Json.Object(
            ("time", message.Time.Text()),
            ("type", "Private"),
            ("from", leg.Agent is { } agent ? Json.Object(("nickname", agent.Name)) : null))),
        ("type", message.QuickReplies.Count > 0 ? "Structured" : "Text"),
        ("text", message.Text),
        ("content", message.QuickReplies.Count == 0 && message.MediaIds.Count == 0 ? null : new JsonArray([.. message.QuickReplies.Select(QuickReply), .. message.MediaIds.Select(Attachment)])),
        ("originatingEntity", message.ByHuman ? "Human" : "Bot"));

    static JsonNode QuickReply(string text) =>
        Json.Object(("contentType", "QuickReply"), ("quickReply", Json.Object(("text", text), ("payload", text), ("action", "Message"))));

    static JsonNode Attachment(string id) => Json.Object(("contentType", "Attachment"), ("attachment", Json.Object(("id", id))));

    public static JsonObject Presence(string type) => Json.Object(("eventType", "Presence"), ("presence", Json.Object(("type", type))));

    public static JsonObject Event(string id, string direction, DateTimeOffset now, JsonObject happened) => Json.Object(
        ("direction", direction),
        ("id", id),
        ("channel", Json.Object(("time", now.Text()), ("type", "Private"))),
        ("type", "Event"),
        ("events", new JsonArray(happened)));
}
