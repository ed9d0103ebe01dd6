using System.Security.Cryptography;
using System.Text;

namespace Baton.Core.Access;

/// <summary>A key to the API. Its token, <c>baton_</c>, the id, <c>_</c> and 32 random bytes, is shown once and kept by nobody here: only its hash is stored.</summary>
/// <param name="Name">Whose it is; the audit trail names it. Several keys may have one name, so that a new one can take the place of an old one.</param>
/// <param name="Hash">SHA-256 of the token, lower-case hex.</param>
public sealed record ApiKey(string Id, string Name, Role Role, string Hash, DateTimeOffset CreatedAt)
{
    const string Prefix = "baton_";
    const int LongestToken = 200;

    /// <summary>To the minute: it is not written at every call.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }

    public static (ApiKey Key, string Token) New(string name, Role role, DateTimeOffset now)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var token = $"{Prefix}{id}_{secret}";
        return (new ApiKey(id, name, role, HashOf(token), now), token);
    }

    /// <summary>The id inside a token; null when the text is none.</summary>
    public static string? IdOf(string token)
    {
        if (token.Length > LongestToken || !token.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var end = token.IndexOf('_', Prefix.Length);
        return end > Prefix.Length && end < token.Length - 1 ? token[Prefix.Length..end] : null;
    }

    /// <summary>Whether this is the key's token, and the key has not been revoked. Compared in constant time.</summary>
    public bool Opens(string token) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(token)), Encoding.ASCII.GetBytes(Hash)) && RevokedAt is null;

    static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}

/// <summary>What a key may do; each role may also do what those before it may. Names are stored; the database's CHECK constraint mirrors them.</summary>
public enum Role
{
    /// <summary>Tells turns, and reads what was decided of its own conversations.</summary>
    Bot,

    /// <summary>Reads conversations and handoffs, asks for suggestions.</summary>
    Agent,

    /// <summary>Everything but keys.</summary>
    Supervisor,
    Admin,
}
