using Baton.Core;
using Baton.Core.Conversations;
using Baton.Core.Readings;
using Baton.Genesys;
using Baton.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace Baton.EndToEnd.Tests;

/// <summary>What the guide connector makes of conversations, analytics and queues, over real HTTP.</summary>
public sealed class GuideFlavorReadingTests : GuideFixture
{
    const string EventsPath = "/api/v2/conversations/*/events";
    const string AnalyticsPath = "/api/v2/analytics/*";

    readonly SocketsHttpHandler network = new();

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    GenesysContactCenter Center(TimeProvider? clock = null, params string[]? scopes)
    {
        Organization.AddOAuthClient("reader", "secret", callsPerMinute: 10_000, scopes: scopes is { Length: > 0 } ? scopes : null);
        return GenesysContactCenter.Create(new GenesysOptions
        {
            Flavor = GenesysFlavor.Guide,
            ApiBaseUrl = Sandbox.ApiBaseUrl.ToString(),
            LoginBaseUrl = Sandbox.LoginBaseUrl.ToString(),
            Clients = [new OAuthClientOptions("reader", "secret")],
            CallsPerMinute = 10_000,
            Queues = Organization.Queues.ToDictionary(q => q.Name, q => q.Id),
        }, network, clock ?? Time, new Random(1), NullLoggerFactory.Instance);
    }

    async Task<Conversation> ReadAsync(GenesysContactCenter center) => await center.ReadTranscriptAsync(Id, CallFor.Nobody, Ct);

    static Reading Of(ReadingKind kind, Conversation conversation) => ConversationReadings.Of(conversation).Read(conversation.StartedAt.AddMinutes(5)).Single(r => r.Kind == kind);

    [Fact]
    public async Task Ten_thousand_events_are_read_although_a_page_fails_in_the_middle()
    {
        for (var i = 0; i < 10_000; i++) Organization.GuestSays(Id, $"message {i}");
        Sandbox.Faults.Add(new() { Kind = FaultKind.Status, Status = 503, Path = EventsPath, Skip = 20, Times = 1 });
        using var center = Center(TimeProvider.System);
        var read = await ReadAsync(center);
        read.Turns.Count(t => t.Text.StartsWith("message ", StringComparison.Ordinal)).ShouldBe(10_000);
    }

    [Fact]
    public async Task A_page_that_keeps_failing_fails_the_read_and_nothing_partial_comes_back()
    {
        for (var i = 0; i < 600; i++) Organization.GuestSays(Id, $"message {i}");
        Sandbox.Faults.Add(new() { Kind = FaultKind.Status, Status = 503, Path = EventsPath, Skip = 1 });
        using var center = Center(TimeProvider.System);
        var failed = await Should.ThrowAsync<ContactCenterException>(() => ReadAsync(center));
        failed.Kind.ShouldBe(FailureKind.Unavailable);
        failed.Message.ShouldContain("page 2");
    }

    [Fact]
    public async Task A_cursor_that_repeats_ends_the_read_with_a_sentence()
    {
        for (var i = 0; i < 600; i++) Organization.GuestSays(Id, $"message {i}");
        Sandbox.Faults.Add(new() { Kind = FaultKind.CursorRepeats, Path = EventsPath });
        using var center = Center();
        var failed = await Should.ThrowAsync<ContactCenterException>(() => ReadAsync(center));
        failed.Kind.ShouldBe(FailureKind.MalformedReply);
        failed.Message.ShouldContain("a cursor that was used before");
    }

    [Fact]
    public async Task Speakers_sentiment_intent_and_attributes_are_Batons_own()
    {
        Organization.GuestSays(Id, "I am furious", sentiment: 0.1, intentName: "complaint", confidence: 0.9);
        Organization.BotSays(Id, "I see");
        using var center = Center();
        var read = await ReadAsync(center);
        read.Turns.Select(t => t.From).Distinct().ShouldBe([Speaker.Customer, Speaker.Bot], ignoreOrder: true);
        var furious = read.Turns.Single(t => t.Text == "I am furious");
        furious.Sentiment!.Value.ShouldBe(-0.8, 0.0001);
        furious.Intent.ShouldBe(new Intent("complaint", 0.9));
        read.Attributes["context.order"].ShouldBe("42");
        (read.Media, read.EndedAt, read.IntentReport).ShouldBe((Core.Conversations.Media.Message, null, null));
    }

