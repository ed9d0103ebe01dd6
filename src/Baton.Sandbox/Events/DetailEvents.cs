using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Events;

/// <summary>The bodies of <c>v2.detail.events.conversation.{id}.*</c>: epoch milliseconds, upper-case enums.</summary>
static class DetailEvents
{
    const string Prefix = "v2.detail.events.conversation.{id}.";

    public static void Started(this EventFeed feed, Conversation conversation, Leg leg) =>
        feed.Publish($"{Prefix}{Topic(leg)}.start", conversation.Id, Body(conversation, leg, leg.Start));

    public static void Ended(this EventFeed feed, Conversation conversation, Leg leg, Leg? answeredBy)
    {
        var body = Body(conversation, leg, leg.End!.Value);
        body["disconnectType"] = leg.DisconnectType!.Replace("transfer.noanswer", "NO_ANSWER_TRANSFER").ToUpperInvariant();
        var connected = leg.Connected is { } since ? (long)(leg.End.Value - since).TotalMilliseconds : 0;
        switch (leg.Purpose)
        {
            case "acd":
                body["acdOutcome"] = answeredBy is not null ? "ANSWERED" : leg.DisconnectType == "peer" ? "ABANDON" : "FLOW_OUT";
                if (answeredBy is not null) body["answeredUserId"] = answeredBy.Agent!.Id;
                body["usedRouting"] = answeredBy?.Manual == true ? "MANUAL" : "STANDARD";
                body["requestedRoutings"] = new JsonArray("STANDARD");
                body["connectedDurationMs"] = connected;
                break;
            case "workflow" or "ivr":
                body["exitReason"] = leg.DisconnectType == "transfer" ? "TRANSFER" : "DISCONNECT";
                if (leg.DisconnectType == "transfer") body["transferType"] = "ACD";
                body["connectedDurationMs"] = connected;
                break;
            case "agent":
                body["alertingDurationMs"] = (long)((leg.Connected ?? leg.End.Value) - leg.Start).TotalMilliseconds;
                body["interactingDurationMs"] = connected;
                body["heldDurationMs"] = 0;
                break;
        }
        feed.Publish($"{Prefix}{Topic(leg)}.end", conversation.Id, body);
    }

    public static void Acw(this EventFeed feed, Conversation conversation, Leg leg) =>
        feed.Publish($"{Prefix}acw", conversation.Id, Body(conversation, leg, leg.AcwStart!.Value));

    public static void WrappedUp(this EventFeed feed, Conversation conversation, Leg leg)
    {
        var body = Body(conversation, leg, leg.AcwEnd!.Value);
        body["wrapupCode"] = leg.Wrapup!.Code;
        body["wrapupDurationMs"] = leg.Wrapup.DurationSeconds * 1000L;
        feed.Publish($"{Prefix}wrapup", conversation.Id, body);
    }

    public static void Attributes(this EventFeed feed, Conversation conversation, Leg leg)
    {
        var body = Body(conversation, leg, feed.Now);
        body["attributes"] = ConversationWire.Attributes(leg);
        feed.Publish($"{Prefix}attributes", conversation.Id, body);
    }

    public static void SentimentChanged(this EventFeed feed, Conversation conversation) =>
        feed.Publish("v2.speechandtextanalytics.conversation.{id}.sentiment", conversation.Id, Json.Object(
            ("conversationId", conversation.Id),
            ("sentimentOverallScore", conversation.Sentiment!.Score),
            ("sentimentTrendScore", conversation.Sentiment.Trend)));

    static string Topic(Leg leg) => leg switch { { IsFlow: true } => "flow", { Purpose: "agent" } => "user", _ => leg.Purpose };

    static JsonObject Body(Conversation conversation, Leg leg, DateTimeOffset at)
    {
        var body = Json.Object(
            ("eventTime", at.ToUnixTimeMilliseconds()),
            ("conversationId", conversation.Id),
            ("participantId", leg.Id),
            ("sessionId", leg.CommunicationId),
            ("mediaType", leg.IsCall ? "VOICE" : "MESSAGE"),
            ("provider", leg.IsCall ? CallWire.Provider : ConversationWire.Provider),
            ("direction", "INBOUND"),
            ("messageType", leg.IsCall ? null : "WEBMESSAGING"),
            ("queueId", leg.Queue?.Id),
            ("userId", leg.Agent?.Id));
        if (leg.Needs is { } needs)
        {
            body["routingPriority"] = needs.Priority;
            body["requestedRoutingSkillIds"] = Json.Strings(needs.Skills.Select(s => s.Id));
        }
        if (leg.IsFlow)
        {
            body["flowId"] = conversation.Flow.Id;
            body["flowType"] = leg.IsCall ? "INBOUNDCALL" : "INBOUNDSHORTMESSAGE";
            body["flowVersion"] = "1.0";
        }
        return body;
    }
}
