using System.Security.Cryptography;
using System.Text;

namespace Baton.Core.Audit;

/// <summary>
/// One link of a chain; each conversation has its own chain. The chain holds ids, states and salted hashes, never what was said,
/// so erasing a customer's texts and salt leaves it verifiable (design 8).
/// </summary>
/// <param name="Chain">The conversation's id.</param>
/// <param name="Sequence">From 1, without gaps.</param>
/// <param name="Kind">A past-tense fact: <c>handoff.transferConfirmed</c>, <c>decision.recorded</c>.</param>
/// <param name="Facts">A JSON object, as it was hashed: byte for byte.</param>
/// <param name="Previous">The hash of the entry before; 64 zeros for the first.</param>
/// <param name="Hash">SHA-256 over all of the above, lower-case hex.</param>
public sealed record AuditEntry(string Chain, long Sequence, DateTimeOffset At, string Kind, string Facts, string Previous, string Hash)
{
    public const string Genesis = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>The entry that follows <paramref name="head"/>; null begins the chain.</summary>
    public static AuditEntry After(AuditHead? head, string chain, AuditFact fact)
    {
        var sequence = (head?.Sequence ?? 0) + 1;
        var previous = head?.Hash ?? Genesis;
        return new AuditEntry(chain, sequence, fact.At, fact.Kind, fact.Facts, previous, HashOf(chain, sequence, fact.At, fact.Kind, fact.Facts, previous));
    }

    /// <summary>What <see cref="Hash"/> must be; different when a byte of the entry was changed.</summary>
    public string ComputeHash() => HashOf(Chain, Sequence, At, Kind, Facts, Previous);

    // Length-prefixed, so that moving a character from one field to the next changes the hash.
    static string HashOf(string chain, long sequence, DateTimeOffset at, string kind, string facts, string previous)
    {
        string number = sequence.ToString(), instant = at.UtcDateTime.ToString("O");
        var text = $"{chain.Length}:{chain}{number.Length}:{number}{instant.Length}:{instant}{kind.Length}:{kind}{facts.Length}:{facts}{previous.Length}:{previous}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}

/// <summary>An entry and its place among those of all chains.</summary>
public sealed record NumberedEntry(long Number, AuditEntry Entry);

/// <summary>The last entry of a chain.</summary>
public sealed record AuditHead(string Chain, long Sequence, string Hash);

/// <summary>What is to be entered; the store finds its place in the chain inside the transaction of the change it tells of.</summary>
public sealed record AuditFact(DateTimeOffset At, string Kind, string Facts);
