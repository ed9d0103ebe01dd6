using Baton.Core.Conversations;

namespace Baton.Core.Readings;

/// <summary>All readings of one instant, as rules look at them; some may be replaced, to ask what would have happened (<see cref="With"/>).</summary>
sealed class ReadingSet
{
    readonly Reading[] byKind;
    readonly IntentConfidences confidences;
    readonly DateTimeOffset now;

    /// <summary>Replaced runs of confidences, by length and end.</summary>
    Dictionary<(int Count, bool Highest), Reading>? runs;

    public ReadingSet(Reading[] byKind, IntentConfidences confidences, DateTimeOffset now) =>
        (this.byKind, this.confidences, this.now) = (byKind, confidences, now);

    public IReadOnlyList<Reading> Readings => byKind;

    /// <summary>The newest intent the bot named.</summary>
    public string? Intent { get; init; }

    public BotResult? LastResult { get; init; }

    public Reading this[ReadingKind kind] => byKind[(int)kind];

    /// <summary>The newest confidence, or what the newest <paramref name="inARow"/> have in common.</summary>
    public Reading Of(ReadingKind kind, int inARow, bool highest)
    {
        if (kind != ReadingKind.IntentConfidence || inARow <= 1) return byKind[(int)kind];
        return runs is not null && runs.TryGetValue((inARow, highest), out var replaced) ? replaced : confidences.ReadRun(inARow, highest, now);
    }

    /// <summary>As if the bot had named no intent, or reported no result.</summary>
    public ReadingSet Without(bool intent) => new(byKind, confidences, now) { runs = runs, Intent = intent ? null : Intent, LastResult = intent ? LastResult : null };

    public ReadingSet With(ReadingKind kind, int inARow, bool highest, double value)
    {
        var replaced = new ReadingSet([.. byKind], confidences, now) { Intent = Intent, LastResult = LastResult };
        if (runs is not null) replaced.runs = new(runs);
        var supposed = Of(kind, inARow, highest) with { Value = value };
        if (kind == ReadingKind.IntentConfidence && inARow > 1) (replaced.runs ??= [])[(inARow, highest)] = supposed;
        else replaced.byKind[(int)kind] = supposed;
        return replaced;
    }
}
