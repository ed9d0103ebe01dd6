using System.Net;
using Baton.Core;
using Baton.Core.Assist;
using Baton.Genesys.Platform;

namespace Baton.Tests.Genesys;

/// <summary>What the queue's assistant suggested, page by page and kind by kind.</summary>
public sealed class PlatformSuggestionsTests
{
    const string First = $"GET /api/v2/conversations/{The.Conversation}/suggestions?state=Suggested&pageSize=200";

    readonly ManualTime time = new(The.Start);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static string Entry(string id, string body = """{"knowledgeSearch":{"title":"Refund","snippets":["Open the order."],"confidence":0.8}}""", string state = "Suggested") =>
        $$"""{"id":"{{id}}","type":"KnowledgeSearch","state":"{{state}}","assistant":{"id":"as1"},{{body.Trim()[1..]}}""";

    static string Page(string entries, string? next = null) => $$"""{"entities":[{{entries}}],"nextUri":{{(next is null ? "null" : $"\"{next}\"")}}}""";

    static string After(string cursor) => $"/api/v2/conversations/{The.Conversation}/suggestions?after={cursor}&pageSize=200&state=Suggested";

    async Task<SourceAnswer.Found> FoundAsync(params string[] entries)
    {
        using var api = The.Api(StubNetwork.InTurn(() => The.Ok(Page(string.Join(',', entries)))), time);
        return await new PlatformSuggestions(api).FoundAsync();
    }

    [Fact]
    public async Task A_knowledge_search_is_told_with_its_document_and_its_knowledge_base()
    {
        var found = await FoundAsync(Entry("s1", """
            {"knowledgeSearch":{"title":"Refund","snippets":["Snippet."],"confidence":0.8,"document":{"id":"doc1","selfUri":"/api/v2/knowledge/knowledgebases/kb%201/documents/doc1"},"knowledgeAnswer":{"answer":"Open the order."}}}
            """));
        var only = found.Candidates.ShouldHaveSingleItem();
        (only.Source, only.Id, only.Title, only.Content, only.Confidence, only.KnowledgeSourceId, only.Subject, only.Link).ShouldBe(("platform", "s1", "Refund", "Open the order.", 0.8, "kb 1", "doc1", null));
    }

