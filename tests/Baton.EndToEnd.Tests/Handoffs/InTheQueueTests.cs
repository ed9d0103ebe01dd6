using Baton.Core;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests.Handoffs;

/// <summary>What the customer is told, who answers, and what happens when nobody does.</summary>
[Collection(OnVirtualTime.Name)]
public sealed class InTheQueueTests
{
    static readonly TimeSpan HalfAMinute = TimeSpan.FromSeconds(30);

    [Theory(Timeout = 120_000)]
    [InlineData(FaultKind.ConnectionResetAfterApply, null)]
    [InlineData(FaultKind.StatusAfterApply, 503)]
    [InlineData(FaultKind.ConnectionResetBeforeApply, null)]
    [InlineData(FaultKind.Status, 503)]
    public async Task The_customer_is_told_once_whatever_becomes_of_the_reply(FaultKind kind, int? status)
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Organization.SetBehavior("Sam", new AgentBehavior { AcceptAfter = TimeSpan.FromSeconds(28), Capacity = 10 });
        world.Fails(kind, HandoffWorld.Messages, status: status);
        var conversation = world.Converse();
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));
        world.ShouldBeTransferredOnce(conversation, "Support");
        (await world.StepsAsync(handoff)).ShouldContain("messageReplyUnknown");
        (await world.StepsAsync(handoff)).ShouldContain("customerTold");
    }

    [Fact(Timeout = 120_000)]
    public async Task The_briefing_lands_on_the_customer_and_survives_the_transfer()
    {
        await using var world = await HandoffWorld.StartAsync();
        var conversation = world.Converse("My card is 4111 1111 1111 1111, get me a person");
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));
        var attributes = world.Organization.Conversation(conversation).Customer.Attributes;
        attributes["baton.handoffId"].ShouldBe(handoff.Id.ToString());
        attributes["baton.reason"].ShouldBe("The test asked for it.");
        handoff.IsBriefed.ShouldBeTrue();
        var briefed = world.Ledger.Of(LedgerKind.AttributesChanged, conversation).Single();
        briefed.Sequence.ShouldBeLessThan(world.Ledger.TransfersApplied(conversation)[0].Sequence);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_briefing_that_cannot_be_written_does_not_hold_the_customer_up()
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Fails(FaultKind.Status, HandoffWorld.Briefings, times: null, status: 500);
        var conversation = world.Converse();
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));
        world.ShouldBeTransferredOnce(conversation, "Support");
        handoff.IsBriefed.ShouldBeFalse();
        (await world.StepsAsync(handoff)).ShouldContain("notBriefed");
    }

    [Fact(Timeout = 120_000)]
    public async Task Skills_and_priority_are_set_while_it_waits()
    {
        await using var world = await HandoffWorld.StartAsync();
        var conversation = world.Converse();
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, new RouteStep { Queue = "Support", Skills = ["refunds"], Priority = 8 }));
        world.Ledger.Of(LedgerKind.RoutingChanged, conversation).Count.ShouldBe(1);
        (await world.StepsAsync(handoff)).ShouldContain("routingSet");
        world.ShouldBeTransferredOnce(conversation, "Support");
    }

    [Fact(Timeout = 120_000)]
    public async Task An_agent_quicker_than_the_skills_is_no_failure()
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Fails(FaultKind.Slow, HandoffWorld.Routings, milliseconds: 5000);
        var conversation = world.Converse();
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, new RouteStep { Queue = "Billing", Skills = ["refunds"], Priority = 8 }));
        world.Applied(conversation).ShouldBe(["Billing"]);
        handoff.Failure.ShouldBeNull();
        (await world.StepsAsync(handoff)).ShouldContain("agentWasQuicker");
        world.Ledger.Of(LedgerKind.RoutingChanged, conversation).ShouldBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task An_agent_quicker_than_the_first_look_is_no_failure()
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Fails(FaultKind.AgentQuick, HandoffWorld.Transfers);
        var conversation = world.Converse();
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, new RouteStep { Queue = "Support", Skills = ["refunds"], Priority = 8 }));
        world.Applied(conversation).ShouldBe(["Support"]);
        // The agent speaks for herself: to announce her now would come too late.
        world.Heard(conversation).ShouldBeEmpty();
        handoff.Failure.ShouldBeNull();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_customer_who_leaves_before_the_transfer_is_not_transferred()
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Fails(FaultKind.Slow, HandoffWorld.Briefings, milliseconds: 5000);
        var conversation = world.Converse();
        var requested = await world.RequestAsync(conversation, "Support");
        await world.UntilAsync(() => world.Sandbox.ParkedRequests > 0);
        world.Organization.GuestLeaves(conversation);
        var handoff = await world.UntilSettledAsync(requested);
        handoff.State.ShouldBe(HandoffState.Abandoned);
        world.Applied(conversation).ShouldBeEmpty();
        world.Heard(conversation).ShouldBeEmpty();
    }

    [Theory(Timeout = 120_000)]
    [InlineData(HandoffState.Queued, HandoffState.Abandoned)]
    [InlineData(HandoffState.WithAgent, HandoffState.Completed)]
    public async Task A_customer_who_leaves_ends_the_handoff(HandoffState leavesIn, HandoffState end)
    {
        await using var world = await HandoffWorld.StartAsync();
        var conversation = world.Converse();
        var handoff = await world.UntilAsync(await world.RequestAsync(conversation, "Support"), leavesIn);
        world.Organization.GuestLeaves(conversation);
        handoff = await world.UntilAsync(handoff, h => h.State.IsFinal() && h.Todo == Todo.None);
        handoff.State.ShouldBe(end);
        world.Applied(conversation).ShouldBe(["Support"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task Nobody_answers_and_the_next_queue_does()
    {
        await using var world = await HandoffWorld.StartAsync();
        var conversation = world.Converse();
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, new RouteStep { Queue = "Night Desk", MaxWait = HalfAMinute }, new RouteStep { Queue = "Support" }));
        world.Applied(conversation).ShouldBe(["Night Desk", "Support"]);
        world.Heard(conversation).ShouldBe([HandoffWorld.Told, HandoffWorld.StillLooking]);
        (handoff.Step, handoff.Failure, handoff.QueueName).ShouldBe((1, FailureKind.NobodyCame, "Support"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Nobody_anywhere_is_said_and_the_customer_keeps_the_place()
    {
        await using var world = await HandoffWorld.StartAsync();
        var conversation = world.Converse();
        var handoff = await world.UntilAsync(await world.RequestAsync(conversation, new RouteStep { Queue = "Night Desk", MaxWait = HalfAMinute }, new RouteStep { Queue = "Empty", MaxWait = HalfAMinute }), h => h.IsExhausted && h.Todo == Todo.Follow);
        (handoff.State, handoff.Failure).ShouldBe((HandoffState.Queued, FailureKind.NobodyCame));
        world.Applied(conversation).ShouldBe(["Night Desk"]);
        world.Heard(conversation).ShouldBe([HandoffWorld.Told, HandoffWorld.NobodyCame]);
        world.Organization.Conversation(conversation).EndTime.ShouldBeNull();

        world.Organization.AddAgent("Nora", ["Night Desk"], [], new AgentBehavior { AcceptAfter = TimeSpan.FromSeconds(1) });
        handoff = await world.UntilWithAgentAsync(handoff);
        world.Applied(conversation).ShouldBe(["Night Desk"]);
        handoff.AgentId.ShouldNotBeNull();
    }

    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_queue_without_agents_is_not_used(bool hasFallback)
    {
        await using var world = await HandoffWorld.StartAsync();
        var conversation = world.Converse();
        var handoff = await world.UntilAsync(await world.RequestAsync(conversation, hasFallback ? ["Empty", "Support"] : ["Empty"]), h => h.Todo is Todo.None or Todo.Follow);
        handoff.Failure.ShouldBe(FailureKind.QueueUnstaffed);
        handoff.FailureSentence!.ShouldContain("Empty");
        if (hasFallback) world.ShouldBeTransferredOnce(conversation, "Support");
        else
        {
            handoff.State.ShouldBe(HandoffState.ReturnedToBot);
            world.Applied(conversation).ShouldBeEmpty();
            world.Heard(conversation).ShouldBe([HandoffWorld.NotPossible]);
        }
    }

    /// <summary>Events only wake: whatever becomes of them, the end is the same.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(null)]
    [InlineData(FaultKind.EventDuplicated)]
    [InlineData(FaultKind.EventDropped)]
    [InlineData(FaultKind.EventReordered)]
    public async Task Events_that_come_twice_late_or_never_change_nothing(FaultKind? kind)
    {
        await using var world = await HandoffWorld.StartAsync(withEvents: true);
        if (kind is { } fault) world.Fails(fault, times: null);
        var conversation = world.Converse();
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));
        world.ShouldBeTransferredOnce(conversation, "Support");
        world.Organization.AgentEnds(conversation);
        handoff = await world.UntilAsync(handoff, HandoffState.Completed);
        handoff.Failure.ShouldBeNull();
        (await world.AuditAsync()).IsSound.ShouldBeTrue();
    }
}
