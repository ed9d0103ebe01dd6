using Baton.Core.Conversations;
using Baton.Core.Readings;

namespace Baton.Core.Policies;

/// <summary>
/// A policy looking at one conversation at one instant. Pure: it can be asked again with something supposed (another reading, open doors),
/// which is how <see cref="Flips"/> finds out what would have turned the outcome.
/// </summary>
sealed record Judgment(PolicyParts Policy, Conversation Conversation, RoutingSnapshot Routing, DateTimeOffset Now)
{
    public bool SupposeOpen { get; init; }
    public bool SupposeStaffed { get; init; }

    public Decision Decide(ReadingSet readings, PolicyVersion version)
    {
        var fired = new List<Reason>();
        foreach (var trigger in Policy.Triggers)
            if (Fires(trigger, readings)) fired.Add(Sentences.Fired(trigger, readings, Conversation));

        var plan = fired.Count > 0 ? Plan(readings, fired) : null;
        var refused = fired.Count > 0 ? Refusals(readings, plan) : [];
        var outcome = fired.Count == 0 ? DecisionOutcome.Stay : refused.Count > 0 ? DecisionOutcome.Refused : DecisionOutcome.HandOff;

        return new Decision
        {
            ConversationId = Conversation.Id,
            At = Now.ToUniversalTime(),
            Outcome = outcome,
            Reasons = refused.Count > 0 ? [.. refused, .. fired] : fired,
            Readings = Checks(readings),
            WouldFlip = new Flips(this, readings, outcome).Sentences(),
            Plan = outcome == DecisionOutcome.HandOff ? plan : null,
            Policy = version,
        };
    }

    /// <summary>The outcome alone, without words for it.</summary>
    public DecisionOutcome Outcome(ReadingSet readings)
    {
        var any = false;
        foreach (var trigger in Policy.Triggers) any |= Fires(trigger, readings);
        if (!any) return DecisionOutcome.Stay;
        if (Holder() is not null || IsClosed) return DecisionOutcome.Refused;
        foreach (var guard in Policy.Guards)
            if (guard is Guard.OfReading reading && Refuses(reading, readings)) return DecisionOutcome.Refused;
        return StaffGuard is null || HasStaff(readings) ? DecisionOutcome.HandOff : DecisionOutcome.Refused;
    }

    public bool Fires(Trigger trigger, ReadingSet readings) => trigger switch
    {
        Trigger.OfReading reading => Holds(reading.Threshold, readings) && LongEnough(reading, readings),
        Trigger.OfIntent intents => readings.Intent is { } intent && Words.Contain(intents.Names, intent),
        Trigger.OfBotResult results => readings.LastResult is { } result && results.Results.Contains(result),
        Trigger.OfAttribute attribute => attribute.Match.Holds(Conversation),
        Trigger.Always => true,
        _ => throw new InvalidOperationException($"no rule for {trigger.GetType().Name}"),
    };

    public static bool LongEnough(Trigger.OfReading trigger, ReadingSet readings) => readings[ReadingKind.Turns].Value >= trigger.AfterTurns;

    public static bool Holds(Threshold threshold, ReadingSet readings) => threshold.Read(readings).Value is { } value && threshold.Holds(value);

    public static bool Refuses(Guard.OfReading guard, ReadingSet readings) =>
        guard.Threshold.Read(readings).Value is { } value ? !guard.Threshold.Holds(value) : guard.OnUnknown == OnUnknown.Refuse;

    public bool IsClosed => !SupposeOpen && Policy.Hours is { OutOfHours: null } hours && !hours.IsOpen(Now);

    public Guard.Staff? StaffGuard => SupposeStaffed ? null : Policy.Guards.OfType<Guard.Staff>().FirstOrDefault();

