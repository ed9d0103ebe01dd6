using Baton.Core;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.EndToEnd.Tests.Api;
using Baton.Server.Console.Live;

namespace Baton.EndToEnd.Tests.Console;

public sealed class LiveBoardTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task All_who_look_at_once_share_a_reading_or_two()
    {
        await using var world = await ApiWorld.StartAsync();
        var board = new LiveBoard(world.Baton);
        var read = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => board.ReadAsync(Ct)));
        // On one thread they all ask before the first reading has ended its first step.
        read.Distinct(ReferenceEqualityComparer.Instance).Count().ShouldBeLessThan(10);
    }

    [Fact(Timeout = 120_000)]
    public async Task Nobody_is_given_what_was_read_before_they_asked()
    {
        await using var world = await ApiWorld.StartAsync();
        // Nobody else touches a handoff.
        await world.Baton.Store.PauseAsync(new Pause("test", world.Baton.Time.GetUtcNow(), null), Ct);
        var board = new LiveBoard(world.Baton);
        using var stop = new CancellationTokenSource();
        var others = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested) await board.ReadAsync(Ct);
        }, Ct)).ToList();
        for (var n = 0; n < 50; n++)
        {
            var now = world.Baton.Time.GetUtcNow();
            var handoff = Handoff.Request(HandoffId.New(now), $"c{n}", new HandoffPlan { Steps = [new RouteStep { Queue = "Support" }] }, new HandoffOrigin("test", [], null), now);
            await world.Baton.Store.StartHandoffAsync(handoff, null, Ct);
            (await board.ReadAsync(Ct)).Now.Select(h => h.Id).ShouldContain(handoff.Id);
            var canceled = handoff.Apply(new HandoffEvent.CancelRequested("test"), now, HandoffPace.Default);
            (await world.Baton.Store.CommitOverAsync(handoff, canceled, Ct)).ShouldBeTrue();
            (await board.ReadAsync(Ct)).Now.Select(h => h.Id).ShouldNotContain(handoff.Id);
        }
        await stop.CancelAsync();
        await Task.WhenAll(others);
    }

    [Fact(Timeout = 120_000)]
    public async Task Who_leaves_does_not_end_the_reading_of_the_others()
    {
        await using var world = await ApiWorld.StartAsync();
        var board = new LiveBoard(world.Baton);
        using var gone = new CancellationTokenSource();
        var leaves = board.ReadAsync(gone.Token);
        var stays = Enumerable.Range(0, 20).Select(_ => board.ReadAsync(Ct)).ToList();
        await gone.CancelAsync();
        (await Task.WhenAll(stays)).ShouldAllBe(f => f.Now.Count == 0);
        try { await leaves; } catch (OperationCanceledException) { }
        (await board.ReadAsync(Ct)).Now.ShouldBeEmpty();
    }
}
