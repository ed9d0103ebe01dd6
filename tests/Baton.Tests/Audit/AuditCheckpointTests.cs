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
