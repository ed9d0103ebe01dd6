using Baton.Core.Conversations;

namespace Baton.Core.Readings;

/// <summary>
/// The customer's sentiment, smoothed over turns: the platform's value of a turn when it has one, else Baton's own scorer.
/// A turn in which the scorer finds nothing to judge ("my number is 4711") moves the curve less than one with words of feeling.
/// </summary>
sealed class SentimentCurve
{
    const double Weight = 0.5, WeightOfNeutral = 0.25;

    double smoothed, best;
    int turn, measuredAt;
    bool byPlatform;
    DateTimeOffset at;

    public void Hear(HeardTurn heard)
    {
        turn++;
        if (heard.Turn.From != Speaker.Customer) return;
        if (heard.Turn.Sentiment is { } platform && !double.IsNaN(platform)) Move(Math.Clamp(platform, -1, 1), Weight, heard, platforms: true);
        else if (heard.Turn.Text.Length > 0) Move(heard.Sentiment.Value, heard.Sentiment.Evidence ? Weight : WeightOfNeutral, heard, platforms: false);
    }

    void Move(double value, double weight, HeardTurn heard, bool platforms)
    {
        smoothed = measuredAt == 0 ? value : (weight * value) + ((1 - weight) * smoothed);
        best = measuredAt == 0 ? value : Math.Max(best, smoothed);
        (measuredAt, byPlatform, at) = (turn, platforms, heard.Turn.At);
    }

    public Reading Read(DateTimeOffset now) => Reading(ReadingKind.Sentiment, smoothed, now);

    public Reading ReadDecay(DateTimeOffset now) => Reading(ReadingKind.SentimentDecay, best - smoothed, now);

    Reading Reading(ReadingKind kind, double value, DateTimeOffset now) => measuredAt == 0
        ? new Reading(kind, null, "no customer turn yet", now)
        : new Reading(kind, value, byPlatform ? $"platform, customer turn {measuredAt}" : $"own scorer, customer turn {measuredAt}", at);
}
