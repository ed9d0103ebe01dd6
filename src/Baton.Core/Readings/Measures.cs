using Baton.Core.Conversations;

namespace Baton.Core.Readings;

/// <summary>The running measures of a conversation, each fed every turn in order of time.</summary>
sealed class Measures
{
    public IntentConfidences Confidences { get; } = new();
    public SentimentCurve Sentiment { get; } = new();
    public HumanRequests Requests { get; } = new();
    public NoMatches NoMatches { get; } = new();
    public Repetitions Repetitions { get; } = new();
    public int CustomerTurns { get; private set; }
    public DateTimeOffset? LastCustomerTurn { get; private set; }
    public BotResult? LastResult { get; private set; }

    public void Hear(HeardTurn heard)
    {
        Confidences.Hear(heard);
        Sentiment.Hear(heard);
        Requests.Hear(heard);
        NoMatches.Hear(heard);
        Repetitions.Hear(heard);
        LastResult = heard.Turn.Result ?? LastResult;
        if (heard.Turn.From != Speaker.Customer) return;
        CustomerTurns++;
        LastCustomerTurn = heard.Turn.At;
    }
}
