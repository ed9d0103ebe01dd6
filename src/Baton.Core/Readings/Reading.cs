namespace Baton.Core.Readings;

/// <summary>A measured value, where it came from, and when; <see cref="Value"/> is null when it is unknown, and <see cref="Source"/> then says why.</summary>
/// <param name="Value">In the reading's own scale (see <see cref="ReadingKind"/>).</param>
/// <param name="Source">Where it is from (<c>bot turn 7</c>, <c>platform</c>, <c>own scorer</c>), or why it is unknown.</param>
public sealed record Reading(ReadingKind Kind, double? Value, string Source, DateTimeOffset At)
{
    public bool IsKnown => Value is not null;
}

/// <summary>What is measured in a conversation (design 3). The scale stands beside each.</summary>
public enum ReadingKind
{
    /// <summary>0..1: the bot's confidence in the newest intent.</summary>
    IntentConfidence,

    /// <summary>-1..1: the customer's smoothed sentiment now.</summary>
    Sentiment,

    /// <summary>0..2: the fall from the best smoothed sentiment.</summary>
    SentimentDecay,

    /// <summary>Count: how often the conversation has been handed to a queue or an agent.</summary>
    HandoffDepth,

    /// <summary>0..1: how surely the customer asked for a human.</summary>
    AskedForHuman,

    /// <summary>Count: turns the bot did not understand, in a row, up to now.</summary>
    NoMatch,

    /// <summary>Count: how often in a row the customer or the bot has said the same again.</summary>
    Repetition,

    /// <summary>Count of the customer's turns.</summary>
    Turns,

    /// <summary>Minutes since the conversation began.</summary>
    Minutes,
}
