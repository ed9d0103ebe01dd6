using Baton.Core;
using Baton.Core.Handoffs;
using Baton.Genesys;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests.Handoffs;

/// <summary>429 was not executed: wait as told, call again. Better still: never get one.</summary>
[Collection(OnVirtualTime.Name)]
public sealed class QuotaTests
{
    [Theory(Timeout = 30_000)]
    [InlineData(HandoffWorld.Transfers, "POST", 7, false)]
    [InlineData(HandoffWorld.Transfers, "POST", 90, false)]
    [InlineData(HandoffWorld.Transfers, "POST", 12, true)]
    [InlineData(HandoffWorld.Transfers, "POST", 0, false)]
    [InlineData("/api/v2/conversations/*", "GET", 7, false)]
    [InlineData(HandoffWorld.Briefings, "PATCH", 7, false)]
    [InlineData(HandoffWorld.Messages, "POST", 7, false)]
    public async Task Too_many_requests_are_waited_out_and_nothing_is_called_before_its_time(string path, string method, int seconds, bool asDate)
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Sandbox.Faults.Add(new Fault { Kind = FaultKind.TooManyRequests, Path = path, Method = method, Times = 1, RetryAfterSeconds = seconds, RetryAfterAsDate = asDate });
        var conversation = world.Converse();
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));

        var refused = world.Ledger.Requests().Single(r => r.Status == 429);
        // A date has whole seconds.
        var open = refused.Time + TimeSpan.FromSeconds(asDate ? seconds - 1 : seconds);
        world.Ledger.Requests().Where(r => r.Sequence > refused.Sequence).ShouldAllBe(r => r.Time >= open);
        world.Applied(conversation).ShouldBe(["Support"]);
        world.Heard(conversation).Count.ShouldBeLessThanOrEqualTo(1);
        handoff.Failure.ShouldBeNull();
    }

    [Fact(Timeout = 30_000)]
    public async Task Too_many_requests_without_a_time_are_waited_out_until_the_window_ends()
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Fails(FaultKind.TooManyRequests, HandoffWorld.Transfers);
        var conversation = world.Converse();
        await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));
        var requests = world.Ledger.Requests();
        var refused = requests.Single(r => r.Status == 429);
        var first = requests.First(r => r.Route != "/oauth/token");
        requests.First(r => r.Sequence > refused.Sequence).Time.ShouldBeGreaterThanOrEqualTo(first.Time + TimeSpan.FromSeconds(59));
        world.Applied(conversation).ShouldBe(["Support"]);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_platform_that_says_too_many_all_along_delays_and_does_not_fail()
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Sandbox.Faults.Add(new Fault { Kind = FaultKind.TooManyRequests, Path = HandoffWorld.Transfers, Times = 12, RetryAfterSeconds = 5 });
        var conversation = world.Converse();
        var handoff = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));
        world.ShouldBeTransferredOnce(conversation, "Support");
        world.Asked(conversation).ShouldBe(13);
        handoff.Failure.ShouldBeNull();
    }

    [Theory(Timeout = 60_000)]
    [InlineData(300, 60)]
    [InlineData(60, 40)]
    public async Task Many_handoffs_at_once_never_overrun_the_window(int callsPerMinute, int handoffs)
    {
        await using var world = await HandoffWorld.StartAsync(o => o with { CallsPerMinute = callsPerMinute }, s => s with { Genesys = s.Genesys with { CallsPerMinute = callsPerMinute } });
        var conversations = await HandOffAsync(world, handoffs);
        world.Ledger.Requests().ShouldNotContain(r => r.Status == 429);
        world.Baton.Center.Calls.Snapshot().RateLimited.ShouldBe(0);
        foreach (var conversation in conversations) world.Applied(conversation).ShouldBe(["Support"]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Several_clients_share_the_calls_and_none_is_overrun()
    {
        await using var world = await HandoffWorld.StartAsync(o => o with { CallsPerMinute = 60 }, s => s with
        {
            Genesys = s.Genesys with { CallsPerMinute = 60, Clients = [.. Enumerable.Range(1, 3).Select(i => new OAuthClientOptions($"client {i}", "s"))] },
        });
        foreach (var i in Enumerable.Range(1, 3)) world.Organization.AddOAuthClient($"client {i}", "s");
        var conversations = await HandOffAsync(world, 40);
        foreach (var conversation in conversations) world.Applied(conversation).ShouldBe(["Support"]);
        var calls = world.Ledger.Requests().Where(r => r.Client is not null && r.Route != "/oauth/token").ToList();
        calls.ShouldNotContain(r => r.Status == 429);
        calls.GroupBy(r => r.Client).Select(g => g.Count()).ShouldAllBe(n => n > calls.Count / 10);
        calls.Select(r => r.Client).Distinct().Count().ShouldBe(3);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_quota_smaller_than_configured_is_learned_from_the_platform()
    {
        await using var world = await HandoffWorld.StartAsync(o => o with { CallsPerMinute = 60 }, s => s with { Genesys = s.Genesys with { CallsPerMinute = 300 } });
        var conversations = await HandOffAsync(world, 30);
        foreach (var conversation in conversations) world.Applied(conversation).ShouldBe(["Support"]);
    }

    static async Task<IReadOnlyList<string>> HandOffAsync(HandoffWorld world, int count)
    {
        var conversations = Enumerable.Range(0, count).Select(_ => world.Converse()).ToList();
        var handoffs = await Task.WhenAll(conversations.Select(c => world.RequestAsync(c, "Support")));
        foreach (var handoff in handoffs) await world.UntilAsync(handoff, HandoffState.WithAgent);
        return conversations;
    }
}
