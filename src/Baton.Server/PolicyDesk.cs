using Baton.Core;
using Baton.Core.Conversations;
using Baton.Core.Policies;
using Baton.Core.Readings;

namespace Baton.Server;

/// <summary>Where people and programs check, try and change the policy, in the console and over the API: both go this way.</summary>
public sealed class PolicyDesk(BatonSystem system)
{
    public const int LongestNote = 200;
    public const int UsuallyTried = 100;
    public const int MostTried = 500;

    const string FileName = "policy.yaml";

    /// <summary>A text as a whole: every error, also what the flavor cannot do.</summary>
    public (Policy? Policy, IReadOnlyList<PolicyError> Errors) Check(string text)
    {
        var document = PolicyDocument.Parse(text, FileName);
        IReadOnlyList<PolicyError> errors = document.Policy is { } policy ? PolicyHolder.Unsupported(policy, system.Settings.Genesys.Flavor) : document.Errors;
        return (errors.Count == 0 ? document.Policy : null, errors);
    }

    /// <summary>What an edited policy would have decided of the newest conversations, beside the one in force. Nothing is sent or stored.</summary>
    public async Task<PolicyPreview> TryAsync(Policy edited, int conversations, CancellationToken ct)
    {
        var current = system.Policy.Current;
        var differences = new List<PolicyDifference>();
        int compared = 0, now = 0, then = 0;
        foreach (var summary in await system.Store.ListConversationsAsync(new ConversationFilter { Limit = conversations }, ct))
        {
            if (await system.Store.FindConversationAsync(summary.Id, ct) is not { Turns.Count: > 0 } conversation) continue;
            compared++;
            var (before, after) = (AtItsBest(current, conversation), AtItsBest(edited, conversation));
            if (before.Outcome == DecisionOutcome.HandOff) now++;
            if (after.Outcome == DecisionOutcome.HandOff) then++;
            if (!IsSame(before, after)) differences.Add(new PolicyDifference(conversation.Id, Outcome.Of(before), Outcome.Of(after)));
        }
        return new PolicyPreview(current.Version, edited.Version, compared, now, then, differences);
    }

    /// <param name="basedOn">The version that was edited: a newer one is not written over unseen.</param>
    public async Task<PolicyReply> SaveAsync(string text, string? note, long basedOn, string by, CancellationToken ct)
    {
        text = text.ReplaceLineEndings("\n");
        var (policy, errors) = Check(text);
        if (policy is null) return new PolicyReply.Wrong(errors);
        // Sent twice, or nothing was changed: what was asked for is in force.
        if (await system.Store.NewestPolicyAsync(null, ct) is { } newest && newest.Text == text) return new PolicyReply.Saved(newest);
        return await EnterAsync(new PolicyEdition(0, policy.Version, text, by, system.Time.GetUtcNow(), PolicySource.Console) { Note = Short(note) }, basedOn, ct);
    }

    /// <summary>Makes an old version's text the newest again.</summary>
    /// <param name="basedOn">What was the newest when it was decided; null: whatever is.</param>
    public async Task<PolicyReply> RestoreAsync(long number, long? basedOn, string by, CancellationToken ct)
    {
        if (await system.Store.FindPolicyAsync(number, ct) is not { } old || await system.Store.NewestPolicyAsync(null, ct) is not { } newest) return new PolicyReply.NotKnown(number);
        if (old.Text == newest.Text) return new PolicyReply.Saved(newest);
        var (policy, errors) = Check(old.Text);
        if (policy is null) return new PolicyReply.Wrong(errors);
        return await EnterAsync(new PolicyEdition(0, policy.Version, old.Text, by, system.Time.GetUtcNow(), PolicySource.Restored) { Note = $"Version {number} again" }, basedOn ?? newest.Number, ct);
    }

    async Task<PolicyReply> EnterAsync(PolicyEdition edition, long basedOn, CancellationToken ct)
    {
        var save = await system.Store.SavePolicyAsync(edition, basedOn, ct);
        if (!save.IsSaved) return new PolicyReply.Overtaken(save.Edition);
        await system.Policies.RunOnceAsync(ct);
        return new PolicyReply.Saved(save.Edition);
    }

    static string? Short(string? note) => note?.Trim() is { Length: > 0 } text ? text[..Math.Min(text.Length, LongestNote)] : null;

    /// <summary>The first decision to hand off as the conversation went on, as the watch would have come to it; else the last decision.</summary>
    static Decision AtItsBest(Policy policy, Conversation conversation)
    {
        var heard = conversation with { Turns = [] };
        var readings = new ConversationReadings(conversation.StartedAt);
        Decision? last = null;
        foreach (var turn in conversation.Turns)
        {
            heard = heard.Hear(turn);
            readings.Hear(turn);
            last = policy.Decide(readings, heard, RoutingSnapshot.Unknown, turn.At);
            if (last.Outcome == DecisionOutcome.HandOff) break;
        }
        return last!;
    }

    static bool IsSame(Decision a, Decision b) => a.Outcome == b.Outcome && a.At == b.At && a.Plan?.Steps[0].Queue == b.Plan?.Steps[0].Queue && a.Reasons.Select(r => r.Code).SequenceEqual(b.Reasons.Select(r => r.Code));
}

/// <summary>What asking for a change of the policy came to.</summary>
public abstract record PolicyReply
{
    public sealed record Saved(PolicyEdition Edition) : PolicyReply;

    public sealed record Wrong(IReadOnlyList<PolicyError> Errors) : PolicyReply;

    /// <summary>Somebody else has saved meanwhile; nothing was.</summary>
    public sealed record Overtaken(PolicyEdition By) : PolicyReply;

    public sealed record NotKnown(long Number) : PolicyReply;
}

/// <param name="HandOffsNow">Of the compared, how many the policy in force hands off.</param>
public sealed record PolicyPreview(PolicyVersion Current, PolicyVersion Edited, int Compared, int HandOffsNow, int HandOffsThen, IReadOnlyList<PolicyDifference> Differences);

public sealed record PolicyDifference(string ConversationId, Outcome Current, Outcome Edited);

/// <param name="At">The turn at which it was decided.</param>
/// <param name="Reasons">Codes.</param>
public sealed record Outcome(DecisionOutcome Decided, DateTimeOffset At, string? Queue, IReadOnlyList<string> Reasons)
{
    public static Outcome Of(Decision d) => new(d.Outcome, d.At, d.Plan?.Steps[0].Queue, [.. d.Reasons.Select(r => r.Code)]);
}
