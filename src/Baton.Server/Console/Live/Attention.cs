using Baton.Core;
using Baton.Core.Deliveries;
using Baton.Core.Handoffs;
using Baton.Genesys.Quota;
using Baton.Storage.Sqlite;

namespace Baton.Server.Console.Live;

/// <summary>Something that will not become well by itself, or not soon: what it is, and what to do.</summary>
/// <param name="Tone"><c>bad</c> or <c>warn</c>.</param>
/// <param name="Link">Where it can be looked at or mended; null where it cannot be here.</param>
public sealed record Attention(string Tone, string What, string Do, string? Link)
{
    /// <summary>A handoff that nobody has touched for so long after it was due is stuck.</summary>
    internal static readonly TimeSpan Overdue = TimeSpan.FromMinutes(1);

    /// <summary>And one whose transfer is not confirmed for so long deserves a look.</summary>
    internal static readonly TimeSpan LongTransfer = TimeSpan.FromMinutes(2);

    /// <summary>One that was tried in vain so often will not go on by the next try.</summary>
    internal const int HeldUp = 2;

    internal static IEnumerable<Attention> Of(PageView view, StoreCondition store, string? policy, IReadOnlyList<QuotaState> quota, IReadOnlyList<Handoff> heldUp, IReadOnlyList<Handoff> failed, IReadOnlyList<Delivery> dead)
    {
        if (store.Trouble is { } trouble) yield return new("bad", trouble, "Nothing is acknowledged until it is mended; Baton goes on by itself then.", null);
        if (store.Warning is { } warning) yield return new("warn", warning, "The store works; see to it before it does not.", null);
        if (policy is not null) yield return new("bad", policy, "Mend the text; handoffs go on by the policy in force.", "/policy");
        if (view.Pause is { } pause) yield return new("bad", $"Paused by {pause.By}{(pause.Why is null ? "" : $": {pause.Why}")}. No handoff begins; those under way go on.", "Resume when the reason is gone.", "#pause");
        foreach (var line in quota.Where(q => q.PausedUntil > view.Now))
            yield return new("warn", $"Genesys Cloud has told us to wait for {Wording.Of(line.PausedUntil!.Value - view.Now)}; {Wording.Count(line.Waiting, "call")} {(line.Waiting == 1 ? "waits" : "wait")}.", "Nothing: it goes on by itself. If it happens often, see who else uses this OAuth client.", null);
        // What several of them run into is the platform's trouble, not theirs: said once.
        foreach (var held in heldUp.Where(h => h is { Failure: not null, Tries: >= HeldUp }).GroupBy(h => h.Failure!.Value).OrderByDescending(g => g.Count()))
            yield return new("bad", $"{Wording.Count(held.Count(), "handoff")} {(held.Count() == 1 ? "is" : "are")} held up: {held.First().FailureSentence}", $"{Failures.WhatToDo(held.Key)} They are tried again by themselves.", held.Count() == 1 ? Page(held.First()) : "/handoffs?state=live");
        foreach (var handoff in heldUp)
        {
            if (view.Pause is null && view.Now - handoff.DueAt is { } late && late > Overdue)
                yield return new("bad", $"The handoff to {Wording.QueueOf(handoff)} has waited {Wording.Of(late)} for its next step.", "Look at its timeline; if the whole page stands still, see the server's log.", Page(handoff));
            else if (handoff.State == HandoffState.Transferring && view.Now - handoff.ChangedAt > LongTransfer)
                yield return new("warn", $"The transfer to {Wording.QueueOf(handoff)} is not confirmed since {Wording.Of(view.Now - handoff.ChangedAt)}.", "It is looked for, and never sent twice; its timeline says what holds it up.", Page(handoff));
        }
        foreach (var handoff in failed)
            yield return new("bad", handoff.FailureSentence ?? "A handoff failed.", handoff.Failure is { } kind ? Failures.WhatToDo(kind) : "Look at its timeline.", Page(handoff));
        if (dead.Count > 0)
            yield return new("warn", $"{(dead.Count == 10 ? "10 or more events" : Wording.Count(dead.Count, "event"))} could not be delivered to {string.Join(", ", dead.Select(d => d.Target).Distinct(StringComparer.Ordinal))}.", "See to the receiver, then replay them.", "/deliveries?state=dead");
    }

    static string Page(Handoff handoff) => $"/handoffs/{handoff.Id}";
}
