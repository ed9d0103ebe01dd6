using Baton.Core.Audit;

namespace Baton.Tests.Audit;

public sealed class AuditVerifierTests
{
    [Fact]
    public void A_trail_nobody_touched_is_sound()
    {
        var report = Trail.Of(("a", 3), ("b", 5)).Verify();

        report.IsSound.ShouldBeTrue();
        (report.Entries, report.Chains, report.Checkpoints).ShouldBe((8, 2, 0));
    }

    [Theory]
    [InlineData("chain")]
    [InlineData("sequence")]
    [InlineData("at")]
    [InlineData("kind")]
    [InlineData("facts")]
    [InlineData("previous")]
    [InlineData("hash")]
    public void A_change_of_any_field_of_an_entry_is_found_and_named(string field)
    {
        var trail = Trail.Of(("a", 3), ("b", 5));
        trail.Change("b", 3, e => field switch
        {
            "chain" => e with { Chain = "c" },
            "sequence" => e with { Sequence = 30 },
            "at" => e with { At = e.At.AddTicks(1) },
            "kind" => e with { Kind = "handoff.Prepared" },
            "facts" => e with { Facts = e.Facts + " " },
            "previous" => e with { Previous = Flipped(e.Previous) },
            _ => e with { Hash = Flipped(e.Hash) },
        });

        var (chain, sequence) = field switch { "chain" => ("c", 3), "sequence" => ("b", 30), _ => ("b", 3) };
        trail.Problems().ShouldContain((AuditProblemKind.Changed, chain, (long)sequence));
    }

    [Fact]
    public void A_missing_entry_leaves_a_gap()
    {
        var trail = Trail.Of(("a", 5));
        trail.Entries.RemoveAt(2);

        trail.Problems().ShouldBe([(AuditProblemKind.Gap, "a", 4L)]);
        trail.Verify().Problems[0].Sentence.ShouldBe("Entry 3 is missing before it.");
    }

    [Fact]
    public void A_missing_beginning_is_a_gap_too()
    {
        var trail = Trail.Of(("a", 5));
        trail.Entries.RemoveRange(0, 2);

        trail.Problems().ShouldBe([(AuditProblemKind.Gap, "a", 3L)]);
    }

    [Fact]
    public void Entries_that_changed_places_are_named()
    {
        var trail = Trail.Of(("a", 5));
        (trail.Entries[1], trail.Entries[2]) = (trail.Entries[2], trail.Entries[1]);

        trail.Problems().ShouldContain((AuditProblemKind.OutOfOrder, "a", 2L));
    }

    [Fact]
    public void An_entry_that_is_there_twice_is_named()
    {
        var trail = Trail.Of(("a", 3));
        trail.Entries.Insert(2, trail.Entries[1]);

        trail.Problems().ShouldBe([(AuditProblemKind.OutOfOrder, "a", 2L)]);
    }

    [Fact]
    public void Entries_cut_off_the_end_are_missed_by_the_head()
    {
        var trail = Trail.Of(("a", 5), ("b", 2));
        trail.Entries.RemoveAll(e => e.Chain == "a" && e.Sequence > 3);

        trail.Problems().ShouldBe([(AuditProblemKind.CutOff, "a", 3L)]);
    }

    [Fact]
    public void A_chain_that_is_gone_is_missed_by_its_head()
    {
        var trail = Trail.Of(("a", 5), ("b", 2));
        trail.Entries.RemoveAll(e => e.Chain == "a");

        trail.Problems().ShouldBe([(AuditProblemKind.CutOff, "a", 0L)]);
    }

    [Fact]
    public void A_chain_without_a_head_is_named()
    {
        var trail = Trail.Of(("a", 5));
        trail.Heads.Clear();

        trail.Problems().ShouldBe([(AuditProblemKind.HeadMissing, "a", 5L)]);
    }

    [Fact]
    public void A_head_put_back_is_found()
    {
        var trail = Trail.Of(("a", 5));
        trail.Heads["a"] = new AuditHead("a", 4, trail.Entries[3].Hash);

        trail.Problems().ShouldBe([(AuditProblemKind.BeyondHead, "a", 5L)]);
    }

