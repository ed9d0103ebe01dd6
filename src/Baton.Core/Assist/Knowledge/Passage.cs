namespace Baton.Core.Assist.Knowledge;

/// <summary>
/// The part of an article that answers: of all stretches that begin with a sentence, the one whose words, with its section's heading, weigh most in the question. A section that fits is shown whole; of a longer one the
/// stretch begins as late as it can without losing a word, so that what answers is not cut off at its end.
/// </summary>
static class Passage
{
    public const int Longest = 300;
    const string Ellipsis = "…";
    const int Room = Longest - 2;

    /// <summary>A sentence without an end is looked into at every so many characters.</summary>
    const int Stride = Longest / 2;

    public static string Of(Article article, Vocabulary vocabulary, IReadOnlyDictionary<int, double> weights)
    {
        var (best, bestSection, bestStart) = (-1.0, "", 0);
        foreach (var section in article.Sections)
        {
            if (section.Text.Length == 0) continue;
            var window = new Window(weights);
            window.Keep(Hits(section.Heading, vocabulary, weights, []));
            var starts = new List<int> { 0 };
            var hits = Hits(section.Text, vocabulary, weights, starts);
            var fits = section.Text.Length <= Longest;
            int entered = 0, left = 0, leftOfBest = -1;
            foreach (var start in fits ? [0] : starts)
            {
                while (entered < hits.Count && (fits || hits[entered].End <= start + Room)) window.Enter(hits[entered++].Term);
                while (left < entered && hits[left].Start < start) window.Leave(hits[left++].Term);
                var isBetter = window.Weight > best + 1e-9;
                if (isBetter) leftOfBest = left;
                // The same words, with less before them.
                if (isBetter || leftOfBest == left && entered > left && window.Weight > best - 1e-9) (best, bestSection, bestStart) = (window.Weight, section.Text, start);
            }
        }
        return Cut(bestSection, bestStart);
    }

    static List<Hit> Hits(string text, Vocabulary vocabulary, IReadOnlyDictionary<int, double> weights, List<int> starts)
    {
        var hits = new List<Hit>();
        Span<char> buffer = stackalloc char[WordReader.Longest];
        var words = new WordReader(text, buffer);
        var end = 0;
        var latest = 0;
        while (words.Read())
        {
            if (words.Start > 0 && (words.Start - latest >= Stride || EndsSentence(text.AsSpan(end, words.Start - end)))) starts.Add(latest = words.Start);
            end = words.End;
            var term = vocabulary.Find(words);
            if (term >= 0 && weights.ContainsKey(term)) hits.Add(new Hit(term, words.Start, words.End));
        }
        return hits;
    }

    static bool EndsSentence(ReadOnlySpan<char> between) => between.IndexOfAny(".!?") is var at and >= 0 && between[at..].Contains(' ');

    static string Cut(string text, int start)
    {
        var isWithin = start > 0 && !EndsSentence(text.AsSpan(Math.Max(0, start - 2), Math.Min(2, start)));
        var head = isWithin ? Ellipsis : "";
        if (text.Length - start + head.Length <= Longest) return head + text[start..];
        var room = Longest - head.Length - Ellipsis.Length;
        var stretch = text.AsSpan(start, room + 1);
        var cut = stretch.LastIndexOf(' ');
        if (cut <= 0) cut = char.IsHighSurrogate(stretch[room - 1]) ? room - 1 : room;
        return string.Concat(head, stretch[..cut].TrimEnd(), Ellipsis);
    }

    readonly record struct Hit(int Term, int Start, int End);

    /// <summary>The words between two ends, each counted once.</summary>
    sealed class Window(IReadOnlyDictionary<int, double> weights)
    {
        readonly Dictionary<int, int> present = [];

        public double Weight { get; private set; }

        public void Keep(List<Hit> hits)
        {
            foreach (var hit in hits) Enter(hit.Term);
        }

        public void Enter(int term)
        {
            if ((present[term] = present.GetValueOrDefault(term) + 1) == 1) Weight += weights[term];
        }

        public void Leave(int term)
        {
            if (--present[term] == 0) Weight -= weights[term];
        }
    }
}
