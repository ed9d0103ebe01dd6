using Baton.Core;
using Baton.Core.Assist;
using Baton.Genesys;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests.Assist;

/// <summary>What the platform's assistant suggests and its knowledge bases know, by the connector and over real HTTP.</summary>
public sealed class PlatformSourceTests : SandboxFixture
{
    const string SuggestionsPath = "/api/v2/conversations/*/suggestions";
    const string Refund = "my refund, I want the money back";

    readonly SocketsHttpHandler network = new();

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    GenesysContactCenter Center(params string[]? permissions) => this.Center(network, GenesysFlavor.Platform, permissions is { Length: > 0 } ? permissions : null);

    string Base(string name) => Organization.KnowledgeBases.Single(b => b.Name == name).Id;

    SourceQuestion Question(params string[] sources) => SourceAsk.Question(Id, Refund, null, sources.Length > 0 ? sources : [Base("Billing")]);

    async Task SuggestAsync(int messages = 1)
    {
        Organization.BindAssistant("Billing");
        await HandOffAsync("Billing");
        Time.Advance(TimeSpan.FromSeconds(12));
        for (var message = 0; message < messages; message++)
        {
            Organization.GuestSays(Id, Refund);
            Time.Advance(TimeSpan.FromSeconds(1));
        }
        Organization.Suggestions(Id).ShouldNotBeEmpty();
    }

