namespace Baton.Assist;

/// <summary>What the index is compared with: BM25 by reading every word of every article for every question. Words are cut once, beforehand; the question is all it has to look for.</summary>
sealed class LinearScan
{
    readonly string[][] articles;
    readonly double mean;

    public LinearScan(IReadOnlyList<string> markdown)
    {
        articles = [.. markdown.Select(Cut)];
        mean = articles.Average(a => a.Length);
    }

    public int Best(IReadOnlyList<string> turns)
    {
        var terms = turns.SelectMany(Cut).ToHashSet(StringComparer.Ordinal);
        var counts = articles.Select(article => article.Where(terms.Contains).CountBy(word => word).ToDictionary(StringComparer.Ordinal)).ToArray();
        var having = terms.ToDictionary(term => term, term => counts.Count(c => c.ContainsKey(term)), StringComparer.Ordinal);
        var (best, bestScore) = (-1, double.MinValue);
        for (var i = 0; i < articles.Length; i++)
        {
            var score = counts[i].Sum(c => Math.Log(1 + (articles.Length - having[c.Key] + 0.5) / (having[c.Key] + 0.5)) * c.Value * 2.2 / (c.Value + 1.2 * (0.25 + 0.75 * articles[i].Length / mean)));
            if (score > bestScore) (best, bestScore) = (i, score);
        }
        return best;
    }

    /// <summary>What building an index is compared with: the least that a plain one does.</summary>
    public static Dictionary<string, List<(int Article, int Count)>> Count(IReadOnlyList<string> markdown)
    {
        var index = new Dictionary<string, List<(int, int)>>(StringComparer.Ordinal);
        for (var i = 0; i < markdown.Count; i++)
        {
            foreach (var (word, count) in Cut(markdown[i]).CountBy(word => word))
            {
                if (!index.TryGetValue(word, out var holders)) index[word] = holders = [];
                holders.Add((i, count));
            }
        }
        return index;
    }

    static string[] Cut(string text) => text.ToLowerInvariant().Split([' ', '.', '\n', '#', ',', '[', ']', ':', '-'], StringSplitOptions.RemoveEmptyEntries);
}
