namespace Baton.Core.Conversations;

/// <summary>
/// What was said, by whom, and who holds the conversation now: all a policy may look at.
/// Immutable; a new turn makes a new value (<see cref="Hear"/>).
/// </summary>
public sealed record Conversation
{
    public required string Id { get; init; }
    public Media Media { get; init; } = Media.Message;
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Set when the customer's leg has ended; such a conversation can no longer be handed off.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The language as the platform names it (<c>en-US</c>), when it says so.</summary>
    public string? Language { get; init; }

    public IReadOnlyList<Participant> Participants { get; init; } = [];

    /// <summary>Ordered by time; a turn's id occurs once.</summary>
    public IReadOnlyList<Turn> Turns { get; init; } = [];

    /// <summary>What the bot and the platform attached to the customer (tier, order number, ...).</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>The guest in whose session the conversation is held, as whoever told of it names the guest (guide 003).</summary>
    public string? GuestId { get; init; }

    /// <summary>The platform's own measure of the bot's confidence for the conversation as a whole, when no turn carries one (guide 003: the analytics metric).</summary>
    public IntentReport? IntentReport { get; init; }

    /// <summary>Folds a turn in: a turn already heard (same id) changes nothing, a late one goes to its place in time.</summary>
    public Conversation Hear(Turn turn)
    {
        var heard = Transcript.Of(Turns);
        return heard.Knows(turn.Id) ? this : this with { Turns = heard.With(turn) };
    }

    /// <summary>A conversation of turns in any order, duplicates among them.</summary>
    public static Conversation Of(string id, IEnumerable<Turn> turns)
    {
        var heard = Transcript.Of(turns);
        return new Conversation { Id = id, StartedAt = heard.Count > 0 ? heard[0].At : default, Turns = heard };
    }
}

public enum Media { Message, Voice }

public enum Speaker { Customer, Bot, Agent, System }

/// <summary>One thing said, with what was measured of it where it was said.</summary>
public sealed record Turn(string Id, Speaker From, string Text, DateTimeOffset At)
{
    /// <summary>What the bot took the customer to want; null when no bot said so.</summary>
    public Intent? Intent { get; init; }

    /// <summary>The platform's sentiment of this turn, -1..1; null when it has none.</summary>
    public double? Sentiment { get; init; }

    /// <summary>How the bot's own question or recognition ended; null when no bot said so.</summary>
    public BotResult? Result { get; init; }
}

/// <param name="Name">The intent as the bot names it.</param>
/// <param name="Confidence">0..1; null when the bot gives none.</param>
public sealed record Intent(string Name, double? Confidence);

/// <param name="Confidence">0..1; null when the platform was asked and has none.</param>
/// <param name="Source">Who measured it, as a person reads it: <c>analytics metric</c>. Without a confidence: why there is none.</param>
public sealed record IntentReport(double? Confidence, DateTimeOffset At, string Source);

public enum BotResult { Understood, NoMatch, NoInput, AgentRequested, Error }

/// <summary>One leg of a conversation. Every hop makes a new one: an id kept from before a transfer is stale after it.</summary>
public sealed record Participant(string Id, ParticipantRole Role)
{
    public string? Name { get; init; }
    public string? UserId { get; init; }
    public string? QueueId { get; init; }

    /// <summary>The communication through which this leg speaks.</summary>
    public string? CommunicationId { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>True while the leg is in the conversation and speaking (not alerting, not gone).</summary>
    public bool Connected { get; init; }
}

public enum ParticipantRole { Customer, Bot, Queue, Agent, Other }
