using Baton.Sandbox.Routing;
using Baton.Sandbox.Timing;

namespace Baton.Sandbox.Http;

sealed record OAuthClient(string Id, string Secret, IReadOnlySet<string>? Permissions, IReadOnlySet<string>? Scopes, int CallsPerMinute, bool InAnotherRegion)
{
    /// <summary>A client that people sign in with (PKCE): no secret, and only these addresses. Null: client credentials.</summary>
    public IReadOnlySet<string>? RedirectUris { get; init; }

    /// <summary>Null permissions stand for all.</summary>
    public bool Has(string permission) => Permissions?.Contains(permission) != false;

    /// <summary>Null scopes stand for all. Only the guide flavor asks for them.</summary>
    public bool HasScope(string scope) => Scopes?.Contains(scope) != false;
}

/// <summary>A quota counted in a fixed window: it opens with the first call and closes 60 seconds later.</summary>
sealed class RateWindow
{
    static readonly TimeSpan Length = TimeSpan.FromSeconds(60);

    DateTimeOffset end;

    public int Count { get; private set; }

    public int SecondsToReset(DateTimeOffset now) => Math.Max(1, (int)Math.Ceiling((end - now).TotalSeconds));

    public bool Allows(DateTimeOffset now, int perMinute)
    {
        if (now >= end) (end, Count) = (now + Length, 0);
        return ++Count <= perMinute;
    }
}

/// <summary>A quota that a client has for some calls alone, whatever token it sends.</summary>
sealed record Bucket(string Namespace, string Key, int PerMinute);

sealed class Token(string value, OAuthClient client, DateTimeOffset expires)
{
    public string Value { get; } = value;
    public OAuthClient Client { get; } = client;
    public DateTimeOffset Expires { get; set; } = expires;
    public bool Deleted { get; set; }

    /// <summary>The person who signed in; null behind client credentials.</summary>
    public Agent? User { get; init; }
    public RateWindow Window { get; } = new();
}

sealed class TokenOffice(World world)
{
    readonly Random chance = Draws.For(world.Options.Seed, "tokens");
    readonly Dictionary<string, OAuthClient> clients = [];
    readonly Dictionary<string, Token> tokens = [];
    readonly Dictionary<(string Client, string Key), RateWindow> buckets = [];

    /// <summary>Those with a secret.</summary>
    public IEnumerable<OAuthClient> Clients => clients.Values.Where(c => c.RedirectUris is null);

    public void Register(OAuthClient client) => clients[client.Id] = client;

    public OAuthClient? Find(string clientId) => clients.GetValueOrDefault(clientId);

    public AuthorizationCodes Codes { get; } = new(world);

    public Token Issue(OAuthClient client, Agent? user = null)
    {
        var token = new Token(chance.NextSecret(48), client, world.Now + world.Options.TokenLifetime) { User = user };
        tokens.Add(token.Value, token);
        world.Ledger.Append(new() { Kind = LedgerKind.TokenIssued, Client = client.Id });
        return token;
    }

    public Token Check(string? authorization)
    {
        if (authorization is null || !authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) throw Refusals.NoToken();
        if (!tokens.TryGetValue(authorization["Bearer ".Length..].Trim(), out var token) || token.Deleted) throw Refusals.BadToken();
        if (world.Now >= token.Expires) throw Refusals.ExpiredToken();
        return token;
    }

    public RateWindow WindowOf(OAuthClient client, Bucket bucket)
    {
        if (!buckets.TryGetValue((client.Id, bucket.Key), out var window)) buckets.Add((client.Id, bucket.Key), window = new RateWindow());
        return window;
    }

    /// <summary>Expires every token, or those of the client that sent this header.</summary>
    public void ExpireTokens(string? authorization = null)
    {
        var client = authorization is { Length: > 7 } && tokens.TryGetValue(authorization[7..].Trim(), out var sent) ? sent.Client : null;
        foreach (var token in tokens.Values.Where(t => client is null || t.Client == client)) token.Expires = world.Now;
    }
}
