using System.Text.Json.Nodes;
using Baton.Core;
using Baton.Core.Audit;
using Baton.Core.Handoffs;
using Baton.Core.Transfers;
using Baton.EndToEnd.Tests.Handoffs;
using Baton.Genesys;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

/// <summary>Guide 002 on both flavors: a call is found, moved once, and believed to be moved when the vendor shows it.</summary>
[Collection(OnVirtualTime.Name)]
public sealed class CallTransferTests : IDisposable
{
    const string GuideMoves = "/api/v2/conversations/*";

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("baton-call-");

    public static TheoryData<SandboxFlavor> Both => [SandboxFlavor.Guide, SandboxFlavor.Platform];

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    string AuditFile => Path.Combine(folder.FullName, "handoff_audit.log");

    async Task<HandoffWorld> StartAsync(SandboxFlavor flavor, bool fence = true)
    {
        var world = await StillAsync(flavor, fence);
        world.Begin();
        return world;
    }

    async Task<HandoffWorld> StillAsync(SandboxFlavor flavor, bool fence = true)
    {
        var world = await HandoffWorld.StillAsync(o => o with { Flavor = flavor, LegFence = fence },
            s => s with { Policy = "escalate", Genesys = s.Genesys with { Flavor = flavor == SandboxFlavor.Guide ? GenesysFlavor.Guide : GenesysFlavor.Platform, HandoffAuditFile = AuditFile } });
        foreach (var queue in (string[])["Overflow", "Second Line"]) world.Organization.AddQueue(queue);
        world.Organization.AddQueue("Chats only", media: [Media.Message]);
        return world;
    }

    static string User(HandoffWorld world, string name) => world.Organization.Agents.Single(a => a.Name == name).Id;

    static Task<CallTransferOutcome> TransferAsync(HandoffWorld world, CallTransferRequest request, HandoffPace? pace = null) =>
        new CallTransfer(world.Baton.Center, world.Baton.Center.CallTransfers, world.Baton.Store, pace ?? HandoffPace.Default, world.Time).RunAsync(request, Ct);

    static CallTransferRequest To(HandoffWorld world, string queue, string? user = "Sam", string? conversation = null) =>
        new(world.Queue(queue)) { UserId = conversation is null ? User(world, user!) : null, ConversationId = conversation, By = "test" };

    static async Task<ContactCenterException> RefusedAsync(HandoffWorld world, CallTransferRequest request) => await Should.ThrowAsync<ContactCenterException>(() => TransferAsync(world, request));

    static Fault OnMove(SandboxFlavor flavor, FaultKind kind) => flavor == SandboxFlavor.Guide
        ? new Fault { Kind = kind, Path = GuideMoves, Method = "PATCH" }
        : new Fault { Kind = kind, Path = HandoffWorld.Transfers };

    static int Moves(HandoffWorld world) => world.Ledger.Requests().Count(r => (r.Method == "PATCH" && r.Route == "/api/v2/conversations/{conversationId}") || r.Route!.EndsWith("/replace/queue", StringComparison.Ordinal));

    static IReadOnlyList<string> Skills(HandoffWorld world, string conversation) =>
        [.. world.Ledger.Of(LedgerKind.RoutingChanged, conversation).Select(e => e.Detail!)];

    [Theory(Timeout = 120_000), MemberData(nameof(Both))]
    public async Task The_users_newest_call_is_moved_and_verified(SandboxFlavor flavor)
    {
        await using var world = await StartAsync(flavor);
        world.Organization.StartCall(new GuestProfile("Carl"), "Bea", "Billing");
        var call = world.Organization.StartCall(new GuestProfile("Carla"), "Sam", "Support").ConversationId;
        var outcome = await TransferAsync(world, To(world, "Overflow") with { Reason = "Wants a refund" });
        (outcome.Result, outcome.ConversationId, outcome.OriginalQueueId, outcome.UserId, outcome.Sends).ShouldBe((CallTransferResult.Transferred, call, world.Queue("Support"), User(world, "Sam"), 1));
        world.Applied(call).ShouldBe(["Overflow"]);
        world.Organization.Conversation(call).Holder!.QueueId.ShouldBe(world.Queue("Overflow"));

        var line = JsonNode.Parse(File.ReadAllLines(AuditFile).ShouldHaveSingleItem())!;
        (line["status"]!.GetValue<string>(), line["transfer_type"]!.GetValue<string>(), line["response_status"]!.GetValue<int>()).ShouldBe(("success", "queue", flavor == SandboxFlavor.Guide ? 200 : 202));
        var trail = new List<AuditEntry>();
        await foreach (var entry in world.Baton.Store.ReadAuditAsync(call, Ct)) trail.Add(entry);
        trail.Select(e => e.Kind).ShouldBe(["call.transferRequested", "call.transferEnded"]);
        trail[1].Facts.ShouldContain("Transferred");
        (await world.AuditAsync()).IsSound.ShouldBeTrue();
    }

