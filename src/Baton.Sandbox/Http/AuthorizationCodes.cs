using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Baton.Sandbox.Routing;
using Baton.Sandbox.Timing;

namespace Baton.Sandbox.Http;

/// <summary>What a person who has signed in takes to a client: once, and for a short while.</summary>
sealed class AuthorizationCodes(World world)
{
    static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    readonly Random chance = Draws.For(world.Options.Seed, "authorization codes");
    readonly Dictionary<string, Code> codes = [];

    public string Issue(OAuthClient client, Agent user, string redirectUri, string challenge)
    {
        var value = chance.NextSecret(32);
        codes.Add(value, new Code(client, user, redirectUri, challenge, world.Now + Lifetime));
        return value;
    }

    /// <summary>Null: unknown, used, expired, another client's, or without what it was asked for with. Whatever the answer, the code is used.</summary>
    public Agent? Redeem(string value, OAuthClient client, string redirectUri, string verifier)
    {
        if (!codes.Remove(value, out var code) || code.Client != client || code.RedirectUri != redirectUri || world.Now >= code.Expires) return null;
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))) == code.Challenge ? code.User : null;
    }

    sealed record Code(OAuthClient Client, Agent User, string RedirectUri, string Challenge, DateTimeOffset Expires);
}
