using System.Security.Cryptography;
using System.Text;

namespace Baton.Core.Audit;

/// <summary>
/// A signed statement of where the chains stood at an instant. A hash chain alone shows a change only to who kept a later hash: whoever owns the database can rewrite a
/// chain from some entry on, recompute every hash after it and move the head, and nothing differs. A checkpoint pins the heads under a key the database does not hold.
/// <para>Each names only the heads that moved since the one before and carries that one's digest, so a signature speaks for all heads at the cost of those that moved.</para>
/// <para>Found by it: an entry changed, removed or inserted at or before a pinned head, with all hashes recomputed or not; a chain cut off below a pinned head; a chain removed;
/// a checkpoint changed, forged or taken out of the middle.</para>
/// <para>Not found by it: what happened to entries after the newest checkpoint (at most the last interval); the whole database put back to an older state, or the newest
/// checkpoints removed together with the entries they pin, unless the number and digest of a later checkpoint were noted elsewhere (<see cref="AuditMark"/>);
/// anything at all done by who holds the private key.</para>
/// </summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Previous">The digest of the checkpoint before; 64 zeros for the first.</param>
/// <param name="Heads">The heads that moved, ordered by chain.</param>
/// <param name="Digest">SHA-256 over all of the above and the key's id, lower-case hex: what is signed.</param>
/// <param name="Signature">Base64.</param>
public sealed record AuditCheckpoint(long Number, DateTimeOffset At, string Previous, IReadOnlyList<AuditHead> Heads, string KeyId, string Digest, string Signature)
{
    public static AuditCheckpoint After(AuditMark? last, IReadOnlyList<AuditHead> moved, DateTimeOffset at, AuditKey key)
    {
        var number = (last?.Number ?? 0) + 1;
        var previous = last?.Digest ?? AuditEntry.Genesis;
        AuditHead[] heads = [.. moved.OrderBy(h => h.Chain, StringComparer.Ordinal)];
        var digest = DigestOf(number, at, previous, heads, key.Id);
        return new AuditCheckpoint(number, at, previous, heads, key.Id, digest, key.Sign(digest));
    }

    /// <summary>What <see cref="Digest"/> must be.</summary>
    public string ComputeDigest() => DigestOf(Number, At, Previous, Heads, KeyId);

    public AuditMark Mark => new(Number, Digest);

    static string DigestOf(long number, DateTimeOffset at, string previous, IReadOnlyList<AuditHead> heads, string keyId)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, number.ToString(), at.UtcDateTime.ToString("O"), previous, keyId, heads.Count.ToString());
        foreach (var head in heads) Append(hash, head.Chain, head.Sequence.ToString(), head.Hash);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Length-prefixed, as in AuditEntry.
    static void Append(IncrementalHash hash, params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields) hash.AppendData(Encoding.UTF8.GetBytes($"{field.Length}:{field}"));
    }
}

/// <summary>A checkpoint in short, to be noted where the database's owner cannot reach: with it a later verification also finds that the whole database was put back.</summary>
public sealed record AuditMark(long Number, string Digest)
{
    public override string ToString() => $"{Number}:{Digest}";

    public static AuditMark? TryParse(string text) =>
        text.Split(':') is [var number, { Length: 64 } digest] && long.TryParse(number, out var n) ? new AuditMark(n, digest) : null;
}
