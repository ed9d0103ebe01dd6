using Baton.Core.Audit;

namespace Baton.Tests.Audit;

public sealed class AuditFileTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void An_entry_comes_back_from_its_line_byte_for_byte()
    {
        var trail = Trail.Of(("a", 1));
        trail.Enter("a", "{ \"by\" : \"Zoë \\u2013 <&> \\\"\" }");
        var entry = trail.Entries[1];

        var line = AuditFile.LineOf(entry);

        line.ShouldNotContain("\n");
        var read = AuditFile.EntryOf(line).ShouldNotBeNull();
        read.ShouldBe(entry);
        read.ComputeHash().ShouldBe(entry.Hash);
    }

    [Fact]
    public async Task A_file_of_lines_verifies_without_the_database()
    {
        var report = await Verify(Lines(Trail.Of(("a", 3), ("b", 2))));

        report.Problems.ShouldBeEmpty();
        report.Entries.ShouldBe(5);
    }

    [Fact]
    public async Task A_changed_byte_is_found()
    {
        var lines = Lines(Trail.Of(("a", 3), ("b", 2)));
        lines[1] = lines[1].Replace("prepared", "preparee");

        (await Verify(lines)).Problems.Select(p => (p.Kind, p.Chain, p.Sequence)).ShouldBe([(AuditProblemKind.Changed, "a", 2L)]);
    }

    [Fact]
    public async Task A_line_moved_to_another_place_is_found()
    {
        var lines = Lines(Trail.Of(("a", 3), ("b", 2)));
        var moved = lines[1];
        lines.RemoveAt(1);
        lines.Add(moved);

        (await Verify(lines)).Problems.ShouldContain(p => p.Kind == AuditProblemKind.OutOfOrder && p.Chain == "a" && p.Sequence == 2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("""{"entry":{"chain":"a"}}""")]
    [InlineData("""{"head":{"chain":"a","sequence":3,"hash":"x"}}""")]
    public async Task A_line_that_is_none_of_ours_is_named_by_its_number(string line)
    {
        var lines = Lines(Trail.Of(("a", 3)));
        lines.Add(line);

        (await Verify(lines)).Problems.ShouldBe([new AuditProblem(AuditProblemKind.Malformed, AuditProblem.Lines, 4, "This is no line of an audit file, or stands in the wrong place.")]);
    }

    [Fact]
    public async Task Heads_and_checkpoints_count_only_before_the_first_entry()
    {
        var trail = Trail.Of(("a", 3));
        var head = """{"head":{"chain":"a","sequence":4,"hash":"x"}}""";

        var report = await AuditFile.VerifyAsync(new StringReader(string.Join('\n', (string[])[head, .. Lines(trail)])), null, null, Ct);
        report.Problems.Select(p => (p.Kind, p.Chain, p.Sequence)).ShouldBe([(AuditProblemKind.CutOff, "a", 3L)]);
        (await Verify([.. Lines(trail), head])).Problems.Select(p => (p.Kind, p.Sequence)).ShouldBe([(AuditProblemKind.Malformed, 4L)]);
    }

    // Without heads a file is judged entry by entry; heads have their own tests.
    static List<string> Lines(Trail trail) => [.. trail.Entries.Select(AuditFile.LineOf)];

    static async Task<AuditReport> Verify(List<string> lines)
    {
        var report = await AuditFile.VerifyAsync(new StringReader(string.Join('\n', lines) + "\n"), null, null, Ct);
        var others = report.Problems.Where(p => p.Kind != AuditProblemKind.HeadMissing).ToList();
        return report with { Problems = others };
    }
}
