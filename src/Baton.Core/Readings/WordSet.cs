namespace Baton.Core.Readings;

/// <summary>The distinct words of a text, for telling whether somebody says nearly the same again.</summary>
readonly struct WordSet
{
    /// <summary>"Yes", "ok thanks": short answers are said again all the time and mean nothing.</summary>
    const int FewestWords = 3;

    readonly ulong[]? hashes;

    /// <summary>Of the words with digits in them, in order: the same sentence about another order number is not said again.</summary>
    readonly ulong numbers;

    WordSet(ulong[] hashes, ulong numbers) => (this.hashes, this.numbers) = (hashes, numbers);

    public static WordSet None => default;

    public bool SaysSomething => hashes is { Length: >= FewestWords };

    public static WordSet Of(string text)
    {
        var words = new SortedSet<ulong>();
        var hash = StableHash.Start;
        var letters = 0;
        var hasDigit = false;
        var digits = StableHash.Start;
        foreach (var character in text)
        {
            if (char.IsLetterOrDigit(character))
            {
                hash = StableHash.Add(hash, char.ToLowerInvariant(character));
                letters++;
                hasDigit |= char.IsDigit(character);
            }
            else if (letters > 0 && character is not ('\'' or '’'))
            {
                End();
            }
        }
        if (letters > 0) End();
        return new WordSet([.. words], digits);

        void End()
        {
            words.Add(hash);
            if (hasDigit) digits = StableHash.Add(digits, (char)(hash ^ (hash >> 32)));
            (hash, letters, hasDigit) = (StableHash.Start, 0, false);
        }
    }

    /// <summary>Jaccard similarity, 0..1: words both have, of words either has; 0 when they are about other numbers.</summary>
    public double SimilarityTo(WordSet other)
    {
        if (numbers != other.numbers) return 0;
        if (hashes is null || other.hashes is null || hashes.Length == 0 || other.hashes.Length == 0) return 0;
        int mine = 0, theirs = 0, shared = 0;
        while (mine < hashes.Length && theirs < other.hashes.Length)
        {
            if (hashes[mine] == other.hashes[theirs]) (mine, theirs, shared) = (mine + 1, theirs + 1, shared + 1);
            else if (hashes[mine] < other.hashes[theirs]) mine++;
            else theirs++;
        }
        return (double)shared / (hashes.Length + other.hashes.Length - shared);
    }
}