    [Fact]
    public void An_entry_replaced_with_a_right_hash_breaks_the_link()
    {
        var trail = Trail.Of(("a", 5));
        trail.Change("a", 3, e => AuditEntry.After(new AuditHead("a", 2, e.Previous), "a", new AuditFact(e.At, e.Kind, """{"n":99}""")));

        trail.Problems().ShouldBe([(AuditProblemKind.NotLinked, "a", 4L)]);
    }

    [Fact]
    public void The_last_entry_replaced_with_a_right_hash_is_not_what_the_head_says()
    {
        var trail = Trail.Of(("a", 5));
        trail.Change("a", 5, e => AuditEntry.After(new AuditHead("a", 4, e.Previous), "a", new AuditFact(e.At, e.Kind, """{"n":99}""")));

        trail.Problems().ShouldBe([(AuditProblemKind.HeadDiffers, "a", 5L)]);
    }

    [Fact]
    public void A_chain_that_grew_while_it_was_read_is_sound()
    {
        var trail = Trail.Of(("a", 5));
        var before = trail.Heads["a"];
        trail.Enter("a", "{}");
        trail.Enter("b", "{}");

        var verifier = new AuditVerifier(null, null);
        verifier.Add(before);
        foreach (var entry in trail.Entries) verifier.Add(entry);

        verifier.Finish([.. trail.Heads.Values]).Problems.ShouldBeEmpty();
    }

    [Fact]
    public void Of_very_many_problems_a_thousand_are_kept_and_all_counted()
    {
        var trail = Trail.Of(("a", 1500));
        for (var i = 1; i <= 1500; i++) trail.Change("a", i, e => e with { Kind = "x" });

        var report = trail.Verify();
        report.Problems.Count.ShouldBe(1000);
        report.ProblemCount.ShouldBe(1500);
    }

    [Fact]
    public void Each_finding_about_an_entry_says_what_it_means()
    {
        Sentences(t => t.Change("a", 2, e => e with { Kind = "x" })).ShouldBe(["The entry is not what was hashed: its chain, sequence, time, kind, facts, previous hash or own hash was changed."]);
        Sentences(t => t.Entries.RemoveAt(1)).ShouldBe(["Entry 2 is missing before it."]);
        Sentences(t => t.Entries.RemoveRange(1, 2)).ShouldBe(["Entries 2 to 3 are missing before it."]);
        Sentences(t => t.Entries.Insert(2, t.Entries[1])).ShouldBe(["It stands where entry 3 should: entries were reordered or repeated."]);
        Sentences(t => t.Entries.RemoveRange(3, 2)).ShouldBe(["The chain ends at entry 3, but its head is entry 5: entries were cut off."]);
        Sentences(t => t.Heads.Remove("a")).ShouldBe(["The chain has no head."]);
        Sentences(t => t.Heads["a"] = new AuditHead("a", 4, t.Entries[3].Hash)).ShouldBe(["The chain's head is entry 4: entries after it were not entered by Baton."]);
        Sentences(t => t.Heads["a"] = t.Heads["a"] with { Hash = new string('1', 64) }).ShouldBe(["The chain's head has another hash than the entry."]);
        Sentences(t => t.Change("a", 3, e => AuditEntry.After(new AuditHead("a", 2, e.Previous), "a", new AuditFact(e.At, e.Kind, """{"n":99}""")))).ShouldBe(["It does not follow the entry before it: one of the two was replaced."]);
        Sentences(t =>
        {
            t.Enter("b", "{}");
            var end = t.Entries[4];
            t.Entries.RemoveAt(4);
            t.Entries.Add(end);
        }).ShouldBe(["It stands apart from the rest of its chain."]);

        static IEnumerable<string> Sentences(Action<Trail> done)
        {
            var trail = Trail.Of(("a", 5));
            done(trail);
            return trail.Verify().Problems.Select(p => p.Sentence);
        }
    }

    [Fact]
    public void A_chain_goes_on_from_its_latest_entry_after_one_that_was_repeated()
    {
        var trail = Trail.Of(("a", 4), ("b", 1));
        trail.Entries.Insert(3, trail.Entries[0]);

        // The fourth is measured by the entry before it, which is the first once more.
        trail.Problems().ShouldBe([(AuditProblemKind.OutOfOrder, "a", 1L), (AuditProblemKind.Gap, "a", 4L)]);
    }

    static string Flipped(string hash) => hash[..^1] + (hash[^1] == '0' ? '1' : '0');
}
