namespace Baton.Core.Assist.Scoring;

/// <summary>What conversations that are over have shown of each option. Nothing of the conversation being scored is in it, nor of later ones.</summary>
sealed class OptionMemory
{
    readonly WordsByOption written = new();
    readonly WordsByOption followed = new();
    readonly Dictionary<string, int> offered = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> taken = new(StringComparer.Ordinal);
    readonly Dictionary<(string Last, string Option), int> offeredAfter = [];
    readonly Dictionary<(string Last, string Option), int> takenAfter = [];

    public void Learn(RecordedChoice choice, string takenLast, Spoken customer, Spoken agent)
    {
        foreach (var option in choice.Options.Distinct(StringComparer.Ordinal))
        {
            offered[option] = offered.GetValueOrDefault(option) + 1;
            offeredAfter[(takenLast, option)] = offeredAfter.GetValueOrDefault((takenLast, option)) + 1;
        }
        taken[choice.Picked] = taken.GetValueOrDefault(choice.Picked) + 1;
        takenAfter[(takenLast, choice.Picked)] = takenAfter.GetValueOrDefault((takenLast, choice.Picked)) + 1;
        written.Learn(choice.Picked, agent);
        followed.Learn(choice.Picked, customer);
    }

    public double WordedLike(string option, Spoken query) => written.Likeness(option, query);

    public double Follows(string option, Spoken customer) => followed.Likeness(option, customer);

    /// <summary>Taken of offered after the last one taken; as far as that is rare, taken of offered at all; a third when nothing is known.</summary>
    public double Succeeds(string option, string takenLast)
    {
        var atAll = (taken.GetValueOrDefault(option) + 1.0) / (offered.GetValueOrDefault(option) + 3);
        return (takenAfter.GetValueOrDefault((takenLast, option)) + 2 * atAll) / (offeredAfter.GetValueOrDefault((takenLast, option)) + 2);
    }

    /// <summary>How many texts of each option had each word.</summary>
    sealed class WordsByOption
    {
        readonly Dictionary<string, (Dictionary<string, int> Words, int Texts)> options = new(StringComparer.Ordinal);
        readonly Dictionary<string, int> having = new(StringComparer.Ordinal);

        public void Learn(string option, Spoken text)
        {
            var (words, texts) = options.GetValueOrDefault(option, ([], 0));
            foreach (var stem in text.Stems.Distinct(StringComparer.Ordinal))
            {
                words[stem] = words.GetValueOrDefault(stem) + 1;
                if (words[stem] == 1) having[stem] = having.GetValueOrDefault(stem) + 1;
            }
            options[option] = (words, texts + 1);
        }

        /// <summary>The share of the text's words, by weight, that a text of the option has: 0..1.</summary>
        public double Likeness(string option, Spoken text)
        {
            if (text.Stems.Length == 0 || !options.TryGetValue(option, out var known)) return 0;
            double like = 0, whole = 0;
            foreach (var stem in text.Stems.Distinct(StringComparer.Ordinal))
            {
                var weight = OptionScorer.Rarity(having.GetValueOrDefault(stem), options.Count);
                whole += weight;
                like += weight * known.Words.GetValueOrDefault(stem) / (known.Texts + 1);
            }
            return like / whole;
        }
    }
}
