using Baton.Core.Assist.Knowledge;

namespace Baton.Core.Assist.Scoring;

/// <summary>
/// How well an option that has nothing but a name fits what was said. The parts, and what each weighs:
/// <list type="bullet">
/// <item>Words of the name in the agent's query: the share of the name found there and the share of the query it explains, 1 each. A word weighs by how few options have it (BM25's idf).</item>
/// <item>The same in the customer's last turn, 0.3 and 1; in the customer's turn before and in the agent's last one, the share of the name, 0.1 each.</item>
/// <item>A query that is a question wants an option that asks, any other of some length one that does not: 0.15 either way.</item>
/// <item>What the agent has asked already is not asked again: -0.1.</item>
/// <item>From conversations before this one (<see cref="OptionMemory"/>): whether the query is worded like what agents then wrote under this option, 2; whether the customer's turn is like the ones it followed, 2;
/// how often it was taken after the option taken last, 1.</item>
/// <item>Each place further down in the order offered, where that order counts: -0.4.</item>
/// </list>
/// The weights were chosen by hand on the development part of STAR; see docs/performance-assist.md.
/// </summary>
sealed class OptionScorer
{
    const double Like = 0.7;
    const int LikeFrom = 4;
    const int ShortestInitials = 3;

    readonly Dictionary<string, (string Word, string Stem)[]> names;
    readonly Dictionary<string, double> rarity;
    readonly double unknownRarity;

    public OptionScorer(IEnumerable<string> options)
    {
        names = options.Distinct(StringComparer.Ordinal).ToDictionary(o => o, o => Spoken.Of(o) is var name ? name.Words.Zip(name.Stems).DistinctBy(w => w.Second).ToArray() : []);
        rarity = names.Values.SelectMany(words => words).GroupBy(word => word.Stem, StringComparer.Ordinal).ToDictionary(g => g.Key, g => Rarity(g.Count(), names.Count));
        unknownRarity = Rarity(0, names.Count);
    }

    public static double Rarity(int having, int all) => Math.Log(1 + (all - having + 0.5) / (having + 0.5));

    public OptionParts Of(string option, int place, OptionMoment moment, OptionMemory memory)
    {
        var words = names[option];
        var asks = words.Any(w => w.Word == "ask");
        var (queryName, queryText) = Match(words, moment.Query, isTyped: true);
        var (lastName, lastText) = Match(words, moment.Customer, isTyped: false);
        var earlier = Match(words, moment.CustomerBefore, isTyped: false).OfName + Match(words, moment.Agent, isTyped: false).OfName;
        var act = !moment.Query.IsQuestion && moment.Query.Words.Length <= 2 || moment.Query.Words.Length <= 1 ? 0 : moment.Query.IsQuestion == asks ? 1 : -1;
        return new OptionParts(
            Query: queryName + queryText + 0.15 * act,
            Conversation: 0.3 * lastName + lastText + 0.1 * earlier - (asks && moment.Taken.Contains(option) ? 0.1 : 0),
            QueryBefore: 2 * memory.WordedLike(option, moment.Query),
            ConversationBefore: 2 * memory.Follows(option, moment.Customer) + memory.Succeeds(option, moment.TakenLast),
            Place: -0.4 * place);
    }

    (double OfName, double OfText) Match((string Word, string Stem)[] name, Spoken text, bool isTyped)
    {
        if (text.Words.Length == 0) return default;
        double found = 0, whole = 0;
        foreach (var (word, stem) in name)
        {
            // That an option asks or informs is looked at by itself.
            if (word is "ask" or "inform" || int.TryParse(word, out _)) continue;
            whole += rarity[stem];
            found += rarity[stem] * Found(word, stem, text, isTyped);
        }
        if (found == 0) return default;
        return (found / whole, found / text.Stems.Distinct(StringComparer.Ordinal).Sum(said => rarity.GetValueOrDefault(said, unknownRarity)));
    }

    static double Found(string word, string stem, Spoken text, bool isTyped)
    {
        if (text.Stems.Contains(stem)) return 1;
        // dob: date of birth.
        if (word.Length >= ShortestInitials && text.Initials.Contains(word, StringComparison.Ordinal)) return 1;
        foreach (var said in text.Words)
        {
            if (said.AsSpan().CommonPrefixLength(word) >= LikeFrom) return Like;
            // bye: goodbye.
            if (said.Length >= ShortestInitials && word.EndsWith(said, StringComparison.Ordinal)) return Like;
        }
        // A word that is still being typed.
        return isTyped && text.Words[^1].Length >= 2 && word.StartsWith(text.Words[^1], StringComparison.Ordinal) ? Like : 0;
    }
}

/// <summary>A text in words, cut once.</summary>
sealed record Spoken(string[] Words, string[] Stems, string Initials, bool IsQuestion)
{
    static readonly HashSet<string> opening = ["what", "whats", "when", "which", "who", "where", "how", "may", "can", "could", "would", "will", "do", "does", "did", "is", "are", "at", "for"];

    public static Spoken None { get; } = Of("");

    public static Spoken Of(string text)
    {
        var words = new List<string>();
        var stems = new List<string>();
        Span<char> buffer = stackalloc char[WordReader.Longest];
        Span<char> stem = stackalloc char[WordReader.Longest];
        var reader = new WordReader(text, buffer);
        while (reader.Read())
        {
            words.Add(reader.Word.ToString());
            stems.Add(Vocabulary.Stem(reader.Word, stem).ToString());
        }
        return new Spoken([.. words], [.. stems], string.Concat(words.Select(w => w[0])), text.AsSpan().TrimEnd().EndsWith('?') || words.Count > 0 && opening.Contains(words[0]));
    }
}

/// <summary>Where a conversation stood when an agent chose.</summary>
/// <param name="Customer">What the customer said last; nothing when the agent spoke since.</param>
/// <param name="Taken">Options taken before in this conversation.</param>
/// <param name="TakenLast">Empty at the beginning.</param>
sealed record OptionMoment(Spoken Query, Spoken Customer, Spoken CustomerBefore, Spoken Agent, IReadOnlySet<string> Taken, string TakenLast);

/// <summary>What an option's score is made of; which of them count is the trial's affair.</summary>
readonly record struct OptionParts(double Query, double Conversation, double QueryBefore, double ConversationBefore, double Place);
