using System.Buffers;

namespace Baton.Core.Assist.Knowledge;

/// <summary>
/// Articles, found by their words: BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) over one weighted count of each word, in which title, headings and tags count as if they stood
/// in the text several times (their BM25F without a length for each field). Immutable, in memory; any number of threads may ask.
/// </summary>
public sealed class ArticleIndex
{
    /// <summary>Of a longer question only the words that weigh most are looked for.</summary>
    const int MostTerms = 32;

    readonly Article[] articles;
    readonly Vocabulary vocabulary;
    readonly KnowledgeOptions options;
    readonly double[] rarity;

    // The articles that have a term are those from starts[term] up to starts[term + 1].
    readonly int[] starts;
    readonly Holder[] holders;
    readonly double unknownRarity;

    ArticleIndex(Article[] articles, Vocabulary vocabulary, KnowledgeOptions options, double[] rarity, int[] starts, Holder[] holders, double unknownRarity)
    {
        (this.articles, this.vocabulary, this.options) = (articles, vocabulary, options);
        (this.rarity, this.starts, this.holders, this.unknownRarity) = (rarity, starts, holders, unknownRarity);
    }

    public static ArticleIndex Empty { get; } = Of([], new KnowledgeOptions());

    public int Count => articles.Length;

    public static ArticleIndex Of(IEnumerable<Article> articles, KnowledgeOptions options)
    {
        // Equal scores are told apart by this order, on every machine the same.
        var sorted = articles.ToArray();
        Array.Sort(sorted, (a, b) => string.CompareOrdinal(a.Id, b.Id));
        var postings = new Postings(options);
        foreach (var article in sorted) postings.Add(article);
        return postings.Finish(sorted);
    }

    /// <summary>What answers the question best, best first; equals by their id.</summary>
    public IReadOnlyList<ArticleMatch> Find(AssistQuery query, int most) => Find(query.CustomerTurns, most);

    /// <param name="turns">What the customer said, newest first.</param>
    internal IReadOnlyList<ArticleMatch> Find(IReadOnlyList<string> turns, int most)
    {
        if (articles.Length == 0 || most <= 0) return [];
        var (terms, whole) = Ask(turns);
        if (terms.Count == 0) return [];
        var scores = ArrayPool<double>.Shared.Rent(articles.Length);
        try
        {
            scores.AsSpan(0, articles.Length).Clear();
            foreach (var (term, weight) in terms)
            {
                foreach (var holder in holders.AsSpan(starts[term]..starts[term + 1])) scores[holder.Article] += weight * holder.Covers;
            }
            var best = Best(scores.AsSpan(0, articles.Length), whole * options.LeastConfidence, most);
            var weights = terms.ToDictionary(t => t.Term, t => t.Weight);
            return [.. best.Select(b => new ArticleMatch(articles[b.Article], b.Score * (options.K1 + 1), Math.Min(b.Score / whole, 1), Passage.Of(articles[b.Article], vocabulary, weights)))];
        }
        finally { ArrayPool<double>.Shared.Return(scores); }
    }

    // Each turn names a word once; a later turn weighs more. Whole is what an article would get that covers every word of the question entirely.
    (IReadOnlyList<(int Term, double Weight)> Terms, double Whole) Ask(IReadOnlyList<string> turns)
    {
        var weights = new Dictionary<int, double>();
        var unknown = new Dictionary<string, int>(StringComparer.Ordinal);
        var said = new HashSet<int>();
        Span<char> buffer = stackalloc char[WordReader.Longest];
        var turnWeight = 1.0;
        foreach (var turn in turns)
        {
            said.Clear();
            var words = new WordReader(turn, buffer);
            while (words.Read())
            {
                var term = vocabulary.Find(words);
                if (term == Vocabulary.Unknown) term = NumberOf(words.Word, unknown);
                if (term != Vocabulary.Ignored && said.Add(term)) weights[term] = weights.GetValueOrDefault(term) + turnWeight * (term < 0 ? unknownRarity : rarity[term]);
            }
            turnWeight *= options.TurnDecay;
        }
        var kept = weights.Select((w, index) => (Term: w.Key, Weight: w.Value, index)).OrderByDescending(w => w.Weight).ThenBy(w => w.index).Take(MostTerms).ToList();
        return ([.. kept.Where(w => w.Term >= 0).Select(w => (w.Term, w.Weight))], kept.Sum(w => w.Weight));
    }

