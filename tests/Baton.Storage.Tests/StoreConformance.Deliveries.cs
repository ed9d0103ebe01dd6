using Baton.Core.Deliveries;

namespace Baton.Storage.Tests;

public abstract partial class StoreConformance
{
    static readonly TimeSpan deliveryLease = TimeSpan.FromSeconds(60);

    static Delivery New(string id, string conversation = "c1", string target = "wfm", double due = 0) =>
        Delivery.New(id, target, conversation, "handoff_evaluated", """{"text":"as it is – \u0001"}""", The.In(due));

    async Task Given(string conversation, params Delivery[] deliveries)
    {
        var handoff = (await Store.StartHandoffAsync(The.Handoff(conversation), null, Ct)).Handoff;
        (await Store.CommitOverAsync(handoff, The.End(handoff) with { Deliveries = deliveries }, Ct)).ShouldBeTrue();
    }

    Task<IReadOnlyList<LeasedDelivery>> Claimed(double at, string target = "wfm", int limit = 10) => Store.ClaimDeliveriesAsync(target, The.In(at), deliveryLease, limit, Ct);

    Task<bool> Answered(LeasedDelivery held, int? status, double at) =>
        Store.CommitDeliveryAsync(held, held.Delivery.After(new PostReply(status, status is 200 ? null : "No."), The.In(at), 0), new DeliveryAttempt(The.In(at), status, status is 200 ? null : "No.", 1.5), Ct);

    [Fact]
    public async Task A_delivery_comes_in_with_its_transition_and_back_as_it_was()
    {
        await Given("c1", New("de_1"));
        (await Store.FindDeliveryAsync("de_1", Ct)).ShouldBe(New("de_1"));
        (await Store.FindDeliveryAsync("de_2", Ct)).ShouldBeNull();
        (await Store.NextDeliveryDueAsync(["wfm", "other"], Ct)).ShouldBe(The.In(0));
        (await Store.NextDeliveryDueAsync(["other"], Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task A_transition_that_is_refused_leaves_no_delivery()
    {
        var handoff = (await Store.StartHandoffAsync(The.Handoff("c1"), null, Ct)).Handoff;
        var first = The.End(handoff);
        await Store.CommitOverAsync(handoff, first, Ct);
        (await Store.CommitOverAsync(handoff, The.End(handoff) with { Deliveries = [New("de_1")] }, Ct)).ShouldBeFalse();
        (await Store.ListDeliveriesAsync(new DeliveryFilter(), Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_event_is_written_once()
    {
        await Given("c1", New("de_1"), New("de_1"));
        (await Store.ListDeliveriesAsync(new DeliveryFilter(), Ct)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Of_a_conversation_only_the_oldest_is_claimed_and_each_receiver_has_its_own()
    {
        await Given("c1", New("de_1"), New("de_2"), New("de_3", target: "other"));
        await Given("c2", New("de_4", "c2"));
        var claimed = await Claimed(1);
        claimed.Select(c => c.Delivery.Id).ShouldBe(["de_1", "de_4"], ignoreOrder: true);
        (await Claimed(1)).ShouldBeEmpty();
        (await Claimed(1, "other")).ShouldHaveSingleItem().Delivery.Id.ShouldBe("de_3");
        (await Answered(claimed.Single(c => c.Delivery.Id == "de_1"), 200, 2)).ShouldBeTrue();
        (await Claimed(3)).ShouldHaveSingleItem().Delivery.Id.ShouldBe("de_2");
    }

    [Fact]
    public async Task One_that_was_not_taken_keeps_its_conversation_waiting_until_it_is_dead()
    {
        await Given("c1", New("de_1"), New("de_2"));
        await Answered((await Claimed(1)).Single(), 500, 1);
        (await Claimed(2)).ShouldBeEmpty();
        (await Store.NextDeliveryDueAsync(["wfm"], Ct)).ShouldBe(The.In(6));
        await Answered((await Claimed(7)).Single(), 410, 7);
        (await Claimed(8)).ShouldHaveSingleItem().Delivery.Id.ShouldBe("de_2");
        (await Store.FindDeliveryAsync("de_1", Ct))!.ShouldSatisfyAllConditions(d => d.State.ShouldBe(DeliveryState.Dead), d => d.Attempts.ShouldBe(2), d => d.LastError.ShouldBe("No."));
        (await Store.DeliveryAttemptsAsync("de_1", Ct)).ShouldBe([new DeliveryAttempt(The.In(1), 500, "No.", 1.5), new DeliveryAttempt(The.In(7), 410, "No.", 1.5)]);
        (await Store.TailAuditAsync(1, Ct)).Single().Kind.ShouldBe("delivery.dead");
    }

    [Fact]
    public async Task A_claim_that_ran_out_is_somebody_elses()
    {
        await Given("c1", New("de_1"));
        var slow = (await Claimed(1)).Single();
        (await Claimed(30)).ShouldBeEmpty();
        var quick = (await Claimed(62)).Single();
        (await Answered(slow, 200, 63)).ShouldBeFalse();
        (await Answered(quick, 200, 64)).ShouldBeTrue();
        (await Answered(quick, 500, 65)).ShouldBeFalse();
        (await Store.DeliveryAttemptsAsync("de_1", Ct)).ShouldHaveSingleItem().Status.ShouldBe(200);
    }

    [Fact]
    public async Task What_is_over_can_be_replayed_from_the_beginning_and_what_is_pending_need_not()
    {
        await Given("c1", New("de_1"));
        (await Store.ReplayDeliveryAsync("de_1", "Ada", The.In(1), Ct)).ShouldBeFalse();
        (await Store.ReplayDeliveryAsync("de_2", "Ada", The.In(1), Ct)).ShouldBeFalse();
        await Answered((await Claimed(1)).Single(), 410, 1);
        (await Store.ReplayDeliveryAsync("de_1", "Ada", The.In(9), Ct)).ShouldBeTrue();
        (await Claimed(10)).ShouldHaveSingleItem().Delivery.ShouldBe(New("de_1", due: 0) with { DueAt = The.In(9) });
        (await Store.TailAuditAsync(1, Ct)).Single().ShouldSatisfyAllConditions(e => e.Kind.ShouldBe("delivery.replayed"), e => e.Facts.ShouldContain("\"by\":\"Ada\""));
    }

    [Fact]
    public async Task Deliveries_are_listed_newest_first_by_state_receiver_and_conversation()
    {
        await Given("c1", New("de_1"), New("de_2", target: "other"));
        await Given("c2", New("de_3", "c2"));
        await Answered((await Claimed(1, "other")).Single(), 200, 1);
        (await Ids(new DeliveryFilter())).ShouldBe(["de_3", "de_2", "de_1"]);
        (await Ids(new DeliveryFilter { State = DeliveryState.Delivered })).ShouldBe(["de_2"]);
        (await Ids(new DeliveryFilter { Target = "wfm", Limit = 1 })).ShouldBe(["de_3"]);
        (await Ids(new DeliveryFilter { ConversationId = "c1" })).ShouldBe(["de_2", "de_1"]);

        async Task<IEnumerable<string>> Ids(DeliveryFilter filter) => (await Store.ListDeliveriesAsync(filter, Ct)).Select(d => d.Id);
    }

    [Fact]
    public async Task Who_waits_for_deliveries_is_woken_by_one()
    {
        var waiting = Store.WaitForDeliveriesAsync(Ct);
        waiting.IsCompleted.ShouldBeFalse();
        await Given("c1", New("de_1"));
        await waiting;
    }
}
