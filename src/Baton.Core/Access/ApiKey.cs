namespace Baton.Core.Access;

/// <summary>A key to the API. Its token, <c>baton_</c>, the id, <c>_</c> and 32 random bytes, is shown once and kept by nobody here: only its hash is stored.</summary>
/// <param name="Name">Whose it is; the audit trail names it. Several keys may have one name, so that a new one can take the place of an old one.</param>
/// <param name="Hash">SHA-256 of the token, lower-case hex.</param>
public sealed record ApiKey(string Id, string Name, Role Role, string Hash, DateTimeOffset CreatedAt)
{
    static readonly AccessToken Format = new("baton_");

    /// <summary>To the minute: it is not written at every call.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }

    public static (ApiKey Key, string Token) New(string name, Role role, DateTimeOffset now)
    {
        var (id, token) = Format.New();
        return (new ApiKey(id, name, role, AccessToken.HashOf(token), now), token);
    }

    /// <summary>The id inside a token; null when the text is none.</summary>
    public static string? IdOf(string token) => Format.IdOf(token);

    /// <summary>Whether this is the key's token, and the key has not been revoked. Compared in constant time.</summary>
    public bool Opens(string token) => AccessToken.Matches(token, Hash) && RevokedAt is null;
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
