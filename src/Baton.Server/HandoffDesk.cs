using Baton.Core;
using Baton.Core.Briefings;
using Baton.Core.Conversations;
using Baton.Core.Deliveries;
using Baton.Core.Handoffs;
using Baton.Core.Policies;

namespace Baton.Server;

/// <summary>Where people and programs ask for handoffs, on the command line and over the API: both go this way.</summary>
/// <param name="patiently">How reads of the platform are made; null: once.</param>
public sealed class HandoffDesk(BatonSystem system, Func<Func<Task>, Task>? patiently = null)
{
    /// <exception cref="ContactCenterException">The conversation could not be read, and nothing was stored.</exception>
    public async Task<HandoffReply> StartAsync(HandoffAsk ask, CancellationToken ct)
    {
        if (await system.Store.ListHandoffsAsync(new HandoffFilter { ConversationId = ask.ConversationId, LiveOnly = true, Limit = 1 }, ct) is [var live])
            return new HandoffReply.Known(live, StartOutcome.AlreadyLive);
        // Read first: unknown and ended conversations, unknown guests and wrong credentials are answered before anything is stored.
        var read = await ReadAsync(() => system.Center.ReadTranscriptAsync(ask.ConversationId, CallFor.Nobody, ct)) with { GuestId = ask.Guest };
        if (read.EndedAt is not null) return Refused("conversation.ended", $"Conversation {read.Id} has ended; there is nobody to hand off.");
        if (ask.WhyNotTheLeg(read) is { } why) return Refused("participant.gone", why);
        var policy = ask.Guest is not null && !system.IsPolicyGiven ? PolicyPresets.Load(HandoffAsk.GuestPolicy) : system.Policy.Current;
        var now = system.Time.GetUtcNow();
        var decision = ask.PolicyDecides ? policy.Decide(read, RoutingSnapshot.Unknown, now) : null;
        if (decision is not null && decision.Outcome != DecisionOutcome.HandOff) return new HandoffReply.NotDecided(decision);
        var plan = ask.PlanOf(decision, policy);
        var welcome = ask.Guest is { } known ? Briefing.Welcome(await ReadAsync(() => system.Center.ReadGuestAsync(known, read.Id, CallFor.Nobody, ct)), plan.Redact) : null;
        await system.Store.FoldAsync(new ConversationFold(read, [.. read.Turns]) { Decision = decision }, ct);
        var reasons = decision?.Reasons ?? [new Reason("requested", ask.Reason ?? $"Requested by {ask.By}.")];
        var handoff = Handoff.Request(system.NewId(now), read.Id, plan, new HandoffOrigin(decision is null ? ask.By : "policy", reasons, decision?.Policy), now) with { GuestId = ask.Guest, Welcome = welcome };
        return await RequestAsync(handoff, ask.IdempotencyKey, ct);
    }

    /// <summary>The same conversation and plan, a new handoff; asked twice, it is one.</summary>
    public async Task<HandoffReply> RetryAsync(Handoff ended, string by, CancellationToken ct)
    {
        if (!ended.State.IsFinal()) return Refused("handoff.live", $"Handoff {ended.Id} has not ended ({ended.State}); there is nothing to retry.");
        if (ended.State == HandoffState.Completed) return Refused("handoff.completed", $"Handoff {ended.Id} is completed; start a new one if the customer needs somebody again.");
        var now = system.Time.GetUtcNow();
        var again = Handoff.Request(system.NewId(now), ended.ConversationId, ended.Plan, ended.Origin with { By = by, RetryOf = ended.Id }, now) with { GuestId = ended.GuestId, Welcome = ended.Welcome };
        return await RequestAsync(again, $"retry-{ended.Id}", ct);
    }

    /// <summary>Calls a handoff off, as long as nothing has been sent. Null: there is none of that id.</summary>
    public static async Task<HandoffReply?> CancelAsync(IBatonStore store, BatonSettings settings, HandoffId id, string by, TimeProvider time, CancellationToken ct)
    {
        while (true)
        {
            if (await store.FindHandoffAsync(id, ct) is not { } handoff) return null;
            var canceled = handoff.Apply(new HandoffEvent.CancelRequested(by), time.GetUtcNow(), settings.Runner.Pace);
            var transition = new Outbox(settings.Deliveries.Targets).With(handoff, canceled);
            if (transition.Rejection is { } why) return Refused("handoff.state", why);
            if (!transition.Changed || await store.CommitOverAsync(handoff, transition, ct)) return new HandoffReply.Known(transition.Handoff, StartOutcome.SameRequest);
            // The runner was quicker: look at what it made of it.
        }
    }

    async Task<HandoffReply> RequestAsync(Handoff requested, string? key, CancellationToken ct)
    {
        var start = await system.Store.StartHandoffAsync(requested, key, ct);
        return start.Outcome == StartOutcome.KeyReused
            ? Refused("idempotency.mismatch", $"The idempotency key was used for handoff {start.Handoff.Id} of conversation {start.Handoff.ConversationId}; nothing was started.")
            : new HandoffReply.Known(start.Handoff, start.Outcome);
    }

    async Task<T> ReadAsync<T>(Func<Task<T>> read)
    {
        if (patiently is null) return await read();
        var result = default(T);
        await patiently(async () => result = await read());
        return result!;
    }

    static HandoffReply.Refused Refused(string code, string sentence) => new(code, sentence);
}

/// <summary>What asking for a handoff came to.</summary>
public abstract record HandoffReply
{
    /// <summary>There is one: new, or known already.</summary>
    public sealed record Known(Handoff Handoff, StartOutcome Outcome) : HandoffReply;

    /// <summary>The policy does not hand this conversation off.</summary>
    public sealed record NotDecided(Decision Decision) : HandoffReply;

    public sealed record Refused(string Code, string Sentence) : HandoffReply;
}
