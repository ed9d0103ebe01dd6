using Baton.Server.Console.Policies;

namespace Baton.EndToEnd.Tests.Console;

public sealed class LineDiffTests
{
    static string Show(string before, string after) => string.Join(' ', LineDiff.Of(before, after).Select(l => $"{l.Before}{l.Mark.Trim()}{l.After}:{l.Text}"));

    [Theory]
    [InlineData("a\nb\nc\n", "a\nb\nc", "11:a 22:b 33:c")]
    [InlineData("a\nb\nc", "a\nx\nc", "11:a 2−:b +2:x 33:c")]
    [InlineData("a\nc", "a\nb\nc", "11:a +2:b 23:c")]
    [InlineData("a\r\nb", "b", "1−:a 21:b")]
    [InlineData("a\na\nb", "a\nb", "11:a 2−:a 32:b")]
    [InlineData("", "a", "+1:a")]
    [InlineData("", "", "")]
    public void Lines_are_kept_taken_out_or_added(string before, string after, string shown) => Show(before, after).ShouldBe(shown);

    [Fact]
    public void Changes_stand_with_three_lines_around_them_and_far_apart_in_groups()
    {
        var before = string.Join('\n', Enumerable.Range(1, 40));
        var groups = LineDiff.Groups(LineDiff.Of(before, before.Replace("\n10\n", "\nten\n", StringComparison.Ordinal).Replace("\n30\n", "\n", StringComparison.Ordinal)));
        groups.Select(g => (g[0].Before, g[^1].Before, g.Count)).ShouldBe([(7, 13, 8), (27, 33, 7)]);
        LineDiff.Groups(LineDiff.Of(before, before)).ShouldBeEmpty();
    }

    [Fact]
    public void Both_texts_can_be_read_out_of_it_whatever_they_are()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            string[] a = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => $"{random.Next(4)}")], b = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => $"{random.Next(4)}")];
            var diff = LineDiff.Of(string.Join('\n', a), string.Join('\n', b));
            diff.Where(l => l.Before is not null).Select(l => (l.Before!.Value, l.Text)).ShouldBe(a.Select((text, i) => (i + 1, text)));
            diff.Where(l => l.After is not null).Select(l => (l.After!.Value, l.Text)).ShouldBe(b.Select((text, i) => (i + 1, text)));
        }
    }

    [Fact]
    public void Two_long_texts_that_have_little_in_common_are_shown_as_a_whole()
    {
        var (a, b) = (string.Join('\n', Enumerable.Range(0, 9_000)), string.Join('\n', Enumerable.Range(0, 9_000).Select(i => $"x{i}")));
        var diff = LineDiff.Of(a, b);
        (diff.Count, diff.Count(l => l.Tone == "removed"), diff.Count(l => l.Tone == "added")).ShouldBe((18_000, 9_000, 9_000));
    }
}
