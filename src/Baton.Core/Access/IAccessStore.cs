namespace Baton.Core.Access;

/// <summary>Who may do what through the API, and what was answered to whom.</summary>
public interface IAccessStore
{
    /// <param name="by">Who made it: for the audit trail.</param>
    Task CreateKeyAsync(ApiKey key, string by, CancellationToken ct);
    Task<ApiKey?> FindKeyAsync(string id, CancellationToken ct);

    /// <summary>Oldest first, the revoked ones among them.</summary>
    Task<IReadOnlyList<ApiKey>> ListKeysAsync(CancellationToken ct);

    /// <summary>From then on neither it nor a session begun with it opens anything, in every process. False: there is none, or it is revoked already.</summary>
    Task<bool> RevokeKeyAsync(string id, string by, DateTimeOffset now, CancellationToken ct);

    /// <summary>Notes that a key was used, at most once a minute.</summary>
    Task UsedKeyAsync(string id, DateTimeOffset now, CancellationToken ct);

    /// <summary>Keeps a session that begins. False: the key it was begun with is revoked, or there is none.</summary>
    Task<bool> BeginSessionAsync(Session session, CancellationToken ct);

    /// <summary>Null: there is none, or it has ended. One that has expired may still be found.</summary>
    Task<Session?> FindSessionAsync(string id, CancellationToken ct);

    /// <summary>Those that have not expired, oldest first.</summary>
    Task<IReadOnlyList<Session>> ListSessionsAsync(DateTimeOffset now, CancellationToken ct);

    /// <summary>From then on it opens nothing, in every process. False: there is none, or it has ended already.</summary>
    Task<bool> EndSessionAsync(string id, string by, DateTimeOffset now, CancellationToken ct);

    /// <summary>Notes that a session was used, at most once a minute.</summary>
    Task UsedSessionAsync(string id, DateTimeOffset now, CancellationToken ct);

    /// <summary>The bot whose conversation it is: the first that told a turn of it under a name of its own. Null: none has yet.</summary>
    Task<string?> BotOfAsync(string conversationId, CancellationToken ct);

    /// <summary>Makes a conversation a bot's, unless it is another's; answers whose it is now.</summary>
    Task<string> ClaimForBotAsync(string conversationId, string bot, CancellationToken ct);

    /// <summary>What was answered to this caller under this key.</summary>
    Task<KeptAnswer?> FindAnswerAsync(string caller, string key, CancellationToken ct);

    /// <summary>Keeps an answer for at least a day; one already kept under the key stays.</summary>
    Task KeepAnswerAsync(KeptAnswer answer, CancellationToken ct);
}

/// <summary>An answer that is given again when the same request comes again.</summary>
/// <param name="Caller">The name of the caller's API key: two callers may use the same idempotency key.</param>
/// <param name="Key">The idempotency key.</param>
/// <param name="Fingerprint">A hash of the request: another request under the same key is found by it.</param>
public sealed record KeptAnswer(string Caller, string Key, string Fingerprint, int Status, string? ContentType, string Body, DateTimeOffset At)
{
    /// <summary>Whose texts the answer may hold: erased with the conversation.</summary>
    public string? ConversationId { get; init; }
}
