using Baton.Core;
using Baton.Core.Audit;
using Baton.Core.Deliveries;
using Baton.Core.Handoffs;
using Baton.Tests.Handoffs;

namespace Baton.Tests.Simulation;

/// <summary>What must hold at the end. What happened to a conversation it takes from the platform's ledger; the store is asked only what Baton believes, to be held against it.</summary>
sealed class SimulationCheck(SimulationSettings settings, SimulatedStore store, IReadOnlyList<LedgerEntry> ledger, DateTimeOffset healed)
{
    // What was on the way when the trouble ended has come by then.
    static readonly TimeSpan atRest = TimeSpan.FromMinutes(4);

    public IEnumerable<string> Violations()
    {
        var found = new List<string>();
        var ofConversation = ledger.ToLookup(e => e.Conversation);
        foreach (var entries in ofConversation) found.AddRange(OfConversation(entries.Key, [.. entries]));
        foreach (var handoff in store.Handoffs) found.AddRange(OfHandoff(handoff, [.. ofConversation[handoff.ConversationId]]));
        found.AddRange(OfAudit());
        return found;
    }

    IEnumerable<string> OfConversation(string conversation, List<LedgerEntry> entries)
    {
        // Never two out of the same leg, whoever asked for them and how often.
        foreach (var twice in entries.Where(e => e.Kind == LedgerKind.Applied).GroupBy(e => e.Leg).Where(g => g.Count() > 1))
            yield return $"doubled: {conversation} was transferred {twice.Count()} times out of {twice.Key}";

        // Nothing is said that is not true by then.
        var moved = entries.FindIndex(e => e.Kind is LedgerKind.Applied or LedgerKind.MovedByOthers);
        for (var i = 0; i < entries.Count; i++)
        {
            var text = entries[i].Text;
            if (text is null) continue;
            var after = moved >= 0 && moved < i;
            if (!after && (text == The.Messages.Transferring || text == The.Messages.StillLooking || text == The.Messages.NobodyCame)) yield return $"untrue: {conversation} was told \"{text}\" before it was transferred";
            if (text == The.Messages.NotPossible && !settings.BeyondSettle && entries.Exists(e => e.Kind == LedgerKind.Applied && e.By == entries[i].By)) yield return $"untrue: {conversation} was told \"{text}\" and was transferred";
        }
    }

    IEnumerable<string> OfHandoff(Handoff handoff, List<LedgerEntry> entries)
    {
        var id = $"{handoff.Id} ({handoff.ConversationId}, {handoff.State}{(handoff.Failure is null ? "" : $", {handoff.Failure}")})";
        var ours = entries.FindAll(e => e.By == handoff.Id);
        var applied = ours.FindAll(e => e.Kind == LedgerKind.Applied);

        if (!handoff.State.IsFinal() || handoff.Todo != Todo.None) yield return $"stuck: {id} still has to {handoff.Todo}, due {handoff.DueAt:HH:mm:ss}";

        // The plan's queues, in its order, each once.
        var step = 0;
        foreach (var queue in applied.Select(e => e.Queue))
        {
            while (step < handoff.Plan.Steps.Count && "q-" + handoff.Plan.Steps[step].Queue != queue) step++;
            if (step++ >= handoff.Plan.Steps.Count) yield return $"off the plan: {id} went {string.Join(", ", applied.Select(e => e.Queue))}";
        }

        // A message has no fence: what a frozen process sends after settle time is said once more.
        foreach (var said in ours.Where(e => e.Kind == LedgerKind.Told).GroupBy(e => e.Text))
            if (!settings.BeyondSettle && said.Count() > (said.Key == The.Messages.StillLooking ? handoff.Plan.Steps.Count - 1 : 1)) yield return $"said twice: {id} said \"{said.Key}\" {said.Count()} times";

        foreach (var sentence in OfEnd(handoff, id, entries, applied)) yield return sentence;
        if (Silence(handoff, entries, applied) is { } silence) yield return $"silence: {id} {silence}";

        // Intent before call.
        foreach (var asked in ours.Where(e => e.Kind == LedgerKind.Asked))
        {
            var intended = store.Audit.Exists(a => a.Chain == handoff.ConversationId && (settings.ClockSteps || a.At <= asked.At)
                && a.Facts.Contains($"\"{handoff.Id}\"", StringComparison.Ordinal) && a.Facts.EndsWith($"\"attempt\":{asked.Attempt},\"leg\":\"{asked.Leg}\"}}", StringComparison.Ordinal));
            if (!intended) yield return $"no intent: {id} asked for attempt {asked.Attempt} out of {asked.Leg}, and the trail does not say so";
        }

        var told = store.Deliveries.Where(d => d.Body.Contains(handoff.Id.ToString(), StringComparison.Ordinal)).ToList();
        if (told.Count(d => d.EventType == HandoffNotices.Ended) != 1) yield return $"deliveries: {id} has told of its end {told.Count(d => d.EventType == HandoffNotices.Ended)} times";
    }

