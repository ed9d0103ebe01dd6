using Baton.Core;
using Baton.Core.Assist;
using Baton.Genesys;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests.Assist;

/// <summary>Guide 004's query and its callback, by the connector and over real HTTP.</summary>
public sealed class GuideSourceTests : GuideFixture
{
    const string QueryPath = "/api/v2/agentassist/*";
    const string Refund = "my refund, I want the money back";

    readonly SocketsHttpHandler network = new();

    public override SandboxOptions Options => base.Options with { SuggestionsPerMinute = 12 };

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    GenesysContactCenter Center(params string[]? scopes) => this.Center(network, GenesysFlavor.Guide, scopes: scopes is { Length: > 0 } ? scopes : null);

    SourceQuestion Question(string? callback = null, string text = Refund) => SourceAsk.Question(Id, text, callback, "ks-1", "ks-2");

    [Fact]
    public void The_guide_has_one_source() => Center().SuggestionSources.Select(s => s.Name).ShouldBe(["guide"]);

    [Fact]
    public async Task Asked_with_an_address_it_calls_back_with_suggestions()
    {
        await using var receiver = await SandboxReceiver.StartAsync();
        using var center = Center();
        var later = (await center.Source("guide").AskAsync(Question($"{receiver.Address}?request={SourceAsk.Request}"), Ct)).ShouldBeOfType<SourceAnswer.Later>();
        Time.Advance(Options.SuggestionDelay);
        var reply = center.SuggestionCallbacks!.Read((await receiver.TakeAsync()).ToJsonString())!;
        (reply.RequestId, reply.Status).ShouldBe((later.RequestId, "completed"));
        var first = reply.Found!.Candidates[0];
        (first.Source, first.Title, first.KnowledgeSourceId.StartsWith("ks-", StringComparison.Ordinal)).ShouldBe(("guide", "Refund a payment", true));
        first.Tags.ShouldBe(["refunds", "billing_tier_2"]);
        (reply.Found.Passed, reply.Found.Why).ShouldBe((0, null));
    }

    [Fact]
    public async Task Asked_without_one_it_answers_at_once()
    {
        using var center = Center();
        var found = await center.Source("guide").FoundAsync(Question());
        found.Candidates[0].Title.ShouldBe("Refund a payment");
        center.SuggestionQuota.ShouldHaveSingleItem().Used.ShouldBe(1);
    }

    [Theory]
    [InlineData(FaultKind.SuggestionWithoutId, "suggestion 1 has no id.")]
    [InlineData(FaultKind.SuggestionConfidenceTooHigh, "suggestion 1: confidence is not a number from 0 to 1.")]
    [InlineData(FaultKind.SuggestionConfidenceInWords, "suggestion 1: confidence is not a number from 0 to 1.")]
    public async Task What_cannot_be_used_is_told(FaultKind fault, string why)
    {
        Sandbox.Faults.Add(new() { Kind = fault });
        using var center = Center();
        var found = await center.Source("guide").FoundAsync(Question());
        (found.Passed, found.Why).ShouldBe((1, why));
    }

    [Fact]
    public async Task Five_thousand_are_read()
    {
        Sandbox.Faults.Add(new() { Kind = FaultKind.SuggestionsTooMany });
        using var center = Center();
        var found = await center.Source("guide").FoundAsync(Question());
        (found.Candidates.Count + found.Passed).ShouldBe(5_000);
        found.Candidates.Count.ShouldBeGreaterThan(4_000);
    }

    [Fact]
    public async Task Nothing_that_fits_is_an_answer()
    {
        Sandbox.Faults.Add(new() { Kind = FaultKind.SuggestionsEmpty });
        using var center = Center();
        (await center.Source("guide").FoundAsync(Question())).Candidates.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_field_the_platform_refuses_is_named()
    {
        using var center = Center();
        var refused = await Should.ThrowAsync<ContactCenterException>(() => center.Source("guide").AskAsync(Question(text: new string('x', 6_000)), Ct));
        refused.Kind.ShouldBe(FailureKind.BadRequest);
        refused.Message.ShouldContain("transcript");
    }

    [Fact]
    public async Task A_missing_scope_is_named()
    {
        using var center = Center("conversation:view");
        var refused = await Should.ThrowAsync<ContactCenterException>(() => center.Source("guide").AskAsync(Question(), Ct));
        refused.Kind.ShouldBe(FailureKind.MissingPermission);
        refused.Message.ShouldContain("agentassist:suggestions:read");
    }

    [Fact]
    public async Task The_platforms_smaller_limit_is_learned_and_handoffs_do_not_feel_it()
    {
        using var center = Center();
        var guide = center.Source("guide");
        for (var question = 0; question < 12; question++) await guide.FoundAsync(Question());
        var told = await Should.ThrowAsync<ContactCenterException>(() => guide.AskAsync(Question(), Ct));
        told.Kind.ShouldBe(FailureKind.RateLimited);
        // Its headers told the limit: the thirteenth was not even sent.
        center.Calls.Snapshot().RateLimited.ShouldBe(0);
        (await center.ReadConversationAsync(Id, CallPurpose.Read, CallFor.Nobody, Ct)).ConversationId.ShouldBe(Id);
        Time.Advance(told.NotBefore!.Value - Time.GetUtcNow());
        (await guide.FoundAsync(Question())).Candidates.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Told_to_wait_it_waits_and_handoffs_go_on()
    {
        Sandbox.Faults.Add(new() { Kind = FaultKind.TooManyRequests, Path = QueryPath, RetryAfterSeconds = 30, Times = 1 });
        using var center = Center();
        var told = await Should.ThrowAsync<ContactCenterException>(() => center.Source("guide").AskAsync(Question(), Ct));
        (told.Kind, told.NotBefore).ShouldBe((FailureKind.RateLimited, Time.GetUtcNow().AddSeconds(30)));
        center.SuggestionQuota[0].PausedUntil.ShouldBe(Time.GetUtcNow().AddSeconds(30));
        center.Quota[0].PausedUntil.ShouldBeNull();
        (await center.ReadConversationAsync(Id, CallPurpose.Read, CallFor.Nobody, Ct)).ConversationId.ShouldBe(Id);
    }

    [Fact]
    public async Task One_that_hangs_is_left_at_the_deadline()
    {
        Sandbox.Faults.Add(new() { Kind = FaultKind.Hang, Path = QueryPath });
        using var center = Center();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(800), Time);
        var asking = center.Source("guide").AskAsync(Question(), deadline.Token);
        await Sandbox.Ledger.WaitForAsync(e => e.Kind == LedgerKind.FaultInjected, ct: Ct).WaitAsync(SandboxReceiver.Patience, TimeProvider.System, Ct);
        Time.Advance(TimeSpan.FromMilliseconds(800));
        await Should.ThrowAsync<OperationCanceledException>(asking);
    }
}
