using System.Text;

namespace Baton.Assist;

/// <summary>Articles of 200 words whose words are as unevenly common as those of a language (Zipf), with headings and tags; the same ones for the same seed.</summary>
sealed class GeneratedArticles
{
    const int Vocabulary = 20_000;
    const int Words = 200;
    const int Sentence = 12;

    static readonly string[] small = ["the", "of", "to", "and", "a", "in", "is", "you", "for", "it", "can", "be", "your", "we", "if", "on", "with", "when", "not", "are"];
    static readonly string[] endings = ["", "", "", "s", "ed", "ing", "ment"];

    readonly Random random;
    readonly string[] words;
    readonly double[] upTo;

    public GeneratedArticles(int seed)
    {
        random = new Random(seed);
        words = [.. Enumerable.Range(0, Vocabulary).Select(_ => Word())];
        upTo = new double[Vocabulary];
        var sum = 0.0;
        for (var i = 0; i < Vocabulary; i++) upTo[i] = sum += 1.0 / (i + 10);
    }

    public string Markdown()
    {
        var text = new StringBuilder();
        text.Append("---\ntags: [").Append(Pick()).Append(", ").Append(Pick()).Append("]\n---\n# ").Append(Title(4)).Append("\n\n");
        for (var i = 0; i < Words; i++)
        {
            if (i is 70 or 140) text.Append("\n\n## ").Append(Title(3)).Append("\n\n");
            // Two of five words of running text are small ones.
            text.Append(random.Next(5) < 2 ? small[random.Next(small.Length)] : Pick()).Append(i % Sentence == Sentence - 1 ? ". " : " ");
        }
        return text.ToString();
    }

    /// <summary>What a customer said in four turns, newest first.</summary>
    public IReadOnlyList<string> Question() => [.. Enumerable.Range(0, 4).Select(_ => string.Join(' ', Enumerable.Range(0, 12).Select(_ => random.Next(5) < 2 ? small[random.Next(small.Length)] : Pick())))];

    string Title(int count) => string.Join(' ', Enumerable.Range(0, count).Select(_ => Pick()));

    string Pick()
    {
        var at = Array.BinarySearch(upTo, random.NextDouble() * upTo[^1]);
        return words[Math.Min(at < 0 ? ~at : at, Vocabulary - 1)] + endings[random.Next(endings.Length)];
    }

    string Word()
    {
        const string Consonants = "bcdfghklmnprstvw", Vowels = "aeiou";
        var word = new StringBuilder();
        for (var i = random.Next(2, 5); i > 0; i--) word.Append(Consonants[random.Next(Consonants.Length)]).Append(Vowels[random.Next(Vowels.Length)]);
        return word.Append(Consonants[random.Next(Consonants.Length)]).ToString();
    }
}
