using System.Collections.Frozen;

namespace Baton.Sandbox.Knowledge;

/// <summary>The words of a text that say what it is about, without endings. Enough to find an article by; nobody's real ranking.</summary>
static class Terms
{
    const int ShortestStem = 3;

    /// <summary>Longest first.</summary>
    static readonly string[] Endings = ["ing", "ed", "es", "s", "e"];

    static readonly FrozenSet<string> Fillers = (
        "a an and any are as at be been but by can could did do does for from get had has have hello help hi how i if in into is it its just me my need no not of on or our please so thank thanks that the " +
        "their them then there they this to today up want was we were what when where which who why will with would you your agent customer").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    public static IReadOnlySet<string> Of(string text)
    {
        var letters = string.Create(text.Length, text, (span, from) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = char.IsLetterOrDigit(from[i]) ? char.ToLowerInvariant(from[i]) : ' ';
        });
        return letters.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(w => w.Length > 1 && !Fillers.Contains(w)).Select(Stem).ToHashSet(StringComparer.Ordinal);
    }

    static string Stem(string word)
    {
        if (word.EndsWith("ies", StringComparison.Ordinal) && word.Length > ShortestStem + 2) return word[..^3] + "y";
        foreach (var ending in Endings)
            if (word.Length >= ShortestStem + ending.Length && word.EndsWith(ending, StringComparison.Ordinal)) return word[..^ending.Length];
        return word;
    }
}
