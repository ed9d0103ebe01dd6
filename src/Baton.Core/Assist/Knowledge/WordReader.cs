using System.Globalization;
using Baton.Core.Readings;

namespace Baton.Core.Assist.Knowledge;

/// <summary>
/// Cuts a text into words, in lower case and without apostrophes, into a buffer that is used again for the next one: nothing is allocated. A character of a script that writes no spaces is a word of its own.
/// </summary>
ref struct WordReader(ReadOnlySpan<char> text, Span<char> buffer)
{
    /// <summary>Of a longer word no more is looked at; the buffer has to hold it.</summary>
    public const int Longest = 64;

    const char Apostrophe = '\'', Curly = '’';

    // Lower case by character; 0 for what is no part of a word.
    static readonly char[] ascii = [.. Enumerable.Range(0, 128).Select(c => char.IsAsciiLetterOrDigit((char)c) ? char.ToLowerInvariant((char)c) : '\0')];

    readonly ReadOnlySpan<char> text = text;
    readonly Span<char> buffer = buffer;
    int position;
    int length;

    public int Start { get; private set; }
    public readonly int End => position;
    public readonly ReadOnlySpan<char> Word => buffer[..length];

    /// <summary>Of the word, all of it.</summary>
    public ulong Hash { get; private set; }

    public bool Read()
    {
        var at = position;
        var lower = '\0';
        while (at < text.Length && (lower = Lower(text[at])) == 0) at++;
        (Start, length, Hash) = (at, 0, StableHash.Start);
        if (at == text.Length)
        {
            position = at;
            return false;
        }
        if (StandsAlone(lower))
        {
            buffer[length++] = lower;
            Hash = StableHash.Add(Hash, lower);
            position = at + 1;
            return true;
        }
        var hash = StableHash.Start;
        while (true)
        {
            hash = StableHash.Add(hash, lower);
            if (length < Longest) buffer[length++] = lower;
            do at++; while (at < text.Length && IsPassedOver(at));
            if (at == text.Length || (lower = Lower(text[at])) == 0 || StandsAlone(lower)) break;
        }
        Hash = hash;
        position = at;
        return true;
    }

    static char Lower(char c) => c < 128 ? ascii[c] : char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : '\0';

    // Inside a word: "don't", and accents that are written behind their letter.
    readonly bool IsPassedOver(int at) => text[at] switch
    {
        Apostrophe or Curly => at + 1 < text.Length && Lower(text[at + 1]) != 0,
        < '\u0300' => false,
        var c => char.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark,
    };

    static bool StandsAlone(char c) => c >= '\u3040' && c is <= '\u30ff' or (>= '\u3400' and <= '\u9fff');
}
