using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Baton.Core.Deliveries;

/// <summary>A shared secret and the signature it makes, as the Standard Webhooks specification has it: <c>v1,base64(hmac-sha256(secret, id.timestamp.body))</c>.</summary>
public sealed class WebhookSecret
{
    const string Prefix = "whsec_";
    const int LeastBytes = 24;
    const int MostBytes = 64;
    readonly byte[] key;

    WebhookSecret(byte[] key) => this.key = key;

    /// <summary>Null when the text is no secret: <c>whsec_</c> and base64 of 24 to 64 bytes.</summary>
    public static WebhookSecret? Parse(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text[Prefix.Length..], bytes, out var length) && length is >= LeastBytes and <= MostBytes ? new WebhookSecret(bytes[..length]) : null;
    }

    public string Sign(string id, DateTimeOffset at, string body) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{id}.{Timestamp(at)}.{body}")));

    /// <summary>
    /// Whether a message that came in was signed with one of the secrets, over its bytes as received, and not too long ago. Compared in constant time: how far a wrong signature is right tells nobody anything.
    /// </summary>
    /// <param name="signatures">The header: one or more, separated by spaces.</param>
    /// <param name="tolerance">How far the sender's clock may be off, and how old a message may be.</param>
    public static bool Verifies(IReadOnlyList<WebhookSecret> secrets, string id, string timestamp, ReadOnlySpan<byte> body, string signatures, DateTimeOffset now, TimeSpan tolerance)
    {
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > MostSeconds) return false;
        if ((now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() > tolerance) return false;
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var verifies = false;
        foreach (var signature in signatures.Split(' ', MostSignatures + 1, StringSplitOptions.RemoveEmptyEntries).Take(MostSignatures))
        {
            var given = Encoding.UTF8.GetBytes(signature);
            foreach (var secret in secrets) verifies |= CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes("v1," + Convert.ToBase64String(HMACSHA256.HashData(secret.key, signed))));
        }
        return verifies;
    }

    /// <summary>The year 9999: no date can be made of more.</summary>
    const long MostSeconds = 253_402_300_799;

    /// <summary>A rotation has two.</summary>
    const int MostSignatures = 8;

    /// <summary>Seconds since 1970, as the header <c>webhook-timestamp</c> has it.</summary>
    public static string Timestamp(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>Never shown.</summary>
    public override string ToString() => Prefix + "***";
}
