using System.Runtime.InteropServices;
using Baton.Core.Conversations;

namespace Baton.Core.Readings;

/// <summary>
/// Everything measured in one conversation, kept up to date turn by turn. Each turn is scored once, when it is heard; a turn heard twice changes nothing,
/// and one that arrives late goes to its place in time. Fed turn by turn or rebuilt from the conversation, the values are the same. Not thread-safe.
/// </summary>
public sealed class ConversationReadings
{
    readonly HashSet<string> known = [];
    readonly List<HeardTurn> heard = [];
    readonly HashSet<string> queueLegs = [];
    readonly DateTimeOffset startedAt;
    Measures measures = new();
    int measured;
    DateTimeOffset lastQueued;
    IntentReport? report;

    /// <param name="startedAt">When the conversation began; if that is not known, its first turn counts as its beginning.</param>
    public ConversationReadings(DateTimeOffset startedAt = default) => this.startedAt = startedAt;

    public static ConversationReadings Of(Conversation conversation)
    {
        var readings = new ConversationReadings(conversation.StartedAt);
        foreach (var turn in conversation.Turns) readings.Hear(turn);
        readings.Hear(conversation.Participants);
        if (conversation.IntentReport is { } report) readings.Hear(report);
        return readings;
    }

    public void Hear(Turn turn)
    {
        if (!known.Add(turn.Id)) return;
        var at = heard.Count;
        while (at > 0 && heard[at - 1].Turn.At > turn.At) at--;
        heard.Insert(at, HeardTurn.Of(turn));
        // A late turn: measure again from the first, on the next reading. The scores are kept, so this is arithmetic.
        if (at < measured) (measures, measured) = (new Measures(), 0);
    }

    /// <summary>A leg that entered the conversation; heard again (it ended, it connected) it counts no second time.</summary>
    public void Hear(Participant participant)
    {
        if (participant.Role != ParticipantRole.Queue || !queueLegs.Add(participant.Id)) return;
        if (participant.StartedAt is { } entered && entered > lastQueued) lastQueued = entered.ToUniversalTime();
    }

    public void Hear(IReadOnlyList<Participant> participants)
    {
        for (var index = 0; index < participants.Count; index++) Hear(participants[index]);
    }

    public void Hear(IntentReport newer)
    {
        if (report is null || newer.At >= report.At) report = newer with { At = newer.At.ToUniversalTime() };
    }

    /// <summary>Every reading at this instant, unknown ones with the reason.</summary>
    public IReadOnlyList<Reading> Read(DateTimeOffset now) => Snapshot(now).Readings;

    internal ReadingSet Snapshot(DateTimeOffset now)
    {
        now = now.ToUniversalTime();
        foreach (var turn in CollectionsMarshal.AsSpan(heard)[measured..]) measures.Hear(turn);
        measured = heard.Count;

        var readings = new Reading[ReadingScale.All.Count];
        Put(measures.Confidences.Read(now, report));
        Put(measures.Sentiment.Read(now));
        Put(measures.Sentiment.ReadDecay(now));
        Put(new Reading(ReadingKind.HandoffDepth, queueLegs.Count, "queue legs", lastQueued == default ? now : lastQueued));
        Put(measures.Requests.Read(now));
        Put(measures.NoMatches.Read(now));
        Put(measures.Repetitions.Read(now));
        Put(new Reading(ReadingKind.Turns, measures.CustomerTurns, "customer turns", measures.LastCustomerTurn ?? now));
        Put(Minutes(now));
        return new ReadingSet(readings, measures.Confidences, now) { Intent = measures.Confidences.Intent, LastResult = measures.LastResult };

        void Put(Reading reading) => readings[(int)reading.Kind] = reading;
    }

    Reading Minutes(DateTimeOffset now)
    {
        if (startedAt == default && heard.Count == 0) return new Reading(ReadingKind.Minutes, null, "neither a beginning nor a turn is known", now);
        var began = startedAt == default ? heard[0].Turn.At : startedAt;
        return new Reading(ReadingKind.Minutes, Math.Max(0, (now - began).TotalMinutes), startedAt == default ? "since the first turn" : "since the beginning", now);
    }
}
