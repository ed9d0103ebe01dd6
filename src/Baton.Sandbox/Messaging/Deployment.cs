using Baton.Sandbox.Routing;

namespace Baton.Sandbox.Messaging;

/// <summary>A messenger on somebody's pages.</summary>
/// <param name="Origins">Pages it may be used from; any when null.</param>
/// <param name="Flow">Who answers; the organization's first flow when null.</param>
sealed record Deployment(string Id, string Name, IReadOnlyList<string>? Origins, BotFlow? Flow)
{
    /// <summary>A browser always says where it comes from; who does not is no page.</summary>
    public bool Admits(string? origin) => !string.IsNullOrEmpty(origin) && Origins?.Contains(origin, StringComparer.OrdinalIgnoreCase) != false;
}
