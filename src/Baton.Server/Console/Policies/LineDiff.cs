namespace Baton.Server.Console.Policies;

/// <param name="Before">Its number in the older text; null where it was added.</param>
/// <param name="After">Its number in the newer text; null where it was taken out.</param>
public sealed record DiffLine(int? Before, int? After, string Text)
{
    public string Mark => (Before, After) switch { (null, _) => "+", (_, null) => "−", _ => " " };
    public string Tone => (Before, After) switch { (null, _) => "added", (_, null) => "removed", _ => "same" };
}

/// <summary>What differs between two texts, line by line.</summary>
public static class LineDiff
{
    /// <summary>Beyond it, what differs is shown as taken out and added as a whole: the table of the common lines would take more than it tells.</summary>
    const long MostCells = 4_000_000;

    /// <summary>Lines that stay are shown around a change, so many.</summary>
    const int Around = 3;

    /// <summary>All lines of both.</summary>
    public static IReadOnlyList<DiffLine> Of(string before, string after)
    {
        var (a, b) = (Lines(before), Lines(after));
        var start = 0;
        while (start < a.Length && start < b.Length && a[start] == b[start]) start++;
        var end = 0;
        while (end < a.Length - start && end < b.Length - start && a[^(end + 1)] == b[^(end + 1)]) end++;
        var lines = new List<DiffLine>();
        for (var i = 0; i < start; i++) lines.Add(new DiffLine(i + 1, i + 1, a[i]));
        Middle(a.AsSpan(start, a.Length - start - end), b.AsSpan(start, b.Length - start - end), start, lines);
        for (var i = end; i > 0; i--) lines.Add(new DiffLine(a.Length - i + 1, b.Length - i + 1, a[^i]));
        return lines;
    }

    /// <summary>The changes with a few lines around them, a group where they stand together.</summary>
    public static IReadOnlyList<IReadOnlyList<DiffLine>> Groups(IReadOnlyList<DiffLine> all)
    {
        var groups = new List<IReadOnlyList<DiffLine>>();
        var group = new List<DiffLine>();
        for (var i = 0; i < all.Count; i++)
        {
            var isNear = Enumerable.Range(Math.Max(0, i - Around), Math.Min(all.Count, i + Around + 1) - Math.Max(0, i - Around)).Any(j => all[j].Tone != "same");
            if (isNear) group.Add(all[i]);
            else if (group.Count > 0)
            {
                groups.Add(group);
                group = [];
            }
        }
        if (group.Count > 0) groups.Add(group);
        return groups;
    }

    static void Middle(ReadOnlySpan<string> a, ReadOnlySpan<string> b, int offset, List<DiffLine> lines)
    {
        var common = (long)a.Length * b.Length > MostCells ? null : new int[a.Length + 1, b.Length + 1];
        if (common is not null)
            for (var i = a.Length - 1; i >= 0; i--)
                for (var j = b.Length - 1; j >= 0; j--)
                    common[i, j] = a[i] == b[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        int x = 0, y = 0;
        while (x < a.Length || y < b.Length)
        {
            if (common is not null && x < a.Length && y < b.Length && a[x] == b[y]) lines.Add(new DiffLine(offset + ++x, offset + ++y, a[x - 1]));
            else if (x < a.Length && (common is null || y == b.Length || common[x + 1, y] >= common[x, y + 1])) lines.Add(new DiffLine(offset + ++x, null, a[x - 1]));
            else lines.Add(new DiffLine(null, offset + ++y, b[y - 1]));
        }
    }

    static string[] Lines(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        return lines is [.., ""] ? lines[..^1] : lines;
    }
}
