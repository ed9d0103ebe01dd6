using Baton.Core;
using Baton.Genesys.Quota;

namespace Baton.Tests.Genesys;

/// <summary>The arithmetic of a window of calls: no clock, no waiting.</summary>
public sealed class QuotaWindowTests
{
    static readonly DateTimeOffset now = The.Start;

    static QuotaWindow Known(int allowed = 300)
    {
        var window = new QuotaWindow(allowed);
        window.Observe(default, window.Number, now);
        return window;
    }

    static int TakeAll(QuotaWindow window, DateTimeOffset at, CallPurpose purpose = CallPurpose.Read)
    {
        var taken = 0;
        while (taken < 10_000 && window.Take(purpose, null, at) is null) taken++;
        return taken;
    }

    [Fact]
    public void A_window_gives_as_many_calls_as_are_allowed_and_then_says_when()
    {
        var window = Known();
        TakeAll(window, now).ShouldBe(300);
        window.Take(CallPurpose.Transfer, null, now.AddSeconds(59)).ShouldBe(now.AddSeconds(60));
    }

    [Fact]
    public void The_next_window_begins_afresh_but_for_what_is_still_under_way()
    {
        var window = Known();
        TakeAll(window, now);
        for (var reply = 0; reply < 290; reply++) window.Observe(default, window.Number, now.AddSeconds(1));
        TakeAll(window, now.AddSeconds(60)).ShouldBe(290);
    }

    [Fact]
    public void Until_the_first_reply_only_one_call_is_sent()
    {
        var window = new QuotaWindow(300);
        window.Take(CallPurpose.Read, null, now).ShouldBeNull();
        window.Take(CallPurpose.Transfer, null, now).ShouldBe(now.AddSeconds(1));
        window.Observe(new RateHeaders(250, 300, 40), window.Number, now);
        window.IsKnown.ShouldBeTrue();
        // What was spent before this process began counts; so does the call still under way beside a neighbor.
        TakeAll(window, now).ShouldBeInRange(20, 50);
    }

    [Fact]
    public void The_76th_plan_of_4_calls_waits_for_the_next_window()
    {
        var window = Known();
        for (var n = 0; n < 75; n++) window.Admit(The.Handoff(n), 4, now).ShouldBeNull();
        window.Admit(The.Handoff(75), 4, now).ShouldBe(now.AddSeconds(60));
        window.Admit(The.Handoff(75), 4, now.AddSeconds(60)).ShouldBeNull();
    }

    [Fact]
    public void Asking_twice_for_one_plan_reserves_it_once()
    {
        var window = Known();
        for (var again = 0; again < 100; again++) window.Admit(The.Handoff(1), 4, now).ShouldBeNull();
        TakeAll(window, now).ShouldBe(296);
    }

    [Fact]
    public void What_is_reserved_is_there_for_its_handoff_alone()
    {
        var window = Known();
        window.Admit(The.Handoff(1), 4, now);
        TakeAll(window, now).ShouldBe(296);
        for (var call = 0; call < 4; call++) window.Take(CallPurpose.Read, The.Handoff(1), now).ShouldBeNull();
        window.Take(CallPurpose.Transfer, The.Handoff(1), now).ShouldNotBeNull();
        window.Used.ShouldBe(300);
    }

    [Fact]
    public void Reservations_nobody_uses_lapse_with_the_window()
    {
        var window = Known();
        for (var n = 0; n < 75; n++) window.Admit(The.Handoff(n), 4, now);
        // Every call is reserved and none was made: a call for nobody must find its way again.
        window.Take(CallPurpose.Validate, null, now).ShouldBe(now.AddSeconds(60));
        window.Take(CallPurpose.Validate, null, now.AddSeconds(60)).ShouldBeNull();
    }

    [Fact]
    public void Following_takes_at_most_a_fifth()
    {
        var window = Known();
        TakeAll(window, now, CallPurpose.Follow).ShouldBe(60);
        TakeAll(window, now).ShouldBe(240);
        TakeAll(Known(3), now, CallPurpose.Follow).ShouldBe(1);
    }

