using Baton.Core.Policies;

namespace Baton.Server.Console.Policies;

/// <summary>The policy as it stands, and what somebody is making of it.</summary>
/// <param name="Newest">Numbered 0 while it is in no store.</param>
/// <param name="InForce">The newest, unless that cannot be used here.</param>
/// <param name="Versions">The newest ones.</param>
public sealed record PolicyPageView(PolicyEdition Newest, PolicyEdition InForce, string? Trouble, IReadOnlyList<PolicyEdition> Versions, PolicyEditing Editing)
{
    public const int MostVersions = 50;

    /// <summary>What stands in the editor is not what is saved.</summary>
    public bool HasChanged => Editing.Text != Newest.Text;

    internal static async Task<PolicyPageView> ReadAsync(BatonSystem system, PolicyEditing? editing, CancellationToken ct)
    {
        var versions = await system.Store.ListPoliciesAsync(null, MostVersions, ct);
        var newest = versions.Count > 0 ? versions[0] : system.Policies.InForce;
        return new PolicyPageView(newest, system.Policies.InForce, system.Policies.Trouble, versions, editing ?? new PolicyEditing(newest.Text, newest.Number));
    }
}

/// <summary>What stands in the editor: typed text is never lost, whatever came of it.</summary>
/// <param name="BasedOn">The number of the version it was made from.</param>
public sealed record PolicyEditing(string Text, long BasedOn)
{
    public string? Note { get; init; }
    public int Conversations { get; init; } = PolicyDesk.UsuallyTried;

    /// <summary>Null: not asked for.</summary>
    public IReadOnlyList<PolicyError>? Errors { get; init; }
    public PolicyVersion? Version { get; init; }
    public bool IsTried { get; init; }
    public PolicyPreview? Tried { get; init; }

    /// <summary>Somebody else has saved this meanwhile.</summary>
    public PolicyEdition? Overtaken { get; init; }

    /// <summary>The version that has just been saved.</summary>
    public long? Saved { get; init; }
}
