using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;

namespace Baton.Sandbox.Wire;

/// <summary>GET /conversations/messages/{id}: each participant and its communication flattened into one, without a communication id.</summary>
static class MessageConversationWire
{
    public static JsonObject Render(World world, Conversation conversation, DateTimeOffset asOf) => Json.Object(
        ("id", conversation.Id),
        ("participants", Json.Array(ConversationWire.LegsAt(conversation, asOf), l => Participant(conversation, l, asOf))),
        ("otherMediaUris", new JsonArray()),
        ("recentTransfers", ConversationWire.RecentTransfers(conversation, asOf)),
        ("divisions", new JsonArray(Json.Object(
            ("division", Json.Ref(world.DivisionId, $"/api/v2/authorization/divisions/{world.DivisionId}")),
            ("entities", new JsonArray())))),
        ("selfUri", $"/api/v2/conversations/messages/{conversation.Id}"));

    static JsonObject Participant(Conversation conversation, Leg leg, DateTimeOffset asOf) => Json.Object(
        ("id", leg.Id),
        ("name", leg.Name),
        ("purpose", leg.Purpose),
        ("state", leg.StateAt(asOf)),
        ("direction", "inbound"),
        ("disconnectType", leg.End <= asOf ? leg.DisconnectType : null),
        ("startTime", leg.Start.Text()),
        ("startAlertingTime", leg.Alerting.Text(asOf)),
        ("connectedTime", leg.Connected.Text(asOf)),
        ("endTime", leg.End.Text(asOf)),
        ("held", false),
        ("wrapupRequired", ConversationWire.WrapupRequired(leg)),
        ("wrapupPrompt", ConversationWire.WrapupRequired(leg) ? "mandatory" : null),
        ("user", leg.Agent is { } agent ? Json.Ref(agent.Id, $"/api/v2/users/{agent.Id}") : null),
        ("queue", leg.Queue is { } queue ? Json.Ref(queue.Id, $"/api/v2/routing/queues/{queue.Id}") : null),
        ("attributes", ConversationWire.Attributes(leg)),
        ("wrapup", ConversationWire.Wrapup(leg)),
        ("peer", leg.Purpose == "customer" ? null : conversation.Customer.CommunicationId),
        ("conversationRoutingData", ConversationWire.RoutingData(leg)),
        ("startAcwTime", leg.AcwStart.Text(asOf)),
        ("endAcwTime", leg.AcwEnd.Text(asOf)),
        ("messages", Json.Array(leg.Messages.Where(m => m.Time <= asOf), m => MessageWire.Details(conversation, m))),
        ("type", "webmessaging"),
        ("authenticated", false),
        ("mediaRoles", new JsonArray("full")),
        ("alertingTimeoutMs", leg.Purpose == "agent" ? (long)(leg.Queue?.AlertingTimeout.TotalMilliseconds ?? 30000) : null));
}