    [Fact(Timeout = 120_000)]
    public async Task On_the_guide_flavor_reason_and_original_queue_are_in_the_routing_data()
    {
        await using var world = await StartAsync(SandboxFlavor.Guide);
        var call = world.Organization.StartCall(new GuestProfile("Carla"), "Sam", "Support").ConversationId;
        await TransferAsync(world, To(world, "Overflow") with { Reason = "Wants a refund" });
        using var client = await SandboxClient.LoggedInAsync(world.Sandbox, "baton", HandoffWorld.Secret);
        var read = (await client.GetAsync($"/conversations/{call}")).Json["attributes"]!["routingData"]!;
        read.ToJsonString().ShouldBe(new JsonObject
        {
            ["queueId"] = world.Queue("Overflow"),
            ["attributes"] = new JsonObject { ["transferReason"] = "Wants a refund", ["originalQueueId"] = world.Queue("Support") },
        }.ToJsonString());
    }

    [Fact(Timeout = 120_000)]
    public async Task On_the_platform_reason_and_original_queue_are_on_the_caller()
    {
        await using var world = await StartAsync(SandboxFlavor.Platform);
        var call = world.Organization.StartCall(new GuestProfile("Carla"), "Sam", "Support").ConversationId;
        await TransferAsync(world, To(world, "Overflow") with { Reason = "Wants a refund" });
        var caller = world.Organization.Conversation(call).Customer.Attributes;
        (caller["transferReason"], caller["originalQueueId"]).ShouldBe(("Wants a refund", world.Queue("Support")));
    }

    [Theory(Timeout = 120_000), MemberData(nameof(Both))]
    public async Task Said_again_it_changes_nothing(SandboxFlavor flavor)
    {
        await using var world = await StartAsync(flavor);
        var call = world.Organization.StartCall(new GuestProfile("Carla"), "Sam", "Support").ConversationId;
        await TransferAsync(world, To(world, "Overflow"));
        var again = await TransferAsync(world, To(world, "Overflow", conversation: call));
        (again.Result, again.Sends).ShouldBe((CallTransferResult.AlreadyThere, 0));
        (await RefusedAsync(world, To(world, "Overflow"))).Kind.ShouldBe(FailureKind.NobodyOnCall);
        world.Applied(call).ShouldBe(["Overflow"]);
        Moves(world).ShouldBe(1);
    }

    [Theory(Timeout = 120_000), MemberData(nameof(Both))]
    public async Task Skills_are_kept_unless_they_are_given_or_cleared(SandboxFlavor flavor)
    {
        await using var world = await StartAsync(flavor);
        // Nobody in these queues, so that what they ask for can be read.
        string Call()
        {
            var call = world.Organization.StartCall(new GuestProfile("Carla"), queue: "Empty").ConversationId;
            return call;
        }
        var (kept, given, cleared) = (Call(), Call(), Call());
        foreach (var call in (string[])[kept, given, cleared])
            (await TransferAsync(world, To(world, "Overflow", conversation: call) with { Skills = ["refunds"] })).Result.ShouldBe(CallTransferResult.Transferred);
        await TransferAsync(world, To(world, "Second Line", conversation: kept));
        await TransferAsync(world, To(world, "Second Line", conversation: given) with { Skills = ["english"] });
        await TransferAsync(world, To(world, "Second Line", conversation: cleared) with { Skills = [] });
        foreach (var (name, skills) in ((string, string[])[])[("Ella English", ["english"]), ("Rafa Refunds", ["refunds"]), ("Nora Novice", [])])
            world.Organization.AddAgent(name, ["Second Line"], skills, new AgentBehavior { Answers = false });
        await world.PassAsync(TimeSpan.FromSeconds(1));
        Alerted(kept).ShouldBe("Rafa Refunds");
        Alerted(given).ShouldBe("Ella English");
        Alerted(cleared).ShouldNotBeNull();

        string Alerted(string call) => world.Organization.Agents.Single(a => a.Id == world.Ledger.Of(LedgerKind.AgentAlerted, call)[^1].UserId).Name;
    }