    [Fact]
    public void Suggestions_leave_half_to_the_handoffs()
    {
        var window = Known();
        TakeAll(window, now, CallPurpose.Suggest).ShouldBe(150);
        TakeAll(window, now, CallPurpose.Transfer).ShouldBe(150);
        for (var reply = 0; reply < 300; reply++) window.Observe(default, 0, now);
        TakeAll(window, now.AddSeconds(60), CallPurpose.Suggest).ShouldBe(150);
        TakeAll(Known(1), now, CallPurpose.Suggest).ShouldBe(1);
    }

    [Fact]
    public void Suggestions_leave_alone_what_is_reserved_for_a_handoff()
    {
        var window = Known(8);
        window.Admit(The.Handoff(1), 6, now).ShouldBeNull();
        TakeAll(window, now, CallPurpose.Suggest).ShouldBe(2);
        for (var call = 0; call < 6; call++) window.Take(CallPurpose.Transfer, The.Handoff(1), now).ShouldBeNull();
    }

    [Fact]
    public void A_window_of_their_own_is_theirs_to_the_last_call()
    {
        var window = new QuotaWindow(100, isShared: false);
        window.Observe(default, 0, now);
        TakeAll(window, now, CallPurpose.Suggest).ShouldBe(100);
    }

    [Fact]
    public void After_429_nothing_is_sent_nor_admitted_before_the_instant()
    {
        var window = Known();
        window.Block(now.AddSeconds(90));
        window.Block(now.AddSeconds(10));
        window.Take(CallPurpose.Transfer, null, now.AddSeconds(89)).ShouldBe(now.AddSeconds(90));
        window.Admit(The.Handoff(1), 4, now.AddSeconds(89)).ShouldBe(now.AddSeconds(90));
        window.Take(CallPurpose.Transfer, null, now.AddSeconds(90)).ShouldBeNull();
    }

    [Fact]
    public void A_neighbors_calls_are_counted_through_the_headers()
    {
        var window = Known();
        window.Take(CallPurpose.Read, null, now);
        window.Observe(new RateHeaders(101, 300, 60), window.Number, now);
        var taken = 0;
        while (window.Take(CallPurpose.Read, null, now) is null)
        {
            taken++;
            window.Observe(new RateHeaders(101 + taken, 300, 60), window.Number, now);
        }
        taken.ShouldBe(199);
    }

    [Fact]
    public void A_reservation_does_not_overrun_what_a_neighbor_left()
    {
        var window = Known();
        for (var n = 0; n < 75; n++) window.Admit(The.Handoff(n), 4, now);
        window.Take(CallPurpose.Read, The.Handoff(0), now);
        window.Observe(new RateHeaders(299, 300, 30), window.Number, now);
        window.Take(CallPurpose.Read, The.Handoff(0), now).ShouldBeNull();
        window.Observe(new RateHeaders(300, 300, 30), window.Number, now);
        window.Take(CallPurpose.Transfer, The.Handoff(0), now).ShouldBe(now.AddSeconds(30));
    }

    [Fact]
    public void The_platform_says_how_many_are_allowed_and_when_the_window_ends()
    {
        var window = new QuotaWindow(300);
        window.Take(CallPurpose.Read, null, now);
        window.Observe(new RateHeaders(1, 180, 17), window.Number, now);
        window.Allowed.ShouldBe(180);
        TakeAll(window, now).ShouldBe(179);
        window.Take(CallPurpose.Read, null, now).ShouldBe(now.AddSeconds(17));
    }

