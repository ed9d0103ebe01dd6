using Baton.Core.Conversations;
using Baton.Core.Policies;
using Baton.Genesys;

namespace Baton.Server;

/// <summary>What <c>baton handoff start</c> and <c>POST /v1/handoffs</c> are asked for: who decides whether, and where to.</summary>
public sealed record HandoffAsk(string ConversationId)
{
    /// <summary>The rule of guide 003, for a guest where no policy is configured; and the guide's own sentence for the customer.</summary>
    public const string GuestPolicy = "escalate";
    const string GuestMessage = "Transferring to human support. Please wait.";

    /// <summary>Who asks: the user, or the key's name.</summary>
    public required string By { get; init; }
    public string? Guest { get; init; }
    public string? Queue { get; init; }

    /// <summary>Where to when no <see cref="Queue"/> is given; sets nothing aside.</summary>
    public string? UsualQueue { get; init; }

    /// <summary>The leg that is to hold the conversation; null: whichever bot's leg does.</summary>
    public string? Participant { get; init; }
    public bool Anyway { get; init; }
    public string? Message { get; init; }
    public IReadOnlyList<string> Skills { get; init; } = [];
    public int? Priority { get; init; }
    public string? Reason { get; init; }

    /// <summary>The same key starts it once.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>A queue that was given sets the policy's decision aside; the environment's, and any with a guest, only says where, as guides 000 and 003 have it.</summary>
    public bool PolicyDecides => !Anyway && (Queue is null || Guest is not null);

    string? Where => Queue ?? UsualQueue;

    /// <summary>Why what was asked for cannot be, or not on this flavor; null when it can.</summary>
    /// <param name="named">How the caller writes a field: <c>--priority</c>, <c>priority</c>.</param>
    public (string Field, string Sentence)? Fault(GenesysFlavor flavor, Func<string, string> named)
    {
        if (Priority is < 1 or > 10) return ("priority", $"{named("priority")} is {Priority}; allowed is 1 to 10.");
        if (Anyway && Where is null) return ("anyway", $"{named("anyway")} sets the policy's decision aside, so it needs {named("queue")}.");
        if (flavor != GenesysFlavor.Guide) return null;
        var onlyWithGuest = $"cannot be done here without {named("guest")}: only the enqueue of a guest (guide 003) carries it";
        if (Guest is null && Priority is not (null or RouteStep.UsualPriority)) return ("priority", $"{named("priority")} {onlyWithGuest}.");
        if (Guest is null && Message is not null) return ("message", $"{named("message")} {onlyWithGuest}.");
        if (Guest is not null && Skills.Count > 0) return ("skills", $"{named("skills")} cannot go with {named("guest")} here: the enqueue of a guest (guide 003) asks for no skills. Leave one of them out.");
        return null;
    }

    /// <summary>Why the leg that was named is not the one to transfer; null when it is, or none was named. A leg that has left is the sign of somebody who was quicker.</summary>
    internal string? WhyNotTheLeg(Conversation read)
    {
        if (Participant is null) return null;
        var holder = read.Participants.LastOrDefault(p => p is { Role: ParticipantRole.Bot, EndedAt: null, Connected: true });
        if (string.Equals(holder?.Id, Participant, StringComparison.OrdinalIgnoreCase)) return null;
        var now = holder is null ? "no bot holds it" : $"the bot's leg is {holder.Id}";
        return $"Participant {Participant} does not hold conversation {read.Id} for a bot: {now}. Nothing was sent; leave --participant (GENESYS_PARTICIPANT_ID) out to transfer whichever leg the bot has.";
    }

    internal HandoffPlan PlanOf(Decision? decision, Policy policy)
    {
        var first = decision?.Plan?.Steps[0] ?? new RouteStep { Queue = Where!, MaxWait = TimeSpan.FromMinutes(5) };
        if (Where is { } where) first = first with { Queue = where };
        if (Skills.Count > 0) first = first with { Skills = Skills };
        if (Priority is { } priority) first = first with { Priority = priority };
        var rest = decision?.Plan?.Steps.Skip(1) ?? policy.Fallback;
        return new HandoffPlan
        {
            Steps = [first, .. rest.Where(s => s.Queue != first.Queue)],
            LastResort = policy.LastResort,
            Messages = policy.Messages with { Transferring = Message ?? policy.Messages.Transferring ?? (Guest is null ? null : GuestMessage) },
            Limits = policy.Limits,
            Redact = policy.Redact,
        };
    }
}
