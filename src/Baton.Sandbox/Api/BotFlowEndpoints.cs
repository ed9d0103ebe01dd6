using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;
using Baton.Sandbox.Http;
using Baton.Sandbox.Routing;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Api;

/// <summary>What the bot heard, understood and asked: the only place an intent's confidence is told.</summary>
static class BotFlowEndpoints
{
    public static void MapBotFlows(this ApiRoutes api)
    {
        const string Turns = "analytics:botFlowDivisionAwareReportingTurn:view";
        api.Any("GET", "/analytics/botflows/{botFlowId}/divisions/reportingturns", Turns, ReportingTurns);
        api.Any("GET", "/analytics/botflows/{botFlowId}/reportingturns", "analytics:botFlowReportingTurn:view", ReportingTurns);
        api.Any("GET", "/analytics/botflows/{botFlowId}/sessions", "analytics:botFlowSession:view", Sessions);
    }

    static Answer ReportingTurns(Call call)
    {
        var flow = Flow(call);
        var told = call.Now - call.World.Options.AnalyticsLag;
        var session = call.Query("sessionId");
        var results = call.QueryAll("askActionResults");
        if (session is not null && (results.Count > 0 || call.Query("actionId") is not null || call.Query("interval") is not null || call.Query("language") is not null))
            throw Refusals.BadRequest("The sessionId cannot be combined with other filters.");
        var turns = Within(call, flow)
            .Where(c => session is null || c.BotSessionId == session)
            .SelectMany(c => c.Turns.Select(t => (Conversation: c, Turn: t)))
            .Where(t => t.Turn.Time <= told && (results.Count == 0 || results.Contains(t.Turn.AskActionResult)))
            .OrderBy(t => t.Turn.Time)
            .ToList();
        return call.Walk(turns, t => Render(t.Conversation, t.Turn));
    }

    static Answer Sessions(Call call)
    {
        var flow = Flow(call);
        var told = call.Now - call.World.Options.AnalyticsLag;
        var categories = call.QueryAll("botResultCategories");
        var sessions = Within(call, flow).Where(c => c.Start <= told && (categories.Count == 0 || categories.Contains(Result(c, told).Category))).ToList();
        return call.Walk(sessions, c => Json.Object(
            ("id", c.BotSessionId),
            ("flow", Json.Ref(flow.Id, $"/api/v2/flows/{flow.Id}", flow.Name)),
            ("conversation", Json.Ref(c.Id, $"/api/v2/conversations/{c.Id}")),
            ("channel", "Messaging"),
            ("language", c.Guest.Language ?? "en-us"),
            ("endLanguage", c.Guest.Language ?? "en-us"),
            ("botResult", Result(c, told).Result),
            ("botResultCategory", Result(c, told).Category),
            ("dateCreated", c.Start.Text()),
            ("dateCompleted", c.Workflow.End.Text(told))));
    }

    static JsonObject Render(Conversation conversation, BotTurn turn) => Json.Object(
        ("userInput", turn.UserInput),
        ("botPrompts", Json.Strings(turn.BotPrompts)),
        ("sessionId", conversation.BotSessionId),
        ("conversation", Json.Ref(conversation.Id, $"/api/v2/conversations/{conversation.Id}")),
        ("askAction", Json.Object(("actionId", turn.Id), ("actionName", "Ask for Intent"), ("actionNumber", turn.Number), ("actionType", "AskForNLUIntentAction"))),
        ("intent", turn.IntentName is null ? null : Json.Object(("name", turn.IntentName), ("confidence", turn.Confidence), ("slots", new JsonArray()))),
        ("askActionResult", turn.AskActionResult),
        ("dateCreated", turn.Time.Text()),
        ("dateCompleted", turn.Time.Text()));

    static (string? Result, string Category) Result(Conversation conversation, DateTimeOffset told) => conversation.Workflow switch
    {
        { End: { } end } when end > told => (null, "Unknown"),
        { End: null } => (null, "Unknown"),
        { DisconnectType: "transfer" } => ("TransferToACD", "Transfer"),
        _ => ("DisconnectUserDisconnect", "UserDisconnect"),
    };

    static BotFlow Flow(Call call)
    {
        var id = call.PathId("botFlowId");
        return call.World.Flows.Find(f => f.Id == id) ?? throw Refusals.NotFound();
    }

    static IEnumerable<Conversation> Within(Call call, BotFlow flow)
    {
        var all = call.World.Conversations.Where(c => c.Flow == flow);
        if (call.Query("interval") is not { } text) return all;
        var (from, to) = Interval.Parse(text);
        return all.Where(c => c.Start < to && (c.End ?? DateTimeOffset.MaxValue) >= from);
    }
}
