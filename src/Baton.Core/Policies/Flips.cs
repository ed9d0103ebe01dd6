using Baton.Core.Conversations;
using Baton.Core.Readings;

namespace Baton.Core.Policies;

/// <summary>
/// The smallest changes that would have turned an outcome. Each is tried before it is told: the judgment is asked again with the change supposed,
/// and only what really turns it is kept, with what it would have turned to.
/// </summary>
sealed class Flips(Judgment judgment, ReadingSet readings, DecisionOutcome outcome)
{
    readonly List<(double Distance, string Sentence)> found = [];

    public IReadOnlyList<string> Sentences()
    {
        if (outcome == DecisionOutcome.Stay)
        {
            foreach (var trigger in judgment.Policy.Triggers)
                if (trigger is Trigger.OfReading reading) Try(new Supposition(judgment, readings).Firing(reading));
        }
        else
        {
            TryAllTriggersOff();
            if (outcome == DecisionOutcome.Refused) TryAllGuardsHolding();
            else
                foreach (var guard in judgment.Policy.Guards)
                    if (guard is Guard.OfReading reading) Try(new Supposition(judgment, readings).Failing(reading));
        }
        return [.. found.OrderBy(flip => flip.Distance).Select(flip => flip.Sentence)];
    }

    void TryAllTriggersOff()
    {
        var supposed = new Supposition(judgment, readings);
        foreach (var trigger in judgment.Policy.Triggers)
            if (judgment.Fires(trigger, readings)) supposed.NotFiring(trigger);
        Try(supposed);
    }

    void TryAllGuardsHolding()
    {
        var supposed = new Supposition(judgment, readings);
        foreach (var guard in judgment.Policy.Guards)
            if (guard is Guard.OfReading reading && Judgment.Refuses(reading, readings)) supposed.Holding(reading);
        if (judgment.IsClosed) supposed.Open();
        Try(supposed);
        // Doors and people are the last resort: staff is supposed only when the rest does not suffice.
        if (judgment.StaffGuard is not null) Try(supposed.Staffed());
    }

    void Try(Supposition supposed)
    {
        if (!supposed.IsPossible || supposed.IsEmpty) return;
        var then = supposed.Outcome();
        if (then == outcome) return;
        found.Add((supposed.Distance, supposed.Sentence + then switch
        {
            DecisionOutcome.Stay => " to stay with the bot.",
            DecisionOutcome.HandOff => " to be handed off.",
            _ => " to be refused.",
        }));
    }
}

/// <summary>Changes supposed together, and the words for them.</summary>
sealed class Supposition(Judgment judgment, ReadingSet readings)
{
    readonly List<string> changes = [];
    readonly ReadingSet readings = readings;
    ReadingSet supposed = readings;
    Judgment asked = judgment;

    public bool IsPossible { get; private set; } = true;
    public bool IsEmpty => changes.Count == 0;

    /// <summary>How far the readings would have to move, for telling the nearest first.</summary>
    public double Distance { get; private set; }
    public string Sentence => string.Join(" and ", changes);

    public DecisionOutcome Outcome() => asked.Outcome(supposed);

    public Supposition Firing(Trigger.OfReading trigger)
    {
        if (!trigger.Threshold.Read(readings).IsKnown) IsPossible = false;
        else if (!Judgment.Holds(trigger.Threshold, readings)) Move(trigger.Threshold, toHold: true);
        if (!Judgment.LongEnough(trigger, readings)) Move(new Threshold(ReadingKind.Turns, Comparison.AtLeast, trigger.AfterTurns), toHold: true);
        return this;
    }

    public Supposition NotFiring(Trigger trigger)
    {
        switch (trigger)
        {
            case Trigger.OfReading reading: Move(reading.Threshold, toHold: false); break;
            case Trigger.OfAttribute { Match: var match }:
                Say($"the attribute {match.Name} would have to be other than {Show.List(match.Values)}");
                var others = asked.Conversation.Attributes.Where(pair => pair.Key != match.Name).ToDictionary();
                asked = asked with { Conversation = asked.Conversation with { Attributes = others } };
                break;
            case Trigger.OfIntent: Say($"the intent would have to be other than {readings.Intent}", supposed.Without(intent: true)); break;
            case Trigger.OfBotResult: Say($"the bot's result would have to be other than {BotResults.Name(readings.LastResult!.Value)}", supposed.Without(intent: false)); break;
            default: IsPossible = false; break;
        }
        return this;
    }

    public Supposition Failing(Guard.OfReading guard)
    {
        if (guard.Threshold.Read(readings).IsKnown) Move(guard.Threshold, toHold: false);
        return this;
    }

    public Supposition Holding(Guard.OfReading guard)
    {
        Move(guard.Threshold, toHold: true);
        return this;
    }

    public Supposition Open()
    {
        Say("business hours would have to be open");
        asked = asked with { SupposeOpen = true };
        return this;
    }

    public Supposition Staffed()
    {
        Say("a queue of the plan would have to be staffed");
        asked = asked with { SupposeStaffed = true };
        return this;
    }

    void Move(Threshold threshold, bool toHold)
    {
        var scale = ReadingScale.Of(threshold.Kind);
        var reading = threshold.Read(supposed);
        var edge = threshold.Edge(toHold);
        if (edge < scale.Least || edge > scale.Most) IsPossible = false;
        changes.Add(Sentences.Change(threshold, reading, toHold));
        Distance += reading.Value is { } value ? Math.Abs(value - edge) / Math.Max(1, Math.Abs(edge)) : 1;
        supposed = supposed.With(threshold.Kind, threshold.InARow, threshold.Comparison == Comparison.Below, edge);
    }

    void Say(string change, ReadingSet? then = null)
    {
        changes.Add(changes.Count == 0 ? char.ToUpperInvariant(change[0]) + change[1..] : change);
        Distance += 1;
        supposed = then ?? supposed;
    }
}
