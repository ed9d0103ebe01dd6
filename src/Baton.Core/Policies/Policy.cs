using Baton.Core.Briefings;
using Baton.Core.Conversations;
using Baton.Core.Readings;

namespace Baton.Core.Policies;

/// <summary>
/// When a conversation is handed off, where to, and what must hold for it. Checked and immutable: there is none that is half right
/// (<see cref="PolicyDocument.Parse"/>, <see cref="PolicyPresets.Load"/>).
/// </summary>
public sealed class Policy
{
    internal Policy(PolicyParts parts)
    {
        Parts = parts;
        Version = new PolicyVersion(parts.Name, parts.Version, parts.Hash());
    }

    internal PolicyParts Parts { get; }

    /// <summary>Name and version as the file gives them; the hash changes with every rule, but not with comments or layout.</summary>
    public PolicyVersion Version { get; }
    public PolicyMode Mode => Parts.Mode;

    /// <summary>In the order in which their reasons are given.</summary>
    public IReadOnlyList<Trigger> Triggers => Parts.Triggers;
    public IReadOnlyList<Guard> Guards => Parts.Guards;
    public IReadOnlyList<RoutingRule> Routing => Parts.Routing;

    /// <summary>The queues after the rule's own.</summary>
    public IReadOnlyList<RouteStep> Fallback => Parts.Fallback;
    public LastResort LastResort => Parts.LastResort;

    /// <summary>Null: always open.</summary>
    public BusinessHours? Hours => Parts.Hours;
    public HandoffMessages Messages => Parts.Messages;
    public HandoffLimits Limits => Parts.Limits;

    /// <summary>What is taken out of texts that the agent is given.</summary>
    public Redactions Redact => Parts.Redact;

    /// <summary>The queues this policy may send to, for checking that they exist.</summary>
    public IEnumerable<string> Queues => Parts.Queues();

    /// <summary>The rules as canonical JSON: what is hashed, and what two policies are compared by.</summary>
    public byte[] ToJson() => Parts.ToJson();

    /// <summary>Whether a decision about this conversation is carried out, or only recorded (shadow, or outside the canary).</summary>
    public bool Acts(string conversationId) => Mode.Takes(Version.Name, conversationId);

    public Decision Decide(Conversation conversation, RoutingSnapshot routing, DateTimeOffset now) =>
        Decide(ConversationReadings.Of(conversation), conversation, routing, now);

    /// <param name="readings">Fed with this conversation's turns; the fast way, since nothing is scored again.</param>
    public Decision Decide(ConversationReadings readings, Conversation conversation, RoutingSnapshot routing, DateTimeOffset now)
    {
        readings.Hear(conversation.Participants);
        if (conversation.IntentReport is { } report) readings.Hear(report);
        return new Judgment(Parts, conversation, routing, now).Decide(readings.Snapshot(now), Version);
    }

    /// <summary>What this policy asks for and a flavor cannot do; <paramref name="unsupported"/> gives the reason, or null for what it can.</summary>
    public IReadOnlyList<PolicyError> CheckAgainst(Func<PolicyFeature, string?> unsupported) =>
    [
        .. from use in Parts.Uses
           let reason = unsupported(use.Feature)
           where reason is not null
           select new PolicyError(use.Line, use.Column, use.Key, $"{use.Key} cannot be done here: {reason}"),
    ];
}
