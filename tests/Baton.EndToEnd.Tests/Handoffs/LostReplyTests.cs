using Baton.Core;
using Baton.Core.Handoffs;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests.Handoffs;

/// <summary>Whatever becomes of the reply: the conversation is transferred once.</summary>
[Collection(OnVirtualTime.Name)]
public sealed class LostReplyTests
{
    [Fact(Timeout = 120_000)]
    public async Task Without_a_fault_it_is_transferred_once_and_told_once()
    {
        await using var world = await HandoffWorld.StartAsync();
        var conversation = world.Converse();
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));
        world.ShouldBeTransferredOnce(conversation, "Support");
        handoff.Failure.ShouldBeNull();
        (await world.StepsAsync(handoff)).ShouldBe(["requested", "prepared", "briefed", "transferAccepted", "transferConfirmed", "messageSent", "customerTold", "agentJoined"]);
        (await world.AuditAsync()).IsSound.ShouldBeTrue();
    }

    [Theory(Timeout = 120_000)]
    [InlineData(FaultKind.StatusAfterApply, 503)]
    [InlineData(FaultKind.ConnectionResetAfterApply, null)]
    public async Task What_was_asked_of_the_platform_stands_beside_each_step(FaultKind kind, int? status)
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Fails(kind, HandoffWorld.Transfers, status: status);
        world.Fails(FaultKind.Status, HandoffWorld.Briefings, status: 502);
        var conversation = world.Converse();
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));
        var steps = (await world.HistoryAsync(handoff)).ToDictionary(s => s.What);
        steps["requested"].Calls.ShouldBeEmpty();
        steps["prepared"].Calls.Select(c => (c.Method, c.Path.Split("/api/v2/")[1], c.Status)).ShouldBe([("GET", "routing/queues", 200), ("POST", "analytics/queues/observations/query", 200), ("GET", $"conversations/{conversation}", 200)]);
        steps["briefed"].Calls.Select(c => (c.Method, c.Status)).ShouldBe([("PATCH", 502), ("PATCH", 202)], "a call that is repeated inside is noted each time");
        var sent = steps["transferReplyUnknown"].Calls.ShouldHaveSingleItem();
        (sent.Method, sent.Status, sent.CorrelationId is null).ShouldBe(("POST", status, status is null));
        steps["customerTold"].Calls.ShouldHaveSingleItem().Status.ShouldBe(200);
        steps.Values.SelectMany(s => s.Calls).ShouldAllBe(c => c.At >= handoff.RequestedAt && c.At <= world.Time.GetUtcNow() && c.Milliseconds >= 0);
        steps.Values.SelectMany(s => s.Calls.Where(c => c.At > s.At)).ShouldBeEmpty("it was asked before it was written down");
    }

    [Theory(Timeout = 120_000)]
    [InlineData(FaultKind.ConnectionResetAfterApply, null, FailureKind.ReplyLost)]
    [InlineData(FaultKind.StatusAfterApply, 503, FailureKind.Unavailable)]
    [InlineData(FaultKind.StatusAfterApply, 500, FailureKind.Unavailable)]
    [InlineData(FaultKind.StatusAfterApply, 502, FailureKind.Unavailable)]
    public async Task A_reply_lost_after_the_transfer_happened_does_not_transfer_again(FaultKind kind, int? status, FailureKind failure)
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Fails(kind, HandoffWorld.Transfers, status: status);
        var conversation = world.Converse();
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));
        world.ShouldBeTransferredOnce(conversation, "Support");
        world.Asked(conversation).ShouldBe(1);
        handoff.Failure.ShouldBe(failure);
        handoff.FailureSentence.ShouldNotBeNullOrWhiteSpace();
        (await world.StepsAsync(handoff)).ShouldContain("transferReplyUnknown");
    }

    [Theory(Timeout = 120_000)]
    [InlineData(FaultKind.ConnectionResetBeforeApply, null, "connection broke")]
    [InlineData(FaultKind.Status, 503, "HTTP 503")]
    [InlineData(FaultKind.Status, 502, "HTML")]
    [InlineData(FaultKind.Status, 500, "internal.server.error")]
    public async Task A_transfer_lost_before_it_happened_is_sent_again_after_the_settle_time(FaultKind kind, int? status, string sentence)
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Fails(kind, HandoffWorld.Transfers, status: status);
        var conversation = world.Converse();
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));
        world.ShouldBeTransferredOnce(conversation, "Support");
        world.Asked(conversation).ShouldBe(2);
        var steps = await world.HistoryAsync(handoff);
        steps.Select(s => s.What).ShouldBe(["requested", "prepared", "briefed", "transferReplyUnknown", "transferNotThere", "transferRepeated", "transferAccepted", "transferConfirmed", "messageSent", "customerTold", "agentJoined"]);
        steps.Single(s => s.What == "transferReplyUnknown").Note!.ShouldContain(sentence);
        (Calls(world, conversation)[1].Time - Calls(world, conversation)[0].Time).ShouldBeGreaterThanOrEqualTo(HandoffPace.Default.Settle);
    }

    /// <summary>8 s is within the settle time, 14 s is not: then the platform still says that a transfer is under way.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(8_000)]
    [InlineData(14_000)]
    [InlineData(40_000)]
    public async Task A_transfer_that_happens_long_after_its_lost_reply_is_waited_for(int milliseconds)
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Fails(FaultKind.ApplyLate, HandoffWorld.Transfers, milliseconds: milliseconds);
        var conversation = world.Converse();
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));
        // The longer it takes, the rarer the looks: after 40 s the agent was there first, and speaks for herself.
        world.ShouldBeTransferredOnce(conversation, "Support", told: milliseconds < 40_000);
        world.Asked(conversation).ShouldBe(1);
        handoff.Failure.ShouldBe(FailureKind.ReplyLost);
    }

    [Fact(Timeout = 120_000)]
    public async Task An_accepted_transfer_that_fails_is_sent_again()
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Fails(FaultKind.TransferFailsAfterAccepted, HandoffWorld.Transfers);
        var conversation = world.Converse();
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));
        world.ShouldBeTransferredOnce(conversation, "Support");
        world.Ledger.Of(LedgerKind.TransferFailed, conversation).Count.ShouldBe(1);
        handoff.Failure.ShouldBe(FailureKind.TransferFailed);
        (await world.StepsAsync(handoff)).ShouldContain("transferNotThere");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_queue_whose_transfers_always_fail_is_left_for_the_next_one()
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Fails(FaultKind.TransferFailsAfterAccepted, HandoffWorld.Transfers, times: HandoffPace.Default.TransferAttempts);
        var conversation = world.Converse();
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Billing", "Support"));
        world.Applied(conversation).ShouldBe(["Support"]);
        world.Heard(conversation).ShouldBe([HandoffWorld.Told]);
        (handoff.Step, handoff.Failure).ShouldBe((1, FailureKind.TransferFailed));
        (await world.StepsAsync(handoff)).ShouldContain("nextStep");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_transfer_that_never_happens_fails_and_the_customer_hears_so_from_the_bot()
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Fails(FaultKind.TransferFailsAfterAccepted, HandoffWorld.Transfers, times: null);
        var conversation = world.Converse();
        var handoff = await world.UntilAsync(await world.RequestAsync(conversation, "Support"), h => h.State == HandoffState.Failed && h.Todo == Todo.None);
        world.Applied(conversation).ShouldBeEmpty();
        world.Heard(conversation).ShouldBe([HandoffWorld.NotPossible]);
        world.Asked(conversation).ShouldBe(HandoffPace.Default.TransferAttempts);
        handoff.Failure.ShouldBe(FailureKind.TransferFailed);
        handoff.FailureSentence!.ShouldContain("Support");
    }

    /// <summary>The caller has gone when the platform gets to the first call: it executes it all the same, and then the second finds its leg gone.</summary>
    [Fact(Timeout = 120_000)]
    public async Task A_call_slower_than_the_timeout_counts_as_a_lost_reply()
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Fails(FaultKind.Slow, HandoffWorld.Transfers, milliseconds: 60_000, times: 2);
        var conversation = world.Converse();
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));
        world.Applied(conversation).ShouldBe(["Support"]);
        world.Heard(conversation).ShouldBe([HandoffWorld.Told]);
        (await world.HistoryAsync(handoff)).First(s => s.What == "transferReplyUnknown").Note!.ShouldContain("No answer within");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_reading_of_the_past_does_not_send_the_transfer_again()
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Fails(FaultKind.ConnectionResetAfterApply, HandoffWorld.Transfers);
        world.Fails(FaultKind.StaleParticipants, "/api/v2/conversations/*", times: null, milliseconds: 3000, method: "GET");
        var conversation = world.Converse();
        await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));
        world.Applied(conversation).ShouldBe(["Support"]);
        world.Asked(conversation).ShouldBe(1);
    }

    /// <summary>Every second reply is lost, of every kind of call, and nothing tells which.</summary>
    [Fact(Timeout = 600_000)]
    public async Task Thirty_handoffs_through_a_torn_network_are_thirty_transfers()
    {
        await using var world = await HandoffWorld.StartAsync();
        foreach (var kind in (FaultKind[])[FaultKind.ConnectionResetAfterApply, FaultKind.ConnectionResetBeforeApply, FaultKind.StatusAfterApply, FaultKind.Status])
            world.Sandbox.Faults.Add(new Fault { Kind = kind, Path = "/api/v2/*", Probability = 0.12 });
        var conversations = Enumerable.Range(0, 30).Select(_ => world.Converse()).ToList();
        var handoffs = new List<Handoff>();
        foreach (var conversation in conversations) handoffs.Add(await world.RequestAsync(conversation, "Support"));
        foreach (var handoff in handoffs) await world.UntilWithAgentAsync(handoff);
        foreach (var conversation in conversations)
        {
            world.Applied(conversation).ShouldBe(["Support"]);
            world.Heard(conversation).Count.ShouldBeLessThanOrEqualTo(1);
        }
        (await world.AuditAsync()).IsSound.ShouldBeTrue();
    }

    static IReadOnlyList<LedgerEntry> Calls(HandoffWorld world, string conversation) =>
        [.. world.Ledger.Requests().Where(r => r.ConversationId == conversation && r.Route!.EndsWith("/replace/queue", StringComparison.Ordinal))];
}
