namespace Baton.Core.Assist.Knowledge;

/// <summary>
/// Which words are the same one, numbered. Written while an index is built, only read afterwards, by any number of threads.
/// Words as written are known by their 64-bit hash alone, so that looking one up touches one place in memory; of a million words, two with the same hash turn up once in ten million vocabularies.
/// </summary>
sealed class Vocabulary
{
    /// <summary>A word that nobody asks by.</summary>
    public const int Ignored = -1;

    /// <summary>A word that no article has.</summary>
    public const int Unknown = -2;

    // Open addressing; 0 is a free place, and a power of two of them at least half of which are free.
    (ulong Hash, int Term)[] written = new (ulong, int)[1024];
    int count;
    readonly Dictionary<string, int> stems = new(StringComparer.Ordinal);
    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> stemsBySpan;

    public Vocabulary() => stemsBySpan = stems.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Count => stems.Count;

    public int Add(in WordReader word)
    {
        var at = PlaceOf(written, word.Hash);
        if (written[at].Hash != 0) return written[at].Term;
        var term = Ignored;
        if (!StopWords.Has(word.Word))
        {
            Span<char> buffer = stackalloc char[WordReader.Longest];
            var stem = Stem(word.Word, buffer);
            if (!stemsBySpan.TryGetValue(stem, out term)) stemsBySpan[stem] = term = stems.Count;
        }
        written[at] = (word.Hash, term);
        if (++count * 2 > written.Length) Grow();
        return term;
    }

    public int Find(in WordReader word)
    {
        var (hash, term) = written[PlaceOf(written, word.Hash)];
        if (hash != 0) return term;
        if (StopWords.Has(word.Word)) return Ignored;
        Span<char> buffer = stackalloc char[WordReader.Longest];
        return stemsBySpan.TryGetValue(Stem(word.Word, buffer), out term) ? term : Unknown;
    }

    /// <summary>A word as it is compared, in a buffer that has room for it.</summary>
    public static ReadOnlySpan<char> Stem(ReadOnlySpan<char> word, Span<char> buffer)
    {
        for (var i = 0; i < word.Length; i++) buffer[i] = EnglishStem.WithoutAccent(word[i]);
        return buffer[..EnglishStem.Of(buffer[..word.Length])];
    }

    // Where it is, or the free place where it belongs.
    static int PlaceOf((ulong Hash, int Term)[] places, ulong hash)
    {
        var mask = places.Length - 1;
        var at = (int)(hash ^ (hash >> 32)) & mask;
        while (places[at].Hash != hash && places[at].Hash != 0) at = (at + 1) & mask;
        return at;
    }

    void Grow()
    {
        var larger = new (ulong Hash, int Term)[written.Length * 2];
        foreach (var one in written)
            if (one.Hash != 0) larger[PlaceOf(larger, one.Hash)] = one;
        written = larger;
    }
}
