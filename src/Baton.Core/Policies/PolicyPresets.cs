using System.Text;

namespace Baton.Core.Policies;

/// <summary>Policies that come with Baton, to use as they are or to extend: <c>default</c>, and the two guides' own rules.</summary>
public static class PolicyPresets
{
    public static IReadOnlyList<string> Names { get; } = ["default", "gate", "escalate"];

    /// <summary>The commented YAML, as one would write it.</summary>
    public static string Text(string name)
    {
        var assembly = typeof(PolicyPresets).Assembly;
        using var stream = assembly.GetManifestResourceStream($"Baton.Core.Policies.Presets.{name}.yaml")
            ?? throw new ArgumentException($"There is no preset {name}; there is {Show.List(Names)}.", nameof(name));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    public static Policy Load(string name)
    {
        var document = PolicyDocument.Parse(Text(name), $"{name}.yaml");
        return document.Policy ?? throw new InvalidOperationException($"A preset of Baton's own is wrong:\n{document.Complaint()}");
    }

    internal static PolicyDraft Draft(string name)
    {
        var errors = new List<PolicyError>();
        return PolicyDraft.Read(new PolicyReader(errors), YamlNode.Read(Text(name), errors)!);
    }
}
