namespace Baton.Core.Audit;

/// <summary>
/// Reads an audit trail once, entry by entry, and says what is wrong with it. Heads and checkpoints go in first, then the entries ordered by chain and sequence.
/// Memory holds a line for each chain and each head a checkpoint pins, never the entries.
/// </summary>
public sealed class AuditVerifier
{
    const int ProblemsKept = 1000;

    readonly AuditKey? key;
    readonly AuditMark? noted;
    readonly Dictionary<string, AuditHead> heads = new(StringComparer.Ordinal);
    readonly Dictionary<(string Chain, long Sequence), (string Hash, long Number)> pinned = [];
    readonly Dictionary<string, AuditEntry> ends = new(StringComparer.Ordinal);
    readonly List<AuditProblem> problems = [];
    AuditCheckpoint? lastCheckpoint;
    AuditEntry? last;
    bool isNotedHere;
    long entries;
    long problemCount;
    int checkpoints;

    /// <param name="key">The public half is enough; null: signatures are not checked.</param>
    /// <param name="noted">A checkpoint noted elsewhere, which must be here.</param>
    public AuditVerifier(AuditKey? key, AuditMark? noted) => (this.key, this.noted) = (key, noted);

    /// <summary>Verifies a store that may be written to meanwhile.</summary>
    public static async Task<AuditReport> VerifyAsync(IBatonStore store, AuditKey? key, AuditMark? noted, CancellationToken ct)
    {
        var verifier = new AuditVerifier(key, noted);
        await foreach (var checkpoint in store.CheckpointsAsync(ct)) verifier.Add(checkpoint);
        foreach (var head in await store.AuditHeadsAsync(ct)) verifier.Add(head);
        await foreach (var entry in store.ReadAuditAsync(null, ct)) verifier.Add(entry);
        return verifier.Finish(await store.AuditHeadsAsync(ct));
    }

    public void Add(AuditHead head) => heads[head.Chain] = head;

    public void Add(AuditCheckpoint checkpoint)
    {
        checkpoints++;
        var expected = (lastCheckpoint?.Number ?? 0) + 1;
        if (checkpoint.Number != expected)
            Found(AuditProblemKind.CheckpointMissing, AuditProblem.Checkpoints, checkpoint.Number, $"Checkpoint {expected} should come here, not {checkpoint.Number}.");
        else if (checkpoint.Previous != (lastCheckpoint?.Digest ?? AuditEntry.Genesis))
            Found(AuditProblemKind.CheckpointMissing, AuditProblem.Checkpoints, checkpoint.Number, "It does not follow the checkpoint before it: that one was replaced.");

        if (checkpoint.ComputeDigest() != checkpoint.Digest)
            Found(AuditProblemKind.Forged, AuditProblem.Checkpoints, checkpoint.Number, "It is not what was signed: its digest differs.");
        else if (key is not null && checkpoint.KeyId != key.Id)
            Found(AuditProblemKind.Forged, AuditProblem.Checkpoints, checkpoint.Number, $"It was signed with the key {checkpoint.KeyId}, not with {key.Id}.");
        else if (key is not null && !key.Verify(checkpoint.Digest, checkpoint.Signature))
            Found(AuditProblemKind.Forged, AuditProblem.Checkpoints, checkpoint.Number, "Its signature is wrong.");

        if (noted is not null && checkpoint.Mark == noted) isNotedHere = true;
        foreach (var head in checkpoint.Heads)
            if (!pinned.TryAdd((head.Chain, head.Sequence), (head.Hash, checkpoint.Number)) && pinned[(head.Chain, head.Sequence)].Hash != head.Hash)
                Found(AuditProblemKind.Rewritten, head.Chain, head.Sequence, $"Checkpoints {pinned[(head.Chain, head.Sequence)].Number} and {checkpoint.Number} have signed different entries.");
        lastCheckpoint = checkpoint;
    }