    /// <summary>Who has the conversation already, so that there is nothing to hand off; null while the bot has it.</summary>
    Reason? Holder()
    {
        if (Conversation.EndedAt is not null) return new Reason("conversationEnded", "The customer has left; there is nobody to hand off.");
        for (var index = 0; index < Conversation.Participants.Count; index++)
        {
            var leg = Conversation.Participants[index];
            if (leg.EndedAt is not null) continue;
            if (leg.Role == ParticipantRole.Queue) return new Reason("alreadyQueued", "The conversation is waiting in a queue already.");
            if (leg is { Role: ParticipantRole.Agent, Connected: true }) return new Reason("alreadyWithAgent", "An agent has the conversation already.");
        }
        return null;
    }

    List<Reason> Refusals(ReadingSet readings, HandoffPlan? plan)
    {
        var refused = new List<Reason>();
        if (Holder() is { } holder) refused.Add(holder);
        if (IsClosed) refused.Add(new Reason("outOfHours", $"Outside business hours ({Policy.Hours!.TimeZone.Id}), and the policy names no queue for then."));
        foreach (var guard in Policy.Guards)
            if (guard is Guard.OfReading reading && Refuses(reading, readings)) refused.Add(Sentences.Refused(reading, readings));
        if (StaffGuard is { } staff && plan!.Steps.Count == 0) refused.Add(Sentences.NoStaff(staff, AllSteps(readings, fired: null), Routing));
        return refused;
    }

    bool HasStaff(ReadingSet readings) => Plan(readings, fired: null).Steps.Count > 0;

    HandoffPlan Plan(ReadingSet readings, List<Reason>? fired)
    {
        var steps = AllSteps(readings, fired);
        if (StaffGuard is { } staff) steps = steps.FindAll(step => IsStaffed(staff, step.Queue));
        return new HandoffPlan { Steps = steps, LastResort = Policy.LastResort, Messages = Policy.Messages, Limits = Policy.Limits, Redact = Policy.Redact };
    }

    List<RouteStep> AllSteps(ReadingSet readings, List<Reason>? fired)
    {
        if (!SupposeOpen && Policy.Hours is { OutOfHours: { } night } hours && !hours.IsOpen(Now)) return [night];
        fired ??= [.. Policy.Triggers.Where(trigger => Fires(trigger, readings)).Select(trigger => new Reason(trigger.Code, ""))];
        var steps = new List<RouteStep>(1 + Policy.Fallback.Count);
        foreach (var rule in Policy.Routing)
        {
            if (!rule.When.Holds(readings, Conversation, fired)) continue;
            steps.Add(rule.Step);
            break;
        }
        foreach (var step in Policy.Fallback)
            if (!steps.Exists(earlier => string.Equals(earlier.Queue, step.Queue, StringComparison.OrdinalIgnoreCase))) steps.Add(step);
        return steps;
    }

    bool IsStaffed(Guard.Staff guard, string queue)
    {
        var known = Routing.Find(queue);
        return AtLeast(known?.OnQueue, guard.OnQueue) && AtLeast(known?.Free, guard.Free);

        bool AtLeast(int? have, int wanted) => wanted == 0 || (have is { } count ? count >= wanted : guard.OnUnknown == OnUnknown.Pass);
    }

    List<ReadingCheck> Checks(ReadingSet readings)
    {
        var checks = new List<ReadingCheck>(Policy.Triggers.Count + Policy.Guards.Count);
        foreach (var guard in Policy.Guards)
        {
            if (guard is not Guard.OfReading { Threshold: var threshold } ofReading) continue;
            var reading = threshold.Read(readings);
            checks.Add(new ReadingCheck("guards." + guard.Code, reading, threshold.Text, reading.IsKnown ? Refuses(ofReading, readings) : null));
        }
        foreach (var trigger in Policy.Triggers)
        {
            if (trigger is not Trigger.OfReading { Threshold: var threshold } ofReading) continue;
            var reading = threshold.Read(readings);
            var comparison = ofReading.AfterTurns > 0 ? $"{threshold.Text} after {ofReading.AfterTurns} turns" : threshold.Text;
            checks.Add(new ReadingCheck("triggers." + trigger.Code, reading, comparison, reading.IsKnown ? Fires(trigger, readings) : null));
        }
        return checks;
    }
}
