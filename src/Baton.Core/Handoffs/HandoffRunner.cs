using System.Collections.Concurrent;
using Baton.Core.Briefings;
using Baton.Core.Conversations;
using Baton.Core.Deliveries;
using Microsoft.Extensions.Logging;

namespace Baton.Core.Handoffs;

/// <summary>
/// Does what handoffs have to do next: claims what is due, performs it, commits what came of it.
/// <para>
/// Invariants. A call that must not happen twice is sent only by the process that has just committed its intent, under the lease of that commit, once.
/// Whatever happens to the process then, the stored todo is the look that finds out. A commit under an old lease is refused by the store, and what was learned with it
/// is learned again by the next look. What no client can rule out: a process that is paused between the deadline check and the socket for longer than lease and settle time.
/// </para>
/// </summary>
public sealed partial class HandoffRunner(IHandoffStore store, IContactCenter center, Outbox outbox, RunnerOptions options, TimeProvider time, ILogger<HandoffRunner> log, LiveConversations? live = null)
{
    // Below it, a send might still be under way when the lease ends.
    static readonly TimeSpan SendMargin = TimeSpan.FromSeconds(30);

    // One that the store refuses every time must not go round and round.
    static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(2);

    /// <summary>What was claimed when the store failed: given back as soon as it answers, so that nobody waits for the lease's end.</summary>
    readonly ConcurrentQueue<LeasedHandoff> stranded = new();

    /// <summary>Runs until stopped. Stopping claims nothing more and lets what is under way finish, for as long as <paramref name="finish"/> allows.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken finish)
    {
        var working = new List<Task>();
        var troubled = 0;
        while (!stop.IsCancellationRequested)
        {
            working.RemoveAll(t => t.IsCompleted);
            try
            {
                // Asked for before the table is read: what is written in between is not slept through.
                using var idle = CancellationTokenSource.CreateLinkedTokenSource(stop);
                var signal = store.WaitForWorkAsync(idle.Token);
                var claimed = await ClaimAsync(options.AtOnce - working.Count, finish);
                foreach (var held in claimed) working.Add(WorkAsync(held, finish));
                troubled = 0;
                // With every place taken, what is due waits for one of them.
                if (working.Count >= options.AtOnce) await Task.WhenAny(working).WaitAsync(stop);
                else if (claimed.Count == 0) await WaitAsync(signal, working, stop);
                await idle.CancelAsync();
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
            catch (StoreException e)
            {
                // Nothing was acknowledged; when the store works again, everything is where it was.
                StoreInTrouble(log, e.Message);
                await Task.Delay(HandoffPace.Retry(troubled++, default), time, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
        await Task.WhenAll(working);
    }

    /// <summary>Claims what is due now, works on it until none of it is due, and answers how many handoffs that were.</summary>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        var claimed = await ClaimAsync(options.AtOnce, ct);
        await Task.WhenAll(claimed.Select(held => WorkAsync(held, ct)));
        return claimed.Count;
    }

    async Task<IReadOnlyList<LeasedHandoff>> ClaimAsync(int limit, CancellationToken ct)
    {
        if (limit <= 0) return [];
        while (stranded.TryDequeue(out var held))
        {
            try
            {
                await store.ReleaseAsync(held, time.GetUtcNow() + AfterTrouble, ct);
            }
            catch (StoreException)
            {
                stranded.Enqueue(held);
                throw;
            }
        }
        var beginNew = await store.PausedAsync(ct) is null;
        return await store.ClaimDueAsync(time.GetUtcNow(), options.Lease, limit, beginNew, ct);
    }

    async Task WaitAsync(Task signal, List<Task> working, CancellationToken ct)
    {
        var beginNew = await store.PausedAsync(ct) is null;
        var now = time.GetUtcNow();
        var until = await store.NextDueAsync(beginNew, ct) is { } due && due < now + options.Poll ? due : now + options.Poll;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        // A delay counts whole milliseconds and drops the rest: rounded up, or what is due in half a millisecond would be waited for with a spinning loop.
        var pause = Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((until - now).TotalMilliseconds))), time, over.Token);
        await Task.WhenAny([signal, pause, .. working]);
        await over.CancelAsync();
    }

