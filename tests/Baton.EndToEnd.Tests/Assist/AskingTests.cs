using System.Net;
using System.Text.Json.Nodes;
using Baton.Core.Assist;
using Baton.EndToEnd.Tests.Handoffs;
using Baton.Sandbox;
using static Baton.EndToEnd.Tests.Assist.AssistWorld;

namespace Baton.EndToEnd.Tests.Assist;

/// <summary>Asked side by side, ranked, folded; whoever is late or broken is named and holds up nobody.</summary>
[Collection(OnVirtualTime.Name)]
public sealed class AskingTests
{
    const string Search = "/api/v2/knowledge/knowledgebases/*/documents/search";

    [Fact(Timeout = 120_000)]
    public async Task The_same_article_of_two_sources_is_one_suggestion_that_names_both_and_its_score_adds_up()
    {
        await using var assist = await StartAsync(SandboxFlavor.Platform);
        var (status, answer) = await assist.AskAsync(assist.Converse());
        status.ShouldBe(HttpStatusCode.OK);
        var first = Suggestions(answer)[0];
        (first["title"]!.GetValue<string>(), first["sources"]!.ToJsonString()).ShouldSatisfyAllConditions(s => s.Item1.ShouldBe(Refund), s => s.Item2.ShouldContain("local"), s => s.Item2.ShouldContain("knowledge"));
        Titles(answer).Count(t => t == Refund).ShouldBe(1);
        var score = first["score"]!;
        var parts = ((string[])["fromConfidence", "fromSkill", "fromFeedback"]).Sum(p => score[p]!.GetValue<double>());
        Math.Abs(score["final"]!.GetValue<double>() - parts).ShouldBeLessThanOrEqualTo(0.00005);
        score["fromSkill"]!.GetValue<double>().ShouldBe(0.045, 1e-12);
        score["fromFeedback"]!.GetValue<double>().ShouldBe(0.05, 1e-12);
        (State(answer, "local"), State(answer, "knowledge"), State(answer, "platform")).ShouldBe(("Answered", "Answered", "Empty"));
        answer["state"]!.GetValue<string>().ShouldBe("Done");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_source_that_hangs_is_late_and_the_others_answer_at_the_deadline()
    {
        await using var assist = await StartAsync(SandboxFlavor.Platform);
        assist.World.Fails(FaultKind.Hang, Search.Replace("*", assist.KnowledgeBase));
        var began = assist.World.Time.GetUtcNow();
        // Asked in the process: a request to the server would itself be under way, and hold the clock.
        var answer = await assist.World.Baton.Assist.AskAsync(
            new AssistQuestion(assist.Converse(), "Customer: I want a refund of the payment.") { KnowledgeSourceIds = ["local", assist.KnowledgeBase] }, TestContext.Current.CancellationToken);
        answer.Request.Sources.Single(s => s.Name == "knowledge").State.ShouldBe(SourceState.Late);
        answer.Request.Sources.Single(s => s.Name == "local").State.ShouldBe(SourceState.Answered);
        answer.Suggestions[0].Title.ShouldBe(Refund);
        (assist.World.Time.GetUtcNow() - began).ShouldBe(TimeSpan.FromMilliseconds(800));
    }

    [Fact(Timeout = 120_000)]
    public async Task Too_many_requests_is_respected_and_other_sources_still_answer()
    {
        await using var assist = await StartAsync(SandboxFlavor.Guide);
        assist.World.Sandbox.Faults.Add(new Fault { Kind = FaultKind.TooManyRequests, Path = "/api/v2/agentassist/suggestions/query", RetryAfterSeconds = 20, Times = 1 });
        var conversation = assist.Converse();
        var (_, first) = await assist.AskAsync(conversation);
        (State(first, "guide"), State(first, "local")).ShouldSatisfyAllConditions(s => s.Item1.ShouldBeOneOf("Failed", "Late"), s => s.Item2.ShouldBe("Answered"));
        await assist.AskAsync(conversation);
        int Asked() => assist.World.Ledger.Requests().Count(r => r.Route!.EndsWith("/agentassist/suggestions/query", StringComparison.Ordinal));
        Asked().ShouldBe(1);
        await assist.World.PassAsync(TimeSpan.FromSeconds(21));
        State((await assist.AskAsync(conversation)).Body, "guide").ShouldBe("Pending");
        Asked().ShouldBe(2);
    }

    [Fact(Timeout = 120_000)]
    public async Task Every_bad_field_is_named_at_once_and_nobody_is_asked()
    {
        await using var assist = await StartAsync(SandboxFlavor.Guide);
        var before = assist.World.Ledger.Requests().Count;
        var (status, problem) = await assist.AskAsync("", with =>
        {
            with["transcript"] = new string('x', 6000);
            with["knowledgeSourceIds"] = new JsonArray([.. Enumerable.Range(0, 11).Select(i => (JsonNode)$"ks-{i}")]);
            with["callbackUrl"] = "http://93.184.216.34/cb";
            with["show"] = 0;
        });
        status.ShouldBe(HttpStatusCode.BadRequest);
        problem["code"]!.GetValue<string>().ShouldBe("invalid.question");
        problem["errors"]!.AsObject().Select(e => e.Key).ShouldBe(["conversationId", "transcript", "knowledgeSourceIds", "show", "callbackUrl"], ignoreOrder: true);
        (await assist.AskAsync("c", with => with["transcript"] = "")).Body["detail"]!.GetValue<string>().ShouldBe("transcript is empty.");
        (await assist.AskAsync("c", with => with["knowledgeSourceIds"] = new JsonArray())).Body["detail"]!.GetValue<string>().ShouldContain("knowledgeSourceIds is empty");
        (await assist.AskAsync("c", with => with["callbackUrl"] = "https://10.0.0.7/cb")).Body["detail"]!.GetValue<string>().ShouldContain("private");
        assist.World.Ledger.Requests().Count.ShouldBe(before);
        (await assist.World.Baton.Store.ListAssistAsync(new AssistFilter(), TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_long_transcript_is_taken_by_its_newest_turns_when_that_is_asked_for_and_the_answer_says_so()
    {
        await using var assist = await StartAsync(SandboxFlavor.Platform);
        var transcript = string.Concat(Enumerable.Repeat("Customer: where is my parcel?\n", 300)) + "Customer: and I want a refund of the payment.";
        var (status, answer) = await assist.AskAsync(assist.Converse(), with => (with["transcript"], with["tail"]) = (transcript, true));
        status.ShouldBe(HttpStatusCode.OK);
        answer["transcriptLeftOut"]!.GetValue<int>().ShouldBeInRange(transcript.Length - 5000, transcript.Length - 5000 + 30);
        Titles(answer).ShouldContain(Refund);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_question_that_takes_too_long_to_put_together_is_refused()
    {
        await using var assist = await StartAsync(SandboxFlavor.Platform, s => s with { Options = s.Options with { Construction = TimeSpan.FromTicks(-1) } });
        var (status, problem) = await assist.AskAsync(assist.Converse());
        (status, problem["code"]!.GetValue<string>()).ShouldBe((HttpStatusCode.BadRequest, "invalid.question"));
        problem["detail"]!.GetValue<string>().ShouldContain("refused");
    }
}