    [Fact]
    public async Task Depth_is_the_number_of_transfers_that_happened()
    {
        using var center = Center();
        Of(ReadingKind.HandoffDepth, await ReadAsync(center)).Value.ShouldBe(0);
        (await TransferAsync(BotLeg, "Empty")).Status.ShouldBe(System.Net.HttpStatusCode.OK);
        Organization.OtherSystemTransfers(Id, "Billing");
        Time.Advance(SlowestTransfer);
        Of(ReadingKind.HandoffDepth, await ReadAsync(center)).Value.ShouldBe(2);
    }

    [Fact]
    public async Task A_transfer_that_has_not_happened_yet_is_somebody_at_it()
    {
        using var center = Center();
        (await center.ReadConversationAsync(Id, CallPurpose.Read, CallFor.Nobody, Ct)).TransferInProgress.ShouldBeFalse();
        Organization.OtherSystemTransfers(Id, "Empty");
        (await center.ReadConversationAsync(Id, CallPurpose.Read, CallFor.Nobody, Ct)).TransferInProgress.ShouldBeTrue();
        Time.Advance(SlowestTransfer);
        var view = await center.ReadConversationAsync(Id, CallPurpose.Read, CallFor.Nobody, Ct);
        (view.TransferInProgress, view.Live(ParticipantRole.Queue)!.QueueId).ShouldBe((false, Queue("Empty")));
        Organization.GuestLeaves(Id);
        (await center.ReadConversationAsync(Id, CallPurpose.Read, CallFor.Nobody, Ct)).CustomerIsGone.ShouldBeTrue();
    }

    [Fact]
    public async Task Confidence_comes_from_analytics_when_no_turn_carries_one()
    {
        Organization.BotTurn(Id, "hello", ["hi"], confidence: 0.62);
        using var center = Center();
        var reading = Of(ReadingKind.IntentConfidence, await ReadAsync(center));
        (reading.Value, reading.Source).ShouldBe((0.62, "analytics metric"));
        Organization.GuestSays(Id, "a refund", intentName: "refund", confidence: 0.85);
        Of(ReadingKind.IntentConfidence, await ReadAsync(center)).Value.ShouldBe(0.85);
    }

    [Fact]
    public async Task No_metric_no_entity_and_out_of_range_are_three_answers()
    {
        Organization.BotTurn(Id, "hello", ["hi"], confidence: 0.62);
        Organization.SetQuirks(Id, new() { NoIntentConfidence = true });
        using var center = Center();
        async Task<string> SourceAsync(GenesysContactCenter of)
        {
            var reading = Of(ReadingKind.IntentConfidence, await ReadAsync(of));
            reading.Value.ShouldBeNull();
            return reading.Source;
        }
        (await SourceAsync(center)).ShouldStartWith("no metric:");

        using var early = Center(new ManualTime(Time.GetUtcNow().AddHours(-1)));
        (await SourceAsync(early)).ShouldStartWith("out of range:");

        // Analytics trails by an hour: it does not know the conversation yet.
        await using var lagging = await GenesysSandbox.StartAsync(Options with { Time = Time, AnalyticsLag = TimeSpan.FromHours(1) }, Ct);
        var started = lagging.Organization.StartConversation(new GuestProfile("Gina"));
        using var late = GenesysContactCenter.Create(new GenesysOptions { Flavor = GenesysFlavor.Guide, ApiBaseUrl = lagging.ApiBaseUrl.ToString(), LoginBaseUrl = lagging.LoginBaseUrl.ToString(), Clients = [new OAuthClientOptions("baton-sandbox", "sandbox-secret")] },
            network, Time, new Random(1), NullLoggerFactory.Instance);
        Of(ReadingKind.IntentConfidence, await late.ReadTranscriptAsync(started.ConversationId, CallFor.Nobody, Ct)).Source.ShouldStartWith("no entity:");
    }

    [Fact]
    public async Task Without_the_analytics_scope_the_confidence_is_unknown_and_says_which_scope()
    {
        using var center = Center(null, "conversation:view");
        var reading = Of(ReadingKind.IntentConfidence, await ReadAsync(center));
        reading.Value.ShouldBeNull();
        reading.Source.ShouldContain("analytics:query");
        using var blind = Center(null, "conversation:read");
        var refused = await Should.ThrowAsync<ContactCenterException>(() => ReadAsync(blind));
        (refused.Kind, refused.Message.Contains("conversation:view", StringComparison.Ordinal)).ShouldBe((FailureKind.MissingPermission, true));
    }

