using Baton.Core.Policies;
using Shouldly;
using Xunit;

namespace Baton.Tests.Policies;

public sealed class PolicyCaseTests
{
    static readonly string folder = Path.Combine(AppContext.BaseDirectory, "Policies", "Cases");

    public static TheoryData<string> Cases => [.. Directory.GetDirectories(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Decides_as_the_folder_says(string name) => PolicyCase.Load(Path.Combine(folder, name)).Run().Differences.ShouldBeEmpty();

    [Fact]
    public void All_cases_are_found() => PolicyCase.LoadAll(folder).Count.ShouldBe(Cases.Count);

    static PolicyCase Case(string facts, string expected) => new() { Name = "x", PolicyYaml = PolicyPresets.Text("default"), FactsJson = facts, ExpectedJson = expected };

    [Fact]
    public void A_difference_says_what_was_expected_what_came_and_why()
    {
        var differences = Case("""{"turns": [{"from": "customer", "text": "agent please"}]}""", """{"outcome": "stay", "queue": "VIP"}""").Run().Differences;
        differences[0].ShouldBe("outcome: expected stay, got HandOff");
        differences[1].ShouldBe("queue: expected VIP, got Support");
        differences[2].ShouldContain("askedForHuman");
    }

    [Theory]
    [InlineData("""{"turn": []}""", "{}", "did you mean turns?")]
    [InlineData("""{"turns": [{"from": "custommer", "text": "x"}]}""", "{}", "custommer")]
    [InlineData("{", "{}", "facts.json")]
    [InlineData("{}", """{"outcom": "stay"}""", "did you mean outcome?")]
    [InlineData("{}", "[]", "decision.json")]
    public void A_misspelled_case_fails_instead_of_passing_by_chance(string facts, string expected, string says)
    {
        var result = Case(facts, expected).Run();
        result.Passed.ShouldBeFalse();
        result.Differences.ShouldContain(difference => difference.Contains(says));
    }
}
