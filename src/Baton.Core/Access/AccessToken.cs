using System.Security.Cryptography;
using System.Text;

namespace Baton.Core.Access;

/// <summary>What opens a door: a prefix, an id to look it up by, <c>_</c> and 32 random bytes. Only its hash is stored.</summary>
readonly record struct AccessToken(string Prefix)
{
    const int Longest = 200;

    public (string Id, string Token) New()
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return (id, $"{Prefix}{id}_{secret}");
    }

    /// <summary>The id inside a token; null when the text is none.</summary>
    public string? IdOf(string token)
    {
        if (token.Length > Longest || !token.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var end = token.IndexOf('_', Prefix.Length);
        return end > Prefix.Length && end < token.Length - 1 ? token[Prefix.Length..end] : null;
    }

    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Compared in constant time.</summary>
    public static bool Matches(string token, string hash) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(token)), Encoding.ASCII.GetBytes(hash));
}
