using Baton.Core.Deliveries;

namespace Baton.Tests.Deliveries;

public sealed class DeliveryScheduleTests
{
    static readonly DateTimeOffset start = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    static Delivery Fresh => Delivery.New("de_1", "wfm", "c1", "handoff_evaluated", "{}", start);

    [Fact]
    public void The_pauses_grow_from_seconds_to_a_day_and_then_it_is_given_up()
    {
        var pauses = Enumerable.Range(1, DeliverySchedule.MostAttempts).Select(n => DeliverySchedule.Next(n, null, 0)).ToList();
        pauses[0].ShouldBe(TimeSpan.FromSeconds(5));
        pauses.SkipLast(1).ShouldBe(pauses.SkipLast(1).Order());
        pauses[^2].ShouldBe(TimeSpan.FromHours(24));
        pauses[^1].ShouldBeNull();
    }

    [Fact]
    public void Many_do_not_come_back_at_once()
    {
        DeliverySchedule.Next(2, null, 0).ShouldBe(TimeSpan.FromMinutes(5));
        DeliverySchedule.Next(2, null, 1).ShouldBe(TimeSpan.FromMinutes(6));
    }

    [Theory]
    [InlineData(1, 1, 5)]
    [InlineData(1, 60, 60)]
    [InlineData(1, 31_536_000, 86_400)]
    [InlineData(9, 60, 86_400)]
    public void A_receivers_wish_is_obeyed_within_reason(int attempts, int wished, int seconds) =>
        DeliverySchedule.Next(attempts, TimeSpan.FromSeconds(wished), 0).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void An_answer_makes_it_delivered_due_again_or_dead()
    {
        Fresh.After(new PostReply(204, null), start, 0).ShouldSatisfyAllConditions(d => d.State.ShouldBe(DeliveryState.Delivered), d => d.DueAt.ShouldBeNull(), d => d.Attempts.ShouldBe(1));
        Fresh.After(new PostReply(null, "No answer."), start, 0).ShouldSatisfyAllConditions(d => d.State.ShouldBe(DeliveryState.Pending), d => d.DueAt.ShouldBe(start.AddSeconds(5)), d => d.LastError.ShouldBe("No answer."));
        Fresh.After(new PostReply(410, "Gone."), start, 0).ShouldSatisfyAllConditions(d => d.State.ShouldBe(DeliveryState.Dead), d => d.DueAt.ShouldBeNull());
        var tired = Fresh with { Attempts = DeliverySchedule.MostAttempts - 1 };
        tired.After(new PostReply(500, "HTTP 500."), start, 0).State.ShouldBe(DeliveryState.Dead);
        tired.After(new PostReply(200, null), start, 0).State.ShouldBe(DeliveryState.Delivered);
    }
}
