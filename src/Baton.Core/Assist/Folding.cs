using Baton.Core.Readings;

namespace Baton.Core.Assist;

/// <summary>Near-duplicates across sources become one suggestion that names them all: an agent must not read the same article three times.</summary>
static class Folding
{
    /// <summary>Beyond it nobody looks, and comparing each with each costs.</summary>
    const int MostCompared = 200;

    /// <param name="ranked">Best first.</param>
    /// <param name="offered">What the request has offered already.</param>
    /// <param name="sameFrom">From this share of common words on, two are the same.</param>
    /// <returns>New ones, best first, each with its sources; and the offered ones that were suggested again.</returns>
    public static (IReadOnlyList<Folded> New, IReadOnlyList<Suggestion> Again) Fold(IReadOnlyList<Ranked> ranked, IReadOnlyList<Suggestion> offered, double sameFrom, int most)
    {
        var known = offered.Select(s => new Known(s.Subject, s.Title, Words(s.Title, s.Content), [.. s.Sources], s)).ToList();
        var folded = new List<Folded>();
        foreach (var one in ranked.Take(MostCompared))
        {
            var candidate = one.Candidate;
            var words = Words(candidate.Title, candidate.Content);
            if (known.Find(k => k.IsSame(candidate, words, sameFrom)) is { } same)
            {
                if (!same.Sources.Contains(candidate.Source)) same.Sources.Add(candidate.Source);
                continue;
            }
            // What comes after the last that is shown may still add its source to one that is.
            if (folded.Count >= most) continue;
            var fresh = new Known(candidate.Subject, candidate.Title, words, [candidate.Source], null);
            known.Add(fresh);
            folded.Add(new Folded(one, fresh.Sources));
        }
        var again = known.Where(k => k.Offered is { } was && k.Sources.Count > was.Sources.Count).Select(k => k.Offered! with { Sources = k.Sources, Version = k.Offered.Version + 1 }).ToList();
        return (folded, again);
    }

    // A title says more than a sentence of the text, and short texts differ by a word.
    static WordSet Words(string title, string content) => WordSet.Of($"{title} {content}");

    sealed record Known(string Subject, string Title, WordSet Words, List<string> Sources, Suggestion? Offered)
    {
        // Sources quote different passages of one article: by its title it is known across them. Within a source two of one title are two.
        public bool IsSame(Candidate other, WordSet words, double sameFrom) => Subject == other.Subject || Words.SimilarityTo(words) >= sameFrom
            || (!Sources.Contains(other.Source) && Title.Equals(other.Title, StringComparison.OrdinalIgnoreCase));
    }
}

sealed record Folded(Ranked Ranked, IReadOnlyList<string> Sources);
