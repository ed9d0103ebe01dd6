using Baton.Core.Audit;

namespace Baton.Tests.Audit;

public sealed class AuditCheckpointTests : IDisposable
{
    readonly AuditKey key = AuditKey.New();

    public void Dispose() => key.Dispose();

    /// <summary>Two checkpoints, and entries after them.</summary>
    Trail Signed()
    {
        var trail = Trail.Of(("a", 3), ("b", 2));
        trail.Checkpoint(key);
        trail.Enter("a", "{}");
        trail.Checkpoint(key);
        trail.Enter("a", "{}");
        return trail;
    }

    [Fact]
    public void A_signed_trail_nobody_touched_is_sound()
    {
        var trail = Signed();
        var report = trail.Verify(key, trail.Checkpoints[0].Mark);

        report.Problems.ShouldBeEmpty();
        report.Checkpoints.ShouldBe(2);
        report.Last.ShouldBe(trail.Checkpoints[1].Mark);
        trail.Checkpoints[1].Heads.Select(h => (h.Chain, h.Sequence)).ShouldBe([("a", 4L)], "only what moved is signed again");
    }

    [Fact]
    public void The_public_half_of_the_key_is_enough_to_verify()
    {
        using var publicKey = AuditKey.FromPem(key.PublicPem);

        Signed().Verify(publicKey).Problems.ShouldBeEmpty();
    }

    [Fact]
    public void A_chain_rewritten_with_all_its_hashes_is_found_by_the_checkpoint_alone()
    {
        var trail = Signed();
        trail.Rewrite("a", 2, facts => facts.Replace("1", "7"));

        trail.Problems(key).ShouldBe([(AuditProblemKind.Rewritten, "a", 3L), (AuditProblemKind.Rewritten, "a", 4L)]);
        trail.Checkpoints.Clear();
        trail.Verify(key).IsSound.ShouldBeTrue("without checkpoints nothing would tell");
    }

    [Fact]
    public void A_chain_rewritten_before_a_later_checkpoint_is_found_by_the_earlier_one()
    {
        var trail = Signed();
        trail.Rewrite("b", 1, facts => facts + " ");
        trail.Checkpoint(key);

        trail.Problems(key).ShouldContain((AuditProblemKind.Rewritten, "b", 2L));
    }

    [Fact]
    public void A_chain_cut_off_together_with_its_head_is_found()
    {
        var trail = Signed();
        trail.CutOff("a", 3);

        trail.Problems(key).ShouldBe([(AuditProblemKind.CutOff, "a", 4L)]);
    }

    [Fact]
    public void A_chain_removed_together_with_its_head_is_found()
    {
        var trail = Signed();
        trail.CutOff("b", 0);

        trail.Problems(key).ShouldBe([(AuditProblemKind.CutOff, "b", 2L)]);
    }

    [Fact]
    public void What_came_after_the_newest_checkpoint_is_not_protected_yet()
    {
        var trail = Signed();
        trail.CutOff("a", 4);

        trail.Verify(key).IsSound.ShouldBeTrue();
    }

    [Theory]
    [InlineData("number")]
    [InlineData("at")]
    [InlineData("previous")]
    [InlineData("keyId")]
    [InlineData("chain")]
    [InlineData("sequence")]
    [InlineData("hash")]
    [InlineData("shifted")]
    public void A_change_of_any_field_of_a_checkpoint_is_found(string field)
    {
        var trail = Signed();
        var first = trail.Checkpoints[0];
        var head = first.Heads[0];
        first = field switch
        {
            "number" => first with { Number = 2 },
            "at" => first with { At = first.At.AddTicks(1) },
            "previous" => first with { Previous = new string('1', 64) },
            "keyId" => first with { KeyId = "0123456789abcdef" },
            "chain" => first with { Heads = [head with { Chain = "c" }, first.Heads[1]] },
            "sequence" => first with { Heads = [head with { Sequence = 1 }, first.Heads[1]] },
            "hash" => first with { Heads = [head with { Hash = new string('1', 64) }, first.Heads[1]] },
            // The same characters, divided otherwise.
            _ => first with { Heads = [head with { Chain = head.Chain + head.Sequence, Sequence = 0, Hash = head.Hash[1..] }, first.Heads[1]] },
        };
        first.ComputeDigest().ShouldNotBe(first.Digest);
        trail.Checkpoints[0] = first;

        trail.Verify(key).Problems.ShouldContain(p => p.Kind == AuditProblemKind.Forged && p.Sequence == first.Number && p.Sentence == "It is not what was signed: its digest differs.");
    }

    [Fact]
    public void Heads_are_signed_in_the_order_of_their_chains_whatever_order_they_come_in()
    {
        var trail = Trail.Of(("b", 1), ("a", 1), ("c", 1));
        var checkpoint = AuditCheckpoint.After(null, [trail.Heads["b"], trail.Heads["c"], trail.Heads["a"]], Trail.Now, key);

        checkpoint.Heads.Select(h => h.Chain).ShouldBe(["a", "b", "c"]);
        (checkpoint.Number, checkpoint.Previous).ShouldBe((1, AuditEntry.Genesis));
    }

    [Fact]
    public void Two_checkpoints_that_sign_the_same_entry_agree_or_are_named()
    {
        var trail = Signed();
        var head = trail.Checkpoints[0].Heads[0];
        trail.Checkpoints.Add(AuditCheckpoint.After(trail.Checkpoints[1].Mark, [head], Trail.Now, key));
        trail.Problems(key).ShouldBeEmpty("it says the same once more");

        trail.Checkpoints.Add(AuditCheckpoint.After(trail.Checkpoints[2].Mark, [head with { Hash = new string('1', 64) }], Trail.Now, key));
        trail.Verify(key).Problems.ShouldContain(p => p.Kind == AuditProblemKind.Rewritten && p.Sequence == head.Sequence && p.Sentence == "Checkpoints 1 and 4 have signed different entries.");
    }

