using System.Net;
using Baton.Core;
using Baton.Core.Assist;
using Baton.Genesys.Platform;

namespace Baton.Tests.Genesys;

/// <summary>Knowledge bases searched side by side: what each answers, and what one that fails costs.</summary>
public sealed class PlatformKnowledgeTests
{
    readonly ManualTime time = new(The.Start);
    readonly Dictionary<string, Func<Task<HttpResponseMessage>>> bases = [];
    readonly List<string> bodies = [];

    StubNetwork Network() => new(async request =>
    {
        lock (bodies) bodies.Add(request.Content!.ReadAsStringAsync().GetAwaiter().GetResult());
        var id = Uri.UnescapeDataString(request.RequestUri!.Segments[^3].Trim('/'));
        return bases.TryGetValue(id, out var answer) ? await answer() : The.Answer(HttpStatusCode.NotFound, """{"code":"not.found","message":"The requested resource was not found."}""");
    });

    static string Result(string id, double confidence, string text = "Open the order.") =>
        $$$"""{"confidence":{{{confidence.ToString(System.Globalization.CultureInfo.InvariantCulture)}}},"document":{"id":"{{{id}}}","title":"Title {{{id}}}","answer":"{{{text}}}"}}""";

    static Func<Task<HttpResponseMessage>> Answers(params string[] results) => () => Task.FromResult(The.Ok($$"""{"searchId":"x","results":[{{string.Join(',', results)}}]}"""));
    static Func<Task<HttpResponseMessage>> Refuses(HttpStatusCode status, string body = "{}") => () => Task.FromResult(The.Answer(status, body));

    async Task<SourceAnswer.Found> FoundAsync(params string[] sources)
    {
        using var api = The.Api(Network(), time);
        return await new PlatformKnowledge(api).FoundAsync(SuggestionAsk.Question(sources: sources));
    }

    [Fact]
    public async Task Each_chosen_base_is_searched_for_what_the_customer_said()
    {
        bases["kb-1"] = Answers(Result("d1", 0.4));
        bases["kb-2"] = Answers(Result("d2", 0.9));
        var network = Network();
        using var api = The.Api(network, time);
        var found = await new PlatformKnowledge(api).FoundAsync(SuggestionAsk.Question(sources: ["kb-1", "kb-2", "kb-1"]));
        found.Candidates.Select(c => (c.Source, c.Id, c.Title, c.Content, c.Confidence, c.KnowledgeSourceId, c.Subject))
            .ShouldBe([("knowledge", "d2", "Title d2", "Open the order.", 0.9, "kb-2", "d2"), ("knowledge", "d1", "Title d1", "Open the order.", 0.4, "kb-1", "d1")]);
        (found.Passed, found.Why).ShouldBe((0, null));
        network.Asked.ShouldBe(["POST /api/v2/knowledge/knowledgebases/kb-1/documents/search?expand=documentVariations", "POST /api/v2/knowledge/knowledgebases/kb-2/documents/search?expand=documentVariations"], ignoreOrder: true);
        bodies.ShouldAllBe(b => b == """{"query":"I want my money back.","pageSize":5,"queryType":"Suggestion","application":{"type":"Assistant"}}""");
    }

