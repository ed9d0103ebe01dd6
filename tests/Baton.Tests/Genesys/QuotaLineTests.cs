using Baton.Core;
using Baton.Core.Handoffs;
using Baton.Genesys.Quota;

namespace Baton.Tests.Genesys;

/// <summary>Calls in line for a window: who goes first, who is sent away, and how long six hundred handoffs take.</summary>
public sealed class QuotaLineTests
{
    readonly ManualTime time = new(The.Start);

    QuotaLine Line(int allowed)
    {
        var line = new QuotaLine(new QuotaWindow(allowed), time);
        line.Observe(default, 0);
        return line;
    }

    static Task Take(QuotaLine line, CallPurpose purpose) => line.TakeAsync(purpose, null, TestContext.Current.CancellationToken);

    static QuotaLine Used(QuotaLine line, int calls)
    {
        for (var call = 0; call < calls; call++) Take(line, CallPurpose.Read).IsCompletedSuccessfully.ShouldBeTrue();
        return line;
    }

    [Fact]
    public async Task When_the_window_opens_the_later_stage_goes_first_and_then_who_came_first()
    {
        using var line = Used(Line(3), 3);
        for (var reply = 0; reply < 3; reply++) line.Observe(default, 0);
        time.Advance(TimeSpan.FromSeconds(57));
        var went = new List<string>();
        async Task Wait(CallPurpose purpose, string name)
        {
            await Take(line, purpose);
            lock (went) went.Add(name);
        }
        List<Task> waiting = [Wait(CallPurpose.Follow, "follow"), Wait(CallPurpose.Validate, "validate"), Wait(CallPurpose.Brief, "brief 1"), Wait(CallPurpose.Brief, "brief 2"), Wait(CallPurpose.Transfer, "transfer")];
        line.State.Waiting.ShouldBe(5);
        time.Advance(TimeSpan.FromSeconds(3));
        await Task.WhenAll(waiting[2], waiting[3], waiting[4]);
        went.ShouldBe(["transfer", "brief 1", "brief 2"], ignoreOrder: true);
        await Should.ThrowAsync<ContactCenterException>(Task.WhenAll(waiting));
    }

    [Fact]
    public async Task A_call_that_would_wait_longer_than_patience_is_told_when_to_come_back()
    {
        using var line = Used(Line(3), 3);
        var told = await Should.ThrowAsync<ContactCenterException>(Take(line, CallPurpose.Transfer));
        (told.Kind, told.NotBefore).ShouldBe((FailureKind.RateLimited, The.Start.AddSeconds(60)));
        told.Message.ShouldContain("10:01:00Z");
    }

