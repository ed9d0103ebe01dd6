using Baton.Core;
using Baton.Core.Handoffs;
using Baton.Genesys;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests.Handoffs;

/// <summary>429 was not executed: wait as told, call again. Better still: never get one.</summary>
[Collection(OnVirtualTime.Name)]
public sealed class QuotaTests
{
    [Theory(Timeout = 120_000)]
    [InlineData(HandoffWorld.Transfers, "POST", 7, false)]
    [InlineData(HandoffWorld.Transfers, "POST", 90, false)]
    [InlineData(HandoffWorld.Transfers, "POST", 12, true)]
    [InlineData(HandoffWorld.Transfers, "POST", 0, false)]
    [InlineData(HandoffWorld.Transfers, "POST", -90, true)]
    [InlineData("/api/v2/conversations/*", "GET", 3600, false)]
    [InlineData("/api/v2/conversations/*", "GET", -3600, true)]
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

    [Fact(Timeout = 120_000)]
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

    [Fact(Timeout = 120_000)]
    public async Task Told_to_wait_an_hour_with_the_transfer_the_handoff_ends_in_time_with_the_reason_and_nothing_is_called_before()
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Sandbox.Faults.Add(new Fault { Kind = FaultKind.TooManyRequests, Path = HandoffWorld.Transfers, Times = 1, RetryAfterSeconds = 3600 });
        var conversation = world.Converse();
        var asked = await world.RequestAsync(conversation, "Support");
        await world.UntilAsync(() => world.Baton.Center.Quota[0].PausedUntil is not null);
        var handoff = await world.UntilSettledAsync(asked);

        (handoff.State, handoff.Failure).ShouldBe((HandoffState.Failed, FailureKind.RateLimited));
        handoff.FailureSentence.ShouldNotBeNull().ShouldStartWith("Rate limit exceeded after 1 attempt");
        var refused = world.Ledger.Requests().Single(r => r.Status == 429);
        world.Ledger.Requests().Where(r => r.Sequence > refused.Sequence).ShouldAllBe(r => r.Time >= refused.Time + TimeSpan.FromHours(1));
        world.Applied(conversation).ShouldBeEmpty();
        world.Heard(conversation).ShouldBe([HandoffWorld.NotPossible]);
    }

    [Theory(Timeout = 600_000)]
    [InlineData(null, null, null)]
    [InlineData(null, "100000", "60")]
    [InlineData(null, "12", null)]
    [InlineData(null, "1", "60")]
    [InlineData("50", "60", "60")]
    [InlineData("0", "60", "0")]
    [InlineData("2147483647", "60", "2147483647")]
    [InlineData("-2147483648", "-1", "-60")]
    [InlineData("many", "3.5e9", "soon")]
    [InlineData("", "", "")]
    public async Task Headers_that_are_absent_or_lie_break_nothing_and_everything_is_transferred(string? count, string? allowed, string? reset)
    {
        using var liar = new Liar(count, allowed, reset);
        await using var world = await HandoffWorld.StartAsync(o => o with { CallsPerMinute = 60 }, s => s with { Genesys = s.Genesys with { CallsPerMinute = 60 } }, wired: liar.Before);
        var conversations = await HandOffAsync(world, 16);
        foreach (var conversation in conversations) world.Applied(conversation).ShouldBe(["Support"]);
        var requests = world.Ledger.Requests();
        foreach (var refused in requests.Where(r => r.Status == 429))
        {
            // It says when the window ends; what was under way by then has been sent.
            var opened = requests.Where(r => r.Time <= refused.Time && r.Time > refused.Time - TimeSpan.FromMinutes(1)).Min(r => r.Time);
            requests.ShouldNotContain(r => r.Time > refused.Time && r.Time < opened + TimeSpan.FromSeconds(59) && r.Status != 429);
        }
    }

    [Fact(Timeout = 600_000)]
    public async Task A_thousand_handoffs_that_wait_for_the_quota_hold_no_thread()
    {
        await using var world = await HandoffWorld.StartAsync();
        world.Sandbox.Faults.Add(new Fault { Kind = FaultKind.TooManyRequests, Method = "GET", Path = "/api/v2/conversations/*", Times = 1, RetryAfterSeconds = 3600 });
        await world.RequestAsync(world.Converse(), "Support");
        await world.UntilAsync(() => world.Baton.Center.Quota[0].PausedUntil is not null);
        var asked = world.Ledger.Requests().Count;
        var conversations = Enumerable.Range(0, 999).Select(_ => world.Converse()).ToList();

        foreach (var conversation in conversations) await world.RequestAsync(conversation, "Support");
        await world.PassAsync(TimeSpan.FromMinutes(2));

        // All at once they wait, with the clock standing.
        ThreadPool.GetMaxThreads(out var most, out _);
        ThreadPool.GetAvailableThreads(out var free, out _);
        (most - free).ShouldBeLessThanOrEqualTo(5);
        world.Baton.Center.Quota[0].Waiting.ShouldBe(0);
        world.Ledger.Requests().Count.ShouldBe(asked);
        (await world.Baton.Store.ListHandoffsAsync(new HandoffFilter { State = HandoffState.Requested, LiveOnly = true, Limit = 2000 }, TestContext.Current.CancellationToken)).Count.ShouldBe(1000);
    }

    [Fact(Timeout = 120_000)]
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

    [Theory(Timeout = 120_000)]
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

    [Fact(Timeout = 120_000)]
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

    [Fact(Timeout = 120_000)]
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

    /// <summary>Says what it likes in the rate headers of every reply; null: leaves the header out.</summary>
    sealed class Liar(string? count, string? allowed, string? reset) : DelegatingHandler
    {
        public HttpMessageHandler Before(HttpMessageHandler network)
        {
            InnerHandler = network;
            return this;
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            foreach (var (name, value) in ((string, string?)[])[("inin-ratelimit-count", count), ("inin-ratelimit-allowed", allowed), ("inin-ratelimit-reset", reset)])
            {
                response.Headers.Remove(name);
                if (value is not null) response.Headers.TryAddWithoutValidation(name, value);
            }
            return response;
        }
    }
}