    async Task WorkAsync(LeasedHandoff claimed, CancellationToken ct)
    {
        var held = claimed;
        var call = new CallFor(claimed.Handoff.Id) { Notes = new CallNotes() };
        try
        {
            while (held.Handoff.Todo != Todo.None && held.Handoff.DueAt <= time.GetUtcNow())
            {
                if (held.Handoff.Todo == Todo.Prepare && held.Handoff.State == HandoffState.Requested && center.Admit(held.Handoff.Id, live is null ? options.PlanCalls : await live.CallsAsync(held.Handoff, options.PlanCalls, ct)) is { Granted: false, NotBefore: { } later })
                {
                    await store.ReleaseAsync(held, later, ct);
                    return;
                }
                var occurred = await PerformAsync(held.Handoff, call, ct);
                if (occurred is HandoffEvent.Faulted { Kind: FailureKind.RateLimited, NotBefore: { } open })
                {
                    // Not worth a line in the history: nothing was sent and nothing was learned.
                    await store.ReleaseAsync(held, open, ct);
                    return;
                }
                if (await CommitAsync(held, occurred, call, ct) is not { } next) return;
                held = next;
            }
            await store.ReleaseAsync(held, null, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested) { }
        catch (StoreException e)
        {
            StoreInTrouble(log, e.Message);
            stranded.Enqueue(held);
        }
        catch (Exception e)
        {
            // A bug of ours must not take the other handoffs with it, nor this one round and round: it comes back when the lease has ended.
            WorkBroke(log, held.Handoff.Id, e);
        }
    }

    /// <summary>Applies, commits, and sends what the commit allows to be sent, until there is nothing more to send. Null: the handoff is no longer ours, or has no further turn.</summary>
    async Task<LeasedHandoff?> CommitAsync(LeasedHandoff held, HandoffEvent occurred, CallFor call, CancellationToken ct)
    {
        while (true)
        {
            var transition = outbox.With(held.Handoff, held.Handoff.Apply(occurred, time.GetUtcNow(), options.Pace));
            if (transition is { Changed: true, IsQuiet: false }) transition = transition with { Calls = call.Notes!.Take() };
            if (transition.Rejection is { } why) Rejected(log, held.Handoff.Id, why);
            if (!transition.Changed)
            {
                await store.ReleaseAsync(held, null, ct);
                return null;
            }
            if (await store.CommitAsync(held, transition, ct) is not { } committed)
            {
                LeaseLost(log, held.Handoff.Id);
                return null;
            }
            if (!transition.IsQuiet) Committed(log, held.Handoff.Id, transition.What, committed.Handoff.State);
            if (committed.Handoff.FailureSentence is { } sentence && sentence != held.Handoff.FailureSentence) Noted(log, held.Handoff.Id, committed.Handoff.Failure, sentence);
            held = committed;
            if (transition.Send is not { } send) return held;
            // Too late to send under this lease: the stored todo will look, find nothing, and send again.
            if (held.Until - time.GetUtcNow() < SendMargin) return held;
            occurred = await SendAsync(held.Handoff, send, call, ct);
        }
    }

    async Task<HandoffEvent> SendAsync(Handoff handoff, OneSend send, CallFor call, CancellationToken ct)
    {
        return send switch
        {
            OneSend.Transfer transfer => new HandoffEvent.TransferReplied(await center.BeginTransferAsync(transfer.Intent, transfer.Words, By(transfer.Intent.At), ct)),
            OneSend.Message message => new HandoffEvent.MessageReplied(
                await center.TellAsync(handoff.ConversationId, message.CommunicationId, message.Telling.Text, By(message.Telling.At), ct)),
            _ => throw new InvalidOperationException($"{send.GetType().Name} is not known here."),
        };

        CallFor By(DateTimeOffset committed) => call with { NotAfter = committed + options.Pace.SendWithin };
    }

    async Task<HandoffEvent> PerformAsync(Handoff handoff, CallFor call, CancellationToken ct)
    {
        try
        {
            return handoff.Todo switch
            {
                Todo.Prepare => await PrepareAsync(handoff, call, ct),
                Todo.Brief => await BriefAsync(handoff, call, ct),
                Todo.SendTransfer => new HandoffEvent.TransferDue(),
                Todo.FindTransfer => await FindTransferAsync(handoff, call, ct),
                Todo.SetRouting => new HandoffEvent.RoutingSet(await center.SetRoutingAsync(handoff.ConversationId, handoff.CurrentStep, call, ct)),
                Todo.SendMessage => new HandoffEvent.MessageDue(),
                Todo.FindMessage => new HandoffEvent.MessageLookedFor(await center.WasToldAsync(handoff.ConversationId, handoff.Telling!.Text, handoff.Telling.At, call, ct)),
                Todo.Follow => await ToldAsync(live?.FollowAsync(handoff, ct)) is { } told ? new HandoffEvent.Looked(told) : await LookAsync(handoff, CallPurpose.Follow, call, ct),
                _ => throw new InvalidOperationException($"There is nothing to do for {handoff.Id}."),
            };
        }
        catch (ContactCenterException e)
        {
            return new HandoffEvent.Faulted(e.Kind, e.Message, e.NotBefore);
        }
    }

    async Task<HandoffEvent> LookAsync(Handoff handoff, CallPurpose purpose, CallFor call, CancellationToken ct)
    {
        var asked = time.GetUtcNow();
        return new HandoffEvent.Looked(await ReadAsync(handoff, purpose, call, ct)) { AsOf = asked };
    }

    async Task<HandoffEvent> PrepareAsync(Handoff handoff, CallFor call, CancellationToken ct)
    {
        var queue = await center.CheckQueueAsync(handoff.CurrentStep.Queue, call with { Handoff = null }, ct);
        var view = await ToldAsync(live?.BeforeTransferAsync(handoff, ct)) ?? await ReadAsync(handoff, CallPurpose.Read, call, ct);
        return new HandoffEvent.Prepared(view, queue) { Enqueues = handoff.GuestId is not null && center.Enqueues(handoff.CurrentStep, view.Media) };
    }

    async Task<HandoffEvent> BriefAsync(Handoff handoff, CallFor call, CancellationToken ct)
    {
        var welcome = handoff.Welcome;
        if (welcome is null && handoff.GuestId is { } guest)
            welcome = Briefing.Welcome(await center.ReadGuestAsync(guest, handoff.ConversationId, call, ct), handoff.Plan.Redact);
        if (handoff.Intent!.Enqueues) return new HandoffEvent.Briefed(welcome);
        var conversation = await store.FindConversationAsync(handoff.ConversationId, ct);
        await center.BriefAsync(handoff.ConversationId, handoff.CustomerParticipantId!, Briefing.Write(handoff with { Welcome = welcome }, conversation), call, ct);
        return new HandoffEvent.Briefed(welcome);
    }

    async Task<HandoffEvent> FindTransferAsync(Handoff handoff, CallFor call, CancellationToken ct) => (live is null ? null : await live.AfterTransferAsync(handoff, options.Pace, ct)) switch
    {
        { View: { } view } => new HandoffEvent.Looked(view),
        { View: null } => new HandoffEvent.NotToldYet(),
        null => await LookAsync(handoff, CallPurpose.Confirm, call, ct),
    };

    static async Task<ConversationView?> ToldAsync(Task<ConversationView?>? told) => told is null ? null : await told;

    async Task<ConversationView> ReadAsync(Handoff handoff, CallPurpose purpose, CallFor call, CancellationToken ct)
    {
        var view = await center.ReadConversationAsync(handoff.ConversationId, purpose, call, ct);
        if (live is not null) await live.HearAsync(view, ct);
        return view;
    }

    [LoggerMessage(LogLevel.Information, "Handoff {HandoffId} {What}, now {State}")]
    static partial void Committed(ILogger log, HandoffId handoffId, string what, HandoffState state);

    [LoggerMessage(LogLevel.Warning, "Handoff {HandoffId} {Kind}: {Sentence}")]
    static partial void Noted(ILogger log, HandoffId handoffId, FailureKind? kind, string sentence);

    [LoggerMessage(LogLevel.Information, "Handoff {HandoffId} was taken over; its commit was refused and nothing is lost")]
    static partial void LeaseLost(ILogger log, HandoffId handoffId);

    [LoggerMessage(LogLevel.Warning, "Handoff {HandoffId}: {Why}")]
    static partial void Rejected(ILogger log, HandoffId handoffId, string why);

    [LoggerMessage(LogLevel.Error, "The store is in trouble, nothing was acknowledged: {Why}")]
    static partial void StoreInTrouble(ILogger log, string why);

    [LoggerMessage(LogLevel.Error, "Working on handoff {HandoffId} broke; it is tried again when its lease has ended")]
    static partial void WorkBroke(ILogger log, HandoffId handoffId, Exception exception);
}
