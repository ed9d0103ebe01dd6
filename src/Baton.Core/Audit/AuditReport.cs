namespace Baton.Core.Audit;

/// <param name="Problems">At most a thousand; <paramref name="ProblemCount"/> counts them all.</param>
/// <param name="Last">The newest checkpoint: worth noting elsewhere; null when nothing is signed.</param>
public sealed record AuditReport(long Entries, int Chains, int Checkpoints, AuditMark? Last, DateTimeOffset? LastAt, IReadOnlyList<AuditProblem> Problems, long ProblemCount)
{
    public bool IsSound => ProblemCount == 0;
}

/// <param name="Chain">The chain; for a checkpoint <see cref="Checkpoints"/>; for a line of a file that is none of ours <see cref="Lines"/>.</param>
/// <param name="Sequence">The entry's number, the checkpoint's, the line's.</param>
public sealed record AuditProblem(AuditProblemKind Kind, string Chain, long Sequence, string Sentence)
{
    public const string Checkpoints = "(checkpoints)";
    public const string Lines = "(lines)";
}

public enum AuditProblemKind
{
    /// <summary>The entry is not what was hashed.</summary>
    Changed,

    /// <summary>Entries before this one are missing.</summary>
    Gap,

    /// <summary>The entry stands after a later one.</summary>
    OutOfOrder,

    /// <summary>The entry does not follow the one before it: one of the two was replaced, hash and all.</summary>
    NotLinked,

    /// <summary>The head or a checkpoint knows a later entry than the chain has.</summary>
    CutOff,

    /// <summary>The head's hash is not the entry's.</summary>
    HeadDiffers,

    /// <summary>The chain has no head.</summary>
    HeadMissing,

    /// <summary>The chain has entries the head does not know.</summary>
    BeyondHead,

    /// <summary>The entry is sound in itself but not the one a checkpoint has signed.</summary>
    Rewritten,

    /// <summary>The checkpoint is not what was signed, or was signed with another key.</summary>
    Forged,

    /// <summary>A checkpoint is missing, or the one noted elsewhere is not here.</summary>
    CheckpointMissing,

    /// <summary>Not a line of an audit file.</summary>
    Malformed,
}