    [Fact]
    public void Each_finding_about_a_checkpoint_says_what_it_means()
    {
        var trail = Signed();
        trail.Checkpoint(key);
        trail.Checkpoints.RemoveAt(1);
        Sentence(trail).ShouldBe("Checkpoint 2 should come here, not 3.");

        trail = Signed();
        trail.Checkpoints[0] = AuditCheckpoint.After(null, [trail.Checkpoints[0].Heads[0]], Trail.Now, key);
        Sentence(trail).ShouldBe("It does not follow the checkpoint before it: that one was replaced.");

        using var other = AuditKey.New();
        trail = Trail.Of(("a", 3));
        trail.Checkpoint(other);
        Sentence(trail).ShouldBe($"It was signed with the key {other.Id}, not with {key.Id}.");
        trail.Verify(null).Problems.ShouldBeEmpty("without a key no signature is judged");

        trail = Signed();
        trail.Checkpoints[0] = trail.Checkpoints[0] with { Signature = trail.Checkpoints[1].Signature };
        Sentence(trail).ShouldBe("Its signature is wrong.");

        trail = Signed();
        trail.Rewrite("a", 4, _ => """{"other":true}""");
        Sentence(trail).ShouldBe("Checkpoint 2 has signed another entry here: the chain was rewritten.");

        trail = Signed();
        trail.CutOff("a", 3);
        Sentence(trail).ShouldBe("Checkpoint 2 has signed this entry, and it is not there.");

        trail = Signed();
        var noted = trail.Checkpoints[1].Mark;
        trail.CutOff("a", 3);
        trail.Checkpoints.RemoveAt(1);
        trail.Verify(key, noted).Problems.ShouldHaveSingleItem().Sentence.ShouldBe("The checkpoint noted elsewhere is not here: the trail was put back to an older state, or replaced.");
    }

    [Fact]
    public void What_a_checkpoint_misses_is_named_in_the_order_of_the_chains()
    {
        var trail = Trail.Of(("b", 2), ("a", 3));
        trail.Checkpoint(key);
        trail.Enter("b", "{}");
        trail.Enter("a", "{}");
        trail.Checkpoint(key);
        trail.CutOff("a", 2);
        trail.CutOff("b", 1);

        trail.Problems(key).ShouldBe([(AuditProblemKind.CutOff, "a", 3L), (AuditProblemKind.CutOff, "a", 4L), (AuditProblemKind.CutOff, "b", 2L), (AuditProblemKind.CutOff, "b", 3L)]);
    }

    string Sentence(Trail trail) => trail.Verify(key).Problems[0].Sentence;

    [Fact]
    public void A_checkpoint_whose_heads_were_changed_is_found()
    {
        var trail = Signed();
        trail.Checkpoints[0] = trail.Checkpoints[0] with { Heads = [trail.Checkpoints[0].Heads[0]] };

        trail.Problems(key).ShouldBe([(AuditProblemKind.Forged, AuditProblem.Checkpoints, 1L)]);
    }

    [Fact]
    public void A_checkpoint_signed_anew_with_another_key_is_found()
    {
        using var other = AuditKey.New();
        var trail = Trail.Of(("a", 3));
        trail.Checkpoint(other);

        trail.Problems(key).ShouldBe([(AuditProblemKind.Forged, AuditProblem.Checkpoints, 1L)]);
        trail.Checkpoints[0] = trail.Checkpoints[0] with { KeyId = key.Id };
        trail.Checkpoints[0] = trail.Checkpoints[0] with { Digest = trail.Checkpoints[0].ComputeDigest() };
        trail.Problems(key).ShouldBe([(AuditProblemKind.Forged, AuditProblem.Checkpoints, 1L)], "the key's name alone does not help");
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("AAAA")]
    public void A_signature_that_is_none_is_found(string signature)
    {
        var trail = Signed();
        trail.Checkpoints[1] = trail.Checkpoints[1] with { Signature = signature };

        trail.Problems(key).ShouldBe([(AuditProblemKind.Forged, AuditProblem.Checkpoints, 2L)]);
    }

    [Fact]
    public void A_checkpoint_taken_out_of_the_middle_is_found()
    {
        var trail = Signed();
        trail.Checkpoint(key);
        trail.Checkpoints.RemoveAt(1);

        trail.Problems(key).ShouldBe([(AuditProblemKind.CheckpointMissing, AuditProblem.Checkpoints, 3L)]);
    }

    [Fact]
    public void A_trail_put_back_as_a_whole_is_found_by_a_mark_noted_elsewhere_and_only_by_it()
    {
        var trail = Signed();
        var noted = trail.Checkpoints[1].Mark;
        trail.CutOff("a", 3);
        trail.Checkpoints.RemoveAt(1);

        trail.Verify(key).IsSound.ShouldBeTrue();
        trail.Problems(key, noted).ShouldBe([(AuditProblemKind.CheckpointMissing, AuditProblem.Checkpoints, 2L)]);
    }

    [Fact]
    public void A_mark_can_be_written_down_and_read()
    {
        var mark = Signed().Checkpoints[0].Mark;

        AuditMark.TryParse(mark.ToString()).ShouldBe(mark);
        AuditMark.TryParse("3:short").ShouldBeNull();
        AuditMark.TryParse("").ShouldBeNull();
    }
}
