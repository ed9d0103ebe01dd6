using Baton.Genesys.Platform;

namespace Baton.Genesys;

/// <summary>Whether the OAuth client may do one thing that Baton does.</summary>
/// <param name="Permission">As the vendor's role editor names it.</param>
/// <param name="For">What Baton needs it for.</param>
/// <param name="IsOptional">Baton does without it.</param>
public sealed record PermissionCheck(string Permission, string For, bool IsGranted, bool IsOptional)
{
    /// <summary>What the platform flavor needs, as it is to be set up; nothing is asked.</summary>
    public static IReadOnlyList<(string Permission, string For)> Needed { get; } = [.. PlatformPermissions.All.Select(p => (p.Permission, p.For))];
}
