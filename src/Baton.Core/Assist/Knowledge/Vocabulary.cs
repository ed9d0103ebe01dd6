namespace Baton.Core.Assist.Knowledge;

/// <summary>Which words are the same one, numbered. Written while an index is built, only read afterwards, by any number of threads.</summary>
sealed class Vocabulary
{
    /// <summary>A word that nobody asks by.</summary>
    public const int Ignored = -1;

    /// <summary>A word that no article has.</summary>
    public const int Unknown = -2;

    // As written, so that each way of writing a word is looked at closely only once.
    readonly Dictionary<string, int> written = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> stems = new(StringComparer.Ordinal);
    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> writtenBySpan;
    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> stemsBySpan;

    public Vocabulary()
    {
        writtenBySpan = written.GetAlternateLookup<ReadOnlySpan<char>>();
        stemsBySpan = stems.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public int Count => stems.Count;

    public int Add(ReadOnlySpan<char> word)
    {
        if (writtenBySpan.TryGetValue(word, out var term)) return term;
        if (StopWords.Has(word)) term = Ignored;
        else
        {
            Span<char> buffer = stackalloc char[WordReader.Longest];
            var stem = Stem(word, buffer);
            if (!stemsBySpan.TryGetValue(stem, out term)) stemsBySpan[stem] = term = stems.Count;
        }
        writtenBySpan[word] = term;
        return term;
    }

    public int Find(ReadOnlySpan<char> word)
    {
        if (writtenBySpan.TryGetValue(word, out var term)) return term;
        if (StopWords.Has(word)) return Ignored;
        Span<char> buffer = stackalloc char[WordReader.Longest];
        return stemsBySpan.TryGetValue(Stem(word, buffer), out term) ? term : Unknown;
    }

    /// <summary>A word as it is compared, in a buffer that has room for it.</summary>
    public static ReadOnlySpan<char> Stem(ReadOnlySpan<char> word, Span<char> buffer)
    {
        for (var i = 0; i < word.Length; i++) buffer[i] = EnglishStem.WithoutAccent(word[i]);
        return buffer[..EnglishStem.Of(buffer[..word.Length])];
    }
}
