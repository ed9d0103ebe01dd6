namespace Baton.Core.Policies;

/// <summary>Every version of the policy that was ever entered. Rows are only added: the way back is a new version with an old text.</summary>
public interface IPolicyStore
{
    /// <summary>Adds a version and numbers it, unless another has come after the one it is based on: then nothing is added, and that one is answered.</summary>
    /// <param name="basedOn">The number of the version that was the newest when this one was made; 0 when there was none.</param>
    Task<PolicySave> SavePolicyAsync(PolicyEdition policy, long basedOn, CancellationToken ct);

    /// <summary>The newest at all, or of this source; null when there is none.</summary>
    Task<PolicyEdition?> NewestPolicyAsync(PolicySource? source, CancellationToken ct);

    Task<PolicyEdition?> FindPolicyAsync(long number, CancellationToken ct);

    /// <summary>Newest first; only those before this number, when one is given.</summary>
    Task<IReadOnlyList<PolicyEdition>> ListPoliciesAsync(long? before, int limit, CancellationToken ct);
}

/// <summary>A policy's text as somebody entered it.</summary>
/// <param name="Number">1 for the first in a store; 0 while it is in none.</param>
/// <param name="Version">As the text gave it when it was entered.</param>
/// <param name="By">Who entered it; for a file its name in the settings.</param>
public sealed record PolicyEdition(long Number, PolicyVersion Version, string Text, string By, DateTimeOffset At, PolicySource Source)
{
    public string? Note { get; init; }
}

public enum PolicySource
{
    /// <summary>What the settings name: a file that an engineer edits, or a preset.</summary>
    File,

    /// <summary>A supervisor, in the console or over the API.</summary>
    Console,

    /// <summary>An old version taken again.</summary>
    Restored,
}

/// <param name="Edition">What was added, with its number; else the newer version that kept it out.</param>
public sealed record PolicySave(PolicyEdition Edition, bool IsSaved);
