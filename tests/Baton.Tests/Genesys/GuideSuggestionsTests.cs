using System.Net;
using Baton.Core;
using Baton.Core.Assist;
using Baton.Genesys.Guide;
using Baton.Genesys.Platform;

namespace Baton.Tests.Genesys;

/// <summary>The guides' query for suggestions, and what its answers may look like.</summary>
public sealed class GuideSuggestionsTests
{
    const string Good = """{"id":"s1","title":"Refund","content":"Open the order.","confidence":0.9,"knowledgeSourceId":"ks-1","metadata":{"tags":["refunds","billing"]}}""";

    readonly ManualTime time = new(The.Start);
    readonly List<string> bodies = [];

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    StubNetwork Network(Func<HttpResponseMessage> answer) => new(async request =>
    {
        if (request.Content is not null) bodies.Add(await request.Content.ReadAsStringAsync());
        return answer();
    });

    static StubNetwork Completed(string suggestions) => StubNetwork.InTurn(() => The.Ok($$"""{"id":"r1","status":"completed","suggestions":{{suggestions}}}"""));

    async Task<SourceAnswer.Found> FoundAsync(string suggestions)
    {
        using var api = The.Api(Completed(suggestions), time);
        return await new GuideSuggestions(api).FoundAsync();
    }

    async Task<ContactCenterException> RefusedAsync(HttpResponseMessage answer, SourceQuestion? question = null)
    {
        using var api = The.Api(StubNetwork.InTurn(() => answer), time);
        return await Should.ThrowAsync<ContactCenterException>(() => new GuideSuggestions(api).AskAsync(question ?? SuggestionAsk.Question(), Ct));
    }

    [Fact]
    public async Task It_asks_as_the_guide_does_and_is_answered_later()
    {
        var network = Network(() => The.Ok("""{"id":"sug-req-1","status":"queued","callbackUrl":"https://x","createdTimestamp":"2026-03-02T10:00:00Z"}"""));
        using var api = The.Api(network, time);
        (await new GuideSuggestions(api).AskAsync(SuggestionAsk.Question(), Ct)).ShouldBe(new SourceAnswer.Later("sug-req-1"));
        network.Asked.ShouldBe(["POST /api/v2/agentassist/suggestions/query"]);
        bodies.ShouldBe([$$"""{"conversationId":"{{The.Conversation}}","transcript":"Bot: How can I help?\nCustomer: I want my money back.","agentSkills":["refunds"],"knowledgeSourceIds":["ks-1","ks-2"],"callbackUrl":"{{SuggestionAsk.Callback}}","async":true}"""]);
    }

    public static TheoryData<string?, bool> AtOnce => new() { { null, true }, { SuggestionAsk.Callback, false } };

    [Theory]
    [MemberData(nameof(AtOnce))]
    public async Task Without_a_callback_it_asks_for_an_answer_at_once(string? callback, bool isAsync)
    {
        using var api = The.Api(Network(() => The.Ok($$"""{"id":"r1","status":"completed","suggestions":[{{Good}}]}""")), time);
        var found = await new GuideSuggestions(api).FoundAsync(SuggestionAsk.Question(callback, isAsync));
        bodies.ShouldHaveSingleItem().ShouldEndWith("""
            "knowledgeSourceIds":["ks-1","ks-2"],"async":false}
            """.Trim());
        var only = found.Candidates.ShouldHaveSingleItem();
        (only.Source, only.Id, only.Title, only.Content, only.Confidence, only.KnowledgeSourceId, only.Subject, only.Link).ShouldBe(("guide", "s1", "Refund", "Open the order.", 0.9, "ks-1", "s1", null));
        only.Tags.ShouldBe(["refunds", "billing"]);
        (found.Passed, found.Why).ShouldBe((0, null));
    }

