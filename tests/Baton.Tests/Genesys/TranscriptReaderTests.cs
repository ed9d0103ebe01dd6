using System.Net;
using Baton.Core;
using Baton.Core.Conversations;
using Baton.Genesys.Platform;

namespace Baton.Tests.Genesys;

/// <summary>A conversation put together from the platform's four answers.</summary>
public sealed class TranscriptReaderTests
{
    readonly ManualTime time = new(The.Start.AddMinutes(10));
    readonly Dictionary<string, Func<HttpResponseMessage>> answers = new()
    {
        ["conversations/messages/"] = () => The.Ok("""
            {"entities":[
              {"id":"m2","timestamp":"2026-03-02T10:00:20Z","direction":"outbound","normalizedMessage":{"text":"How can I help?","originatingEntity":"Bot"}},
              {"id":"m1","timestamp":"2026-03-02T10:00:10Z","direction":"inbound","textBody":"Hello"},
              {"id":"m3","timestamp":"2026-03-02T10:00:30Z","direction":"Inbound","normalizedMessage":{"text":"My order"}},
              {"id":"m4","timestamp":"2026-03-02T10:00:40Z","direction":"outbound","normalizedMessage":{"text":"Ada here","originatingEntity":"Human"}},
              {"id":"m5","timestamp":"2026-03-02T10:00:50Z","direction":"inbound"}]}
            """),
        ["analytics/botflows/"] = () => The.Ok($$$"""{"entities":[{"userInput":"My order","conversation":{"id":"{{{The.Conversation}}}"},"intent":{"name":"order","confidence":0.4}},{"userInput":"Hello","conversation":{"id":"another"},"intent":{"name":"wrong","confidence":1}}]}"""),
        ["speechandtextanalytics/"] = () => The.Ok("""{"sentimentScore":-3}"""),
        ["conversations/"] = () => The.Ok($$"""
            {"id":"{{The.Conversation}}","startTime":"2026-03-02T10:00:00Z","participants":[
              {"id":"c","purpose":"customer","locale":"de-DE","attributes":{"tier":"gold"},"messages":[{"id":"x","state":"connected","messages":[{"messageId":"m1"},{"messageId":"m1"},{"messageId":null}]}]}]}
            """),
    };

    IReadOnlyList<string> asked = [];

    async Task<Conversation> Read()
    {
        var network = new StubNetwork(request => answers.First(a => request.RequestUri!.PathAndQuery.Contains(a.Key)).Value());
        using var api = The.Api(network, time);
        var conversation = await new TranscriptReader(api, The.Options, time).ReadAsync(The.Conversation, CallFor.Nobody, TestContext.Current.CancellationToken);
        asked = network.Asked;
        return conversation;
    }

    [Fact]
    public async Task Turns_come_in_order_of_time_with_who_said_them()
    {
        var turns = (await Read()).Turns;
        turns.Select(t => (t.Id, t.From, t.Text)).ShouldBe([("m1", Speaker.Customer, "Hello"), ("m2", Speaker.Bot, "How can I help?"), ("m3", Speaker.Customer, "My order"), ("m4", Speaker.Agent, "Ada here")]);
    }

    [Fact]
    public async Task Intents_of_this_conversation_and_the_sentiment_as_it_stands_are_put_where_they_belong()
    {
        var turns = (await Read()).Turns;
        turns.Select(t => t.Intent?.Name).ShouldBe([null, null, "order", null]);
        turns.Select(t => t.Sentiment).ShouldBe([null, null, -1, null]);
    }

    [Fact]
    public async Task What_is_attached_to_the_customer_is_read()
    {
        var conversation = await Read();
        (conversation.Id, conversation.Language, conversation.StartedAt).ShouldBe((The.Conversation, "de-DE", The.Start));
        conversation.Attributes.ShouldBe(new Dictionary<string, string> { ["tier"] = "gold" });
    }

    [Fact]
    public async Task A_message_listed_twice_is_read_once()
    {
        await Read();
        asked.Count(a => a.Contains("/bulk")).ShouldBe(1);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.Forbidden)]
    public async Task Without_analytics_the_readings_are_unknown_and_the_conversation_is_there(HttpStatusCode status)
    {
        answers["analytics/botflows/"] = answers["speechandtextanalytics/"] = () => The.Answer(status);
        (await Read()).Turns.ShouldSatisfyAllConditions(t => t.Count.ShouldBe(4), t => t.ShouldAllBe(turn => turn.Intent == null && turn.Sentiment == null));
    }

    [Fact]
    public async Task A_conversation_without_a_word_has_no_turns()
    {
        answers["conversations/"] = () => The.Ok("{}");
        var conversation = await Read();
        conversation.Turns.ShouldBeEmpty();
        conversation.StartedAt.ShouldBe(time.GetUtcNow());
        asked.ShouldNotContain(a => a.Contains("/bulk"));
    }

    [Fact]
    public async Task A_page_that_names_itself_as_the_next_fails_the_reading()
    {
        var uri = "";
        answers["analytics/botflows/"] = () => The.Ok($$"""{"entities":[],"nextUri":"{{uri}}"}""");
        await Read();
        uri = asked.First(a => a.Contains("botflows"))["GET ".Length..];
        var failed = await Should.ThrowAsync<ContactCenterException>(Read());
        (failed.Kind, failed.Message.Contains("a cursor that was used before", StringComparison.Ordinal)).ShouldBe((FailureKind.MalformedReply, true));
    }

    [Fact]
    public async Task Pages_that_never_end_are_given_up_and_what_they_told_is_unknown()
    {
        var page = 0;
        answers["analytics/botflows/"] = () => The.Ok($$$"""{"entities":[{"userInput":"My order","conversation":{"id":"{{{The.Conversation}}}"},"intent":{"name":"old","confidence":0.9}}],"nextUri":"/api/v2/analytics/botflows/flow-1?after={{{++page}}}"}""");
        (await Read()).Turns.ShouldAllBe(t => t.Intent == null);
        asked.Count(a => a.Contains("botflows")).ShouldBe(40);
    }

    [Fact]
    public async Task More_than_a_thousand_messages_are_read_in_portions()
    {
        var ids = string.Join(',', Enumerable.Range(0, 2500).Select(n => $$"""{"messageId":"m{{n}}"}"""));
        answers["conversations/"] = () => The.Ok($$"""{"participants":[{"id":"c","purpose":"customer","messages":[{"id":"x","messages":[{{ids}}]}]}]}""");
        await Read();
        asked.Count(a => a.Contains("/bulk")).ShouldBe(3);
    }

    [Fact]
    public async Task A_conversation_that_is_not_there_is_said_to_be_so()
    {
        answers["conversations/"] = () => The.Answer(HttpStatusCode.NotFound, """{"code":"not.found","message":"No such conversation"}""");
        (await Should.ThrowAsync<ContactCenterException>(Read())).Kind.ShouldBe(FailureKind.ConversationNotFound);
    }
}
