using Baton.Core;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests.Handoffs;

/// <summary>Starting, stopping, starting again.</summary>
[Collection(OnVirtualTime.Name)]
public sealed class StartingTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task A_hundred_starts_at_once_are_one_handoff_and_one_transfer()
    {
        await using var world = await HandoffWorld.StartAsync();
        var conversation = world.Converse();
        var starts = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => world.Baton.Store.StartHandoffAsync(world.Request(conversation, new RouteStep { Queue = "Support" }), null, Ct))));
        starts.Count(s => s.Outcome == StartOutcome.Started).ShouldBe(1);
        starts.Select(s => s.Handoff.Id).Distinct().Count().ShouldBe(1);
        await world.UntilWithAgentAsync(starts[0].Handoff);
        world.ShouldBeTransferredOnce(conversation, "Support");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_handoff_canceled_before_it_is_sent_leaves_the_bot_its_conversation()
    {
        await using var world = await HandoffWorld.StartAsync();
        await world.Baton.Store.PauseAsync(new Pause("test", world.Time.GetUtcNow(), null), Ct);
        var conversation = world.Converse();
        var handoff = await world.RequestAsync(conversation, "Support");
        (await CancelAsync(world, handoff)).ShouldBeNull();
        await world.Baton.Store.ResumeAsync("test", world.Time.GetUtcNow(), Ct);
        await world.PassAsync(TimeSpan.FromMinutes(2));
        (await world.FindAsync(handoff.Id)).State.ShouldBe(HandoffState.Canceled);
        world.Asked(conversation).ShouldBe(0);
        world.Heard(conversation).ShouldBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_handoff_canceled_while_it_is_being_briefed_is_not_sent()
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Fails(FaultKind.Slow, HandoffWorld.Briefings, milliseconds: 5000);
        var conversation = world.Converse();
        var handoff = await world.RequestAsync(conversation, "Support");
        await world.UntilAsync(() => world.Sandbox.ParkedRequests > 0);
        (await CancelAsync(world, handoff)).ShouldBeNull();
        await world.PassAsync(TimeSpan.FromMinutes(2));
        (await world.FindAsync(handoff.Id)).State.ShouldBe(HandoffState.Canceled);
        world.Asked(conversation).ShouldBe(0);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(HandoffState.Transferring, "can no longer be called off")]
    [InlineData(HandoffState.Queued, "has left the bot")]
    [InlineData(HandoffState.WithAgent, "has left the bot")]
    public async Task A_handoff_that_was_sent_cannot_be_canceled(HandoffState state, string sentence)
    {
        await using var world = await HandoffWorld.StartAsync(o => o with { TransferDelayMin = TimeSpan.FromSeconds(2) });
        var conversation = world.Converse();
        var handoff = await world.UntilAsync(await world.RequestAsync(conversation, "Support"), state);
        (await CancelAsync(world, handoff)).ShouldNotBeNull().ShouldContain(sentence);
        await world.UntilWithAgentAsync(handoff);
        world.ShouldBeTransferredOnce(conversation, "Support");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_pause_begins_nothing_and_finishes_what_was_sent()
    {
        await using var world = await HandoffWorld.StartAsync();
        var sent = world.Converse();
        var first = await world.UntilAsync(await world.RequestAsync(sent, "Support"), HandoffState.Transferring);
        await world.Baton.Store.PauseAsync(new Pause("test", world.Time.GetUtcNow(), "a test"), Ct);
        var waiting = world.Converse();
        var second = await world.RequestAsync(waiting, "Support");

        await world.UntilWithAgentAsync(first);
        await world.PassAsync(TimeSpan.FromMinutes(5));
        world.ShouldBeTransferredOnce(sent, "Support");
        (await world.FindAsync(second.Id)).State.ShouldBe(HandoffState.Requested);
        world.Ledger.Requests().ShouldNotContain(r => r.ConversationId == waiting);

        await world.Baton.Store.ResumeAsync("test", world.Time.GetUtcNow(), Ct);
        await world.UntilWithAgentAsync(second);
        world.ShouldBeTransferredOnce(waiting, "Support");
    }

    /// <summary>The first call of the second handoff is lost before it happened: only a leg that was not there before may confirm it.</summary>
    [Fact(Timeout = 120_000)]
    public async Task A_second_handoff_to_the_same_queue_is_not_confirmed_by_the_first_ones_leg()
    {
        await using var world = await HandoffWorld.StartAsync();
        var conversation = world.Converse();
        var first = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));
        await world.PassAsync(TimeSpan.FromMinutes(3));
        world.Organization.AgentReturnsToBot(conversation);
        await world.UntilAsync(first, HandoffState.Completed);

        world.Fails(FaultKind.ConnectionResetBeforeApply, HandoffWorld.Transfers);
        var second = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));
        world.Applied(conversation).ShouldBe(["Support", "Support"]);
        world.Heard(conversation).ShouldBe([HandoffWorld.Told, HandoffWorld.Told]);
        second.Id.ShouldNotBe(first.Id);
        (await world.StepsAsync(second)).ShouldContain("transferNotThere");
    }

    static async Task<string?> CancelAsync(HandoffWorld world, Handoff handoff)
    {
        while (true)
        {
            var known = await world.FindAsync(handoff.Id);
            var transition = known.Apply(new HandoffEvent.CancelRequested("the test"), world.Time.GetUtcNow(), HandoffPace.Default);
            if (transition.Rejection is { } why) return why;
            if (await world.Baton.Store.CommitOverAsync(known, transition, Ct)) return null;
        }
    }
}
