using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;

namespace Baton.Sandbox.Wire;

/// <summary>One entry of <c>participants[].calls[]</c>.</summary>
static class CallWire
{
    public const string Provider = "Edge";

    public static JsonObject Render(Conversation conversation, Leg leg, DateTimeOffset asOf) => Json.Object(
        ("id", leg.CommunicationId),
        ("state", leg.StateAt(asOf)),
        ("initialState", leg.Alerting is null ? "connected" : "alerting"),
        ("direction", "inbound"),
        ("recording", false),
        ("recordingState", "none"),
        ("muted", false),
        ("confined", false),
        ("held", false),
        ("securePause", false),
        ("disconnectType", leg.End <= asOf ? leg.DisconnectType : null),
        ("segments", ConversationWire.Segments(leg, asOf)),
        ("startAlertingTime", leg.Alerting.Text(asOf)),
        ("connectedTime", leg.Connected.Text(asOf)),
        ("disconnectedTime", leg.End.Text(asOf)),
        ("provider", Provider),
        ("peerId", leg.Purpose == "customer" ? null : conversation.Customer.CommunicationId),
        ("self", leg.Purpose == "customer" ? Json.Object(("name", leg.Name), ("addressNormalized", Address(conversation)), ("addressRaw", Address(conversation))) : null),
        ("wrapup", ConversationWire.Wrapup(leg)),
        ("afterCallWork", ConversationWire.AfterCallWork(leg, asOf)),
        ("afterCallWorkRequired", ConversationWire.WrapupRequired(leg)));

    public static string Address(Conversation conversation) => $"tel:{(conversation.Guest.PhoneNumbers is [var first, ..] ? first : "+15550100")}";
}
