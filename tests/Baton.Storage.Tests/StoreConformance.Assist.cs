using Baton.Core;
using Baton.Core.Assist;
using Baton.Core.Audit;
using Baton.Core.Deliveries;

namespace Baton.Storage.Tests;

public abstract partial class StoreConformance
{
    static AssistRequest Question(string conversation = "c1", double asked = 0, double? due = 30, string? vendorId = null) => new()
    {
        Id = AssistRequestId.New(The.In(asked)),
        ConversationId = conversation,
        QueueId = "q1",
        AgentId = "ada",
        AgentSkills = ["billing"],
        KnowledgeSourceIds = ["ks-1", "ks-2"],
        Show = 3,
        AskedAt = The.In(asked),
        DueAt = due is { } seconds ? The.In(seconds) : null,
        VendorId = vendorId,
    };

    static Suggestion Offered(AssistRequest request, string id, string? subject = null, string title = "Refunds", double expires = 1_800) => new()
    {
        Id = SuggestionId.Of(request.Id, "local", id),
        RequestId = request.Id,
        ConversationId = request.ConversationId,
        QueueId = request.QueueId,
        Source = "local",
        SourceId = id,
        Subject = subject ?? id,
        KnowledgeSourceId = "ks-1",
        Title = title,
        Content = "Money is back within five days – as it is \u0001.",
        Link = "https://help.example.com/refunds",
        Score = new Score(0.5845, 0.5395, 0.045, 0.05, 0.5, true),
        Sources = ["local"],
        OfferedAt = request.AskedAt,
        ResponseMilliseconds = 12.5,
        ExpiresAt = The.In(expires),
    };

    async Task<AssistRequest> Asked(AssistRequest? request = null)
    {
        var asked = request ?? Question();
        await Store.BeginAssistAsync(asked, Ct);
        return asked;
    }

    /// <summary>Answered by the folder of articles; the guide's callback is waited for.</summary>
    static AssistStep Answer(AssistRequest request, string? vendorId = null, params Suggestion[] suggestions) => request.Answered(
        [new SourceReport("local", SourceState.Answered, 3.5, suggestions.Length), new SourceReport("guide", SourceState.Pending, 80, 0)], vendorId, suggestions, The.In(1));

    static AssistStep CallbackOf(AssistRequest request, IReadOnlyList<Suggestion> added, params Suggestion[] folded) =>
        request.CalledBack(The.In(2), new SourceReport("guide", SourceState.Answered, 2_000, added.Count), added, folded, The.In(3));

    async Task<(AssistRequest Request, Suggestion Suggestion)> OfferedOne(string conversation = "c1", string id = "s1", string? subject = null, double expires = 1_800)
    {
        var request = await Asked(Question(conversation));
        var step = Answer(request, null, Offered(request, id, subject, expires: expires));
        (await Store.CommitAssistAsync(step, Ct)).ShouldBeTrue();
        return (step.Request, step.Added[0]);
    }

    static SuggestionStep Did(Suggestion suggestion, SuggestionState did, double at, bool forward = false, params Delivery[] deliveries) =>
        suggestion.Apply(new Engagement(did, did == SuggestionState.Expired ? null : "ada", The.In(at))) with { Forward = forward, Deliveries = deliveries };

    async Task<Suggestion> Engaged(Suggestion suggestion, SuggestionState did, double at, bool forward = false, params Delivery[] deliveries)
    {
        var step = Did(suggestion, did, at, forward, deliveries);
        (await Store.EngageAsync(step, Ct)).ShouldBe(EngageOutcome.Recorded);
        return step.Suggestion;
    }

    async Task<IReadOnlyList<SubjectOutcome>> OutcomesOf(string subject, int most = 10) =>
        (await Store.OutcomesAsync([subject], most, Ct)).TryGetValue(subject, out var outcomes) ? outcomes : [];

    async Task<int> AuditEntriesAsync() => (await Store.TailAuditAsync(10_000, Ct)).Count;

    [Fact]
    public async Task A_request_comes_back_as_it_was_asked_and_its_trail_says_so()
    {
        var request = await Asked();
        (await Store.FindAssistAsync(request.Id, Ct)).ShouldBeSameAs(request);
        (await Store.FindAssistAsync(AssistRequestId.New(The.Now), Ct)).ShouldBeNull();
        (await Store.SuggestionsOfAsync(request.Id, Ct)).ShouldBeEmpty();
        (await Store.TailAuditAsync(1, Ct)).Single().ShouldSatisfyAllConditions(
            e => e.Chain.ShouldBe("c1"), e => e.Kind.ShouldBe("assist.asked"), e => e.At.ShouldBe(The.Now),
            e => e.Facts.ShouldBe($$"""{"request":"{{request.Id}}","state":"Asking","version":1,"agent":"ada","queue":"q1","sources":[],"added":0,"folded":0}"""));
    }

    [Fact]
    public async Task A_request_begun_twice_is_one()
    {
        var request = await Asked();
        await Store.CommitAssistAsync(Answer(request), Ct);
        await Store.BeginAssistAsync(request, Ct);
        (await Store.FindAssistAsync(request.Id, Ct))!.State.ShouldBe(AssistState.Waiting);
        (await Store.TailAuditAsync(10, Ct)).Select(e => e.Kind).ShouldBe(["assist.asked", "assist.answered"]);
    }

