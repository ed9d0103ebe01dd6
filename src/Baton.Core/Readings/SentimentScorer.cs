using System.Globalization;
using System.Net;
using System.Text;

namespace Baton.Core.Readings;

/// <param name="Value">-1..1.</param>
/// <param name="Evidence">False when no word of feeling was found, so that the value is 0 for want of anything better.</param>
readonly record struct SentimentScore(double Value, bool Evidence);

/// <summary>
/// The sentiment of one text when the platform gives none: words with weights (<see cref="SentimentLexicon"/>), turned by negation, raised or lowered
/// by the word before, by capitals, exclamation marks and stretched letters; what follows "but" counts more than what precedes it.
/// </summary>
static class SentimentScorer
{
    const int NegationReach = 3;
    const double Negated = -0.65, Shouted = 1.25, Exclamation = 0.3, BeforeBut = 0.6, AfterBut = 1.3, Damping = 9;

    public static SentimentScore Score(string text)
    {
        if (text.Contains('&')) text = WebUtility.HtmlDecode(text);
        var words = Words(text);
        var capitals = 0;
        foreach (var word in words) if (word.Shouted) capitals++;
        var shouting = capitals > 0 && capitals < words.Count;

        double sum = 0, evidence = 0, clause = 1;
        var negation = int.MinValue;
        for (var index = 0; index < words.Count; index++)
        {
            var word = words[index];
            if (SentimentLexicon.Turns(word.Text))
            {
                sum *= BeforeBut;
                clause = AfterBut;
                continue;
            }
            if (SentimentLexicon.Negates(word.Text))
            {
                negation = index;
                continue;
            }
            if (SentimentLexicon.Phrase(words, index, out var phraseWeight, out var length))
            {
                (sum, evidence) = (sum + (phraseWeight * clause), evidence + 1);
                index += length - 1;
                continue;
            }
            if (SentimentLexicon.Weight(word.Text) is not { } weight) continue;
            if (index > 0) weight *= SentimentLexicon.Degree(words[index - 1].Text);
            if (index > 1) weight *= 1 + ((SentimentLexicon.Degree(words[index - 2].Text) - 1) / 2);
            if (word.Stretched) weight *= 1.2;
            if (shouting && word.Shouted) weight *= Shouted;
            if (negation >= 0 && index - negation <= NegationReach) weight *= Negated;
            (sum, evidence) = (sum + (weight * clause), evidence + 1);
        }
        var marks = Math.Min(text.Count(character => character == '!'), 4);
        if (sum != 0) sum += Math.Sign(sum) * marks * Exclamation;
        return new SentimentScore(sum / Math.Sqrt((sum * sum) + Damping), evidence > 0);
    }

    /// <summary>Words without apostrophes, and the emoticons and emoji between them.</summary>
    static List<SentimentWord> Words(string text)
    {
        var words = new List<SentimentWord>();
        foreach (var piece in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (SentimentLexicon.IsEmoticon(piece))
            {
                words.Add(new SentimentWord(piece, Shouted: false, Stretched: false));
                continue;
            }
            var word = new StringBuilder();
            foreach (var rune in piece.EnumerateRunes())
            {
                if (Rune.IsLetterOrDigit(rune)) word.Append(rune.ToString());
                else if (rune.Value is '\'' or '’') continue;
                else
                {
                    End();
                    if (rune.Value > 0x2000 && Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherSymbol) words.Add(new SentimentWord(rune.ToString(), false, false));
                }
            }
            End();

            void End()
            {
                if (word.Length > 0) words.Add(SentimentWord.Of(word.ToString()));
                word.Clear();
            }
        }
        return words;
    }
}

/// <param name="Text">Lower case; letters said three times or more are said twice at most.</param>
readonly record struct SentimentWord(string Text, bool Shouted, bool Stretched)
{
    public static SentimentWord Of(string word)
    {
        var shouted = word.Length > 1 && word.All(char.IsUpper);
        var text = new StringBuilder(word.Length);
        var run = 0;
        var stretched = false;
        foreach (var letter in word.ToLowerInvariant())
        {
            run = text.Length > 0 && text[^1] == letter ? run + 1 : 1;
            if (run <= 2 || !char.IsLetter(letter)) text.Append(letter);
            else stretched = true;
        }
        return new SentimentWord(text.ToString(), shouted, stretched);
    }
}