    public static TheoryData<string, string> Unusable => new()
    {
        { """{"title":"t","content":"c","confidence":0.5,"knowledgeSourceId":"k"}""", "suggestion 1 has no id." },
        { """{"id":"","content":"c","confidence":0.5,"knowledgeSourceId":"k"}""", "suggestion 1 has no id." },
        { """{"id":{},"content":"c","confidence":0.5,"knowledgeSourceId":"k"}""", "suggestion 1 has no id." },
        { """{"id":"\ud800","content":"c","confidence":0.5,"knowledgeSourceId":"k"}""", "suggestion 1 has no id." },
        { """{"id":"x","content":"c","confidence":0.5}""", "suggestion 1 has no knowledgeSourceId." },
        { """{"id":"x","content":"c","confidence":0.5,"knowledgeSourceId":null}""", "suggestion 1 has no knowledgeSourceId." },
        { """{"id":"x","confidence":0.5,"knowledgeSourceId":"k"}""", "suggestion 1 has no content." },
        { """{"id":"x","content":"c","knowledgeSourceId":"k"}""", "suggestion 1: confidence is not a number from 0 to 1." },
        { """{"id":"x","content":"c","confidence":7,"knowledgeSourceId":"k"}""", "suggestion 1: confidence is not a number from 0 to 1." },
        { """{"id":"x","content":"c","confidence":-0.1,"knowledgeSourceId":"k"}""", "suggestion 1: confidence is not a number from 0 to 1." },
        { """{"id":"x","content":"c","confidence":"high","knowledgeSourceId":"k"}""", "suggestion 1: confidence is not a number from 0 to 1." },
        { """{"id":"x","content":"c","confidence":1e400,"knowledgeSourceId":"k"}""", "suggestion 1: confidence is not a number from 0 to 1." },
        { "7", "suggestion 1 is not an object." },
        { "null", "suggestion 1 is not an object." },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public async Task What_cannot_be_used_is_passed_over_with_its_reason_and_costs_no_other(string entry, string why)
    {
        var found = await FoundAsync($"[{entry},{Good},{entry}]");
        found.Candidates.ShouldHaveSingleItem().Id.ShouldBe("s1");
        (found.Passed, found.Why).ShouldBe((2, why));
    }

    [Fact]
    public async Task An_id_that_comes_twice_is_one_suggestion()
    {
        var found = await FoundAsync($"[{Good},{Good}]");
        (found.Candidates.Count, found.Passed, found.Why).ShouldBe((1, 1, "suggestion 2 has the id of another one."));
    }

    [Fact]
    public async Task An_id_that_no_table_would_hold_is_passed_over()
    {
        var found = await FoundAsync($"[{Good.Replace("s1", new string('s', 100_000), StringComparison.Ordinal)}]");
        (found.Candidates.Count, found.Passed, found.Why).ShouldBe((0, 1, "suggestion 1 has an id of 100000 characters."));
    }

    [Theory]
    [InlineData("""["refunds",7,null,"vip"]""", new[] { "refunds", "vip" }, true)]
    [InlineData("""{"a":1}""", new string[0], true)]
    [InlineData("7", new string[0], true)]
    [InlineData("\"refunds\"", new[] { "refunds" }, false)]
    [InlineData("null", new string[0], false)]
    public async Task Odd_tags_cost_the_tags_and_not_the_suggestion(string tags, string[] expected, bool isTold)
    {
        var found = await FoundAsync($"[{Good.Replace("""["refunds","billing"]""", tags, StringComparison.Ordinal)}]");
        found.Candidates.ShouldHaveSingleItem().Tags.ShouldBe(expected);
        found.Passed.ShouldBe(0);
        found.Why.ShouldBe(isTold ? "suggestion 1: metadata.tags is not a list of texts; it was taken without those that are none." : null);
    }

    [Theory]
    [InlineData("null", 0)]
    [InlineData("[]", 0)]
    [InlineData("\"none\"", 1)]
    [InlineData("{}", 1)]
    public async Task A_list_that_is_none_is_an_answer_without_suggestions(string list, int passed)
    {
        var found = await FoundAsync(list);
        (found.Candidates.Count, found.Passed).ShouldBe((0, passed));
    }

    [Fact]
    public async Task Five_thousand_are_read_in_their_order()
    {
        var entries = string.Join(',', Enumerable.Range(0, 5_000).Select(n => Good.Replace("s1", $"s{n}", StringComparison.Ordinal)));
        var found = await FoundAsync($"[{entries}]");
        found.Candidates.Select(c => c.Id).ShouldBe(Enumerable.Range(0, 5_000).Select(n => $"s{n}"));
    }

    [Theory]
    [InlineData("\\n\\n  Open the order.\\nThen Refund.", "Open the order.")]
    [InlineData("Open the order.", "Open the order.")]
    public async Task Without_a_title_the_text_begins_it(string content, string title)
    {
        var found = await FoundAsync($$"""[{"id":"x","content":"{{content}}","confidence":1,"knowledgeSourceId":"k"}]""");
        found.Candidates.ShouldHaveSingleItem().Title.ShouldBe(title);
    }

    [Fact]
    public async Task A_title_cut_from_a_text_cuts_no_character()
    {
        var found = await FoundAsync($$"""[{"id":"x","content":"{{new string('a', 79)}}😀{{new string('b', 80)}}","confidence":1,"knowledgeSourceId":"k"}]""");
        found.Candidates.ShouldHaveSingleItem().Title.ShouldBe(new string('a', 79));
    }

    [Fact]
    public async Task Asked_to_call_back_it_may_answer_at_once_all_the_same() => (await FoundAsync($"[{Good}]")).Candidates.Count.ShouldBe(1);

    [Theory]
    [InlineData("""{"id":"r1","status":"failed"}""", true, FailureKind.Unavailable, "that it failed")]
    [InlineData("{}", true, FailureKind.MalformedReply, "neither id nor status")]
    [InlineData("[]", true, FailureKind.MalformedReply, "neither id nor status")]
    [InlineData("<html>", true, FailureKind.MalformedReply, "not the JSON it documents")]
    [InlineData("""{"id":"r1","status":"queued"}""", false, FailureKind.MalformedReply, "no callback was asked for")]
    public async Task An_answer_that_is_none_says_so(string body, bool withCallback, FailureKind kind, string sentence)
    {
        var refused = await RefusedAsync(The.Ok(body), SuggestionAsk.Question(withCallback ? SuggestionAsk.Callback : null));
        refused.Kind.ShouldBe(kind);
        refused.Message.ShouldContain(sentence);
    }

    [Fact]
    public async Task A_bad_request_names_the_field()
    {
        var refused = await RefusedAsync(The.Answer(HttpStatusCode.BadRequest, """{"message":"The field transcript is longer than 5000 characters.","code":"constraint.validation","details":[{"fieldName":"transcript"}]}"""));
        (refused.Kind, refused.Message).ShouldBe((FailureKind.BadRequest, "Asking for suggestions: HTTP 400 constraint.validation: The field transcript is longer than 5000 characters (field transcript)."));
    }

    [Fact]
    public async Task A_missing_scope_is_named()
    {
        var refused = await RefusedAsync(The.Answer(HttpStatusCode.Forbidden, """{"message":"no","code":"missing.permissions","messageParams":{"permissions":"agentassist:suggestions:read"}}"""));
        refused.Kind.ShouldBe(FailureKind.MissingPermission);
        refused.Message.ShouldContain("agentassist:suggestions:read");
    }

    [Fact]
    public async Task Told_to_wait_only_suggestions_wait_and_handoffs_go_on()
    {
        var network = new StubNetwork(request => request.RequestUri!.AbsolutePath.Contains("agentassist") ? The.Answer(HttpStatusCode.TooManyRequests, "{}", ("Retry-After", "40")) : The.Ok("""{"id":"c"}"""));
        using var api = The.Api(network, time);
        var guide = new GuideSuggestions(api);
        var told = await Should.ThrowAsync<ContactCenterException>(() => guide.AskAsync(SuggestionAsk.Question(), Ct));
        (told.Kind, told.NotBefore).ShouldBe((FailureKind.RateLimited, The.Start.AddSeconds(40)));
        // It does not even ask before that.
        (await Should.ThrowAsync<ContactCenterException>(() => guide.AskAsync(SuggestionAsk.Question(), Ct))).NotBefore.ShouldBe(The.Start.AddSeconds(40));
        network.Asked.Count.ShouldBe(1);
        (await api.GetAsync("conversations/c", "Reading", PlatformJson.Default.WireConversation, CallPurpose.Read, CallFor.Nobody, Ct)).Id.ShouldBe("c");
        var client = api.Clients.All.ShouldHaveSingleItem();
        (client.Suggestions.State.PausedUntil, client.Quota.State.PausedUntil).ShouldBe((The.Start.AddSeconds(40), null));
        time.Advance(TimeSpan.FromSeconds(40));
        await Should.ThrowAsync<ContactCenterException>(() => guide.AskAsync(SuggestionAsk.Question(), Ct));
        network.Asked.Count(a => a.Contains("agentassist")).ShouldBe(2);
    }

    [Fact]
    public async Task Told_to_wait_with_everything_else_suggestions_go_on()
    {
        var network = new StubNetwork(request => request.RequestUri!.AbsolutePath.Contains("agentassist") ? The.Ok("""{"id":"r1","status":"completed"}""") : The.Answer(HttpStatusCode.TooManyRequests, "{}", ("Retry-After", "40")));
        using var api = The.Api(network, time);
        await Should.ThrowAsync<ContactCenterException>(() => api.GetAsync("conversations/c", "Reading", PlatformJson.Default.WireConversation, CallPurpose.Read, CallFor.Nobody, Ct));
        (await new GuideSuggestions(api).FoundAsync()).Candidates.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_hundred_questions_a_minute_are_asked_and_the_next_is_told_when()
    {
        var network = Completed("[]");
        using var api = The.Api(network, time);
        var guide = new GuideSuggestions(api);
        for (var question = 0; question < 100; question++) await guide.FoundAsync();
        var told = await Should.ThrowAsync<ContactCenterException>(() => guide.AskAsync(SuggestionAsk.Question(), Ct));
        (told.Kind, told.NotBefore).ShouldBe((FailureKind.RateLimited, The.Start.AddSeconds(60)));
        network.Asked.Count.ShouldBe(100);
        api.Clients.All[0].Quota.State.Used.ShouldBe(0);
    }

    [Fact]
    public async Task The_deadline_ends_the_wait_for_a_place_and_the_place_stays_free()
    {
        var network = Completed("[]");
        using var api = The.Api(network, time, The.Options with { SuggestionsPerMinute = 1 });
        var guide = new GuideSuggestions(api);
        await guide.FoundAsync();
        time.Advance(TimeSpan.FromSeconds(58));
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(800), time);
        var asking = guide.AskAsync(SuggestionAsk.Question(), deadline.Token);
        asking.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromMilliseconds(800));
        await Should.ThrowAsync<OperationCanceledException>(asking);
        time.Advance(TimeSpan.FromSeconds(2));
        await guide.FoundAsync();
        network.Asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_gateway_that_fails_is_asked_again_no_longer_than_the_deadline()
    {
        var network = StubNetwork.InTurn(() => The.Answer(HttpStatusCode.BadGateway));
        using var api = The.Api(network, time);
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(1), time);
        var asking = new GuideSuggestions(api).AskAsync(SuggestionAsk.Question(), deadline.Token);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await Should.ThrowAsync<OperationCanceledException>(asking);
        network.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public void It_takes_no_word_on_what_was_used()
    {
        using var api = The.Api(Completed("[]"), time);
        ((ISuggestionSource)new GuideSuggestions(api)).TakesEngagements.ShouldBeFalse();
    }
}
