using Baton.Core;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests.Handoffs;

/// <summary>What cannot be handed off, and what the handoff says of it.</summary>
[Collection(OnVirtualTime.Name)]
public sealed class RefusedHandoffTests
{
    [Theory(Timeout = 120_000)]
    [InlineData("0a1b2c3d-0000-4000-8000-000000000000", "not.found")]
    [InlineData("not-an-id", "GUID")]
    public async Task An_unknown_conversation_fails_the_handoff(string conversation, string sentence)
    {
        await using var world = await HandoffWorld.StartAsync();
        var handoff = await world.UntilSettledAsync(await world.RequestAsync(conversation, "Support"));
        (handoff.State, handoff.Failure).ShouldBe((HandoffState.Failed, FailureKind.ConversationNotFound));
        handoff.FailureSentence!.ShouldContain(sentence);
        (await world.StepsAsync(handoff)).ShouldBe(["requested", "failed"]);
        world.Ledger.Of(LedgerKind.TransferRequested).ShouldBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task An_unknown_queue_without_a_fallback_leaves_the_bot_its_conversation()
    {
        await using var world = await HandoffWorld.StartAsync();
        var conversation = world.Converse();
        var handoff = await world.UntilSettledAsync(await world.RequestAsync(conversation, "Biling"));
        (handoff.State, handoff.Failure).ShouldBe((HandoffState.Failed, FailureKind.QueueNotFound));
        handoff.FailureSentence!.ShouldContain("'Biling'");
        world.Applied(conversation).ShouldBeEmpty();
        world.Heard(conversation).ShouldBe([HandoffWorld.NotPossible]);
        world.Organization.Conversation(conversation).Holder!.Purpose.ShouldBe("workflow");
    }

    [Fact(Timeout = 120_000)]
    public async Task An_unknown_queue_goes_on_to_the_fallback()
    {
        await using var world = await HandoffWorld.StartAsync();
        var conversation = world.Converse();
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Biling", "Support"));
        world.ShouldBeTransferredOnce(conversation, "Support");
        (handoff.Step, handoff.Failure).ShouldBe((1, FailureKind.QueueNotFound));
        (await world.StepsAsync(handoff)).Take(3).ShouldBe(["requested", "nextStep", "prepared"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_queue_deleted_between_check_and_transfer_goes_on_to_the_fallback()
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Fails(FaultKind.Slow, HandoffWorld.Briefings, milliseconds: 5000);
        var conversation = world.Converse();
        var requested = await world.RequestAsync(conversation, "Billing", "Support");
        await world.UntilAsync(() => world.Sandbox.ParkedRequests > 0);
        world.Organization.DeleteQueue(world.Queue("Billing"));
        var handoff = await world.UntilWithAgentAsync(requested);
        world.ShouldBeTransferredOnce(conversation, "Support");
        (handoff.Step, handoff.Failure).ShouldBe((1, FailureKind.QueueNotFound));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_queue_deleted_under_an_accepted_transfer_goes_on_to_the_fallback()
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Fails(FaultKind.QueueDeletedAfterCheck, HandoffWorld.Transfers);
        var conversation = world.Converse();
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Billing", "Support"));
        world.Applied(conversation).ShouldBe(["Support"]);
        world.Heard(conversation).ShouldBe([HandoffWorld.Told]);
        handoff.Failure.ShouldBe(FailureKind.QueueNotFound);
    }

    [Fact(Timeout = 120_000)]
    public async Task An_ended_conversation_is_abandoned_without_a_call_to_move_it()
    {
        await using var world = await HandoffWorld.StartAsync();
        var conversation = world.Converse();
        world.Organization.GuestLeaves(conversation);
        var handoff = await world.UntilSettledAsync(await world.RequestAsync(conversation, "Support"));
        (handoff.State, handoff.Failure).ShouldBe((HandoffState.Abandoned, FailureKind.ConversationEnded));
        world.Asked(conversation).ShouldBe(0);
        world.Heard(conversation).ShouldBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_conversation_somebody_else_is_transferring_is_left_to_them()
    {
        await using var world = await HandoffWorld.StillAsync(o => o with { TransferDelayMin = TimeSpan.FromSeconds(2) });
        var conversation = world.Converse();
        world.Organization.OtherSystemTransfers(conversation, "Billing");
        var requested = await world.RequestAsync(conversation, "Support");
        world.Begin();
        var handoff = await world.UntilSettledAsync(requested);
        (handoff.State, handoff.Failure).ShouldBe((HandoffState.Refused, FailureKind.AlreadyTransferring));
        world.Asked(conversation).ShouldBe(0);
        world.Heard(conversation).ShouldBeEmpty();
    }

    /// <summary>Until an agent accepts, the platform calls the transfer that brought it there Active.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(5, FailureKind.AlreadyTransferring)]
    [InlineData(60, FailureKind.AlreadyWithHuman)]
    public async Task A_conversation_that_waits_for_a_human_or_has_one_is_left_there(int secondsLater, FailureKind failure)
    {
        await using var world = await HandoffWorld.StartAsync();
        var conversation = world.Converse();
        world.Organization.OtherSystemTransfers(conversation, "Support");
        await world.PassAsync(TimeSpan.FromSeconds(secondsLater));
        var handoff = await world.UntilSettledAsync(await world.RequestAsync(conversation, "Billing"));
        (handoff.State, handoff.Failure).ShouldBe((HandoffState.Refused, failure));
        if (failure == FailureKind.AlreadyWithHuman) handoff.FailureSentence!.ShouldContain("Sam");
        world.Asked(conversation).ShouldBe(0);
    }

    [Fact(Timeout = 120_000)]
    public async Task Somebody_who_moves_the_conversation_while_it_is_being_briefed_was_first()
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Fails(FaultKind.Slow, HandoffWorld.Briefings, milliseconds: 5000);
        var conversation = world.Converse();
        var requested = await world.RequestAsync(conversation, "Billing");
        await world.UntilAsync(() => world.Sandbox.ParkedRequests > 0);
        world.Organization.OtherSystemTransfers(conversation, "Support");
        var handoff = await world.UntilSettledAsync(requested);
        (handoff.State, handoff.Failure).ShouldBe((HandoffState.Refused, FailureKind.AlreadyWithHuman));
        world.Applied(conversation).ShouldBeEmpty();
        world.Heard(conversation).ShouldBeEmpty();
        (await world.StepsAsync(handoff)).ShouldBe(["requested", "prepared", "briefed", "transferRefused", "refused"]);
    }

    /// <summary>Somebody took the conversation and gave it back to the bot meanwhile: the bot's new leg is not the one that was to be transferred.</summary>
    [Fact(Timeout = 120_000)]
    public async Task A_leg_that_has_left_is_not_exchanged_for_a_newer_one()
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Fails(FaultKind.Slow, HandoffWorld.Briefings, milliseconds: 15_000);
        var conversation = world.Converse();
        var requested = await world.RequestAsync(conversation, "Support");
        await world.UntilAsync(() => world.Sandbox.ParkedRequests > 0);
        world.Organization.OtherSystemTransfers(conversation, "Billing");
        await world.UntilAsync(() => world.Ledger.Of(LedgerKind.AgentAccepted, conversation).Count > 0);
        world.Organization.AgentReturnsToBot(conversation);
        var handoff = await world.UntilSettledAsync(requested);
        (handoff.State, handoff.Failure).ShouldBe((HandoffState.Failed, FailureKind.LegGone));
        world.Applied(conversation).ShouldBeEmpty();
        world.Asked(conversation).ShouldBe(1);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_client_that_may_not_transfer_is_told_which_permission_is_missing()
    {
        await using var world = await HandoffWorld.StartAsync(configured: s => s with { Genesys = s.Genesys with { Clients = [new("limited", "s")] } });
        world.Organization.AddOAuthClient("limited", "s", All.Where(p => p != Transfer));
        var conversation = world.Converse();
        var handoff = await world.UntilSettledAsync(await world.RequestAsync(conversation, "Support"));
        (handoff.State, handoff.Failure).ShouldBe((HandoffState.Failed, FailureKind.MissingPermission));
        handoff.FailureSentence!.ShouldContain(Transfer);
        world.Applied(conversation).ShouldBeEmpty();
        world.Heard(conversation).ShouldBe([HandoffWorld.NotPossible]);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("routing:conversation:edit", "routingNotSet")]
    [InlineData("analytics:queueObservation:view", "routingSet")]
    [InlineData("conversation:message:create", "messageRefused")]
    public async Task A_client_that_lacks_what_only_helps_transfers_all_the_same(string lacking, string step)
    {
        await using var world = await HandoffWorld.StartAsync(configured: s => s with { Genesys = s.Genesys with { Clients = [new("limited", "s")] } });
        world.Organization.AddOAuthClient("limited", "s", All.Where(p => p != lacking));
        var conversation = world.Converse();
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, new RouteStep { Queue = "Support", Skills = ["refunds"], Priority = 9 }));
        world.ShouldBeTransferredOnce(conversation, "Support", told: lacking != "conversation:message:create");
        (await world.StepsAsync(handoff)).ShouldContain(step);
        if (step == "routingNotSet") (handoff.Failure, handoff.FailureSentence!.Contains(lacking, StringComparison.Ordinal)).ShouldBe((FailureKind.MissingPermission, true));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("wrong-secret", false)]
    [InlineData("s", true)]
    public async Task A_client_the_login_refuses_fails_and_says_that_the_region_may_be_wrong(string secret, bool anotherRegion)
    {
        await using var world = await HandoffWorld.StartAsync(configured: s => s with { Genesys = s.Genesys with { Clients = [new("limited", secret)] } });
        world.Organization.AddOAuthClient("limited", "s", anotherRegion: anotherRegion);
        var conversation = world.Converse();
        var handoff = await world.UntilSettledAsync(await world.RequestAsync(conversation, "Support"));
        (handoff.State, handoff.Failure).ShouldBe((HandoffState.Failed, FailureKind.Unauthorized));
        handoff.FailureSentence!.ShouldContain("another region");
        handoff.FailureSentence!.ShouldNotContain("wrong-secret");
        Failures.WhatToDo(FailureKind.Unauthorized).ShouldContain("region");
        world.Ledger.Of(LedgerKind.TokenIssued).ShouldBeEmpty();
    }

    /// <summary>Answers, not faults: the handoff goes on from what is there, or ends and says why.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(404, HandoffState.WithAgent)]
    [InlineData(409, HandoffState.WithAgent)]
    [InlineData(400, HandoffState.Failed)]
    public async Task A_transfer_the_platform_refuses_once_is_looked_for_before_it_is_believed(int status, HandoffState end)
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Fails(FaultKind.Status, HandoffWorld.Transfers, status: status);
        var conversation = world.Converse();
        var handoff = await world.UntilSettledAsync(await world.UntilAsync(await world.RequestAsync(conversation, "Support"), end));
        var steps = await world.HistoryAsync(handoff);
        steps.Single(s => s.What == "transferRefused").Note!.ShouldContain($"HTTP {status}");
        if (end == HandoffState.WithAgent) world.ShouldBeTransferredOnce(conversation, "Support");
        else
        {
            handoff.Failure.ShouldBe(FailureKind.BadRequest);
            world.Applied(conversation).ShouldBeEmpty();
            world.Heard(conversation).ShouldBe([HandoffWorld.NotPossible]);
        }
    }

