using Baton.Core.Conversations;

namespace Baton.Core.Readings;

/// <summary>A turn with everything that is measured of it alone, measured once when it is heard: a late turn reorders, but is never a reason to score again.</summary>
sealed record HeardTurn(Turn Turn)
{
    /// <summary>Beyond this, a text is a paste (an e-mail, a log); its beginning says what the customer wants.</summary>
    const int LongestText = 4_000;

    public SentimentScore Sentiment { get; init; }
    public double AsksForHuman { get; init; }
    public bool SaysYes { get; init; }
    public bool OffersHuman { get; init; }
    public bool SaysNotUnderstood { get; init; }
    public WordSet Words { get; init; } = WordSet.None;

    public static HeardTurn Of(Turn turn)
    {
        // An instant has one spelling: stored and read again in UTC, a decision must come out in the same bytes.
        if (turn.At.Offset != TimeSpan.Zero) turn = turn with { At = turn.At.ToUniversalTime() };
        var text = turn.Text.Length > LongestText ? turn.Text[..LongestText] : turn.Text;
        if (text.Length == 0) return new HeardTurn(turn);
        return turn.From switch
        {
            Speaker.Customer => new HeardTurn(turn)
            {
                Sentiment = turn.Sentiment is null ? SentimentScorer.Score(text) : default,
                AsksForHuman = HumanRequest.Score(text),
                SaysYes = HumanRequest.SaysYes(text),
                Words = WordSet.Of(text),
            },
            Speaker.Bot => new HeardTurn(turn)
            {
                OffersHuman = BotWords.OfferHuman(text),
                SaysNotUnderstood = BotWords.SayNotUnderstood(text),
                Words = WordSet.Of(text),
            },
            _ => new HeardTurn(turn),
        };
    }
}
