using System.Text.Json;

namespace Baton.Core.Policies;

/// <summary>
/// A folder that says what a policy must decide: <c>policy.yaml</c>, <c>facts.json</c> and <c>decision.json</c>, of which only what is written is compared.
/// What <c>baton policy test</c> runs.
/// </summary>
public sealed record PolicyCase
{
    public required string Name { get; init; }
    public required string PolicyYaml { get; init; }
    public required string FactsJson { get; init; }
    public required string ExpectedJson { get; init; }

    public static PolicyCase Load(string directory) => new()
    {
        Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(directory)),
        PolicyYaml = File.ReadAllText(Path.Combine(directory, "policy.yaml")),
        FactsJson = File.ReadAllText(Path.Combine(directory, "facts.json")),
        ExpectedJson = File.ReadAllText(Path.Combine(directory, "decision.json")),
    };

    /// <summary>Every folder below that holds a case, by name.</summary>
    public static IReadOnlyList<PolicyCase> LoadAll(string directory) =>
        [.. Directory.EnumerateFiles(directory, "decision.json", SearchOption.AllDirectories).Select(file => Path.GetDirectoryName(file)!).Order(StringComparer.Ordinal).Select(Load)];

    public PolicyCaseResult Run()
    {
        var document = PolicyDocument.Parse(PolicyYaml, "policy.yaml");
        if (!document.IsValid) return Failed([.. document.Errors.Select(error => $"policy.yaml:{error.Line}: {error.Sentence}")]);
        PolicyFacts facts;
        JsonDocument expected;
        try
        {
            using var json = JsonDocument.Parse(FactsJson, readable);
            facts = PolicyFacts.Read(json.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            return Failed([$"facts.json: {fault.Message}"]);
        }
        try
        {
            expected = JsonDocument.Parse(ExpectedJson, readable);
        }
        catch (JsonException fault)
        {
            return Failed([$"decision.json: {fault.Message}"]);
        }
        using (expected)
        {
            var decision = document.Policy.Decide(facts.Conversation, facts.Routing, facts.Now);
            return new PolicyCaseResult(Name, PolicyExpectation.Differences(expected.RootElement, decision), decision);
        }
    }

    PolicyCaseResult Failed(IReadOnlyList<string> differences) => new(Name, differences, Decision: null);

    /// <summary>People write these files: comments and a comma too many are fine.</summary>
    static readonly JsonDocumentOptions readable = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
}

/// <param name="Differences">Empty when the case passed.</param>
/// <param name="Decision">Null when the case could not be read.</param>
public sealed record PolicyCaseResult(string Name, IReadOnlyList<string> Differences, Decision? Decision)
{
    public bool Passed => Differences.Count == 0;
}