    [Fact]
    public async Task An_answer_is_committed_with_what_it_offers_in_its_order()
    {
        var request = await Asked();
        var step = Answer(request, "v1", Offered(request, "s2"), Offered(request, "s1"), Offered(request, "s3"));

        (await Store.CommitAssistAsync(step, Ct)).ShouldBeTrue();

        (await Store.FindAssistByVendorIdAsync("v1", Ct)).ShouldBeSameAs(step.Request);
        (await Store.FindAssistByVendorIdAsync("v2", Ct)).ShouldBeNull();
        (await Store.SuggestionsOfAsync(request.Id, Ct)).ShouldBeSameAs(step.Added);
        (await Store.FindSuggestionAsync(step.Added[1].Id, Ct)).ShouldBeSameAs(step.Added[1]);
        (await Store.FindSuggestionAsync(SuggestionId.Of(request.Id, "local", "other"), Ct)).ShouldBeNull();
        (await Store.TailAuditAsync(1, Ct)).Single().ShouldSatisfyAllConditions(e => e.Kind.ShouldBe("assist.answered"), e => e.At.ShouldBe(The.In(1)), e => e.Facts.ShouldBe(
            $$"""{"request":"{{request.Id}}","state":"Waiting","version":2,"vendorId":"v1","agent":"ada","queue":"q1","sources":[{"name":"local","state":"Answered","count":3},{"name":"guide","state":"Pending","count":0}],"added":3,"folded":0}"""));
    }