    public static TheoryData<string, string, string, double, string, string, string?> Kinds => new()
    {
        { """{"knowledgeArticle":{"title":"T","snippets":["one","two"],"document":{"id":"doc1"}}}""", "T", "one\ntwo", 0.5, "as1", "doc1", null },
        { """{"article":{"title":"T","uri":"https://kb.test/1","snippets":["one"],"confidence":0.7}}""", "T", "one", 0.7, "as1", "https://kb.test/1", "https://kb.test/1" },
        { """{"faq":{"question":"Q?","answer":"A.","sourceUri":"projects/1/documents/2","documentDisplayName":"Shop FAQ","documentUrl":"https://shop.test/faq","confidence":0.6}}""", "Q?", "A.", 0.6, "Shop FAQ", "projects/1/documents/2", "https://shop.test/faq" },
        { """{"thirdPartySuggestion":{"title":"T","text":"X","sources":[{"name":"n","url":"ftp://no"},{"name":"n","url":"https://other.test/"}]}}""", "T", "X", 0.5, "as1", "s1", "https://other.test/" },
        { """{"cannedResponse":{"response":{"id":"re1","name":"Greeting"},"library":{"id":"li1"}}}""", "Canned response", "The assistant suggests the canned response Greeting.", 0.5, "li1", "re1", null },
        { """{"cannedResponse":{"response":{"id":"re1"}}}""", "Canned response", "The assistant suggests the canned response re1.", 0.5, "as1", "re1", null },
        { """{"script":{"script":{"id":"sc1"},"page":{"id":"pg1"},"data":{"order":"42"}}}""", "Script", "The assistant suggests the script sc1.", 0.5, "as1", "sc1", null },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Each_kind_is_told_by_what_it_has(string body, string title, string content, double confidence, string source, string subject, string? link)
    {
        var only = (await FoundAsync(Entry("s1", body))).Candidates.ShouldHaveSingleItem();
        (only.Title, only.Content, only.Confidence, only.KnowledgeSourceId, only.Subject, only.Link).ShouldBe((title, content, confidence, source, subject, link));
    }

    [Theory]
    [InlineData("Accepted")]
    [InlineData("Dismissed")]
    [InlineData("Failed")]
    [InlineData("Rated")]
    [InlineData("SomethingNew")]
    public async Task Only_what_is_still_a_suggestion_is_told(string state)
    {
        var found = await FoundAsync(Entry("s1", state: state), Entry("s2"));
        found.Candidates.ShouldHaveSingleItem().Id.ShouldBe("s2");
        found.Passed.ShouldBe(0);
    }

    public static TheoryData<string, string> Unusable => new()
    {
        { """{"state":"Suggested","knowledgeSearch":{"snippets":["x"]}}""", "page 1, suggestion 1 has no id." },
        { """{"id":"x","type":"Article","state":"Suggested"}""", "page 1, suggestion 1: nothing of the kind 'Article' can be shown." },
        { """{"id":"x","knowledgeSearch":{"title":"T","snippets":[]},"assistant":{"id":"a"}}""", "page 1, suggestion 1: knowledgeSearch has no text." },
        { """{"id":"x","script":{},"assistant":{"id":"a"}}""", "page 1, suggestion 1: script has no text." },
        { """{"id":"x","knowledgeSearch":{"title":"T","snippets":["x"]}}""", "page 1, suggestion 1 names neither a knowledge base nor an assistant." },
        { """{"id":"x","knowledgeSearch":{"title":"T","snippets":["x"],"confidence":7},"assistant":{"id":"a"}}""", "page 1, suggestion 1: confidence is not a number from 0 to 1." },
        { """{"id":"x","knowledgeSearch":{"title":"T","snippets":["x"],"confidence":"high"},"assistant":{"id":"a"}}""", "page 1, suggestion 1: confidence is not a number from 0 to 1." },
        { "7", "page 1, suggestion 1 is not an object." },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public async Task What_cannot_be_used_is_passed_over_with_its_reason(string entry, string why)
    {
        var found = await FoundAsync(entry, Entry("s2"));
        found.Candidates.ShouldHaveSingleItem().Id.ShouldBe("s2");
        (found.Passed, found.Why).ShouldBe((1, why));
    }

    [Fact]
    public async Task All_pages_are_read_and_the_surest_comes_first()
    {
        var network = StubNetwork.InTurn(() => The.Ok(Page(Entry("s1"), After("2"))), () => The.Ok(Page(Entry("s2", """{"knowledgeSearch":{"snippets":["x"],"confidence":0.9}}"""))));
        using var api = The.Api(network, time);
        var found = await new PlatformSuggestions(api).FoundAsync();
        found.Candidates.Select(c => c.Id).ShouldBe(["s2", "s1"]);
        network.Asked.ShouldBe([First, $"GET {After("2")}"]);
    }

    [Fact]
    public async Task A_cursor_that_repeats_ends_the_reading()
    {
        var network = StubNetwork.InTurn(() => The.Ok(Page(Entry("s1"), After("2"))), () => The.Ok(Page(Entry("s2"), After("3"))), () => The.Ok(Page(Entry("s3"), After("2"))));
        using var api = The.Api(network, time);
        var found = await new PlatformSuggestions(api).FoundAsync();
        (found.Candidates.Count, found.Why).ShouldBe((3, "The cursor after page 3 repeats; no more was read."));
        network.Asked.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Pages_without_end_are_read_for_a_while()
    {
        var page = 0;
        var network = new StubNetwork(_ => The.Ok(Page(Entry($"s{++page}"), After($"{page}"))));
        using var api = The.Api(network, time);
        var found = await new PlatformSuggestions(api).FoundAsync();
        (found.Candidates.Count, found.Why, network.Asked.Count).ShouldBe((10, "There is more than the 10 pages that were read.", 10));
    }

    [Fact]
    public async Task A_page_that_fails_costs_none_that_was_read()
    {
        using var api = The.Api(StubNetwork.InTurn(() => The.Ok(Page(Entry("s1"), After("2"))), () => The.Answer(HttpStatusCode.TooManyRequests, "{}", ("Retry-After", "40"))), time);
        var found = await new PlatformSuggestions(api).FoundAsync();
        found.Candidates.ShouldHaveSingleItem().Id.ShouldBe("s1");
        found.Why.ShouldNotBeNull().ShouldStartWith("Page 2 could not be read: Reading the assistant's suggestions: HTTP 429");
    }

    [Fact]
    public async Task The_deadline_costs_none_that_was_read()
    {
        using var deadline = new CancellationTokenSource();
        var network = new StubNetwork(async request =>
        {
            if (!request.RequestUri!.Query.Contains("after")) return The.Ok(Page(Entry("s1"), After("2")));
            await deadline.CancelAsync();
            return await new TaskCompletionSource<HttpResponseMessage>().Task;
        });
        using var api = The.Api(network, time);
        var found = (await new PlatformSuggestions(api).AskAsync(SuggestionAsk.Question(), deadline.Token)).ShouldBeOfType<SourceAnswer.Found>();
        (found.Candidates.Count, found.Why).ShouldBe((1, "Page 2 could not be read: the deadline was over."));
    }

    [Fact]
    public async Task A_first_page_that_fails_is_a_failure()
    {
        using var api = The.Api(StubNetwork.InTurn(() => The.Answer(HttpStatusCode.Forbidden, """{"code":"missing.permissions","messageParams":{"permissions":"conversation:suggestion:view"}}""")), time);
        var failed = await Should.ThrowAsync<ContactCenterException>(() => new PlatformSuggestions(api).AskAsync(SuggestionAsk.Question(), Ct));
        failed.Kind.ShouldBe(FailureKind.MissingPermission);
        failed.Message.ShouldContain("conversation:suggestion:view");
    }

    [Fact]
    public async Task What_is_no_conversation_of_the_platform_is_not_asked_for()
    {
        var network = StubNetwork.InTurn(() => The.Ok());
        using var api = The.Api(network, time);
        (await Should.ThrowAsync<ContactCenterException>(() => new PlatformSuggestions(api).AskAsync(SuggestionAsk.Question(conversation: "../users"), Ct))).Kind.ShouldBe(FailureKind.ConversationNotFound);
        network.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Entities_that_are_none_are_told()
    {
        using var api = The.Api(StubNetwork.InTurn(() => The.Ok("""{"entities":{}}""")), time);
        var found = await new PlatformSuggestions(api).FoundAsync();
        (found.Candidates.Count, found.Passed, found.Why).ShouldBe((0, 1, "page 1, suggestion is not a list."));
    }

    [Theory]
    [InlineData(SuggestionState.Displayed, "Opened")]
    [InlineData(SuggestionState.Inserted, "Copied")]
    [InlineData(SuggestionState.Edited, "Copied")]
    [InlineData(SuggestionState.Sent, "Copied")]
    [InlineData(SuggestionState.Dismissed, "Dismissed")]
    public async Task What_an_agent_did_is_passed_on_in_the_platforms_words(SuggestionState did, string word)
    {
        string? body = null;
        var network = new StubNetwork(async request =>
        {
            body = await request.Content!.ReadAsStringAsync();
            return The.Ok();
        });
        using var api = The.Api(network, time);
        await new PlatformSuggestions(api).EngageAsync(SuggestionAsk.Suggested("platform", "s/1"), did, Ct);
        network.Asked.ShouldBe([$"POST /api/v2/conversations/{The.Conversation}/suggestions/s%2F1/engagement"]);
        body.ShouldBe($$"""{"engagementType":"{{word}}"}""");
    }

    [Theory]
    [InlineData(SuggestionState.Expired)]
    [InlineData(SuggestionState.Offered)]
    public async Task What_nobody_did_is_not_passed_on(SuggestionState did)
    {
        var network = StubNetwork.InTurn(() => The.Ok());
        using var api = The.Api(network, time);
        await new PlatformSuggestions(api).EngageAsync(SuggestionAsk.Suggested("platform", "s1"), did, Ct);
        network.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_suggestion_the_platform_no_longer_has_is_a_failure_with_its_sentence()
    {
        using var api = The.Api(StubNetwork.InTurn(() => The.Answer(HttpStatusCode.NotFound, """{"code":"not.found","message":"The requested resource was not found."}""")), time);
        var failed = await Should.ThrowAsync<ContactCenterException>(() => new PlatformSuggestions(api).EngageAsync(SuggestionAsk.Suggested("platform", "s1"), SuggestionState.Sent, Ct));
        failed.Message.ShouldBe("Telling the assistant what was used: HTTP 404 not.found: The requested resource was not found.");
    }
}
