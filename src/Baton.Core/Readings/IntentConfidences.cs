using Baton.Core.Conversations;

namespace Baton.Core.Readings;

/// <summary>The bot's confidence in its newest intents, as turns carry them, or the platform's report when no turn does (or it is newer).</summary>
sealed class IntentConfidences
{
    /// <summary>How far back <c>inARow</c> of a policy can look.</summary>
    public const int Reach = 10;

    readonly double[] recent = new double[Reach];
    int seen, turn;
    string source = "";
    DateTimeOffset at;

    public string? Intent { get; private set; }

    public void Hear(HeardTurn heard)
    {
        turn++;
        if (heard.Turn.Intent is not { } intent) return;
        Intent = intent.Name;
        if (intent.Confidence is not { } confidence || double.IsNaN(confidence)) return;
        recent[seen++ % Reach] = Math.Clamp(confidence, 0, 1);
        (at, source) = (heard.Turn.At, $"{(heard.Turn.From == Speaker.Bot ? "bot" : "customer")} turn {turn}");
    }

    public Reading Read(DateTimeOffset now, IntentReport? report)
    {
        if (report is { Confidence: { } confidence } && !double.IsNaN(confidence) && (seen == 0 || report.At > at))
            return new Reading(ReadingKind.IntentConfidence, Math.Clamp(confidence, 0, 1), report.Source, report.At);
        return seen == 0
            ? new Reading(ReadingKind.IntentConfidence, null, report is { Confidence: null } ? report.Source : "no intent confidence seen", now)
            : new Reading(ReadingKind.IntentConfidence, recent[(seen - 1) % Reach], source, at);
    }

    /// <summary>The value all of the newest <paramref name="count"/> reach (or stay under): their highest for "below", their lowest for "at least".</summary>
    public Reading ReadRun(int count, bool highest, DateTimeOffset now)
    {
        if (seen < count) return new Reading(ReadingKind.IntentConfidence, null, $"{seen} of {count} intent confidences seen", now);
        var value = recent[(seen - 1) % Reach];
        for (var back = 2; back <= count; back++)
        {
            var older = recent[(seen - back) % Reach];
            value = highest ? Math.Max(value, older) : Math.Min(value, older);
        }
        return new Reading(ReadingKind.IntentConfidence, value, $"the {(highest ? "highest" : "lowest")} of the newest {count}", at);
    }
}