    [Fact]
    public async Task A_step_from_an_older_version_writes_nothing()
    {
        var request = await Asked();
        await Store.CommitAssistAsync(Answer(request), Ct);
        var before = await AuditEntriesAsync();

        (await Store.CommitAssistAsync(Answer(request, "v1", Offered(request, "s1")), Ct)).ShouldBeFalse();
        (await Store.CommitAssistAsync(Answer(Question()), Ct)).ShouldBeFalse();

        (await Store.SuggestionsOfAsync(request.Id, Ct)).ShouldBeEmpty();
        (await Store.FindAssistByVendorIdAsync("v1", Ct)).ShouldBeNull();
        (await AuditEntriesAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Of_two_who_answer_at_once_one_is_kept_whole()
    {
        await using var other = await OpenAsync();
        var request = await Asked();
        var steps = Enumerable.Range(0, 20).Select(i => Answer(request, $"v{i}", Offered(request, $"s{i}a"), Offered(request, $"s{i}b"))).ToList();

        var kept = await Task.WhenAll(steps.Select((step, i) => Task.Run(() => (i % 2 == 0 ? Store : other).CommitAssistAsync(step, Ct), Ct)));

        var winner = steps[Array.IndexOf(kept, true)];
        kept.Count(k => k).ShouldBe(1);
        (await Store.FindAssistAsync(request.Id, Ct)).ShouldBeSameAs(winner.Request);
        (await Store.SuggestionsOfAsync(request.Id, Ct)).ShouldBeSameAs(winner.Added);
    }

    [Fact]
    public async Task Two_requests_that_the_platform_gives_one_name_are_both_kept_and_the_first_is_found_by_it()
    {
        var (first, second) = (await Asked(), await Asked());
        (await Store.CommitAssistAsync(Answer(first, "v1"), Ct)).ShouldBeTrue();
        var step = Answer(second, "v1", Offered(second, "s1"));

        (await Store.CommitAssistAsync(step, Ct)).ShouldBeTrue();
        await Store.BeginAssistAsync(Question(vendorId: "v1"), Ct);

        (await Store.FindAssistByVendorIdAsync("v1", Ct))!.Id.ShouldBe(first.Id);
        (await Store.FindAssistAsync(second.Id, Ct)).ShouldBeSameAs(step.Request);
        (await Store.CommitAssistAsync(first.Answered([], null, [], The.In(9)), Ct)).ShouldBeFalse();
        (await Store.CommitAssistAsync(Answer(first, "v1").Request.TimedOut(The.In(31)), Ct)).ShouldBeTrue();
        (await Store.FindAssistByVendorIdAsync("v1", Ct))!.State.ShouldBe(AssistState.TimedOut);
    }

    [Fact]
    public async Task A_callback_is_kept_once_and_ranked_once_and_its_body_goes_with_that()
    {
        var request = await Asked();
        var waiting = Answer(request, null, Offered(request, "s1"));
        await Store.CommitAssistAsync(waiting, Ct);
        var callback = new AssistCallback(request.Id, """{"status":"completed","text":"as it is – \u0001"}""", The.In(2));

        (await Store.TakeCallbackAsync(callback, Ct)).ShouldBeTrue();
        (await Store.TailAuditAsync(1, Ct)).Single().ShouldSatisfyAllConditions(
            e => e.Chain.ShouldBe("c1"), e => e.Kind.ShouldBe("assist.callbackReceived"), e => e.Facts.ShouldBe($$"""{"request":"{{request.Id}}","characters":{{callback.Body.Length}}}"""));
        (await Store.TakeCallbackAsync(callback with { Body = "{}" }, Ct)).ShouldBeFalse();
        (await Store.CallbacksToRankAsync(The.In(0), 10, Ct)).ShouldBe([callback]);

        var step = CallbackOf(waiting.Request, [Offered(request, "s2")]);
        (await Store.CommitCallbackAsync(callback, step, Ct)).ShouldBeTrue();

        (await Store.CallbacksToRankAsync(The.In(100), 10, Ct)).ShouldBeEmpty();
        (await Store.SuggestionsOfAsync(request.Id, Ct)).Select(s => s.SourceId).ShouldBe(["s1", "s2"]);
        (await Store.FindAssistAsync(request.Id, Ct)).ShouldBeSameAs(step.Request);
        var entries = await AuditEntriesAsync();
        (await Store.CommitCallbackAsync(callback, CallbackOf(step.Request, [Offered(request, "s3")]), Ct)).ShouldBeFalse();
        (await Store.TakeCallbackAsync(callback, Ct)).ShouldBeFalse();
        (await Store.SuggestionsOfAsync(request.Id, Ct)).Count.ShouldBe(2);
        (await AuditEntriesAsync()).ShouldBe(entries);
    }

    [Fact]
    public async Task A_callback_ranked_from_an_older_version_of_its_request_waits_to_be_ranked_again()
    {
        var request = await Asked();
        var waiting = Answer(request).Request;
        await Store.CommitAssistAsync(Answer(request), Ct);
        var callback = new AssistCallback(request.Id, "{}", The.In(2));
        await Store.TakeCallbackAsync(callback, Ct);
        await Store.CommitAssistAsync(waiting.TimedOut(The.In(30)), Ct);

        (await Store.CommitCallbackAsync(callback, CallbackOf(waiting, [Offered(request, "s1")]), Ct)).ShouldBeFalse();

        (await Store.SuggestionsOfAsync(request.Id, Ct)).ShouldBeEmpty();
        (await Store.CallbacksToRankAsync(The.In(0), 10, Ct)).ShouldBe([callback]);
        (await Store.CommitCallbackAsync(callback, CallbackOf(waiting.TimedOut(The.In(30)).Request, [Offered(request, "s1")]), Ct)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_callback_that_comes_many_times_at_once_is_taken_once_and_ranked_by_one()
    {
        await using var other = await OpenAsync();
        var request = await Asked();
        var waiting = Answer(request).Request;
        await Store.CommitAssistAsync(Answer(request), Ct);
        var callbacks = Enumerable.Range(0, 20).Select(i => new AssistCallback(request.Id, $$"""{"n":{{i}}}""", The.In(2))).ToList();

        var taken = await Task.WhenAll(callbacks.Select((c, i) => Task.Run(() => (i % 2 == 0 ? Store : other).TakeCallbackAsync(c, Ct), Ct)));
        taken.Count(t => t).ShouldBe(1);
        var kept = (await Store.CallbacksToRankAsync(The.In(0), 10, Ct)).ShouldHaveSingleItem();
        kept.ShouldBe(callbacks[Array.IndexOf(taken, true)]);

        var ranked = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => (i % 2 == 0 ? Store : other).CommitCallbackAsync(kept, CallbackOf(waiting, [Offered(request, $"s{i}")]), Ct), Ct)));
        ranked.Count(r => r).ShouldBe(1);
        (await Store.SuggestionsOfAsync(request.Id, Ct)).ShouldHaveSingleItem().SourceId.ShouldBe($"s{Array.IndexOf(ranked, true)}");
    }

    [Fact]
    public async Task A_callback_that_overtakes_the_answers_waits_for_them_but_not_for_ever()
    {
        var (asking, waiting) = (await Asked(), await Asked());
        var answered = Answer(waiting);
        await Store.CommitAssistAsync(answered, Ct);
        var (early, later) = (new AssistCallback(asking.Id, "{}", The.In(2)), new AssistCallback(waiting.Id, "{}", The.In(3)));
        await Store.TakeCallbackAsync(later, Ct);
        await Store.TakeCallbackAsync(early, Ct);

        (await Store.CallbacksToRankAsync(The.In(0), 10, Ct)).ShouldBe([later]);
        (await Store.CallbacksToRankAsync(The.In(1), 10, Ct)).ShouldBe([early, later]);
        (await Store.CallbacksToRankAsync(The.In(1), 1, Ct)).ShouldBe([early]);
        await Store.CommitAssistAsync(Answer(asking), Ct);
        (await Store.CallbacksToRankAsync(The.In(0), 10, Ct)).ShouldBe([early, later]);
    }

    [Fact]
    public async Task A_callback_of_nothing_asked_and_one_that_is_not_its_steps_are_refused_aloud()
    {
        var unknown = new AssistCallback(AssistRequestId.New(The.Now), "{}", The.Now);
        await Should.ThrowAsync<StoreException>(() => Store.TakeCallbackAsync(unknown, Ct));
        (await Store.AuditHeadsAsync(Ct)).ShouldBeEmpty();
        var request = await Asked();
        await Should.ThrowAsync<ArgumentException>(() => Store.CommitCallbackAsync(unknown, Answer(request), Ct));
    }

    [Fact]
    public async Task A_callbacks_suggestions_stand_behind_the_others_and_one_offered_before_only_gains_its_source()
    {
        var (request, first) = await OfferedOne();
        await Store.TakeCallbackAsync(new AssistCallback(request.Id, "{}", The.In(2)), Ct);
        var second = Offered(request, "s2");

        // Offered again under the same id, and folded: neither may undo what is there.
        var step = CallbackOf(request, [first with { Title = "Other" }, second], first with { Version = 2, Sources = ["local", "guide"] });
        (await Store.CommitCallbackAsync(new AssistCallback(request.Id, "{}", The.In(2)), step, Ct)).ShouldBeTrue();

        (await Store.SuggestionsOfAsync(request.Id, Ct)).ShouldBeSameAs(new[] { first with { Version = 2, Sources = ["local", "guide"] }, second });
        (await Store.EngageAsync(Did(first, SuggestionState.Displayed, 4), Ct)).ShouldBe(EngageOutcome.Moved);
    }

    [Fact]
    public async Task Folding_into_one_that_an_agent_has_used_meanwhile_keeps_what_the_agent_did()
    {
        var (request, offered) = await OfferedOne();
        var used = await Engaged(offered, SuggestionState.Inserted, 2);

        (await Store.CommitAssistAsync(CallbackOf(request, [], offered with { Sources = ["guide", "local"] }), Ct)).ShouldBeTrue();

        (await Store.FindSuggestionAsync(offered.Id, Ct)).ShouldBeSameAs(used with { Version = 3, Sources = ["local", "guide"] });
        (await OutcomesOf("s1")).ShouldBe([new SubjectOutcome(true, The.In(2))]);
        (await Store.CommitAssistAsync(CallbackOf(CallbackOf(request, []).Request, [], offered with { Sources = ["guide"] }, Offered(Question(), "never offered")), Ct)).ShouldBeTrue();
        (await Store.FindSuggestionAsync(offered.Id, Ct))!.Version.ShouldBe(3);
    }

    [Fact]
    public async Task Requests_are_listed_newest_first_and_their_suggestions_in_the_order_offered()
    {
        AssistRequest a = await Asked(Question(asked: 0)), b = await Asked(Question("c2", asked: 10)), c = await Asked(Question(asked: 20));
        foreach (var request in (AssistRequest[])[c, a, b]) await Store.CommitAssistAsync(Answer(request, null, Offered(request, "x"), Offered(request, "y")), Ct);

        (await Requests(new())).ShouldBe([c.Id, b.Id, a.Id]);
        (await Requests(new() { Limit = 2 })).ShouldBe([c.Id, b.Id]);
        (await Requests(new() { Since = The.In(10) })).ShouldBe([c.Id, b.Id]);
        (await Requests(new() { ConversationId = "c1" })).ShouldBe([c.Id, a.Id]);
        (await Requests(new() { ConversationId = "c1", Since = The.In(1), Limit = 5 })).ShouldBe([c.Id]);
        (await Requests(new() { ConversationId = "c3" })).ShouldBeEmpty();
        (await Suggestions(new())).ShouldBe([(c.Id, "x"), (c.Id, "y"), (a.Id, "x"), (a.Id, "y"), (b.Id, "x"), (b.Id, "y")]);
        (await Suggestions(new() { Limit = 1 })).ShouldBe([(c.Id, "x"), (c.Id, "y")]);
        (await Suggestions(new() { ConversationId = "c1", Since = The.In(0), Limit = 5 })).ShouldBe([(c.Id, "x"), (c.Id, "y"), (a.Id, "x"), (a.Id, "y")]);
        (await Suggestions(new() { ConversationId = "c2" })).ShouldBe([(b.Id, "x"), (b.Id, "y")]);

        async Task<IEnumerable<AssistRequestId>> Requests(AssistFilter filter) => (await Store.ListAssistAsync(filter, Ct)).Select(r => r.Id);
        async Task<IEnumerable<(AssistRequestId, string)>> Suggestions(AssistFilter filter) => (await Store.ListSuggestionsAsync(filter, Ct)).Select(s => (s.RequestId, s.SourceId));
    }

    [Fact]
    public async Task Open_requests_are_overdue_at_their_time_the_longest_first()
    {
        AssistRequest later = await Asked(Question(due: 30)), sooner = await Asked(Question(due: 20)), never = await Asked(Question(due: null)), over = await Asked(Question(due: 10));
        await Store.CommitAssistAsync(over.Answered([], null, [], The.In(1)), Ct);

        (await Store.OverdueAssistAsync(The.In(19), 10, Ct)).ShouldBeEmpty();
        (await Store.OverdueAssistAsync(The.In(20), 10, Ct)).ShouldHaveSingleItem().Id.ShouldBe(sooner.Id);
        (await Store.OverdueAssistAsync(The.In(30), 10, Ct)).Select(r => r.Id).ShouldBe([sooner.Id, later.Id]);
        (await Store.OverdueAssistAsync(The.In(30), 1, Ct)).ShouldHaveSingleItem().Id.ShouldBe(sooner.Id);
        (await Store.CommitAssistAsync(sooner.TimedOut(The.In(30)), Ct)).ShouldBeTrue();
        (await Store.OverdueAssistAsync(The.In(90), 10, Ct)).ShouldHaveSingleItem().Id.ShouldBe(later.Id);
        (await Store.FindAssistAsync(never.Id, Ct))!.IsOpen.ShouldBeTrue();
    }

    [Fact]
    public async Task Suggestions_expire_that_nobody_used_in_time()
    {
        var (_, untouched) = await OfferedOne(id: "s1", expires: 60);
        var (_, displayed) = await OfferedOne(id: "s2", expires: 50);
        var (_, used) = await OfferedOne(id: "s3", expires: 40);
        await Engaged(displayed, SuggestionState.Displayed, 2);
        await Engaged(used, SuggestionState.Inserted, 2);

        (await Store.ExpiredSuggestionsAsync(The.In(49), 10, Ct)).ShouldBeEmpty();
        (await Store.ExpiredSuggestionsAsync(The.In(60), 10, Ct)).Select(s => s.SourceId).ShouldBe(["s2", "s1"]);
        (await Store.ExpiredSuggestionsAsync(The.In(60), 1, Ct)).ShouldHaveSingleItem().SourceId.ShouldBe("s2");
        await Engaged(untouched, SuggestionState.Expired, 60);
        (await Store.ExpiredSuggestionsAsync(The.In(90), 10, Ct)).ShouldHaveSingleItem().SourceId.ShouldBe("s2");
    }

    [Fact]
    public async Task What_an_agent_did_is_recorded_with_its_deliveries_and_its_trail()
    {
        var (request, offered) = await OfferedOne(subject: "kb/refunds");
        var displayed = await Engaged(offered, SuggestionState.Displayed, 2);
        var sent = await Engaged(displayed, SuggestionState.Sent, 3, forward: true, New("de_1"));

        (await Store.FindSuggestionAsync(offered.Id, Ct)).ShouldBeSameAs(sent);
        (await Store.EngagementsOfAsync(offered.Id, Ct)).ShouldBe([
            new RecordedEngagement(SuggestionState.Displayed, "ada", The.In(2), null, null), new RecordedEngagement(SuggestionState.Sent, "ada", The.In(3), null, null)]);
        (await Store.FindDeliveryAsync("de_1", Ct)).ShouldNotBeNull();
        (await Store.TailAuditAsync(1, Ct)).Single().ShouldSatisfyAllConditions(e => e.Chain.ShouldBe("c1"), e => e.Kind.ShouldBe("suggestion.sent"), e => e.At.ShouldBe(The.In(3)), e => e.Facts.ShouldBe(
            $$"""{"suggestion":"{{offered.Id}}","request":"{{request.Id}}","source":"local","subject":"kb/refunds","state":"Sent","version":3,"agent":"ada"}"""));
        (await AuditVerifier.VerifyAsync(Store, null, null, Ct)).Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_deed_twice_changes_nothing()
    {
        var (_, offered) = await OfferedOne();
        var displayed = await Engaged(offered, SuggestionState.Displayed, 2);
        var entries = await AuditEntriesAsync();

        (await Store.EngageAsync(Did(offered, SuggestionState.Displayed, 5, true, New("de_1")), Ct)).ShouldBe(EngageOutcome.Known);
        (await Store.EngageAsync(Did(displayed, SuggestionState.Displayed, 5, true, New("de_1")), Ct)).ShouldBe(EngageOutcome.Known);

        (await Store.FindSuggestionAsync(offered.Id, Ct)).ShouldBeSameAs(displayed);
        (await Store.EngagementsOfAsync(offered.Id, Ct)).ShouldHaveSingleItem().At.ShouldBe(The.In(2));
        (await Store.FindDeliveryAsync("de_1", Ct)).ShouldBeNull();
        (await Store.ClaimForwardsAsync(The.In(9), The.In(19), 10, Ct)).ShouldBeEmpty();
        (await AuditEntriesAsync()).ShouldBe(entries);
    }

    [Fact]
    public async Task A_deed_from_an_older_version_is_read_again_and_nothing_to_record_is_a_fault()
    {
        var (_, offered) = await OfferedOne();
        var displayed = await Engaged(offered, SuggestionState.Displayed, 2);

        (await Store.EngageAsync(Did(offered, SuggestionState.Inserted, 3, true, New("de_1")), Ct)).ShouldBe(EngageOutcome.Moved);
        (await Store.EngageAsync(Did(Offered(Question(), "never offered"), SuggestionState.Inserted, 3), Ct)).ShouldBe(EngageOutcome.Moved);
        (await Store.FindSuggestionAsync(offered.Id, Ct)).ShouldBeSameAs(displayed);
        (await Store.FindDeliveryAsync("de_1", Ct)).ShouldBeNull();
        await Should.ThrowAsync<ArgumentException>(() => Store.EngageAsync(new SuggestionStep(displayed, null, null), Ct));
    }

    [Fact]
    public async Task Agents_who_do_things_at_once_are_all_recorded_once()
    {
        await using var other = await OpenAsync();
        var (_, offered) = await OfferedOne();
        SuggestionState[] deeds = [SuggestionState.Displayed, SuggestionState.Inserted, SuggestionState.Edited, SuggestionState.Sent];

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            var mine = i % 2 == 0 ? Store : other;
            while (true)
            {
                var outcome = await mine.EngageAsync(Did((await mine.FindSuggestionAsync(offered.Id, Ct))!, deeds[i % 4], 2, true), Ct);
                if (outcome != EngageOutcome.Moved) return outcome;
            }
        }, Ct)));

        outcomes.Count(o => o == EngageOutcome.Recorded).ShouldBe(4);
        (await Store.EngagementsOfAsync(offered.Id, Ct)).Select(e => e.Did).ShouldBe(deeds, ignoreOrder: true);
        (await Store.FindSuggestionAsync(offered.Id, Ct))!.ShouldSatisfyAllConditions(s => s.State.ShouldBe(SuggestionState.Sent), s => s.Version.ShouldBe(5));
        var claimed = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => (i % 2 == 0 ? Store : other).ClaimForwardsAsync(The.In(3), The.In(60), 2, Ct), Ct)));
        claimed.SelectMany(c => c).Select(c => c.Did).ShouldBe(deeds, ignoreOrder: true);
    }

    [Fact]
    public async Task Sources_are_told_oldest_first_and_only_of_what_they_are_to_be_told()
    {
        var (_, first) = await OfferedOne(id: "s1");
        var (_, second) = await OfferedOne(id: "s2");
        var used = await Engaged(first, SuggestionState.Inserted, 5, forward: true);
        await Engaged(second, SuggestionState.Displayed, 3);
        await Engaged((await Store.FindSuggestionAsync(second.Id, Ct))!, SuggestionState.Dismissed, 4, forward: true);

        (await Store.ClaimForwardsAsync(The.In(3), The.In(60), 10, Ct)).ShouldBeEmpty();
        (await Store.ClaimForwardsAsync(The.In(9), The.In(60), 1, Ct)).ShouldHaveSingleItem().Did.ShouldBe(SuggestionState.Dismissed);
        var claim = (await Store.ClaimForwardsAsync(The.In(9), The.In(60), 10, Ct)).ShouldHaveSingleItem();
        claim.ShouldBeSameAs(new ForwardedEngagement(used, SuggestionState.Inserted, 0));
        (await Store.ClaimForwardsAsync(The.In(59), The.In(60), 10, Ct)).ShouldBeEmpty();

        await Store.CommitForwardAsync(claim, The.In(10), null, null, Ct);

        (await Store.EngagementsOfAsync(first.Id, Ct)).ShouldHaveSingleItem().ShouldBe(new RecordedEngagement(SuggestionState.Inserted, "ada", The.In(5), The.In(10), null));
        (await Store.ClaimForwardsAsync(The.In(60), The.In(90), 10, Ct)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(c => c.Suggestion.SourceId.ShouldBe("s2"), c => c.Attempts.ShouldBe(1));
    }

    [Fact]
    public async Task A_source_that_could_not_be_told_is_told_again_until_it_is_given_up()
    {
        var (_, offered) = await OfferedOne();
        await Engaged(offered, SuggestionState.Inserted, 2, forward: true);
        var first = (await Store.ClaimForwardsAsync(The.In(3), The.In(60), 10, Ct)).Single();
        await Store.CommitForwardAsync(first, The.In(4), The.In(10), "Slow.", Ct);
        (await Recorded()).ShouldSatisfyAllConditions(e => e.Forwarded.ShouldBeNull(), e => e.ForwardError.ShouldBe("Slow."));
        (await Store.NextAssistDueAsync(Ct)).ShouldBe(The.In(10));

        (await Store.ClaimForwardsAsync(The.In(9), The.In(60), 10, Ct)).ShouldBeEmpty();
        var second = (await Store.ClaimForwardsAsync(The.In(10), The.In(60), 10, Ct)).Single();
        second.Attempts.ShouldBe(1);
        await Store.CommitForwardAsync(second, The.In(11), null, "Refused.", Ct);

        (await Recorded()).ShouldSatisfyAllConditions(e => e.Forwarded.ShouldBeNull(), e => e.ForwardError.ShouldBe("Refused."));
        (await Store.ClaimForwardsAsync(The.In(999), The.In(1_000), 10, Ct)).ShouldBeEmpty();

        async Task<RecordedEngagement> Recorded() => (await Store.EngagementsOfAsync(offered.Id, Ct)).Single();
    }

    [Fact]
    public async Task A_claim_to_tell_a_source_that_ran_out_may_only_say_that_it_was_told()
    {
        var (_, offered) = await OfferedOne();
        await Engaged(offered, SuggestionState.Inserted, 2, forward: true);
        var slow = (await Store.ClaimForwardsAsync(The.In(3), The.In(60), 10, Ct)).Single();
        var quick = (await Store.ClaimForwardsAsync(The.In(60), The.In(90), 10, Ct)).Single();

        await Store.CommitForwardAsync(slow, The.In(61), null, "Gone.", Ct);
        (await Recorded()).ForwardError.ShouldBeNull();
        await Store.CommitForwardAsync(slow, The.In(62), null, null, Ct);
        await Store.CommitForwardAsync(quick, The.In(63), The.In(70), "Slow.", Ct);

        (await Recorded()).ShouldBe(new RecordedEngagement(SuggestionState.Inserted, "ada", The.In(2), The.In(62), null));
        (await Store.ClaimForwardsAsync(The.In(999), The.In(1_000), 10, Ct)).ShouldBeEmpty();

        async Task<RecordedEngagement> Recorded() => (await Store.EngagementsOfAsync(offered.Id, Ct)).Single();
    }

    [Fact]
    public async Task Outcomes_are_what_agents_saw_and_did_newest_first()
    {
        Suggestion used = (await OfferedOne(subject: "a", id: "s1")).Suggestion, dismissed = (await OfferedOne(subject: "a", id: "s2")).Suggestion,
            seen = (await OfferedOne(subject: "a", id: "s3")).Suggestion, unseen = (await OfferedOne(subject: "a", id: "s4")).Suggestion, other = (await OfferedOne(subject: "b", id: "s5")).Suggestion;
        await OfferedOne(subject: "c", id: "s6");
        (await OutcomesOf("a")).ShouldBeEmpty();

        used = await Engaged(used, SuggestionState.Displayed, 2);
        used = await Engaged(used, SuggestionState.Inserted, 3);
        await Engaged(used, SuggestionState.Sent, 9);
        await Engaged(dismissed, SuggestionState.Dismissed, 4);
        await Engaged(await Engaged(seen, SuggestionState.Displayed, 2), SuggestionState.Expired, 5);
        await Engaged(unseen, SuggestionState.Expired, 6);
        await Engaged(other, SuggestionState.Edited, 7);

        // Used counts from its first use on; what nobody saw does not count.
        (await OutcomesOf("a")).ShouldBe([new SubjectOutcome(false, The.In(5)), new SubjectOutcome(false, The.In(4)), new SubjectOutcome(true, The.In(3))]);
        var all = await Store.OutcomesAsync(["a", "b", "c", "d", "a"], 2, Ct);
        all.Keys.ShouldBe(["a", "b"], ignoreOrder: true);
        all["a"].ShouldBe([new SubjectOutcome(false, The.In(5)), new SubjectOutcome(false, The.In(4))]);
        all["b"].ShouldBe([new SubjectOutcome(true, The.In(7))]);
    }

    [Fact]
    public async Task One_who_uses_what_was_dismissed_has_used_it_from_then_on()
    {
        var (_, offered) = await OfferedOne(subject: "a");
        var dismissed = await Engaged(offered, SuggestionState.Dismissed, 2);
        await Engaged(dismissed, SuggestionState.Inserted, 3);
        (await OutcomesOf("a")).ShouldBe([new SubjectOutcome(true, The.In(3))]);
    }

    [Fact]
    public async Task Of_ten_thousand_outcomes_of_one_subject_only_the_newest_are_read()
    {
        var request = await Asked();
        var suggestions = Enumerable.Range(0, 10_000).Select(i => Offered(request, $"s{i}", "popular")).ToArray();
        await Store.CommitAssistAsync(Answer(request, null, suggestions), Ct);
        await Task.WhenAll(suggestions.Select((s, i) => Store.EngageAsync(Did(s, i % 3 == 0 ? SuggestionState.Sent : SuggestionState.Dismissed, 10 + i), Ct)));

        (await OutcomesOf("popular", 200)).ShouldBe(Enumerable.Range(0, 200).Select(n => 9_999 - n).Select(i => new SubjectOutcome(i % 3 == 0, The.In(10 + i))));
        (await OutcomesOf("popular", 20_000)).Count.ShouldBe(10_000);
    }

    [Fact]
    public async Task What_is_due_next_is_the_earliest_of_all()
    {
        (await Next()).ShouldBeNull();
        var request = await Asked(Question(due: 30));
        (await Next()).ShouldBe(The.In(30));
        await Store.TakeCallbackAsync(new AssistCallback(request.Id, "{}", The.In(0.5)), Ct);
        (await Next()).ShouldBe(The.In(30), "its sources are still being asked");
        var waiting = Answer(request, null, Offered(request, "s1", expires: 20));
        await Store.CommitAssistAsync(waiting, Ct);
        (await Next()).ShouldBe(The.In(0.5));
        await Store.CommitCallbackAsync(new AssistCallback(request.Id, "{}", The.In(0.5)), CallbackOf(waiting.Request, []), Ct);
        (await Next()).ShouldBe(The.In(20));
        await Engaged(waiting.Added[0], SuggestionState.Sent, 3, forward: true);
        (await Next()).ShouldBe(The.In(3));
        var claim = (await Store.ClaimForwardsAsync(The.In(4), The.In(14), 10, Ct)).Single();
        (await Next()).ShouldBe(The.In(14));
        await Store.CommitForwardAsync(claim, The.In(5), null, null, Ct);
        (await Next()).ShouldBeNull();

        Task<DateTimeOffset?> Next() => Store.NextAssistDueAsync(Ct);
    }

    [Fact]
    public async Task Who_waits_for_assist_is_woken_by_a_request_an_answer_a_callback_and_a_deed_to_tell()
    {
        var request = Question();
        await Wakes(() => Store.BeginAssistAsync(request, Ct));
        await Wakes(() => Store.CommitAssistAsync(Answer(request, null, Offered(request, "s1")), Ct));
        await Wakes(() => Store.TakeCallbackAsync(new AssistCallback(request.Id, "{}", The.In(1)), Ct));
        await Wakes(() => Store.EngageAsync(Did(Offered(request, "s1"), SuggestionState.Inserted, 3, true), Ct));
        var waiting = Store.WaitForAssistAsync(Ct);
        await Store.TakeCallbackAsync(new AssistCallback(request.Id, "{}", The.In(1)), Ct);
        await Store.CommitAssistAsync(Answer(request), Ct);
        waiting.IsCompleted.ShouldBeFalse();

        async Task Wakes(Func<Task> write)
        {
            var woken = Store.WaitForAssistAsync(Ct);
            woken.IsCompleted.ShouldBeFalse();
            await write();
            await woken;
            // The signal is also kept for the next who asks.
            await Store.WaitForAssistAsync(Ct);
        }
    }

    [Fact]
    public async Task A_deeds_deliveries_wake_their_runner()
    {
        var (_, offered) = await OfferedOne();
        var waiting = Store.WaitForDeliveriesAsync(Ct);
        await Engaged(offered, SuggestionState.Displayed, 2);
        waiting.IsCompleted.ShouldBeFalse();
        await Engaged((await Store.FindSuggestionAsync(offered.Id, Ct))!, SuggestionState.Sent, 3, false, New("de_1"));
        await waiting;
    }

    [Fact]
    public async Task All_of_it_is_there_after_the_next_start()
    {
        var request = await Asked();
        var step = Answer(request, "v1", Offered(request, "s1"), Offered(request, "s2"));
        await Store.CommitAssistAsync(step, Ct);
        var callback = new AssistCallback(request.Id, "{}", The.In(2));
        await Store.TakeCallbackAsync(callback, Ct);
        var used = await Engaged(step.Added[0], SuggestionState.Sent, 3, forward: true);
        await Store.DisposeAsync();

        await using var again = await OpenAsync();
        (await again.FindAssistByVendorIdAsync("v1", Ct)).ShouldBeSameAs(step.Request);
        (await again.SuggestionsOfAsync(request.Id, Ct)).ShouldBeSameAs(new[] { used, step.Added[1] });
        (await again.CallbacksToRankAsync(The.In(0), 10, Ct)).ShouldBe([callback]);
        (await again.TakeCallbackAsync(callback, Ct)).ShouldBeFalse();
        (await again.EngageAsync(Did(step.Added[0], SuggestionState.Sent, 9), Ct)).ShouldBe(EngageOutcome.Known);
        (await again.ClaimForwardsAsync(The.In(4), The.In(9), 10, Ct)).ShouldHaveSingleItem().Suggestion.ShouldBeSameAs(used);
        (await again.OverdueAssistAsync(The.In(30), 10, Ct)).ShouldHaveSingleItem().Id.ShouldBe(request.Id);
        (await again.OutcomesAsync(["s1", "s2"], 5, Ct)).ShouldHaveSingleItem().Value.ShouldBe([new SubjectOutcome(true, The.In(3))]);
    }

    [Fact]
    public async Task An_erased_customers_suggestions_and_callbacks_have_no_texts_any_more()
    {
        const string Quote = "My-card-is-4111-1111";
        var request = await Asked();
        var answered = request.Answered([new SourceReport("guide", SourceState.Failed, 4, 0, Quote)], null,
            [Offered(request, "s1", title: Quote) with { Content = Quote }, Offered(request, "s2")], The.In(1));
        await Store.CommitAssistAsync(answered, Ct);
        var used = await Engaged(answered.Added[1], SuggestionState.Inserted, 2, forward: true);
        var callback = new AssistCallback(request.Id, $$"""{"text":"{{Quote}}"}""", The.In(2));
        await Store.TakeCallbackAsync(callback, Ct);
        var (_, others) = await OfferedOne("c2", "s3");

        (await Store.EraseAsync("c1", "Ada", The.In(9), Ct)).ShouldBe(EraseOutcome.Erased);

        (await Store.SuggestionsOfAsync(request.Id, Ct)).ShouldAllBe(s => s.Title == "" && s.Content == "");
        (await Store.FindSuggestionAsync(used.Id, Ct)).ShouldBeSameAs(used with { Title = "", Content = "", Version = used.Version + 1 });
        (await Store.FindAssistAsync(request.Id, Ct))!.Sources.ShouldBe([new SourceReport("guide", SourceState.Failed, 4, 0)]);
        (await Store.FindSuggestionAsync(others.Id, Ct)).ShouldBeSameAs(others);
        (await OutcomesOf("s2")).ShouldBe([new SubjectOutcome(true, The.In(2))]);

        // Who read the texts before they were erased does not bring them back.
        (await Store.CallbacksToRankAsync(The.In(99), 10, Ct)).ShouldBeEmpty();
        (await Store.TakeCallbackAsync(callback, Ct)).ShouldBeFalse();
        (await Store.CommitCallbackAsync(callback, CallbackOf(answered.Request, [Offered(request, "s4", title: Quote)]), Ct)).ShouldBeFalse();
        (await Store.EngageAsync(Did(answered.Added[0], SuggestionState.Displayed, 10), Ct)).ShouldBe(EngageOutcome.Moved);
        (await Store.TailAuditAsync(1, Ct)).Single().Kind.ShouldBe("customer.erased");
        (await AuditVerifier.VerifyAsync(Store, null, null, Ct)).Problems.ShouldBeEmpty();
        await AssertNowhereAsync(Quote);
    }

    [Fact]
    public async Task A_ranked_callbacks_body_is_nowhere_once_its_customer_is_erased()
    {
        const string Quote = "My-card-is-4111-2222";
        var (request, _) = await OfferedOne();
        var callback = new AssistCallback(request.Id, $$"""{"text":"{{Quote}}"}""", The.In(2));
        await Store.TakeCallbackAsync(callback, Ct);
        (await Store.CommitCallbackAsync(callback, CallbackOf(request, []), Ct)).ShouldBeTrue();

        (await Store.EraseAsync("c1", "Ada", The.In(9), Ct)).ShouldBe(EraseOutcome.Erased);

        await AssertNowhereAsync(Quote);
    }
}
