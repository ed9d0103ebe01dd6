using System.Buffers;

namespace Baton.Core.Assist.Knowledge;

/// <summary>
/// Takes the commonest English endings off, so that "charged", "charges" and "charge" are one word. Light on purpose: two words that mean different things should not become one.
/// What comes out is for comparing, not for reading ("deliver" for deliveries, "bil" for bills).
/// </summary>
static class EnglishStem
{
    const int Shortest = 3;
    const int Accents = 0x180;
    static readonly char[] plain = PlainLetters();
    static readonly SearchValues<char> sounding = SearchValues.Create("aeiouy");

    /// <summary>Shortens a word in lower case where it stands; the new length.</summary>
    public static int Of(Span<char> word)
    {
        var length = word.Length;
        if (length <= Shortest || !IsPlain(word)) return length;

        if (word[..length].EndsWith("ies") && length > 4) word[(length -= 2) - 1] = 'y';
        else if (word[..length].EndsWith("sses") || word[..length].EndsWith("shes") || word[..length].EndsWith("ches") || word[..length].EndsWith("xes")) length -= 2;
        else if (word[length - 1] == 's' && word[length - 2] is not ('s' or 'u' or 'i')) length--;

        if (Drops(word[..length], "ing") || Drops(word[..length], "ied")) length -= 3;
        else if (Drops(word[..length], "ed")) length -= 2;
        else if (Drops(word[..length], "ment")) length -= 4;
        else if (Drops(word[..length], "ly")) length -= 2;
        else if (word[..length].EndsWith("ion") && length > 5 && word[length - 4] is 't' or 's') length -= 3;
        if (word[..length].EndsWith("at") && length > 5) length -= 2;

        // What may stand at the end of one form and not of another: charge, charging; delivery, delivered; cancel, cancelled.
        if (length > Shortest && word[length - 1] is 'e') length--;
        else if (length > 4 && word[length - 1] is 'y' && !IsVowel(word[length - 2])) length--;
        if (length > Shortest && word[length - 1] == word[length - 2] && !IsVowel(word[length - 1])) length--;
        return length;
    }

    /// <summary>A letter without its accent; any other character as it is. (Unicode's own decomposition does nothing in a process without cultures.)</summary>
    public static char WithoutAccent(char c) => c < Accents ? plain[c] : c;

    static char[] PlainLetters()
    {
        var letters = Enumerable.Range(0, Accents).Select(c => (char)c).ToArray();
        foreach (var group in "aàáâãäåāăą cçćĉċč dďđ eèéêëēĕėęě gĝğġģ hĥħ iìíîïĩīĭįı jĵ kķ lĺļľŀł nñńņň oòóôõöøōŏő rŕŗř sśŝşš tţťŧ uùúûüũūŭůűų wŵ yýÿŷ zźżž".Split(' '))
            foreach (var accented in group) letters[accented] = group[0];
        return letters;
    }

    static bool Drops(ReadOnlySpan<char> word, ReadOnlySpan<char> ending) =>
        word.Length >= ending.Length + Shortest && word.EndsWith(ending) && word[..^ending.Length].ContainsAny(sounding);

    static bool IsVowel(char c) => c is 'a' or 'e' or 'i' or 'o' or 'u';

    // Numbers and codes stay as they are; so does every other script.
    static bool IsPlain(ReadOnlySpan<char> word) => word.IndexOfAnyExceptInRange('a', 'z') < 0;
}
