using Baton.Core.Access;

namespace Baton.Server.Console;

/// <summary>A page of the console as the navigation names it.</summary>
sealed record Tab(string Name, string Path, Role Least)
{
    static readonly IReadOnlyList<Tab> all =
    [
        new("Live", "/", Role.Agent),
        new("Handoffs", "/handoffs", Role.Agent),
        new("Insights", "/insights", Role.Supervisor),
        new("Policy", "/policy", Role.Supervisor),
        new("Deliveries", "/deliveries", Role.Supervisor),
        new("Audit", "/audit", Role.Supervisor),
        new("Desk", "/desk", Role.Agent),
    ];

    /// <summary>Those that the role may open.</summary>
    public static IEnumerable<Tab> Of(Role role) => all.Where(tab => tab.Least <= role);
}