    [Fact]
    public async Task They_are_searched_side_by_side()
    {
        // The first call of a process goes alone, to learn what is left of the quota.
        bases["warm"] = Answers();
        var both = new TaskCompletionSource();
        var under = 0;
        async Task<HttpResponseMessage> Together()
        {
            if (Interlocked.Increment(ref under) == 2) both.SetResult();
            await both.Task;
            return The.Ok("""{"results":[]}""");
        }
        bases["kb-1"] = bases["kb-2"] = Together;
        using var api = The.Api(Network(), time);
        var knowledge = new PlatformKnowledge(api);
        await knowledge.FoundAsync(SuggestionAsk.Question(sources: "warm"));
        (await knowledge.FoundAsync(SuggestionAsk.Question(sources: ["kb-1", "kb-2"])).WaitAsync(TimeSpan.FromSeconds(100), TimeProvider.System, TestContext.Current.CancellationToken)).Candidates.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_no_knowledge_base_is_told_and_the_others_answer()
    {
        bases["kb-1"] = Answers(Result("d1", 0.4));
        bases["local"] = Refuses(HttpStatusCode.BadRequest, """{"code":"invalid.id"}""");
        var found = await FoundAsync("local", "kb-1", "ks-7", "..");
        found.Candidates.ShouldHaveSingleItem().Id.ShouldBe("d1");
        found.Why.ShouldBe("Not a knowledge base of the platform: local, ks-7, ...");
    }

    [Fact]
    public async Task When_none_is_a_knowledge_base_there_is_nothing_and_nothing_has_failed()
    {
        var found = await FoundAsync("ks-1", "ks-2");
        (found.Candidates.Count, found.Why).ShouldBe((0, "Not a knowledge base of the platform: ks-1, ks-2."));
    }

    [Fact]
    public async Task One_that_fails_costs_no_other()
    {
        bases["kb-1"] = Answers(Result("d1", 0.4));
        bases["kb-2"] = Refuses(HttpStatusCode.Forbidden, """{"code":"missing.permissions","messageParams":{"permissions":"knowledge:knowledgebase:search"}}""");
        var found = await FoundAsync("kb-1", "kb-2");
        found.Candidates.ShouldHaveSingleItem().Id.ShouldBe("d1");
        found.Why.ShouldBe("Searching knowledge base kb-2: HTTP 403 missing.permissions: the OAuth client lacks the permission knowledge:knowledgebase:search.");
    }

    [Fact]
    public async Task When_all_fail_that_is_the_answer()
    {
        bases["kb-1"] = bases["kb-2"] = Refuses(HttpStatusCode.InternalServerError);
        (await Should.ThrowAsync<ContactCenterException>(() => FoundAsync("kb-1", "kb-2", "ks-1"))).Kind.ShouldBe(FailureKind.Unavailable);
    }

    [Fact]
    public async Task A_bad_request_of_what_could_be_a_knowledge_base_is_a_failure()
    {
        bases[The.Conversation] = Refuses(HttpStatusCode.BadRequest);
        (await Should.ThrowAsync<ContactCenterException>(() => FoundAsync(The.Conversation))).Kind.ShouldBe(FailureKind.BadRequest);
    }

    [Fact]
    public async Task One_that_hangs_until_the_deadline_costs_no_other()
    {
        using var deadline = new CancellationTokenSource();
        bases["kb-1"] = Answers(Result("d1", 0.4));
        bases["kb-2"] = async () =>
        {
            await deadline.CancelAsync();
            return await new TaskCompletionSource<HttpResponseMessage>().Task;
        };
        using var api = The.Api(Network(), time);
        var knowledge = new PlatformKnowledge(api);
        // With token and quota known, the first search is answered within the call that sends it.
        await knowledge.FoundAsync(SuggestionAsk.Question(sources: "kb-1"));
        var found = (await knowledge.AskAsync(SuggestionAsk.Question(sources: ["kb-1", "kb-2"]), deadline.Token)).ShouldBeOfType<SourceAnswer.Found>();
        (found.Candidates.Count, found.Why).ShouldBe((1, "Knowledge base kb-2 had not answered by the deadline."));
    }

    [Fact]
    public async Task When_nothing_was_there_by_the_deadline_the_source_is_late()
    {
        using var deadline = new CancellationTokenSource();
        bases["kb-1"] = async () =>
        {
            await deadline.CancelAsync();
            return await new TaskCompletionSource<HttpResponseMessage>().Task;
        };
        using var api = The.Api(Network(), time);
        await Should.ThrowAsync<OperationCanceledException>(() => new PlatformKnowledge(api).AskAsync(SuggestionAsk.Question(sources: ["kb-1", "ks-1"]), deadline.Token));
    }

    [Fact]
    public async Task A_customer_who_has_said_nothing_costs_no_call()
    {
        var network = Network();
        using var api = The.Api(network, time);
        var found = await new PlatformKnowledge(api).FoundAsync(SuggestionAsk.Question(transcript: "Bot: How can I help?"));
        (found.Candidates.Count, found.Why).ShouldBe((0, "The customer has said nothing that could be searched for."));
        network.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_document_without_an_answer_is_told_by_its_variation()
    {
        bases["kb-1"] = Answers("""
            {"confidence":0.7,"document":{"id":"d1","title":"T","externalUrl":"https://help.test/d1","labels":[{"id":"l1","name":"refunds"},{"id":"l2"},7],
             "variations":[{"body":{"blocks":[{"type":"Image"}]}},{"body":{"blocks":[{"paragraph":{"blocks":[{"text":{"text":"Open "}},{"text":{"text":"the order."}}]}},{"type":"Video"},{"paragraph":{"blocks":[{"text":{"text":"Then Refund."}}]}}]}}]}}
            """);
        var only = (await FoundAsync("kb-1")).Candidates.ShouldHaveSingleItem();
        (only.Content, only.Link).ShouldBe(("Open the order.\nThen Refund.", "https://help.test/d1"));
        only.Tags.ShouldBe(["refunds"]);
    }

    public static TheoryData<string, string> Unusable => new()
    {
        { """{"confidence":0.5,"document":{"title":"T","answer":"A"}}""", "knowledge base kb-1, result 1 has no document id." },
        { """{"confidence":0.5}""", "knowledge base kb-1, result 1 has no document id." },
        { """{"confidence":0.5,"document":{"id":"x","title":"T"}}""", "knowledge base kb-1, result 1: the document has no text." },
        { """{"confidence":7,"document":{"id":"x","answer":"A"}}""", "knowledge base kb-1, result 1: confidence is not a number from 0 to 1." },
        { """{"confidence":"high","document":{"id":"x","answer":"A"}}""", "knowledge base kb-1, result 1: confidence is not a number from 0 to 1." },
        { "[]", "knowledge base kb-1, result 1 is not an object." },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public async Task What_cannot_be_used_is_passed_over_with_its_reason(string result, string why)
    {
        bases["kb-1"] = Answers(result, Result("d2", 0.4));
        var found = await FoundAsync("kb-1");
        found.Candidates.ShouldHaveSingleItem().Id.ShouldBe("d2");
        (found.Passed, found.Why).ShouldBe((1, why));
    }
}
