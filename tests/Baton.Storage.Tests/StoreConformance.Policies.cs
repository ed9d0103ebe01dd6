using Baton.Core;
using Baton.Core.Policies;

namespace Baton.Storage.Tests;

public abstract partial class StoreConformance
{
    static PolicyEdition Edition(string text, PolicySource source = PolicySource.Console, double seconds = 0) =>
        new(0, new PolicyVersion("support", "3", text.PadLeft(12, '0')), text, "Ada", The.In(seconds), source) { Note = source == PolicySource.Console ? "quieter at night" : null };

    static async Task<PolicyEdition> SavedAsync(IBatonStore store, PolicyEdition policy, long basedOn)
    {
        var save = await store.SavePolicyAsync(policy, basedOn, Ct);
        save.IsSaved.ShouldBeTrue();
        return save.Edition;
    }

    [Fact]
    public async Task Versions_of_the_policy_are_added_and_found_in_every_process()
    {
        await using var other = await OpenAsync();
        (await Store.NewestPolicyAsync(null, Ct)).ShouldBeNull();
        (await Store.FindPolicyAsync(1, Ct)).ShouldBeNull();
        (await Store.ListPoliciesAsync(null, 10, Ct)).ShouldBeEmpty();

        var first = await SavedAsync(Store, Edition("a", PolicySource.File), 0);
        var second = await SavedAsync(other, Edition("b", seconds: 1), 1);
        var third = await SavedAsync(Store, Edition("a", PolicySource.Restored, 2), 2);
        first.ShouldBe(Edition("a", PolicySource.File) with { Number = 1 });
        second.ShouldBe(Edition("b", seconds: 1) with { Number = 2 });

        (await other.NewestPolicyAsync(null, Ct)).ShouldBe(third);
        (await other.NewestPolicyAsync(PolicySource.File, Ct)).ShouldBe(first);
        (await Store.NewestPolicyAsync(PolicySource.Console, Ct)).ShouldBe(second);
        (await Store.FindPolicyAsync(2, Ct)).ShouldBe(second);
        (await Store.ListPoliciesAsync(null, 10, Ct)).ShouldBe([third, second, first]);
        (await Store.ListPoliciesAsync(3, 1, Ct)).ShouldBe([second]);
        (await Store.TailAuditAsync(10, Ct)).Select(e => (e.Chain, e.Kind, e.At)).ShouldBe([("system", "policy.entered", The.Now), ("system", "policy.entered", The.In(1)), ("system", "policy.entered", The.In(2))]);
        (await Store.TailAuditAsync(1, Ct)).Single().Facts.ShouldBe("""{"number":3,"policy":{"name":"support","version":"3","hash":"00000000000a"},"source":"Restored","by":"Ada"}""");
    }

    [Fact]
    public async Task A_version_based_on_an_older_one_is_kept_out_and_told_by_which()
    {
        var first = (await Store.SavePolicyAsync(Edition("a"), 0, Ct)).Edition;
        (await Store.SavePolicyAsync(Edition("b"), 0, Ct)).ShouldBe(new PolicySave(first, false));
        (await Store.SavePolicyAsync(Edition("b"), 7, Ct)).ShouldBe(new PolicySave(first, false));
        (await Store.ListPoliciesAsync(null, 10, Ct)).ShouldBe([first]);
        (await Store.TailAuditAsync(10, Ct)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Of_many_who_save_at_once_one_comes_first_and_the_others_are_told()
    {
        await using var other = await OpenAsync();
        await Store.SavePolicyAsync(Edition("a"), 0, Ct);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => (i % 2 == 0 ? Store : other).SavePolicyAsync(Edition($"b{i}"), 1, Ct), Ct)));
        var saved = answers.Where(a => a.IsSaved).ShouldHaveSingleItem().Edition;
        answers.ShouldAllBe(a => a.Edition == saved);
        (await Store.NewestPolicyAsync(null, Ct)).ShouldBe(saved);
    }

    [Fact]
    public async Task A_version_that_was_entered_is_never_changed_or_deleted()
    {
        await Store.SavePolicyAsync(Edition("a"), 0, Ct);
        (await Should.ThrowAsync<Exception>(() => TamperAsync("UPDATE policy SET text = 'b'"))).Message.ShouldContain("never changes");
        (await Should.ThrowAsync<Exception>(() => TamperAsync("DELETE FROM policy"))).Message.ShouldContain("never deleted");
    }
}
