using Baton.Core.Conversations;
using Baton.Core.Policies;
using Baton.Genesys;

namespace Baton.Server;

/// <summary>The policy in force: swapped whole, so that a decision sees one version from start to end; one with errors never gets in.</summary>
public sealed class PolicyHolder(Policy policy)
{
    Policy current = policy;
    public Policy Current => Volatile.Read(ref current);

    public void Swap(Policy next) => Volatile.Write(ref current, next);

    /// <summary>From a file, or a preset by name. Errors are added to the list, each with file and line; null then.</summary>
    public static PolicyHolder? Load(string nameOrFile, GenesysFlavor flavor, List<string> errors) =>
        ReadText(nameOrFile, errors) is { } text && Check(text, nameOrFile, flavor, errors) is { } policy ? new PolicyHolder(policy) : null;

    /// <summary>What the policy asks for and the flavor cannot do, each with line and reason.</summary>
    public static IReadOnlyList<string> CheckAgainst(Policy policy, string nameOrFile, GenesysFlavor flavor) =>
        [.. Unsupported(policy, flavor).Select(e => $"{nameOrFile}: line {e.Line}: {e.Sentence}")];

    /// <summary>The same as they are.</summary>
    public static IReadOnlyList<PolicyError> Unsupported(Policy policy, GenesysFlavor flavor) =>
        policy.CheckAgainst(feature => GenesysContactCenter.UnsupportedFeature(flavor, feature, Media.Message));

    /// <summary>Reads and checks a policy file or a preset; null when <paramref name="errors"/> were added.</summary>
    public static Policy? Read(string nameOrFile, List<string> errors) => ReadText(nameOrFile, errors) is { } text ? Parse(text, nameOrFile, errors) : null;

    /// <summary>A file's text, or a preset's; null when it cannot be read.</summary>
    public static string? ReadText(string nameOrFile, List<string> errors)
    {
        if (PolicyPresets.Names.Contains(nameOrFile)) return PolicyPresets.Text(nameOrFile);
        try
        {
            return File.ReadAllText(nameOrFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add($"The policy '{nameOrFile}' could not be read ({e.Message.TrimEnd('.')}); give a file, or one of the presets {string.Join(", ", PolicyPresets.Names)}.");
            return null;
        }
    }

    /// <summary>A policy's text, as a whole and against what the flavor can do; null when <paramref name="errors"/> were added.</summary>
    public static Policy? Check(string text, string name, GenesysFlavor flavor, List<string> errors)
    {
        if (Parse(text, name, errors) is not { } policy) return null;
        var unsupported = CheckAgainst(policy, name, flavor);
        errors.AddRange(unsupported);
        return unsupported.Count == 0 ? policy : null;
    }

    static Policy? Parse(string text, string name, List<string> errors)
    {
        var document = PolicyDocument.Parse(text, name);
        errors.AddRange(document.Errors.Select(e => $"{name}: line {e.Line}: {e.Sentence}"));
        return document.Policy;
    }
}
