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

    /// <summary>Seconds since 1970, as the header <c>webhook-timestamp</c> has it.</summary>
    public static string Timestamp(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>Never shown.</summary>
    public override string ToString() => Prefix + "***";
}
