using Baton.Core.Assist;

namespace Baton.Tests.Genesys;

/// <summary>One question for suggestions, and the ways to look at what came back.</summary>
static class SuggestionAsk
{
    public const string Callback = "https://baton.test/agentassist/callback?request=as_00000000000000000000000000000001";
    public const string Transcript = "Bot: How can I help?\nCustomer: I want my money back.";

    public static readonly AssistRequestId Request = AssistRequestId.Parse("as_00000000000000000000000000000001");

    public static SourceQuestion Question(string? callback = Callback, bool isAsync = true, string conversation = The.Conversation, string transcript = Transcript, params string[] sources)
    {
        var asked = new AssistQuestion(conversation, transcript) { AgentSkills = ["refunds"], KnowledgeSourceIds = sources.Length > 0 ? sources : ["ks-1", "ks-2"], IsAsync = isAsync };
        return new SourceQuestion(Request, asked, AssistQuery.Of(transcript), callback);
    }

    public static async Task<SourceAnswer.Found> FoundAsync(this ISuggestionSource source, SourceQuestion? question = null) =>
        (await source.AskAsync(question ?? Question(), TestContext.Current.CancellationToken)).ShouldBeOfType<SourceAnswer.Found>();

    public static Suggestion Suggested(string source, string id) => new()
    {
        Id = SuggestionId.Of(Request, source, id),
        RequestId = Request,
        ConversationId = The.Conversation,
        Source = source,
        SourceId = id,
        Subject = id,
        KnowledgeSourceId = "ks-1",
        Title = "Refund",
        Content = "Open the order.",
        Score = new Score(0.6, 0.54, 0, 0.05, 0.5, false),
        Sources = [source],
        OfferedAt = The.Start,
        ResponseMilliseconds = 120,
    };
}
