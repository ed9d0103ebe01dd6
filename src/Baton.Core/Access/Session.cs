namespace Baton.Core.Access;

/// <summary>A person who has signed in to the console. Its token is in the browser's cookie; here only its hash is stored.</summary>
/// <param name="Name">Who it is; the audit trail names them.</param>
/// <param name="Hash">SHA-256 of the token, lower-case hex.</param>
public sealed record Session(string Id, string Name, Role Role, string Hash, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>A working day, whatever is done in it.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    static readonly AccessToken Format = new("session_");

    /// <summary>The API key it was begun with: it ends with it. Null: the person signed in with the platform.</summary>
    public string? KeyId { get; init; }

    /// <summary>The person's id on the platform, where they signed in with it.</summary>
    public string? UserId { get; init; }

    /// <summary>To the minute: it is not written at every call.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public static (Session Session, string Token) New(string name, Role role, DateTimeOffset now)
    {
        var (id, token) = Format.New();
        return (new Session(id, name, role, AccessToken.HashOf(token), now, now + Lifetime), token);
    }

    /// <summary>The id inside a token; null when the text is none.</summary>
    public static string? IdOf(string token) => Format.IdOf(token);

    /// <summary>Whether this is the session's token, and the session has not expired. Compared in constant time.</summary>
    public bool Opens(string token, DateTimeOffset now) => AccessToken.Matches(token, Hash) && now < ExpiresAt;
}