    // What no article says counts against all of them, as much as a word of theirs does in the middle; but a number is an order's or a date, and no article could have it.
    static int NumberOf(ReadOnlySpan<char> word, Dictionary<string, int> unknown)
    {
        if (word.IndexOfAnyInRange('0', '9') >= 0) return Vocabulary.Ignored;
        Span<char> buffer = stackalloc char[WordReader.Longest];
        var stem = Vocabulary.Stem(word, buffer).ToString();
        if (!unknown.TryGetValue(stem, out var number)) unknown[stem] = number = Vocabulary.Unknown - 1 - unknown.Count;
        return number;
    }

    static List<(int Article, double Score)> Best(ReadOnlySpan<double> scores, double least, int most)
    {
        // Few are wanted: a short sorted list beats a heap. A later article with the same score stands behind.
        var best = new List<(int Article, double Score)>(Math.Min(most, 64) + 1);
        for (var i = 0; i < scores.Length; i++)
        {
            var score = scores[i];
            if (score <= 0 || score < least || best.Count == most && score <= best[^1].Score) continue;
            var at = best.Count;
            while (at > 0 && best[at - 1].Score < score) at--;
            best.Insert(at, (i, score));
            if (best.Count > most) best.RemoveAt(most);
        }
        return best;
    }

    /// <param name="Covers">How far the article covers the word, 0..1: BM25's part that does not depend on the question.</param>
    readonly record struct Holder(int Article, float Covers);

    /// <summary>An index while it is built: how often each article has each term, in the order they are read; sorted by term at the end.</summary>
    sealed class Postings(KnowledgeOptions options)
    {
        readonly Vocabulary vocabulary = new();
        readonly List<(int End, int Length)> read = [];
        (int Term, float Count)[] postings = new (int, float)[1024];

        // Where the article that is being read has a term already; below articleStart: it does not have it yet.
        int[] latest = new int[1024];
        int articleStart;
        int count;
        int length;

        public void Add(Article article)
        {
            (articleStart, length) = (count, 0);
            Add(article.Title, (float)options.TitleBoost);
            foreach (var tag in article.Tags) Add(tag, (float)options.HeadingBoost);
            foreach (var section in article.Sections)
            {
                Add(section.Heading, (float)options.HeadingBoost);
                Add(section.Text, 1);
            }
            read.Add((count, length));
        }

        void Add(string text, float weight)
        {
            Span<char> buffer = stackalloc char[WordReader.Longest];
            var words = new WordReader(text, buffer);
            while (words.Read())
            {
                var term = vocabulary.Add(words);
                if (term == Vocabulary.Ignored) continue;
                length++;
                if (term >= latest.Length) Array.Resize(ref latest, Math.Max(term + 1, latest.Length * 2));
                var at = latest[term] - 1;
                if (at < articleStart)
                {
                    if (count == postings.Length) Array.Resize(ref postings, count * 2);
                    at = count++;
                    postings[at].Term = term;
                    latest[term] = at + 1;
                }
                postings[at].Count += weight;
            }
        }

        public ArticleIndex Finish(Article[] articles)
        {
            var terms = vocabulary.Count;
            var starts = new int[terms + 1];
            foreach (var (term, _) in postings.AsSpan(0, count)) starts[term + 1]++;
            for (var term = 0; term < terms; term++) starts[term + 1] += starts[term];

            var mean = read.Count == 0 ? 1 : Math.Max(1, read.Average(r => r.Length));
            var next = starts.AsSpan(0, terms).ToArray();
            var holders = new Holder[count];
            var from = 0;
            for (var article = 0; article < read.Count; article++)
            {
                var (end, words) = read[article];
                var damping = (float)(options.K1 * (1 - options.B + options.B * words / mean));
                foreach (var (term, said) in postings.AsSpan(from..end)) holders[next[term]++] = new Holder(article, said > 0 ? said / (said + damping) : 0);
                from = end;
            }

            var rarity = new double[terms];
            double held = 0;
            for (var term = 0; term < terms; term++)
            {
                var having = starts[term + 1] - starts[term];
                rarity[term] = Math.Log(1 + (articles.Length - having + 0.5) / (having + 0.5));
                held += rarity[term] * having;
            }
            return new ArticleIndex(articles, vocabulary, options, rarity, starts, holders, count == 0 ? 1 : held / count);
        }
    }
}

/// <param name="Score">BM25.</param>
/// <param name="Confidence">Its share, 0..1, of what an article would get that covers every word of the question entirely: higher only when the score is.</param>
/// <param name="Passage">Where the article speaks of it; 300 characters at most.</param>
public sealed record ArticleMatch(Article Article, double Score, double Confidence, string Passage);
