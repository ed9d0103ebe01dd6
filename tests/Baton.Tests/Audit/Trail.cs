using Baton.Core.Audit;

namespace Baton.Tests.Audit;

/// <summary>An audit trail in memory, and what somebody who owns it could do to it.</summary>
sealed class Trail
{
    public static readonly DateTimeOffset Now = new DateTimeOffset(2026, 5, 4, 9, 30, 0, TimeSpan.Zero).AddTicks(1_234_567);

    public List<AuditEntry> Entries { get; } = [];
    public Dictionary<string, AuditHead> Heads { get; } = [];
    public List<AuditCheckpoint> Checkpoints { get; } = [];

    /// <summary>Chains of so many entries each, in the order a store reads them.</summary>
    public static Trail Of(params (string Chain, int Entries)[] chains)
    {
        var trail = new Trail();
        foreach (var (chain, count) in chains)
            for (var i = 0; i < count; i++) trail.Enter(chain, $$"""{"n":{{i}}}""");
        return trail;
    }

    public void Enter(string chain, string facts)
    {
        var entry = AuditEntry.After(Heads.GetValueOrDefault(chain), chain, new AuditFact(Now, "handoff.prepared", facts));
        var end = Entries.FindLastIndex(e => e.Chain == chain);
        Entries.Insert(end < 0 ? Entries.Count : end + 1, entry);
        Heads[chain] = new AuditHead(chain, entry.Sequence, entry.Hash);
    }

    public AuditCheckpoint Checkpoint(AuditKey key)
    {
        var pinned = Checkpoints.SelectMany(c => c.Heads).ToHashSet();
        var checkpoint = AuditCheckpoint.After(Checkpoints.LastOrDefault()?.Mark, [.. Heads.Values.Where(h => !pinned.Contains(h))], Now, key);
        Checkpoints.Add(checkpoint);
        return checkpoint;
    }

    public void Change(string chain, long sequence, Func<AuditEntry, AuditEntry> change)
    {
        var at = Entries.FindIndex(e => e.Chain == chain && e.Sequence == sequence);
        Entries[at] = change(Entries[at]);
    }

    /// <summary>Writes the chain anew from an entry on, with every hash and the head as they would have been.</summary>
    public void Rewrite(string chain, long from, Func<string, string> facts)
    {
        var old = Entries.Where(e => e.Chain == chain && e.Sequence >= from).ToList();
        CutOff(chain, from - 1);
        foreach (var entry in old) Enter(chain, facts(entry.Facts));
    }

    /// <summary>Removes what comes after an entry and puts the head back to it.</summary>
    public void CutOff(string chain, long after)
    {
        Entries.RemoveAll(e => e.Chain == chain && e.Sequence > after);
        var end = Entries.LastOrDefault(e => e.Chain == chain);
        if (end is null) Heads.Remove(chain);
        else Heads[chain] = new AuditHead(chain, end.Sequence, end.Hash);
    }

    public AuditReport Verify(AuditKey? key = null, AuditMark? noted = null)
    {
        var verifier = new AuditVerifier(key, noted);
        foreach (var checkpoint in Checkpoints) verifier.Add(checkpoint);
        foreach (var head in Heads.Values) verifier.Add(head);
        foreach (var entry in Entries) verifier.Add(entry);
        return verifier.Finish();
    }

    public IEnumerable<(AuditProblemKind, string, long)> Problems(AuditKey? key = null, AuditMark? noted = null) =>
        Verify(key, noted).Problems.Select(p => (p.Kind, p.Chain, p.Sequence));
}
