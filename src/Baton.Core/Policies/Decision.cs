using System.Text.Json;
using Baton.Core.Readings;

namespace Baton.Core.Policies;

/// <summary>
/// What a policy says of a conversation at one instant, and why. Same conversation, policy, instant and routing snapshot give the same value.
/// </summary>
public sealed record Decision
{
    public required string ConversationId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required DecisionOutcome Outcome { get; init; }

    /// <summary>What fired; when guards refused, these first (their codes begin with <c>guards.</c>). The deciding one leads. Empty for <see cref="DecisionOutcome.Stay"/>.</summary>
    public required IReadOnlyList<Reason> Reasons { get; init; }

    /// <summary>Every reading the policy looked at, each beside its threshold.</summary>
    public required IReadOnlyList<ReadingCheck> Readings { get; init; }

    /// <summary>The smallest changes that would have turned the outcome, as sentences.</summary>
    public required IReadOnlyList<string> WouldFlip { get; init; }

    /// <summary>Where to hand off and how; null unless the outcome is <see cref="DecisionOutcome.HandOff"/>.</summary>
    public HandoffPlan? Plan { get; init; }

    public required PolicyVersion Policy { get; init; }

    /// <summary>Canonical UTF-8: equal decisions give equal bytes.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, DecisionBytes.Format.Decision);

    public static Decision FromJson(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, DecisionBytes.Format.Decision) ?? throw new JsonException("a decision is an object, not null");

    /// <summary>A few lines for a terminal.</summary>
    public string Explain() => Explanation.Of(this);
}

public enum DecisionOutcome
{
    /// <summary>No trigger fired: the bot goes on.</summary>
    Stay,

    /// <summary>A trigger fired and every guard held.</summary>
    HandOff,

    /// <summary>A trigger fired, but a guard did not hold: no handoff, and <see cref="Decision.Reasons"/> says why.</summary>
    Refused,
}

/// <param name="Code">Stable, for counting: <c>askedForHuman</c>, <c>outOfHours</c>, ...</param>
/// <param name="Sentence">For a person: the reading, its value, the threshold.</param>
public sealed record Reason(string Code, string Sentence);

/// <summary>A reading as one rule of the policy saw it.</summary>
/// <param name="Rule">The rule's key in the policy (<c>triggers.askedForHuman</c>).</param>
/// <param name="Comparison">As a person reads it: <c>&gt;= 0.5</c>. For a guard, what must hold.</param>
/// <param name="Fired">Whether the trigger proposed a handoff, or the guard refused it. Null when the reading is unknown, so the rule could not be checked.</param>
public sealed record ReadingCheck(string Rule, Reading Reading, string Comparison, bool? Fired);

/// <param name="Hash">SHA-256 of the policy's canonical text, hex, its first 12 characters.</param>
public sealed record PolicyVersion(string Name, string Version, string Hash);
