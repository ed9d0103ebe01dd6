namespace Baton.Core.Readings;

/// <summary>How a reading is called in a policy, how a person calls it, and between which values it can lie.</summary>
public sealed record ReadingScale(ReadingKind Kind, string Key, string Title, double Least, double Most, bool Whole)
{
    /// <summary>In the order a decision gives its reasons: what the customer said outright first, what merely adds up last.</summary>
    public static IReadOnlyList<ReadingScale> All { get; } =
    [
        new(ReadingKind.AskedForHuman, "askedForHuman", "Asked for a human", 0, 1, Whole: false),
        new(ReadingKind.NoMatch, "noMatch", "Not understood in a row", 0, 1_000, Whole: true),
        new(ReadingKind.Repetition, "repetition", "Said again in a row", 0, 1_000, Whole: true),
        new(ReadingKind.Sentiment, "sentiment", "Sentiment", -1, 1, Whole: false),
        new(ReadingKind.SentimentDecay, "sentimentDecay", "Fall of sentiment", 0, 2, Whole: false),
        new(ReadingKind.IntentConfidence, "intentConfidence", "Intent confidence", 0, 1, Whole: false),
        new(ReadingKind.Turns, "turns", "Customer turns", 0, 100_000, Whole: true),
        new(ReadingKind.Minutes, "minutes", "Minutes", 0, 1_000_000, Whole: false),
        new(ReadingKind.HandoffDepth, "handoffDepth", "Handoff depth", 0, 1_000, Whole: true),
    ];

    static readonly ReadingScale[] byKind = [.. All.OrderBy(scale => scale.Kind)];

    public static ReadingScale Of(ReadingKind kind) => byKind[(int)kind];

    public static ReadingScale? Named(string key) => All.FirstOrDefault(scale => scale.Key == key);
}