    [Fact]
    public void Of_several_bounds_on_the_windows_end_the_smallest_holds()
    {
        var window = Known();
        window.Take(CallPurpose.Read, null, now);
        window.Observe(new RateHeaders(1, 300, 31), window.Number, now);
        window.Observe(new RateHeaders(2, 300, 30), window.Number, now.AddSeconds(0.25));
        window.Observe(new RateHeaders(3, 300, 31), window.Number, now.AddSeconds(0.5));
        TakeAll(window, now.AddSeconds(1));
        window.Take(CallPurpose.Read, null, now.AddSeconds(1)).ShouldBe(now.AddSeconds(30.25));
    }

    [Fact]
    public void The_first_bound_corrects_the_guess_also_to_later()
    {
        var window = Known(1);
        window.Take(CallPurpose.Read, null, now);
        // The call arrived 0.2 s after it was sent, and with it the platform's window began.
        window.Observe(new RateHeaders(1, 1, 60), window.Number, now.AddSeconds(0.5));
        window.Take(CallPurpose.Read, null, now.AddSeconds(60)).ShouldBe(now.AddSeconds(60.5));
    }

    [Fact]
    public void A_reply_of_the_last_window_is_not_believed_of_this_one()
    {
        var window = Known(10);
        var last = window.Number;
        TakeAll(window, now).ShouldBe(10);
        for (var reply = 0; reply < 9; reply++) window.Observe(default, last, now);
        window.Take(CallPurpose.Read, null, now.AddSeconds(60)).ShouldBeNull();
        window.Observe(new RateHeaders(10, 10, 1), last, now.AddSeconds(60));
        TakeAll(window, now.AddSeconds(60)).ShouldBe(8);
        window.Take(CallPurpose.Read, null, now.AddSeconds(62)).ShouldBe(now.AddSeconds(120));
    }

    [Fact]
    public void A_window_the_platform_began_before_we_did_is_a_new_one()
    {
        var window = Known(10);
        window.Take(CallPurpose.Read, null, now);
        window.Observe(new RateHeaders(10, 10, 30), window.Number, now);
        window.Take(CallPurpose.Read, null, now).ShouldBe(now.AddSeconds(30));
        // The count is small again and the end far.
        window.Observe(new RateHeaders(1, 10, 60), window.Number, now.AddSeconds(29.5));
        window.Take(CallPurpose.Read, null, now.AddSeconds(29.5)).ShouldBeNull();
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(-5, -1, -7)]
    [InlineData(0, 0, 0)]
    [InlineData(0, null, int.MaxValue)]
    [InlineData(int.MinValue, int.MinValue, int.MinValue)]
    [InlineData(int.MaxValue, null, null)]
    [InlineData(11, 1, null)]
    public void Headers_that_are_absent_or_lie_do_not_stop_the_calls(int? count, int? allowed, int? reset)
    {
        var window = Known(10);
        for (var minute = 0; minute < 5; minute++)
        {
            var at = now.AddMinutes(minute);
            var taken = 0;
            while (taken < 20 && window.Take(CallPurpose.Read, null, at) is null)
            {
                taken++;
                window.Observe(new RateHeaders(count, allowed, taken == 10 ? reset : null), window.Number, at);
            }
            taken.ShouldBeInRange(10, 20);
        }
    }

    [Fact]
    public void Whatever_is_taken_and_admitted_no_window_is_overrun()
    {
        var random = new Random(1);
        var window = Known(40);
        var end = now;
        var sent = 0;
        var at = now;
        for (var step = 0; step < 50_000; step++)
        {
            at += TimeSpan.FromMilliseconds(random.Next(200));
            // The platform's window begins with its first call.
            if (at >= end) sent = 0;
            var handoff = The.Handoff(random.Next(30));
            if (random.Next(4) == 0) window.Admit(handoff, 4, at);
            if (window.Take((CallPurpose)random.Next(8), random.Next(3) == 0 ? null : handoff, at) is not null) continue;
            if (sent == 0) end = at + TimeSpan.FromSeconds(60);
            (++sent).ShouldBeLessThanOrEqualTo(40);
            window.Observe(new RateHeaders(sent, 40, (int)Math.Ceiling((end - at).TotalSeconds)), window.Number, at);
        }
    }
}