    public void Add(AuditEntry entry)
    {
        entries++;
        var before = last?.Chain == entry.Chain ? last : ends.GetValueOrDefault(entry.Chain);
        CheckPlace(entry, before);
        if (entry.ComputeHash() != entry.Hash)
            Found(AuditProblemKind.Changed, entry.Chain, entry.Sequence, "The entry is not what was hashed: its chain, sequence, time, kind, facts, previous hash or own hash was changed.");
        if (pinned.Remove((entry.Chain, entry.Sequence), out var signed) && signed.Hash != entry.Hash)
            Found(AuditProblemKind.Rewritten, entry.Chain, entry.Sequence, $"Checkpoint {signed.Number} has signed another entry here: the chain was rewritten.");
        if (heads.TryGetValue(entry.Chain, out var head) && head.Sequence == entry.Sequence && head.Hash != entry.Hash)
            Found(AuditProblemKind.HeadDiffers, entry.Chain, entry.Sequence, "The chain's head has another hash than the entry.");
        if (before is null || entry.Sequence > before.Sequence) ends[entry.Chain] = entry;
        last = entry;
    }

    void CheckPlace(AuditEntry entry, AuditEntry? before)
    {
        var expected = (before?.Sequence ?? 0) + 1;
        if (entry.Sequence < expected)
            Found(AuditProblemKind.OutOfOrder, entry.Chain, entry.Sequence, $"It stands where entry {expected} should: entries were reordered or repeated.");
        else if (last?.Chain != entry.Chain && before is not null)
            Found(AuditProblemKind.OutOfOrder, entry.Chain, entry.Sequence, "It stands apart from the rest of its chain.");
        else if (entry.Sequence > expected)
            Found(AuditProblemKind.Gap, entry.Chain, entry.Sequence, entry.Sequence == expected + 1 ? $"Entry {expected} is missing before it." : $"Entries {expected} to {entry.Sequence - 1} are missing before it.");
        else if (entry.Previous != (before?.Hash ?? AuditEntry.Genesis))
            Found(AuditProblemKind.NotLinked, entry.Chain, entry.Sequence, "It does not follow the entry before it: one of the two was replaced.");
    }

    public AuditReport Finish() => Finish([.. heads.Values]);

    /// <param name="headsNow">The heads after the last entry was read: a chain may have grown meanwhile, but not past its head.</param>
    public AuditReport Finish(IReadOnlyList<AuditHead> headsNow)
    {
        var now = headsNow.ToDictionary(h => h.Chain, StringComparer.Ordinal);
        foreach (var head in heads.Values)
        {
            var reached = ends.GetValueOrDefault(head.Chain)?.Sequence ?? 0;
            if (reached < head.Sequence)
                Found(AuditProblemKind.CutOff, head.Chain, reached, $"The chain ends at entry {reached}, but its head is entry {head.Sequence}: entries were cut off.");
        }
        foreach (var end in ends.Values)
        {
            if (!now.TryGetValue(end.Chain, out var head))
                Found(AuditProblemKind.HeadMissing, end.Chain, end.Sequence, "The chain has no head.");
            else if (end.Sequence > head.Sequence)
                Found(AuditProblemKind.BeyondHead, end.Chain, end.Sequence, $"The chain's head is entry {head.Sequence}: entries after it were not entered by Baton.");
        }
        foreach (var ((chain, sequence), (_, number)) in pinned.OrderBy(p => p.Key.Chain, StringComparer.Ordinal).ThenBy(p => p.Key.Sequence))
            Found(AuditProblemKind.CutOff, chain, sequence, $"Checkpoint {number} has signed this entry, and it is not there.");
        if (noted is not null && !isNotedHere)
            Found(AuditProblemKind.CheckpointMissing, AuditProblem.Checkpoints, noted.Number, "The checkpoint noted elsewhere is not here: the trail was put back to an older state, or replaced.");
        return new AuditReport(entries, ends.Count, checkpoints, lastCheckpoint?.Mark, lastCheckpoint?.At, problems, problemCount);
    }

    internal void Found(AuditProblemKind kind, string chain, long sequence, string sentence)
    {
        problemCount++;
        if (problems.Count < ProblemsKept) problems.Add(new AuditProblem(kind, chain, sequence, sentence));
    }
}
