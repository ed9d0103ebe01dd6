using Baton.Core.Access;
using Microsoft.AspNetCore.Http;

namespace Baton.Server.Api;

/// <summary>Who calls, once the gate has let them in.</summary>
/// <param name="Name">The key's name, or the person's: what the audit trail says.</param>
/// <param name="KeyId">The key sent, or the one signed in with. Null where none was needed.</param>
sealed record Caller(string Name, Role Role, string? KeyId)
{
    /// <summary>Where a person has signed in: came with the cookie.</summary>
    public string? SessionId { get; init; }

    /// <summary>The person's id on the platform, where they signed in with it.</summary>
    public string? UserId { get; init; }

    public static Caller Of(Session session) => new(session.Name, session.Role, session.KeyId) { SessionId = session.Id, UserId = session.UserId };

    /// <summary>Whoever can reach a server that listens on this machine alone and needs no keys.</summary>
    public static Caller Local { get; } = new("local", Role.Admin, null);

    /// <summary>The vendor's event bus, known by the key in the settings.</summary>
    public static Caller EventBus { get; } = new("events", Role.Bot, null);

    public static Caller? Of(HttpContext context) => context.Features.Get<Caller>();

    /// <summary>How an endpoint gets it as a parameter.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context));
}
