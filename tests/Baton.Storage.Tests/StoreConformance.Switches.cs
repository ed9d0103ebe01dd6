using Baton.Core;
using Baton.Storage.Sqlite;

namespace Baton.Storage.Tests;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_pause_is_seen_by_every_process_until_somebody_resumes()
    {
        await using var other = await OpenAsync();
        (await Store.PausedAsync(Ct)).ShouldBeNull();

        await Store.PauseAsync(new Pause("Ada", The.Now, "queue is down"), Ct);
        (await other.PausedAsync(Ct)).ShouldBe(new Pause("Ada", The.Now, "queue is down"));

        await other.PauseAsync(new Pause("Bob", The.In(1), null), Ct);
        (await Store.PausedAsync(Ct)).ShouldBe(new Pause("Bob", The.In(1), null));

        await other.ResumeAsync("Ada", The.In(2), Ct);
        (await Store.PausedAsync(Ct)).ShouldBeNull();
        await Store.ResumeAsync("Ada", The.In(3), Ct);

        (await Store.TailAuditAsync(10, Ct)).Select(e => (e.Chain, e.Sequence, e.Kind, e.At)).ShouldBe([
            ("system", 1, "system.paused", The.Now),
            ("system", 2, "system.paused", The.In(1)),
            ("system", 3, "system.resumed", The.In(2)),
        ]);
    }

    [Fact]
    public async Task An_event_is_new_once_however_often_it_comes_at_once()
    {
        await using var other = await OpenAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => (i % 2 == 0 ? Store : other).IsNewEventAsync("e1", The.Now, Ct), Ct)));

        answers.Count(isNew => isNew).ShouldBe(1);
        (await Store.IsNewEventAsync("e2", The.Now, Ct)).ShouldBeTrue();
    }

    [Fact]
    public async Task An_event_is_remembered_for_four_days_and_not_forever()
    {
        await Store.IsNewEventAsync("e1", The.Now, Ct);
        await Store.IsNewEventAsync("other", The.Now.AddDays(4), Ct);
        (await Store.IsNewEventAsync("e1", The.Now.AddDays(4), Ct)).ShouldBeFalse();

        await Store.IsNewEventAsync("other", The.Now.AddDays(9), Ct);
        (await Store.IsNewEventAsync("e1", The.Now.AddDays(9), Ct)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_live_owner_keeps_others_out_until_it_gives_up()
    {
        var me = OwnerProcess.Me("http://localhost:8080");
        // The only other process that surely lives.
        var init = OwnerProcess.Of(1, null).ShouldNotBeNull();
        (await Store.OwnerAsync(Ct)).ShouldBeNull();

        (await Store.TakeOwnershipAsync(me, Ct)).ShouldBeNull();
        (await Store.TakeOwnershipAsync(me, Ct)).ShouldBeNull("it is mine already");
        (await Store.OwnerAsync(Ct)).ShouldBe(me);
        (await Store.TakeOwnershipAsync(init, Ct)).ShouldBe(me);

        await Store.GiveUpOwnershipAsync(init, Ct);
        (await Store.OwnerAsync(Ct)).ShouldBe(me, "only the owner can give up");
        await Store.GiveUpOwnershipAsync(me, Ct);
        (await Store.OwnerAsync(Ct)).ShouldBeNull();
        (await Store.TakeOwnershipAsync(init, Ct)).ShouldBeNull();
    }

    [Theory]
    [InlineData(0, "its process is gone")]
    [InlineData(1, "its number belongs to another process now")]
    public async Task An_owner_whose_process_is_gone_is_no_owner(int kind, string because)
    {
        var me = OwnerProcess.Me(null);
        var gone = kind == 0 ? new StoreOwner(int.MaxValue, me.Started, null) : me with { Started = "another boot/1" };
        await Store.TakeOwnershipAsync(gone, Ct);

        (await Store.OwnerAsync(Ct)).ShouldBeNull(because);
        (await Store.TakeOwnershipAsync(me, Ct)).ShouldBeNull(because);
        (await Store.OwnerAsync(Ct)).ShouldBe(me);
    }

    [Fact]
    public async Task A_new_owner_finds_the_claims_of_the_one_that_is_gone_free_and_its_late_commit_is_refused()
    {
        await Store.TakeOwnershipAsync(new StoreOwner(int.MaxValue, "another boot/1", null), Ct);
        await Store.StartHandoffAsync(The.Handoff("c1"), null, Ct);
        var old = (await Store.ClaimDueAsync(The.Now, The.Lease, 1, true, Ct)).Single();
        (await Store.ClaimDueAsync(The.Now, The.Lease, 1, true, Ct)).ShouldBeEmpty("the lease holds");

        await Store.TakeOwnershipAsync(OwnerProcess.Me(null), Ct);

        (await Store.ClaimDueAsync(The.Now, The.Lease, 1, true, Ct)).ShouldHaveSingleItem().Handoff.Id.ShouldBe(old.Handoff.Id);
        (await Store.CommitAsync(old, The.Step(old.Handoff, "briefed"), Ct)).ShouldBeNull();
    }
}