    [Fact]
    public void The_platform_has_two_sources_and_nobody_calls_back()
    {
        using var center = Center();
        center.SuggestionSources.Select(s => s.Name).ShouldBe(["platform", "knowledge"]);
        center.SuggestionCallbacks.ShouldBeNull();
        center.SuggestionQuota.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_assistant_suggested_is_told_with_document_and_knowledge_base()
    {
        await SuggestAsync();
        using var center = Center();
        var found = await center.Source("platform").FoundAsync(Question());
        found.Candidates.Select(c => (c.Id, c.Subject, c.Title, c.Confidence)).ShouldBe(Organization.Suggestions(Id).Select(s => (s.Id, s.ArticleId!, s.Title!, s.Confidence!.Value)), ignoreOrder: true);
        var refund = found.Candidates.Single(c => c.Subject == "refund");
        refund.KnowledgeSourceId.ShouldBe(Base("Billing"));
        "A payment can be refunded within 30 days. Open the order, then Refund. The money is back within five days.".ShouldContain(refund.Content);
    }

    [Fact]
    public async Task What_an_agent_did_reaches_the_platform_and_twice_does_no_harm()
    {
        await SuggestAsync();
        using var center = Center();
        var platform = center.Source("platform");
        var candidate = (await platform.FoundAsync(Question())).Candidates[0];
        platform.TakesEngagements.ShouldBeTrue();
        await platform.EngageAsync(Offered(candidate), SuggestionState.Displayed, Ct);
        StateOf(candidate).ShouldBe(("Suggested", "Opened"));
        for (var time = 0; time < 2; time++) await platform.EngageAsync(Offered(candidate), SuggestionState.Inserted, Ct);
        StateOf(candidate).ShouldBe(("Accepted", "Copied"));
        // Taken, it is no suggestion any more.
        (await platform.FoundAsync(Question())).Candidates.ShouldNotContain(c => c.Id == candidate.Id);
    }

    (string, string?) StateOf(Candidate candidate)
    {
        var view = Organization.Suggestions(Id).Single(s => s.Id == candidate.Id);
        return (view.State, view.EngagementType);
    }

    Suggestion Offered(Candidate candidate) => new()
    {
        Id = SuggestionId.Of(SourceAsk.Request, candidate.Source, candidate.Id),
        RequestId = SourceAsk.Request,
        ConversationId = Id,
        Source = candidate.Source,
        SourceId = candidate.Id,
        Subject = candidate.Subject,
        KnowledgeSourceId = candidate.KnowledgeSourceId,
        Title = candidate.Title,
        Content = candidate.Content,
        Score = Ranking.Score(candidate.Confidence, false, 0.5, new RankingWeights()),
        Sources = [candidate.Source],
        OfferedAt = Time.GetUtcNow(),
        ResponseMilliseconds = 1,
    };

    [Fact]
    public async Task More_than_a_page_is_read_to_its_end()
    {
        await SuggestAsync(messages: 210);
        Organization.Suggestions(Id).Count.ShouldBeGreaterThan(200);
        using var center = Center();
        var found = await center.Source("platform").FoundAsync(Question());
        (found.Candidates.Count, found.Why).ShouldBe((Organization.Suggestions(Id).Count, null));
        Sandbox.Ledger.Requests().Count(r => r.Route!.EndsWith("/suggestions", StringComparison.Ordinal)).ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_cursor_that_repeats_ends_the_reading_and_keeps_what_there_is()
    {
        await SuggestAsync();
        Sandbox.Faults.Add(new() { Kind = FaultKind.CursorRepeats, Path = SuggestionsPath });
        using var center = Center();
        var found = await center.Source("platform").FoundAsync(Question());
        found.Candidates.Count.ShouldBe(Organization.Suggestions(Id).Count);
        found.Why.ShouldNotBeNull().ShouldContain("repeats");
    }

    [Theory]
    [InlineData(FaultKind.SuggestionWithoutId, "has no id.")]
    [InlineData(FaultKind.SuggestionConfidenceTooHigh, "confidence is not a number from 0 to 1.")]
    [InlineData(FaultKind.SuggestionConfidenceInWords, "confidence is not a number from 0 to 1.")]
    public async Task What_cannot_be_used_is_told(FaultKind fault, string why)
    {
        await SuggestAsync();
        Sandbox.Faults.Add(new() { Kind = fault });
        using var center = Center();
        var found = await center.Source("platform").FoundAsync(Question());
        found.Passed.ShouldBe(1);
        found.Why.ShouldNotBeNull().ShouldEndWith(why);
    }

    [Fact]
    public async Task Knowledge_bases_are_searched_side_by_side_and_what_is_none_is_told()
    {
        using var center = Center();
        var found = await center.Source("knowledge").FoundAsync(Question(Base("Billing"), "ks-local", Base("Service"), Guid.Empty.ToString()));
        var best = found.Candidates[0];
        (best.Subject, best.Title, best.KnowledgeSourceId).ShouldBe(("refund", "Refund a payment", Base("Billing")));
        best.Tags.ShouldBe(["refunds", "billing_tier_2"]);
        best.Content.ShouldNotBeEmpty();
        found.Why.ShouldBe($"Not a knowledge base of the platform: ks-local, {Guid.Empty}.");
    }

    [Fact]
    public async Task Missing_permissions_are_named_by_the_call_and_by_the_check()
    {
        using var center = Center("conversation:communication:view");
        var refused = await Should.ThrowAsync<ContactCenterException>(() => center.Source("platform").AskAsync(Question(), Ct));
        refused.Kind.ShouldBe(FailureKind.MissingPermission);
        refused.Message.ShouldContain("conversation:suggestion:view");
        string[] assist = ["conversation:suggestion:view", "conversation:suggestionEngagement:add", "knowledge:knowledgebase:search"];
        var checks = await center.CheckPermissionsAsync(Ct);
        checks.Where(c => assist.Contains(c.Permission)).ShouldAllBe(c => !c.IsGranted && c.IsOptional);
    }

    [Fact]
    public async Task With_the_permissions_the_check_says_so()
    {
        using var center = Center("conversation:suggestion:view", "conversation:suggestionEngagement:add", "knowledge:knowledgebase:search");
        (await center.CheckPermissionsAsync(Ct)).Where(c => c.IsGranted).Select(c => c.Permission)
            .ShouldBe(["conversation:suggestion:view", "conversation:suggestionEngagement:add", "knowledge:knowledgebase:search"]);
    }
}