    [Fact]
    public async Task A_short_429_is_waited_out_and_a_long_one_says_until_when()
    {
        Sandbox.Faults.Add(new() { Kind = FaultKind.TooManyRequests, Path = AnalyticsPath, RetryAfterSeconds = 1, Times = 1 });
        using var center = Center(TimeProvider.System);
        (await ReadAsync(center)).Turns.ShouldNotBeEmpty();
        Sandbox.Faults.Add(new() { Kind = FaultKind.TooManyRequests, Path = EventsPath, RetryAfterSeconds = 600, Times = 1 });
        var refused = await Should.ThrowAsync<ContactCenterException>(() => ReadAsync(center));
        refused.Kind.ShouldBe(FailureKind.RateLimited);
        (refused.NotBefore!.Value - TimeProvider.System.GetUtcNow()).TotalSeconds.ShouldBeInRange(400, 600);
    }

    [Fact]
    public async Task All_pages_of_members_are_counted_by_id_and_by_the_name_the_settings_give()
    {
        Organization.AddQueue("Large");
        for (var i = 0; i < 230; i++) Organization.AddAgent($"Agent {i}", ["Large"], onQueue: i % 2 == 0);
        using var center = Center();
        var status = await center.ReadQueueStatusAsync(Queue("Large"), Ct);
        (status.Status, status.IsActive, status.TotalMembers, status.AvailableAgents, status.RoutingValid).ShouldBe(("active", true, 230, 115, true));
        (await center.ReadQueueStatusAsync("large", Ct)).ShouldBe(status);
        var check = await center.CheckQueueAsync(Queue("Large"), CallFor.Nobody, Ct);
        (check.Members, check.OnQueue, check.Free, check.IsStaffed).ShouldBe((230, 115, 115, true));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(null, false)]
    public async Task A_page_of_members_that_fails_in_the_middle_is_read_again_or_nothing_is_answered(int? times, bool isRead)
    {
        Organization.AddQueue("Large");
        for (var i = 0; i < 230; i++) Organization.AddAgent($"Agent {i}", ["Large"]);
        Sandbox.Faults.Add(new() { Kind = FaultKind.Status, Status = 503, Path = "/api/v2/routing/queues/*/members", Skip = 1, Times = times });
        using var center = Center(TimeProvider.System);
        if (isRead) (await center.ReadQueueStatusAsync(Queue("Large"), Ct)).AvailableAgents.ShouldBe(230);
        else (await Should.ThrowAsync<ContactCenterException>(() => center.ReadQueueStatusAsync(Queue("Large"), Ct))).Kind.ShouldBe(FailureKind.Unavailable);
    }

    [Fact]
    public async Task Unknown_inactive_empty_and_unseen_queues_are_answers()
    {
        using var center = Center();
        (await center.ReadQueueStatusAsync("queue-target-123", Ct)).Error.ShouldBe("Queue not found");
        (await center.CheckQueueAsync("..", CallFor.Nobody, Ct)).Exists.ShouldBeFalse();
        var empty = await center.ReadQueueStatusAsync("Empty", Ct);
        (empty.IsActive, empty.TotalMembers, empty.AvailableAgents, empty.RoutingValid, empty.Error).ShouldBe((true, 0, 0, false, null));
        Organization.SetQueueActive(Queue("Billing"), active: false);
        var inactive = await center.ReadQueueStatusAsync("Billing", Ct);
        (inactive.Status, inactive.IsActive, inactive.RoutingValid).ShouldBe(("inactive", false, false));
        (await center.CheckQueueAsync("Billing", CallFor.Nobody, Ct)).IsStaffed.ShouldBeFalse();

        using var unseeing = Center(null, "routing:queue:view");
        var unseen = await unseeing.ReadQueueStatusAsync("Support", Ct);
        (unseen.AvailableAgents, unseen.RoutingValid).ShouldBe((null, false));
        unseen.Error!.ShouldContain("routing:agent:view");
        (await unseeing.CheckQueueAsync("Support", CallFor.Nobody, Ct)).IsStaffed.ShouldBeTrue();
    }
}
