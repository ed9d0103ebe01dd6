namespace Baton.Core.Readings;

/// <summary>The distinct words of a text, for telling whether somebody says nearly the same again.</summary>
readonly struct WordSet
{
    /// <summary>"Yes", "ok thanks": short answers are said again all the time and mean nothing.</summary>
    const int FewestWords = 3;

    readonly ulong[]? hashes;

    WordSet(ulong[] hashes) => this.hashes = hashes;

    public static WordSet None => default;

    public bool SaysSomething => hashes is { Length: >= FewestWords };

    public static WordSet Of(string text)
    {
        var words = new SortedSet<ulong>();
        var hash = StableHash.Start;
        var letters = 0;
        foreach (var character in text)
        {
            if (char.IsLetterOrDigit(character))
            {
                hash = StableHash.Add(hash, char.ToLowerInvariant(character));
                letters++;
            }
            else if (letters > 0 && character is not ('\'' or '’'))
            {
                words.Add(hash);
                (hash, letters) = (StableHash.Start, 0);
            }
        }
        if (letters > 0) words.Add(hash);
        return new WordSet([.. words]);
    }

    /// <summary>Jaccard similarity, 0..1: words both have, of words either has.</summary>
    public double SimilarityTo(WordSet other)
    {
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