    [Fact]
    public void A_call_within_patience_waits_and_goes()
    {
        using var line = Used(Line(3), 3);
        for (var reply = 0; reply < 3; reply++) line.Observe(default, 0);
        time.Advance(TimeSpan.FromSeconds(56));
        var waiting = Take(line, CallPurpose.Read);
        waiting.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(4));
        waiting.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void The_first_call_goes_alone_and_its_reply_lets_the_rest_go()
    {
        using var line = new QuotaLine(new QuotaWindow(300), time);
        Take(line, CallPurpose.Read).IsCompletedSuccessfully.ShouldBeTrue();
        var second = Take(line, CallPurpose.Transfer);
        second.IsCompleted.ShouldBeFalse();
        line.Observe(new RateHeaders(1, 300, 60), 0);
        second.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task A_block_sends_those_in_line_away_until_it_ends()
    {
        using var line = new QuotaLine(new QuotaWindow(300), time);
        _ = Take(line, CallPurpose.Read);
        var second = Take(line, CallPurpose.Transfer);
        line.Block(The.Start.AddSeconds(180));
        (await Should.ThrowAsync<ContactCenterException>(second)).NotBefore.ShouldBe(The.Start.AddSeconds(180));
        line.State.PausedUntil.ShouldBe(The.Start.AddSeconds(180));
        time.Advance(TimeSpan.FromSeconds(180));
        line.State.PausedUntil.ShouldBeNull();
    }

    [Fact]
    public async Task A_canceled_call_takes_no_place()
    {
        using var line = Used(Line(3), 3);
        for (var reply = 0; reply < 3; reply++) line.Observe(default, 0);
        time.Advance(TimeSpan.FromSeconds(58));
        using var cancel = new CancellationTokenSource();
        var canceled = line.TakeAsync(CallPurpose.Transfer, null, cancel.Token);
        var waiting = Take(line, CallPurpose.Read);
        await cancel.CancelAsync();
        time.Advance(TimeSpan.FromSeconds(2));
        await Should.ThrowAsync<OperationCanceledException>(canceled);
        waiting.IsCompletedSuccessfully.ShouldBeTrue();
        line.State.Used.ShouldBe(1);
    }

    [Fact]
    public async Task A_call_that_is_canceled_already_takes_no_place_and_stands_in_no_line()
    {
        using var line = Line(3);
        await Should.ThrowAsync<OperationCanceledException>(line.TakeAsync(CallPurpose.Suggest, null, new CancellationToken(canceled: true)));
        (line.State.Used, line.State.Waiting).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_suggestion_goes_after_every_call_of_a_handoff_and_before_following()
    {
        using var line = Used(Line(2), 2);
        for (var reply = 0; reply < 2; reply++) line.Observe(default, 0);
        time.Advance(TimeSpan.FromSeconds(57));
        var (follow, suggest, message) = (Take(line, CallPurpose.Follow), Take(line, CallPurpose.Suggest), Take(line, CallPurpose.Message));
        time.Advance(TimeSpan.FromSeconds(3));
        await Task.WhenAll(message, suggest);
        (await Should.ThrowAsync<ContactCenterException>(follow)).Kind.ShouldBe(FailureKind.RateLimited);
    }

    /// <summary>2400 calls at 300 a minute take eight windows: the last begins at the seventh minute. The platform counts for itself, and is never overrun.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Six_hundred_handoffs_at_once_drain_near_the_floor_and_never_overrun(int seed)
    {
        using var line = new QuotaLine(new QuotaWindow(300), time);
        var random = new Random(seed);
        var platform = new PlatformWindow(300);
        var handoffs = Enumerable.Range(0, 600).Select(n => new Work(The.Handoff(n))).ToList();
        while (handoffs.Any(h => h.Left > 0) && time.GetUtcNow() < The.Start.AddMinutes(20))
        {
            foreach (var handoff in handoffs.Where(h => h.Left > 0)) handoff.Step(line, platform, random, time.GetUtcNow());
            time.Advance(TimeSpan.FromMilliseconds(10));
        }
        handoffs.Count(h => h.Left > 0).ShouldBe(0);
        platform.Overruns.ShouldBe(0);
        (time.GetUtcNow() - The.Start).ShouldBeInRange(TimeSpan.FromMinutes(7), TimeSpan.FromMinutes(7.25));
    }

    /// <summary>A handoff as its calls: admitted for the whole plan, then one call after the other, each counted by the platform when it arrives and answered within 20 to 400 ms.</summary>
    sealed class Work(HandoffId id)
    {
        static readonly CallPurpose[] plan = [CallPurpose.Confirm, CallPurpose.Transfer, CallPurpose.Brief, CallPurpose.Read];
        DateTimeOffset notBefore;
        Task<int>? place;
        (int Window, DateTimeOffset Arrives, DateTimeOffset Answered)? call;
        RateHeaders? counted;

        public int Left { get; private set; } = plan.Length;

        public void Step(QuotaLine line, PlatformWindow platform, Random random, DateTimeOffset now)
        {
            if (call is { } sent)
            {
                if (counted is null && sent.Arrives <= now) counted = platform.Count(now);
                if (sent.Answered > now) return;
                line.Observe(counted!.Value, sent.Window);
                (call, counted) = (null, null);
                if (--Left == 0) return;
            }
            if (place is null)
            {
                if (notBefore > now) return;
                if (Left == plan.Length && line.Admit(id, plan.Length) is { } later)
                {
                    notBefore = later;
                    return;
                }
                place = line.TakeAsync(plan[Left - 1], id, TestContext.Current.CancellationToken);
            }
            if (!place.IsCompleted) return;
            if (place.Exception?.InnerException is ContactCenterException told) notBefore = told.NotBefore!.Value;
            else call = (place.Result, now + TimeSpan.FromMilliseconds(random.Next(10, 200)), now + TimeSpan.FromMilliseconds(random.Next(200, 400)));
            place = null;
        }
    }

    /// <summary>The platform's side: a window of a minute from its first call on, and the headers it sends.</summary>
    sealed class PlatformWindow(int allowed)
    {
        DateTimeOffset end;
        int count;

        public int Overruns { get; private set; }

        public RateHeaders Count(DateTimeOffset now)
        {
            if (now >= end) (end, count) = (now.AddSeconds(60), 0);
            if (++count > allowed) Overruns++;
            return new RateHeaders(count, allowed, (int)Math.Ceiling((end - now).TotalSeconds));
        }
    }
}
