using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;

namespace Baton.Sandbox.Wire;

/// <summary>GET /conversations/{id}: what the organization knew at an instant, so that a stale answer can be given on purpose.</summary>
static class ConversationWire
{
    public const string Provider = "PureCloud Webmessaging";

    public static JsonObject Render(World world, Conversation conversation, DateTimeOffset asOf)
    {
        var division = Json.Ref(world.DivisionId, $"/api/v2/authorization/divisions/{world.DivisionId}");
        return Json.Object(
            ("id", conversation.Id),
            ("startTime", conversation.Start.Text()),
            ("endTime", conversation.End.Text(asOf)),
            ("participants", Json.Array(LegsAt(conversation, asOf), l => Participant(conversation, l, asOf))),
            ("recordingState", "NONE"),
            ("divisions", new JsonArray(Json.Object(("division", division), ("entities", new JsonArray())))),
            ("recentTransfers", RecentTransfers(conversation, asOf)),
            ("securePause", false),
            ("selfUri", $"/api/v2/conversations/{conversation.Id}"));
    }

    public static IEnumerable<Leg> LegsAt(Conversation conversation, DateTimeOffset asOf) => conversation.Legs.Where(l => l.Start <= asOf);

    static JsonObject Participant(Conversation conversation, Leg leg, DateTimeOffset asOf)
    {
        var participant = Json.Object(
            ("id", leg.Id),
            ("name", leg.Name),
            ("purpose", leg.Purpose),
            ("participantType", ParticipantType(leg)),
            ("ani", leg is { IsCall: true, Purpose: "customer" } ? CallWire.Address(conversation) : null),
            ("startTime", leg.Start.Text()),
            ("connectedTime", leg.Connected.Text(asOf)),
            ("endTime", leg.End.Text(asOf)),
            ("userId", leg.Agent?.Id),
            ("queueId", leg.Queue?.Id),
            ("queueName", leg.Queue?.Name),
            ("locale", leg.Purpose == "customer" ? conversation.Guest.Language : null),
            ("wrapupRequired", WrapupRequired(leg)),
            ("wrapupPrompt", WrapupRequired(leg) ? "mandatory" : null),
            ("wrapup", Wrapup(leg)),
            ("mediaRoles", new JsonArray("full")),
            ("conversationRoutingData", RoutingData(leg)),
            ("alertingTimeoutMs", leg.Purpose == "agent" ? (long)(leg.Queue?.AlertingTimeout.TotalMilliseconds ?? 30000) : null),
            ("attributes", Attributes(leg)),
            ("startAcwTime", leg.AcwStart.Text(asOf)),
            ("endAcwTime", leg.AcwEnd.Text(asOf)));
        foreach (var none in (string[])["calls", "callbacks", "chats", "emails", "cobrowsesessions", "screenshares", "socialExpressions", "videos", "messages"]) participant[none] = new JsonArray();
        participant[leg.IsCall ? "calls" : "messages"] = new JsonArray(leg.IsCall ? CallWire.Render(conversation, leg, asOf) : Communication(conversation, leg, asOf));
        return participant;
    }

    static JsonObject Communication(Conversation conversation, Leg leg, DateTimeOffset asOf) => Json.Object(
        ("id", leg.CommunicationId),
        ("state", leg.StateAt(asOf)),
        ("initialState", leg.Alerting is null ? "connected" : "alerting"),
        ("direction", "inbound"),
        ("disconnectType", leg.End <= asOf ? leg.DisconnectType : null),
        ("type", "webmessaging"),
        ("held", false),
        ("segments", Segments(leg, asOf)),
        ("startAlertingTime", leg.Alerting.Text(asOf)),
        ("connectedTime", leg.Connected.Text(asOf)),
        ("disconnectedTime", leg.End.Text(asOf)),
        ("provider", Provider),
        ("authenticated", false),
        ("peerId", leg.Purpose == "customer" ? null : conversation.Customer.CommunicationId),
        ("messages", Json.Array(leg.Messages.Where(m => m.Time <= asOf), m => MessageWire.Details(conversation, m))),
        ("wrapup", Wrapup(leg)),
        ("afterCallWork", AfterCallWork(leg, asOf)),
        ("afterCallWorkRequired", WrapupRequired(leg)));