    /// <summary>The end that Baton recorded is the end that was.</summary>
    IEnumerable<string> OfEnd(Handoff handoff, string id, List<LedgerEntry> entries, List<LedgerEntry> applied)
    {
        var over = entries.Find(e => e.Kind == LedgerKind.CustomerLeft)!.At;
        switch (handoff.State)
        {
            case HandoffState.Completed when !entries.Exists(e => e.Kind == LedgerKind.AgentJoined):
                yield return $"untrue end: {id}, and no agent ever joined";
                break;
            case HandoffState.Abandoned when !settings.ClockSteps && handoff.EndedAt < over:
                yield return $"untrue end: {id} at {handoff.EndedAt:HH:mm:ss}, and the customer left at {over:HH:mm:ss}";
                break;
            case HandoffState.Canceled or HandoffState.Refused when applied.Count > 0:
            case HandoffState.Failed when applied.Count > 0 && !settings.BeyondSettle:
                yield return $"lost: {id}, and the platform had transferred it";
                break;
            case HandoffState.ReturnedToBot when applied.Count > 0 && !entries.Exists(e => e.Kind == LedgerKind.BackToBot):
                yield return $"lost: {id}, and the platform had transferred it";
                break;
            case HandoffState.Failed when handoff.Failure == FailureKind.TransferFailed
                && entries.Count(e => e.By == handoff.Id && e.Kind == LedgerKind.NotCarriedOut) < settings.Pace.TransferAttempts && !settings.BeyondSettle:
                yield return $"given up early: {id}";
                break;
            case HandoffState.Failed when handoff.Failure == FailureKind.TimedOut && !settings.ClockSteps && handoff.EndedAt - handoff.RequestedAt < handoff.Plan.Limits.Transfer:
                yield return $"given up early: {id} after {handoff.EndedAt - handoff.RequestedAt}";
                break;
            case HandoffState.Failed or HandoffState.Refused when !entries.Exists(e => e.Kind is LedgerKind.Trouble or LedgerKind.NotCarriedOut or LedgerKind.MovedByOthers or LedgerKind.Applied)
                // What went wrong with a queue, or with time, is in no conversation's ledger.
                && handoff.Failure is not (FailureKind.QueueUnstaffed or FailureKind.QueueNotFound or FailureKind.Unauthorized or FailureKind.TimedOut or FailureKind.RateLimited):
                yield return $"lost: {id}, and nothing had gone wrong";
                break;
        }
    }

    /// <summary>Somebody who was moved, or who was not, has been told so, unless the platform would not take it or an agent spoke first.</summary>
    string? Silence(Handoff handoff, List<LedgerEntry> entries, List<LedgerEntry> applied)
    {
        if (handoff.Plan.Messages.Transferring is null || settings.ClockSteps || entries.Exists(e => e.Kind == LedgerKind.TellTrouble) || entries.Exists(e => e.Kind == LedgerKind.Told)) return null;
        var since = applied.Count > 0 ? applied[0].At : handoff.EndedAt ?? The.Start;
        since = since > healed ? since : healed;
        if (entries.Exists(e => e.Kind is LedgerKind.CustomerLeft or LedgerKind.AgentJoined or LedgerKind.Alerted or LedgerKind.BackToBot or LedgerKind.MovedByOthers && e.At < since + atRest)) return null;
        // Tried, or looked for, as often as it is worth, each time in vain, and the history says so: a message helps, it does not decide.
        var steps = store.History.Where(h => h.Handoff == handoff.Id).Select(h => h.What).ToList();
        var looks = steps.Skip(steps.LastIndexOf("messageSent") + 1).Count(s => s == "delayed");
        if (steps.Contains("messageGivenUp") && (steps.Count(s => s == "messageSent") >= settings.Pace.SideTries || looks + 1 >= settings.Pace.SideTries)) return null;
        if (applied.Count > 0) return $"was moved at {applied[0].At:HH:mm:ss} and the customer heard nothing";
        // What was not begun was not promised either.
        var isBegun = handoff.Intent is { Attempt: > 0 } && handoff.FailureSentence?.StartsWith("Not begun", StringComparison.Ordinal) == false;
        return isBegun && handoff is { State: HandoffState.Failed, Failure: not FailureKind.LegGone } ? "failed and the customer heard nothing" : null;
    }

    IEnumerable<string> OfAudit()
    {
        var verifier = new AuditVerifier(null, null);
        foreach (var head in store.Heads.Values) verifier.Add(head);
        foreach (var entry in store.Audit.OrderBy(e => e.Chain, StringComparer.Ordinal).ThenBy(e => e.Sequence)) verifier.Add(entry);
        var report = verifier.Finish();
        foreach (var problem in report.Problems) yield return $"audit: {problem}";
        // The trail has every step of the history, in its order.
        foreach (var steps in store.History.GroupBy(s => s.Handoff))
        {
            var versions = steps.Select(s => s.Version).ToList();
            if (!versions.SequenceEqual(versions.Order().Distinct())) yield return $"history: {steps.Key} has the versions {string.Join(' ', versions)}";
            var entered = store.Audit.Count(a => a.Facts.Contains($"\"{steps.Key}\"", StringComparison.Ordinal));
            if (entered != versions.Count) yield return $"audit: {steps.Key} has {versions.Count} steps and {entered} entries";
        }
    }
}
