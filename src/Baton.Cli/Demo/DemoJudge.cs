using Baton.Core;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Sandbox;

namespace Baton.Cli.Demo;

/// <summary>
/// The invariants of a run: every conversation to be handed off was transferred exactly once as the sandbox counts it, none was lost,
/// none was told "you are being transferred" untruly. A violation is a sentence that names the conversation.
/// </summary>
sealed class DemoJudge(Ledger ledger, IReadOnlyDictionary<HandoffId, IReadOnlyList<HandoffStep>> histories)
{
    public IEnumerable<string> Judge(IReadOnlyList<Played> all) => all.SelectMany(p => Judge(p).Select(sentence => $"{p.Scenario.Name} ({p.ConversationId}): {sentence}"));

    IEnumerable<string> Judge(Played played)
    {
        if (played.Decision == DecisionOutcome.HandOff && played.Handoffs.Count == 0) yield return "was to be handed off, and there is no handoff.";
        foreach (var handoff in played.Handoffs)
        {
            if (!handoff.State.IsFinal()) yield return $"handoff {handoff.Id} is still {handoff.State}.";
            foreach (var sentence in Transfers(played, handoff)) yield return sentence;
        }
        foreach (var stray in ledger.TransfersApplied(played.ConversationId).Where(t => !played.Handoffs.Any(h => IsWithin(t, h))))
            yield return $"was transferred to queue {stray.QueueId} without a handoff that was at it.";
        foreach (var sentence in Promises(played)) yield return sentence;
        if (played.Scenario.Expected is { } expected)
        {
            foreach (var sentence in Against(played, expected)) yield return sentence;
        }
    }

    // A plan names a queue once, so each queue a handoff moved the conversation to was to be reached exactly once.
    IEnumerable<string> Transfers(Played played, Handoff handoff)
    {
        var applied = ledger.TransfersApplied(played.ConversationId).Where(t => IsWithin(t, handoff)).ToList();
        foreach (var doubled in applied.GroupBy(t => t.QueueId).Where(g => g.Count() > 1)) yield return $"was transferred {doubled.Count()} times to queue {doubled.Key}.";
        var confirmed = histories[handoff.Id].Count(s => s.What == "transferConfirmed");
        if (handoff.ConfirmedAt is not null && applied.Count == 0) yield return $"handoff {handoff.Id} says it is confirmed, and the sandbox has not transferred it.";
        if (confirmed > applied.Count) yield return $"handoff {handoff.Id} was confirmed {confirmed} times, and transferred {applied.Count} times.";
        if (handoff.State is HandoffState.Refused or HandoffState.Failed or HandoffState.ReturnedToBot && applied.Count > 0 && handoff.ConfirmedAt is null)
            yield return $"handoff {handoff.Id} is {handoff.State}, and the sandbox has transferred it.";
    }

    static bool IsWithin(LedgerEntry transfer, Handoff handoff) => transfer.Time >= handoff.RequestedAt && (handoff.EndedAt is null || transfer.Time <= handoff.EndedAt);

    IEnumerable<string> Promises(Played played)
    {
        var promise = played.Handoffs.Select(h => h.Plan.Messages.Transferring).FirstOrDefault(t => t is not null);
        var promises = ledger.MessagesTo(played.ConversationId).Where(m => m.Text == promise).ToList();
        var transfers = ledger.TransfersApplied(played.ConversationId);
        foreach (var said in promises.Where(m => !transfers.Any(t => t.Sequence < m.Sequence))) yield return $"was told '{said.Text}' before it was true.";
        if (promises.Count > played.Handoffs.Count(h => h.ConfirmedAt is not null)) yield return $"was told {promises.Count} times that it is being transferred.";
    }

    static IEnumerable<string> Against(Played played, Expected expected)
    {
        if (played.Decision != expected.Decision) yield return $"was decided {played.Decision} ({played.Reason}); {expected.Decision} was expected.";
        if (expected.Reason is not null && played.Reason != expected.Reason) yield return $"was decided because of {played.Reason}; {expected.Reason} was expected.";
        var outcomes = played.Handoffs.Select(h => h.State).ToList();
        if (!outcomes.SequenceEqual(expected.Outcomes)) yield return $"ended {string.Join(", ", outcomes)}; {string.Join(", ", expected.Outcomes)} was expected.";
        if (expected.Queue is not null && played.Handoffs is [.., { } last] && last.QueueName != expected.Queue) yield return $"went to {last.QueueName}; {expected.Queue} was expected.";
    }
}
