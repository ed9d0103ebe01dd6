using System.Text.Json.Nodes;
using Baton.Core;
using Baton.Core.Conversations;
using Baton.Genesys;
using Baton.Genesys.Guide;

namespace Baton.Tests.Genesys;

/// <summary>The analytics of guide 003: what is asked, and what is made of each answer.</summary>
public sealed class GuideConfidenceTests
{
    static readonly GuideConversation webchat = new(The.Conversation, "active", "webchat", The.Start, [], null);

    readonly ManualTime time = new(The.Start.AddMinutes(10));
    readonly List<JsonNode> queries = [];

    async Task<IntentReport> ReadAsync(params string[] pages)
    {
        var network = new StubNetwork(async request =>
        {
            queries.Add(JsonNode.Parse(await request.Content!.ReadAsStringAsync())!);
            return The.Ok(pages[Math.Min(queries.Count, pages.Length) - 1]);
        });
        using var api = The.Api(network, time, The.Options with { Flavor = GenesysFlavor.Guide });
        return await new GuideConfidence(api, time).ReadAsync(The.Conversation, webchat, The.Start, CallFor.Nobody, TestContext.Current.CancellationToken);
    }

    static string Page(int count, string id, string metrics) => $$"""{"entities":[{"id":"{{id}}","metrics":{{metrics}}}],"pageSize":10,"pageCount":{{count}}}""";

    [Fact]
    public async Task The_range_is_from_the_beginning_to_now_and_the_rest_as_the_guide_prints_it()
    {
        await ReadAsync(Page(1, The.Conversation, "{}"));
        queries.ShouldHaveSingleItem().ToJsonString().ShouldBe(JsonNode.Parse($$"""
            {"dateRange":{"startDate":"2026-03-02T10:00:00+00:00","endDate":"2026-03-02T10:11:00+00:00"},"groupBy":["conversationId"],"view":"conversationDetails",
             "filter":{"type":"webchat","conversationId":"{{The.Conversation}}"},"pageSize":10,"page":1}
            """)!.ToJsonString());
    }

    [Fact]
    public async Task All_pages_are_read_until_one_has_it()
    {
        const string Another = "another";
        (await ReadAsync(Page(3, Another, """{"intentConfidence":{"value":0.1}}"""), Page(3, The.Conversation, "{}"), Page(3, The.Conversation, """{"intentConfidence":{"value":0.62}}"""))).Confidence.ShouldBe(0.62);
        queries.Select(q => q["page"]!.GetValue<int>()).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Pages_that_never_end_are_given_up()
    {
        (await ReadAsync(Page(int.MaxValue, "another", "{}"))).Source.ShouldStartWith("no entity:");
        queries.Count.ShouldBe(100);
    }

    [Theory]
    [InlineData("{}", "no metric:")]
    [InlineData("null", "no metric:")]
    [InlineData("""{"intentConfidence":null}""", "no metric:")]
    [InlineData("""{"intentConfidence":0.62}""", "no metric:")]
    [InlineData("""{"intentConfidence":{"value":"high"}}""", "no metric:")]
    [InlineData("""{"intentConfidence":{"value":1.01}}""", "out of range: the analytics metric is 1.01")]
    [InlineData("""{"intentConfidence":{"value":-1}}""", "out of range: the analytics metric is -1")]
    public async Task What_is_no_confidence_says_what_it_is(string metrics, string source)
    {
        var report = await ReadAsync(Page(1, The.Conversation, metrics));
        report.Confidence.ShouldBeNull();
        report.Source.ShouldStartWith(source);
    }

    [Theory]
    [InlineData("""{"entities":[],"pageSize":10,"pageCount":0}""")]
    [InlineData("{}")]
    public async Task Nothing_at_all_is_no_entity(string page) => (await ReadAsync(page)).Source.ShouldStartWith("no entity:");
}
