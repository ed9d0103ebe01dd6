using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;

namespace Baton.Sandbox.Wire;

/// <summary>A conversation as analytics tells it: sessions and segments, enums in camelCase, no attributes.</summary>
static class AnalyticsWire
{
    public static JsonObject Render(World world, Conversation conversation, DateTimeOffset asOf) => Json.Object(
        ("conversationId", conversation.Id),
        ("conversationStart", conversation.Start.Text()),
        ("conversationEnd", conversation.End.Text(asOf)),
        ("originatingDirection", "inbound"),
        ("conversationInitiator", "customer"),
        ("divisionIds", new JsonArray(world.DivisionId)),
        ("participants", Json.Array(ConversationWire.LegsAt(conversation, asOf), l => Participant(conversation, l, asOf))));

    static JsonObject Participant(Conversation conversation, Leg leg, DateTimeOffset asOf) => Json.Object(
        ("participantId", leg.Id),
        ("participantName", leg.Name),
        ("purpose", Purpose(leg)),
        ("userId", leg.Agent?.Id),
        ("sessions", new JsonArray(Session(conversation, leg, asOf))));

    static JsonObject Session(Conversation conversation, Leg leg, DateTimeOffset asOf) => Json.Object(
        ("sessionId", leg.CommunicationId),
        ("mediaType", conversation.Media.Platform()),
        ("messageType", leg.IsCall ? null : "webmessaging"),
        ("direction", "inbound"),
        ("peerId", leg.Purpose == "customer" ? null : conversation.Customer.CommunicationId),
        ("provider", leg.IsCall ? CallWire.Provider : ConversationWire.Provider),
        ("ani", leg is { IsCall: true, Purpose: "customer" } ? CallWire.Address(conversation) : null),
        ("requestedRoutings", leg.Purpose == "acd" ? new JsonArray("Standard") : null),
        ("usedRouting", leg.Purpose == "agent" ? (leg.Manual ? "Manual" : "Standard") : null),
        ("flow", leg.IsFlow ? Flow(conversation, leg, asOf) : null),
        ("metrics", Json.Array(Metrics(conversation, leg, asOf), m => Json.Object(("name", m.Name), ("value", m.Value), ("emitDate", m.At.Text())))),
        ("segments", Segments(leg, asOf)));

    static JsonObject Flow(Conversation conversation, Leg leg, DateTimeOffset asOf)
    {
        var transfer = conversation.Transfers.Find(t => t.From == leg && t.By != "system");
        var transferred = leg.End <= asOf && leg.DisconnectType == "transfer";
        return Json.Object(
            ("flowId", conversation.Flow.Id),
            ("flowName", conversation.Flow.Name),
            ("flowVersion", "1.0"),
            ("flowType", leg.IsCall ? "INBOUNDCALL" : "DIGITALBOT"),
            ("entryType", "direct"),
            ("startingLanguage", conversation.Guest.Language ?? "en-us"),
            ("exitReason", leg.End <= asOf ? (transferred ? "TRANSFER" : "DISCONNECT") : null),
            ("transferType", transferred ? (transfer?.Agent is null ? "ACD" : "USER") : null),
            ("transferTargetName", transferred ? transfer?.Queue?.Name ?? transfer?.Agent?.Name : null),
            ("transferTargetAddress", transferred ? transfer?.Queue?.Id ?? transfer?.Agent?.Id : null));
    }

    public static IEnumerable<(string Name, long Value, DateTimeOffset At)> Metrics(Conversation conversation, Leg leg, DateTimeOffset asOf)
    {
        foreach (var metric in All())
            if (metric.At <= asOf) yield return metric;

        IEnumerable<(string Name, long Value, DateTimeOffset At)> All()
        {
            var since = leg.Connected ?? leg.Start;
            if (leg.IsFlow) yield return ("nFlow", 1, leg.Start);
            if (leg.Purpose == "workflow" && conversation.Turns.Count > 0) yield return ("nBotInteractions", conversation.Turns.Count, leg.Start);
            if (leg.Purpose == "acd") yield return ("nOffered", 1, leg.Start);
            if (leg.Purpose == "agent" && leg.Connected is { } answered) yield return ("tAlert", Milliseconds(leg.Start, answered), answered);
            if (leg.Purpose == "agent" && leg is { Connected: null, End: { } missed }) yield return ("tNotResponding", Milliseconds(leg.Start, missed), missed);
            if (leg.End is not { } end) yield break;
            if (leg.Purpose == "acd") yield return ("tAcd", Milliseconds(since, end), end);
            if (leg.Purpose == "acd") yield return leg.DisconnectType == "peer" ? ("tAbandon", Milliseconds(since, end), end) : ("tAnswered", Milliseconds(since, end), end);
            if (leg.Purpose == "agent" && leg.Connected is not null)
            {
                yield return ("tTalk", Milliseconds(since, end), end);
                yield return ("tHandle", Milliseconds(since, leg.AcwEnd ?? end), leg.AcwEnd ?? end);
            }
            if (leg is { AcwStart: { } acw, AcwEnd: { } done }) yield return ("tAcw", Milliseconds(acw, done), done);
            if ((leg.Purpose == "agent" || leg.IsFlow) && leg.DisconnectType == "transfer")
            {
                yield return ("nTransferred", 1, end);
                yield return ("nBlindTransferred", 1, end);
            }
        }
    }

    static JsonArray Segments(Leg leg, DateTimeOffset asOf)
    {
        var segments = new JsonArray();
        if (leg.Alerting is { } alerting && alerting <= asOf) segments.Add(Segment("alert", alerting, leg.Connected ?? leg.End));
        if (leg.Connected is { } connected && connected <= asOf) segments.Add(Segment(leg.IsFlow ? "ivr" : "interact", connected, leg.End));
        if (leg.AcwStart is { } acw && acw <= asOf) segments.Add(Segment("wrapup", acw, leg.AcwEnd));
        return segments;

        JsonObject Segment(string type, DateTimeOffset start, DateTimeOffset? end) => Json.Object(
            ("segmentStart", start.Text()),
            ("segmentEnd", end.Text(asOf)),
            ("segmentType", type),
            ("queueId", leg.Queue?.Id),
            ("disconnectType", end == leg.End && end <= asOf ? DisconnectType(leg) : null),
            ("conference", false),
            ("wrapUpCode", type == "wrapup" ? leg.Wrapup?.Code : null),
            ("wrapUpNote", type == "wrapup" ? leg.Wrapup?.Notes : null),
            ("requestedRoutingSkillIds", leg.Needs is { Skills.Count: > 0 } needs ? Json.Strings(needs.Skills.Select(s => s.Id)) : null),
            ("requestedLanguageId", leg.Needs?.Language?.Id));
    }

    public static string Purpose(Leg leg) => leg.Purpose == "workflow" ? "botflow" : leg.Purpose;

    public static string? DisconnectType(Leg leg) => leg.DisconnectType == "transfer.noanswer" ? "noAnswerTransfer" : leg.DisconnectType;

    static long Milliseconds(DateTimeOffset from, DateTimeOffset to) => (long)(to - from).TotalMilliseconds;
}