    public static JsonArray RecentTransfers(Conversation conversation, DateTimeOffset asOf) =>
        Json.Array(conversation.Transfers.Where(t => t.Issued <= asOf), t => Json.Object(
            ("id", t.Id),
            ("state", t.StateAt(asOf)),
            ("transferType", t.Type),
            ("dateIssued", t.Issued.Text()),
            ("initiator", new JsonObject()),
            ("modifiedBy", new JsonObject()),
            ("destination", Json.Object(("userId", t.Agent?.Id), ("address", t.Queue?.Id ?? (t.Agent is { } agent ? $"sip:{agent.Email}" : null))))));

    public static JsonArray Segments(Leg leg, DateTimeOffset asOf)
    {
        var segments = new JsonArray();
        if (leg.Alerting is { } alerting && alerting <= asOf) segments.Add(Segment("Alert", alerting, leg.Connected ?? leg.End));
        if (leg.Connected is { } connected && connected <= asOf) segments.Add(Segment("Interact", connected, leg.End));
        if (leg.AcwStart is { } acw && acw <= asOf) segments.Add(Segment("Wrapup", acw, leg.AcwEnd));
        return segments;

        JsonObject Segment(string type, DateTimeOffset start, DateTimeOffset? end) => Json.Object(
            ("startTime", start.Text()),
            ("endTime", end.Text(asOf)),
            ("type", type),
            ("howEnded", end is { } over && over <= asOf ? "Disconnect" : null),
            ("disconnectType", leg.End is { } gone && end == gone && gone <= asOf ? leg.DisconnectType : null));
    }

    public static JsonObject? RoutingData(Leg leg) => leg is not { Needs: { } needs, Queue: { } queue } ? null : Json.Object(
        ("queue", Json.Ref(queue.Id, $"/api/v2/routing/queues/{queue.Id}")),
        ("language", needs.Language is { } language ? Json.Ref(language.Id, $"/api/v2/routing/languages/{language.Id}") : null),
        ("priority", needs.Priority),
        ("skills", Json.Array(needs.Skills, s => Json.Ref(s.Id, $"/api/v2/routing/skills/{s.Id}"))),
        ("scoredAgents", Json.Array(needs.ScoredAgents, s => Json.Object(("agent", Json.Ref(s.AgentId, $"/api/v2/users/{s.AgentId}")), ("score", s.Score)))),
        ("skillExpression", needs.SkillExpression));

    public static JsonObject Attributes(Leg leg)
    {
        var attributes = new JsonObject();
        foreach (var (key, value) in leg.Attributes) attributes.Add(key, value);
        return attributes;
    }

    public static JsonObject? Wrapup(Leg leg) => leg.Wrapup is not { } wrapup ? null : Json.Object(
        ("code", wrapup.Code),
        ("name", wrapup.Name),
        ("notes", wrapup.Notes),
        ("tags", Json.Strings(wrapup.Tags)),
        ("durationSeconds", wrapup.DurationSeconds),
        ("endTime", wrapup.EndTime.Text()),
        ("provisional", wrapup.Provisional));

    public static bool WrapupRequired(Leg leg) => leg is { Purpose: "agent", Queue.WrapupRequired: true };

    public static JsonObject AfterCallWork(Leg leg, DateTimeOffset asOf) => !WrapupRequired(leg) ? [] : Json.Object(
        ("startTime", leg.AcwStart.Text(asOf)),
        ("endTime", leg.AcwEnd.Text(asOf)),
        ("state", leg.AcwEnd <= asOf ? "complete" : leg.AcwStart <= asOf ? "pending" : "unknown"));

    static string ParticipantType(Leg leg) => leg.Purpose switch { "customer" => "External", "agent" => "Internal", "acd" => "ACD", _ => "IVR" };
}