    [Theory(Timeout = 120_000), MemberData(nameof(Both))]
    public async Task Skills_of_a_call_that_waits_there_already_are_changed_without_moving_it(SandboxFlavor flavor)
    {
        await using var world = await StartAsync(flavor);
        var call = world.Organization.StartCall(new GuestProfile("Carla"), queue: "Empty").ConversationId;
        await TransferAsync(world, To(world, "Overflow", conversation: call));
        var outcome = await TransferAsync(world, To(world, "Overflow", conversation: call) with { Skills = ["refunds"] });
        (outcome.Result, outcome.SkillsApplied).ShouldBe((CallTransferResult.Transferred, true));
        world.Applied(call).ShouldBe(["Overflow"]);
        Skills(world, call).ShouldHaveSingleItem().ShouldContain("refunds");
    }

    [Theory(Timeout = 120_000), MemberData(nameof(Both))]
    public async Task The_user_is_found_on_the_last_page(SandboxFlavor flavor)
    {
        await using var world = await StartAsync(flavor);
        var first = world.Organization.StartCall(new GuestProfile("Carla"), "Sam", "Support").ConversationId;
        for (var i = 0; i < 230; i++) world.Organization.StartCall(new GuestProfile($"Caller {i}"), queue: "Empty");
        (await TransferAsync(world, To(world, "Overflow"))).ConversationId.ShouldBe(first);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_cursor_that_repeats_is_an_error_and_not_a_loop()
    {
        await using var world = await StartAsync(SandboxFlavor.Guide);
        for (var i = 0; i < 120; i++) world.Organization.StartCall(new GuestProfile($"Caller {i}"), queue: "Empty");
        world.Fails(FaultKind.CursorRepeats, "/api/v2/conversations/query", times: null);
        var refused = await RefusedAsync(world, To(world, "Overflow"));
        (refused.Kind, refused.Message.Contains("names a cursor that was used before", StringComparison.Ordinal)).ShouldBe((FailureKind.MalformedReply, true));
    }

    [Theory(Timeout = 120_000), MemberData(nameof(Both))]
    public async Task Two_users_in_one_call_the_named_one_leaves(SandboxFlavor flavor)
    {
        await using var world = await StartAsync(flavor);
        var call = world.Organization.StartCall(new GuestProfile("Carla"), "Sam", "Support").ConversationId;
        world.Organization.JoinCall(call, "Bea");
        await world.PassAsync(TimeSpan.FromSeconds(40));
        var ambiguous = await RefusedAsync(world, To(world, "Overflow", conversation: call));
        (ambiguous.Kind, ambiguous.Message.Contains(User(world, "Bea"), StringComparison.Ordinal)).ShouldBe((FailureKind.Conflict, true));
        (await TransferAsync(world, To(world, "Overflow", "Bea"))).UserId.ShouldBe(User(world, "Bea"));
        world.Ledger.TransfersApplied(call).ShouldHaveSingleItem().LegId.ShouldNotBeNull();
    }

    [Theory(Timeout = 120_000), MemberData(nameof(Both))]
    public async Task Nobody_on_a_call_and_no_such_user_are_one_sentence(SandboxFlavor flavor)
    {
        await using var world = await StartAsync(flavor);
        (await RefusedAsync(world, To(world, "Overflow"))).Message.ShouldBe($"User {User(world, "Sam")} is not on a call.");
        (await RefusedAsync(world, new CallTransferRequest(world.Queue("Overflow")) { UserId = Guid.NewGuid().ToString(), By = "test" })).Kind.ShouldBe(FailureKind.NobodyOnCall);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(SandboxFlavor.Platform, "not-a-guid", null)]
    [InlineData(SandboxFlavor.Platform, null, "../secrets")]
    [InlineData(SandboxFlavor.Guide, "..", null)]
    [InlineData(SandboxFlavor.Guide, null, " ")]
    public async Task A_malformed_id_is_not_asked_for(SandboxFlavor flavor, string? user, string? conversation)
    {
        await using var world = await StartAsync(flavor);
        (await RefusedAsync(world, new CallTransferRequest(world.Queue("Overflow")) { UserId = user, ConversationId = conversation, By = "test" })).Kind.ShouldBe(FailureKind.MalformedId);
        world.Ledger.Requests().ShouldBeEmpty();
    }

    [Theory(Timeout = 120_000), MemberData(nameof(Both))]
    public async Task A_call_that_has_ended_is_looked_at_once_more_after_a_second(SandboxFlavor flavor)
    {
        await using var world = await StartAsync(flavor);
        var call = world.Organization.StartCall(new GuestProfile("Carla"), "Sam", "Support").ConversationId;
        world.Organization.HangUp(call);
        var began = world.Time.GetUtcNow();
        (await RefusedAsync(world, To(world, "Overflow", conversation: call))).Kind.ShouldBe(FailureKind.ConversationEnded);
        (world.Time.GetUtcNow() - began).ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        world.Ledger.Requests().Count(r => r.ConversationId == call).ShouldBe(2);
        (await RefusedAsync(world, To(world, "Overflow", conversation: Guid.NewGuid().ToString()))).Kind.ShouldBe(FailureKind.ConversationEnded);
    }

    [Theory(Timeout = 120_000), MemberData(nameof(Both))]
    public async Task A_caller_who_hangs_up_while_the_move_is_on_its_way_is_said_so(SandboxFlavor flavor)
    {
        await using var world = await StartAsync(flavor);
        world.Sandbox.Faults.Add(OnMove(flavor, FaultKind.Slow) with { Milliseconds = 3000, Times = 1 });
        var call = world.Organization.StartCall(new GuestProfile("Carla"), "Sam", "Support").ConversationId;
        var transferring = RefusedAsync(world, To(world, "Overflow"));
        await world.UntilAsync(() => world.Sandbox.ParkedRequests > 0);
        world.Organization.HangUp(call);
        (await transferring).Kind.ShouldBe(FailureKind.ConversationEnded);
        world.Applied(call).ShouldBeEmpty();
    }

    [Theory(Timeout = 120_000), MemberData(nameof(Both))]
    public async Task A_queue_for_another_medium_and_one_that_is_not_there_are_told_before_anything_is_sent(SandboxFlavor flavor)
    {
        await using var world = await StartAsync(flavor);
        world.Organization.StartCall(new GuestProfile("Carla"), "Sam", "Support");
        (await RefusedAsync(world, To(world, "Chats only"))).Message.ShouldBe("The queue 'Chats only' takes no calls.");
        (await RefusedAsync(world, new CallTransferRequest(Guid.NewGuid().ToString()) { UserId = User(world, "Sam"), By = "test" })).Kind.ShouldBe(FailureKind.QueueNotFound);
        (await RefusedAsync(world, To(world, "Overflow", conversation: world.Converse()))).Kind.ShouldBe(FailureKind.WrongMedia);
        Moves(world).ShouldBe(0);
    }

    [Theory(Timeout = 120_000), MemberData(nameof(Both))]
    public async Task A_queue_deleted_in_between_is_a_bad_request_that_says_so(SandboxFlavor flavor)
    {
        await using var world = await StartAsync(flavor);
        world.Sandbox.Faults.Add(OnMove(flavor, FaultKind.QueueDeletedAfterCheck));
        var call = world.Organization.StartCall(new GuestProfile("Carla"), "Sam", "Support").ConversationId;
        world.Sandbox.Faults.Add(OnMove(flavor, FaultKind.Slow) with { Milliseconds = 3000, Times = 1 });
        var queue = world.Queue("Overflow");
        var transferring = RefusedAsync(world, To(world, "Overflow"));
        await world.UntilAsync(() => world.Sandbox.ParkedRequests > 0);
        world.Organization.DeleteQueue(queue);
        var refused = await transferring;
        refused.Kind.ShouldBe(flavor == SandboxFlavor.Guide ? FailureKind.BadRequest : FailureKind.QueueNotFound);
        if (flavor == SandboxFlavor.Guide) refused.Message.ShouldContain("Invalid routingData (field routingData.queueId: queue.not.found)");
        world.Applied(call).ShouldBeEmpty();
        var line = JsonNode.Parse(File.ReadAllLines(AuditFile).ShouldHaveSingleItem())!;
        (line["status"]!.GetValue<string>(), line["error_code"]!.GetValue<int>()).ShouldBe(("failed", 400));
    }

    [Theory(Timeout = 120_000)]
    [InlineData(SandboxFlavor.Guide, FaultKind.ConnectionResetAfterApply)]
    [InlineData(SandboxFlavor.Guide, FaultKind.ConnectionResetBeforeApply)]
    [InlineData(SandboxFlavor.Guide, FaultKind.StatusAfterApply)]
    [InlineData(SandboxFlavor.Guide, FaultKind.Status)]
    [InlineData(SandboxFlavor.Guide, FaultKind.ApplyLate)]
    [InlineData(SandboxFlavor.Platform, FaultKind.ConnectionResetAfterApply)]
    [InlineData(SandboxFlavor.Platform, FaultKind.ConnectionResetBeforeApply)]
    [InlineData(SandboxFlavor.Platform, FaultKind.StatusAfterApply)]
    [InlineData(SandboxFlavor.Platform, FaultKind.Status)]
    [InlineData(SandboxFlavor.Platform, FaultKind.ApplyLate)]
    [InlineData(SandboxFlavor.Platform, FaultKind.TransferFailsAfterAccepted)]
    public async Task Whatever_happens_to_the_reply_the_call_moves_once_at_most(SandboxFlavor flavor, FaultKind kind)
    {
        await using var world = await StartAsync(flavor);
        world.Sandbox.Faults.Add(OnMove(flavor, kind) with { Times = 1, Status = kind is FaultKind.Status or FaultKind.StatusAfterApply ? 503 : null, Milliseconds = 6000 });
        var call = world.Organization.StartCall(new GuestProfile("Carla"), "Sam", "Support").ConversationId;
        var outcome = await TransferAsync(world, To(world, "Overflow"));
        if (kind == FaultKind.TransferFailsAfterAccepted)
        {
            outcome.Result.ShouldBe(CallTransferResult.NotVerified);
            (await TransferAsync(world, To(world, "Overflow"))).Result.ShouldBe(CallTransferResult.Transferred);
        }
        else
        {
            outcome.Result.ShouldBe(CallTransferResult.Transferred);
        }
        world.Applied(call).ShouldBe(["Overflow"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_is_under_way_for_longer_than_the_settle_time_is_waited_for_and_not_sent_again()
    {
        await using var world = await StartAsync(SandboxFlavor.Platform, fence: false);
        world.Sandbox.Faults.Add(OnMove(SandboxFlavor.Platform, FaultKind.ApplyLate) with { Times = 1, Milliseconds = 25_000 });
        var call = world.Organization.StartCall(new GuestProfile("Carla"), "Sam", "Support").ConversationId;
        var outcome = await TransferAsync(world, To(world, "Overflow"));
        (outcome.Result, outcome.Sends).ShouldBe((CallTransferResult.Transferred, 1));
        world.Applied(call).ShouldBe(["Overflow"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_look_tells_of_when_it_was_asked_for_however_long_its_answer_took()
    {
        await using var world = await StartAsync(SandboxFlavor.Platform);
        var call = world.Organization.StartCall(new GuestProfile("Carla"), "Sam", "Support").ConversationId;
        await world.PassAsync(TimeSpan.FromSeconds(10));
        var look = new Fault { Kind = FaultKind.Slow, Method = "GET", Path = "/api/v2/conversations/*", Skip = 1, Times = 1, Milliseconds = 6000 };
        world.Sandbox.Faults.Add(look);
        world.Sandbox.Faults.Add(look with { Kind = FaultKind.StaleParticipants, Milliseconds = 8000 });
        var outcome = await TransferAsync(world, To(world, "Overflow", conversation: call), HandoffPace.Default with { Settle = TimeSpan.FromSeconds(5) });
        (outcome.Result, outcome.Sends).ShouldBe((CallTransferResult.Transferred, 1));
    }

    [Theory(Timeout = 120_000)]
    [InlineData(SandboxFlavor.Guide, 7, 7)]
    [InlineData(SandboxFlavor.Guide, null, 2)]
    [InlineData(SandboxFlavor.Platform, 7, 7)]
    [InlineData(SandboxFlavor.Platform, null, 2)]
    public async Task Too_many_requests_are_waited_out_with_and_without_the_header(SandboxFlavor flavor, int? retryAfter, int seconds)
    {
        await using var world = await StartAsync(flavor);
        world.Sandbox.Faults.Add(OnMove(flavor, FaultKind.TooManyRequests) with { RetryAfterSeconds = retryAfter, Times = 1 });
        world.Sandbox.Faults.Add(new Fault { Kind = FaultKind.HideRateHeaders });
        var call = world.Organization.StartCall(new GuestProfile("Carla"), "Sam", "Support").ConversationId;
        (await TransferAsync(world, To(world, "Overflow"))).Sends.ShouldBe(2);
        world.Applied(call).ShouldBe(["Overflow"]);
        var times = File.ReadAllLines(AuditFile).Select(l => JsonNode.Parse(l)!["timestamp"]!.GetValue<DateTimeOffset>()).ToList();
        (times[1] - times[0]).TotalSeconds.ShouldBeInRange(seconds, seconds + 3);
    }

    [Theory(Timeout = 120_000), MemberData(nameof(Both))]
    public async Task Too_many_requests_without_end_are_given_up(SandboxFlavor flavor)
    {
        await using var world = await StartAsync(flavor);
        world.Sandbox.Faults.Add(OnMove(flavor, FaultKind.TooManyRequests) with { RetryAfterSeconds = 600 });
        world.Organization.StartCall(new GuestProfile("Carla"), "Sam", "Support");
        var refused = await RefusedAsync(world, To(world, "Overflow"));
        (refused.Kind, refused.Message.StartsWith("Rate limit exceeded after 1 attempt", StringComparison.Ordinal), Moves(world)).ShouldBe((FailureKind.RateLimited, true, 1));
    }

    [Theory(Timeout = 120_000), MemberData(nameof(Both))]
    public async Task A_missing_scope_or_permission_is_named(SandboxFlavor flavor)
    {
        await using var world = await StartAsync(flavor);
        var guide = flavor == SandboxFlavor.Guide;
        world.Organization.AddOAuthClient("baton", HandoffWorld.Secret, permissions: guide ? null : ["conversation:communication:view", "routing:queue:view", "analytics:conversationDetail:view", "analytics:queueObservation:view", "conversation:participant:attributes"],
            scopes: guide ? ["conversation:view", "conversation:read", "routing:queue:view", "routing:agent:view"] : null);
        world.Organization.StartCall(new GuestProfile("Carla"), "Sam", "Support");
        var refused = await RefusedAsync(world, To(world, "Overflow"));
        (refused.Kind, refused.Message).ShouldSatisfyAllConditions(r => r.Kind.ShouldBe(FailureKind.MissingPermission), r => r.Message.ShouldContain(guide ? "conversation:write" : "conversation:communication:blindTransfer"));
    }

    [Theory(Timeout = 120_000), MemberData(nameof(Both))]
    public async Task Somebody_elses_transfer_under_way_is_left_alone(SandboxFlavor flavor)
    {
        // The clock stands, and so the transfer stays under way.
        await using var world = await StillAsync(flavor);
        var call = world.Organization.StartCall(new GuestProfile("Carla")).ConversationId;
        world.Organization.OtherSystemTransfers(call, "Billing");
        (await RefusedAsync(world, To(world, "Overflow", conversation: call))).Kind.ShouldBe(FailureKind.AlreadyTransferring);
        Moves(world).ShouldBe(0);
    }

    public void Dispose() => folder.Delete(recursive: true);
}
