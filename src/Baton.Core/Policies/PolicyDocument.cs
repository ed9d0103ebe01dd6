using System.Diagnostics.CodeAnalysis;

namespace Baton.Core.Policies;

/// <summary>A policy's text, read: a checked policy, or everything that is wrong with it.</summary>
public sealed record PolicyDocument
{
    /// <summary>Far more than any policy; what is longer is not one.</summary>
    const int LongestText = 256 * 1024;

    public required string FileName { get; init; }

    /// <summary>Null when there are errors.</summary>
    public Policy? Policy { get; init; }

    /// <summary>In the order of their lines.</summary>
    public IReadOnlyList<PolicyError> Errors { get; init; } = [];

    [MemberNotNullWhen(true, nameof(Policy))]
    public bool IsValid => Policy is not null;

    public static PolicyDocument Parse(string yaml, string fileName)
    {
        var errors = new List<PolicyError>();
        var parts = yaml.Length > LongestText ? TooLong(errors) : Read(yaml, errors);
        return errors.Count == 0 && parts is not null
            ? new PolicyDocument { FileName = fileName, Policy = new Policy(parts) }
            : new PolicyDocument { FileName = fileName, Errors = [.. errors.OrderBy(error => error.Line).ThenBy(error => error.Column)] };
    }

    /// <summary>The errors for a person: <c>policy.yaml:7: triggers.askedForHuman.atLeast is 1.4; allowed is 0 to 1</c>, one a line.</summary>
    public string Complaint() => string.Join('\n', Errors.Select(error => $"{FileName}:{error.Line}: {error.Sentence}"));

    static PolicyParts? Read(string yaml, List<PolicyError> errors)
    {
        if (YamlNode.Read(yaml, errors) is not { } root) return null;
        var reader = new PolicyReader(errors);
        if (root.Kind != YamlKind.Map)
        {
            reader.Fault(root, "", $"the file is {root.Shown}; a policy is a group of keys that begins with \"name: ...\"");
            return null;
        }
        var draft = PolicyDraft.Read(reader, root);
        if (draft.Extends is { } preset)
            draft = draft.Over(PolicyPresets.Draft(preset), root.Entries.First(entry => entry.Key.Text == "extends").Key);
        // Checks of the whole only make sense of a policy whose parts are right: otherwise a misspelled trigger would be told twice.
        return errors.Count == 0 ? PolicyAssembly.Of(draft, reader) : null;
    }

    static PolicyParts? TooLong(List<PolicyError> errors)
    {
        errors.Add(new PolicyError(1, 1, "", $"the file is longer than {LongestText / 1024} KB; that is no policy"));
        return null;
    }
}
