using Baton.Core.Access;
using Microsoft.AspNetCore.Builder;

namespace Baton.Server.Api;

/// <summary>What an endpoint asks of its caller. One without a rule asks for an admin: forgetting a rule opens nothing.</summary>
/// <param name="Least">Null: anyone may call.</param>
sealed record AccessRule(Role? Least)
{
    public static AccessRule Strictest { get; } = new(Role.Admin);

    /// <summary>The vendor's event bus may call with its own key.</summary>
    public bool TakesEventKey { get; init; }

    /// <summary>A bot may only name conversations that no other bot has.</summary>
    public bool OwnConversation { get; init; }
}

static class AccessRules
{
    public static TBuilder For<TBuilder>(this TBuilder endpoints, Role least) where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new AccessRule(least));

    /// <summary>For every role, a bot only in conversations of its own. The route's <c>id</c> is the conversation's.</summary>
    public static TBuilder ForOwnBot<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new AccessRule(Role.Bot) { OwnConversation = true });

    public static TBuilder ForEventBus<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new AccessRule(Role.Bot) { TakesEventKey = true });

    /// <summary>Health, documentation, and callbacks that are known by a signature or an id nobody can guess.</summary>
    public static TBuilder ForAnyone<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new AccessRule((Role?)null));
}