    [Theory(Timeout = 120_000)]
    [InlineData(FaultKind.Status, 500)]
    [InlineData(FaultKind.Status, 502)]
    [InlineData(FaultKind.Status, 503)]
    [InlineData(FaultKind.Status, 504)]
    [InlineData(FaultKind.MalformedJson, null)]
    [InlineData(FaultKind.ConnectionResetBeforeApply, null)]
    [InlineData(FaultKind.ConnectionResetAfterApply, null)]
    public async Task A_read_that_breaks_for_a_while_only_delays(FaultKind kind, int? status)
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Fails(kind, "/api/v2/conversations/*", times: 7, status: status, method: "GET");
        world.Fails(kind, "/api/v2/routing/queues*", times: 2, status: status, method: "GET");
        var conversation = world.Converse();
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));
        world.ShouldBeTransferredOnce(conversation, "Support");
        handoff.State.ShouldBe(HandoffState.WithAgent);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("/api/v2/conversations/*", "GET", 1)]
    [InlineData(HandoffWorld.Transfers, "POST", 1)]
    [InlineData(HandoffWorld.Briefings, "PATCH", 1)]
    [InlineData(HandoffWorld.Messages, "POST", 1)]
    public async Task A_token_that_expires_in_the_middle_is_renewed_once(string path, string method, int times)
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Fails(FaultKind.TokenExpires, path, times: times, method: method);
        var conversation = world.Converse();
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));
        world.ShouldBeTransferredOnce(conversation, "Support");
        handoff.Failure.ShouldBeNull();
        world.Ledger.Of(LedgerKind.TokenIssued).Count.ShouldBe(2);
        world.Ledger.Requests().Count(r => r.Status == 401).ShouldBe(1);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_platform_that_refuses_every_token_fails_the_handoff_after_a_few_tries()
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Fails(FaultKind.TokenExpires, "/api/v2/*", times: null);
        var handoff = await world.UntilSettledAsync(await world.RequestAsync(world.Converse(), "Support"));
        (handoff.State, handoff.Failure).ShouldBe((HandoffState.Failed, FailureKind.Unauthorized));
        world.Ledger.Requests().Count(r => r.Status == 401).ShouldBeInRange(4, 20);
    }

    const string Transfer = "conversation:communication:blindTransferQueue";

    static readonly string[] All =
    [
        "conversation:communication:view", Transfer, "conversation:message:view", "conversation:message:create", "routing:queue:view",
        "routing:skill:view", "routing:conversation:edit", "analytics:queueObservation:view",
    ];
}
