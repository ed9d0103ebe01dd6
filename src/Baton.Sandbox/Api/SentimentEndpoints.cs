using System.Text.Json.Nodes;
using Baton.Sandbox.Http;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Api;

static class SentimentEndpoints
{
    public static void MapSentiment(this ApiRoutes api) =>
        api.All("GET", "/speechandtextanalytics/conversations/{conversationId}", "recording:recording:view speechAndTextAnalytics:data:view", Get);

    /// <summary>Not analyzed, or not yet, is a 404 and nothing unusual.</summary>
    static Answer Get(Call call)
    {
        var conversation = call.Conversation();
        if (conversation.Sentiment is not { } sentiment) throw Refusals.NotFound();
        return Answer.Ok(Json.Object(
            ("conversation", Json.Ref(conversation.Id, $"/api/v2/conversations/{conversation.Id}")),
            ("sentimentScore", sentiment.Score),
            ("sentimentTrend", sentiment.Trend),
            ("sentimentTrendClass", sentiment.TrendClass),
            ("empathyScores", new JsonArray()),
            ("participantMetrics", new JsonObject())));
    }
}
