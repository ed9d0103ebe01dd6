namespace Baton.Core.Policies;

/// <summary>The known word somebody probably meant.</summary>
static class Nearest
{
    public static string Suggest(string word, IReadOnlyCollection<string> known)
    {
        var nearest = known.MinBy(candidate => Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant()));
        return nearest is not null && Distance(word.ToLowerInvariant(), nearest.ToLowerInvariant()) <= Math.Max(2, nearest.Length / 3)
            ? $"did you mean {nearest}?"
            : $"allowed is {Show.List(known)}";
    }

    /// <summary>Levenshtein: letters to change, add or leave out.</summary>
    static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
                (row[j], diagonal) = (Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (from[i - 1] == to[j - 1] ? 0 : 1)), row[j]);
        }
        return row[to.Length];
    }
}
