using System.Text.Json;
using Baton.Core.Audit;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;

namespace Baton.Core.Transfers;

/// <summary>
/// Moves a call to another queue (guide 002): finds it, moves the leg, and believes it only when the platform shows it there. Sent again only after the settle time and a look that
/// did not find it, always with the leg of the first look, so a second move of the same leg is the platform's to refuse. Run again after it has succeeded, it changes nothing.
/// </summary>
public sealed class CallTransfer(IContactCenter center, ICallTransfers calls, IBatonStore store, HandoffPace pace, TimeProvider time)
{
    const int MostSends = 4;
    static readonly TimeSpan SecondLook = TimeSpan.FromSeconds(1);
    static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    /// <summary>How long "too many calls" is waited out, all in all.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <exception cref="ContactCenterException">Nothing was moved, and the kind and the sentence say why; or, for <see cref="FailureKind.ReplyLost"/> and its like, that it could not be found out.</exception>
    public async Task<CallTransferOutcome> RunAsync(CallTransferRequest request, CancellationToken ct)
    {
        Check(request);
        var deadline = time.GetUtcNow() + Patience;
        var queue = await PatientlyAsync(() => center.CheckQueueAsync(request.Queue, CallFor.Nobody, ct), deadline, ct);
        if (queue.QueueId is not { } queueId) throw new ContactCenterException(FailureKind.QueueNotFound, $"There is no queue '{request.Queue}'.");
        var call = await PatientlyAsync(() => FindAsync(request, ct), deadline, ct);
        var id = call.View.ConversationId;
        if (call.View.Media != Media.Voice) throw new ContactCenterException(FailureKind.WrongMedia, $"Conversation {id} is not a call.");
        if (!queue.Takes(Media.Voice)) throw new ContactCenterException(FailureKind.WrongMedia, $"The queue '{queue.Name ?? request.Queue}' takes no calls.");

        var outcome = new CallTransferOutcome(CallTransferResult.AlreadyThere, id, queueId) { QueueName = queue.Name, Reason = request.Reason, Skills = request.Skills };
        var waiting = call.View.Live(ParticipantRole.Queue);
        if (waiting?.QueueId == queueId && call.View.ConnectedAgent is null && request.Skills is null) return outcome;
        // The platform calls a transfer under way until an agent accepts; one that has reached its queue may be moved on.
        if (call.View.TransferInProgress && waiting is null) throw new ContactCenterException(FailureKind.AlreadyTransferring, $"Somebody else is transferring conversation {id}.");

        var leg = LegOf(call, request);
        var now = time.GetUtcNow();
        var move = new CallMove(new TransferIntent(id, 0, leg.Id, queueId, [.. call.View.Participants.Select(p => p.Id)], now) { Skills = request.Skills, SeenTransfers = call.View.TransfersUnderWay }, call)
        {
            Skills = request.Skills,
            Reason = request.Reason,
            OriginalQueueId = leg.QueueId ?? call.View.Participants.LastOrDefault(p => p.Role == ParticipantRole.Queue)?.QueueId,
        };
        outcome = outcome with { OriginalQueueId = move.OriginalQueueId, UserId = leg.Role == ParticipantRole.Agent ? leg.UserId : null };
        await EnterAsync("call.transferRequested", request, move, null, null, ct);
        try
        {
            outcome = await MoveAsync(move, outcome, deadline, ct);
            await EnterAsync("call.transferEnded", request, move, outcome, null, ct);
            return outcome;
        }
        catch (ContactCenterException e)
        {
            await EnterAsync("call.transferFailed", request, move, null, e.Kind, ct);
            throw;
        }
    }

    void Check(CallTransferRequest request)
    {
        var id = request.ConversationId ?? request.UserId ?? throw new ArgumentException("A call transfer names a user or a conversation.", nameof(request));
        if (!calls.CouldBeId(id)) throw new ContactCenterException(FailureKind.MalformedId, $"'{id}' cannot be a {(request.ConversationId is null ? "user" : "conversation")} id here; nothing was asked.");
    }

    async Task<CallView> FindAsync(CallTransferRequest request, CancellationToken ct)
    {
        if (request.ConversationId is not { } id)
        {
            var found = await calls.FindCallsAsync(request.UserId!, ct);
            return found.Count > 0 ? found[0] : throw new ContactCenterException(FailureKind.NobodyOnCall, $"User {request.UserId} is not on a call.");
        }
        if (await LivingAsync(id, ct) is { } call) return call;
        // What was just begun may not be told yet, and what was just moved may look ended.
        await UntilAsync(time.GetUtcNow() + SecondLook, ct);
        return await LivingAsync(id, ct) ?? throw Ended(id);
    }

    async Task<CallView?> LivingAsync(string id, CancellationToken ct)
    {
        try { return await calls.ReadCallAsync(id, ct) is { View.CustomerIsGone: false } call ? call : null; }
        catch (ContactCenterException e) when (e.Kind == FailureKind.ConversationNotFound) { return null; }
    }

    static Participant LegOf(CallView call, CallTransferRequest request)
    {
        var view = call.View;
        var agents = view.Participants.Where(p => p is { Role: ParticipantRole.Agent, EndedAt: null, Connected: true }).ToList();
        if (request.UserId is { } user)
            return agents.LastOrDefault(a => Same(a.UserId, user) || Same(a.Id, user)) ?? throw new ContactCenterException(FailureKind.NobodyOnCall, $"User {user} has left call {view.ConversationId}.");
        if (agents.Count > 1)
            throw new ContactCenterException(FailureKind.Conflict, $"Several users are in call {view.ConversationId} ({string.Join(", ", agents.Select(a => a.UserId ?? a.Id))}); say with --user whose leg is to be moved.");
        return agents.FirstOrDefault() ?? view.Live(ParticipantRole.Queue) ?? view.Live(ParticipantRole.Bot)
            ?? throw new ContactCenterException(FailureKind.LegGone, $"Nobody but the caller is in call {view.ConversationId}.");
    }

    async Task<CallTransferOutcome> MoveAsync(CallMove move, CallTransferOutcome outcome, DateTimeOffset deadline, CancellationToken ct)
    {
        for (var send = 1; send <= MostSends; send++)
        {
            move = move with { Intent = move.Intent with { Attempt = send, At = time.GetUtcNow() } };
            outcome = outcome with { Sends = send };
            var sent = move;
            switch (await PatientlyAsync(() => calls.MoveAsync(sent, ct), deadline, ct))
            {
                case SendReply.Accepted:
                    return await VerifiedAsync(move, pace.Settle, deadline, ct) == true
                        ? outcome with { Result = CallTransferResult.Transferred, SkillsApplied = await PatientlyAsync(() => calls.FinishAsync(move, ct), deadline, ct) }
                        : outcome with { Result = CallTransferResult.NotVerified };
                case SendReply.NotNow later:
                    var open = later.NotBefore ?? time.GetUtcNow() + HandoffPace.WithoutHeader(send - 1);
                    if (open > deadline) throw new ContactCenterException(FailureKind.RateLimited, $"Rate limit exceeded after {send} {(send == 1 ? "attempt" : "attempts")}: {later.Sentence}") { NotBefore = open };
                    await UntilAsync(open, ct);
                    break;
                case SendReply.Unknown:
                    // It may have happened, and may still: only after the settle time does "not there" mean that it has not.
                    await UntilAsync(time.GetUtcNow() + pace.Settle, ct);
                    var isThere = await VerifiedAsync(move, TimeSpan.Zero, deadline, ct);
                    if (isThere is null) return outcome with { Result = CallTransferResult.NotVerified };
                    if (isThere == true) goto case null;
                    break;
                case SendReply.Refused { Kind: FailureKind.LegGone or FailureKind.Conflict or FailureKind.ConversationNotFound or FailureKind.ConversationEnded } refused:
                    // That may have been us, with an earlier send; and one short second look, because calls end while they are moved.
                    if (await VerifiedAsync(move, SecondLook, deadline, ct) == true) goto case null;
                    throw new ContactCenterException(refused.Kind == FailureKind.ConversationNotFound ? FailureKind.ConversationEnded : refused.Kind, refused.Sentence);
                case SendReply.Refused refused:
                    throw new ContactCenterException(refused.Kind, refused.Sentence);
                case null:
                    return outcome with { Result = CallTransferResult.Transferred, SkillsApplied = await PatientlyAsync(() => calls.FinishAsync(move, ct), deadline, ct) };
            }
        }
        throw new ContactCenterException(FailureKind.TransferFailed, $"Sent {MostSends} times, and call {move.Intent.ConversationId} is still where it was.");
    }

    /// <summary>
    /// Whether the platform shows the call where it was to go. Looks at least once, and for as long as given: a look tells of when it was asked for, however long its answer was under way.
    /// What the platform calls under way is waited for, because sent again it might be carried out twice; null when it still is at the deadline.
    /// </summary>
    async Task<bool?> VerifiedAsync(CallMove move, TimeSpan within, DateTimeOffset deadline, CancellationToken ct)
    {
        var until = time.GetUtcNow() + within;
        while (true)
        {
            var asked = time.GetUtcNow();
            var call = await PatientlyAsync(() => calls.ReadCallAsync(move.Intent.ConversationId, ct), deadline, ct);
            // It waited there from the first: only its skills were to change.
            if (call.View.Live(ParticipantRole.Queue) is { } waiting && waiting.Id == move.Intent.LegId && waiting.QueueId == move.Intent.QueueId) return true;
            switch (move.Intent.Look(call.View))
            {
                case TransferSighting.InQueue or TransferSighting.WithAgent or TransferSighting.PassedThrough: return true;
                case TransferSighting.LegLeft when call.RoutedTo == move.Intent.QueueId: return true;
                case TransferSighting.CustomerGone: throw Ended(move.Intent.ConversationId);
                case TransferSighting.UnderWay when asked < deadline: break;
                case TransferSighting.UnderWay: return null;
                case var _ when asked >= until: return false;
            }
            await UntilAsync(time.GetUtcNow() + BetweenLooks, ct);
        }
    }

    async Task<T> PatientlyAsync<T>(Func<Task<T>> ask, DateTimeOffset deadline, CancellationToken ct)
    {
        while (true)
        {
            try { return await ask(); }
            catch (ContactCenterException e) when (e is { Kind: FailureKind.RateLimited, NotBefore: { } open } && open <= deadline)
            {
                await UntilAsync(open, ct);
            }
        }
    }

    async Task UntilAsync(DateTimeOffset instant, CancellationToken ct)
    {
        var pause = instant - time.GetUtcNow();
        if (pause > TimeSpan.Zero) await Task.Delay(pause, time, ct);
    }

    Task EnterAsync(string kind, CallTransferRequest request, CallMove move, CallTransferOutcome? outcome, FailureKind? failure, CancellationToken ct) =>
        store.EnterAsync(move.Intent.ConversationId, new AuditFact(time.GetUtcNow(), kind, JsonSerializer.Serialize(
            new CallTransferEntry(request.By, move.Intent.LegId, move.Intent.QueueId, move.OriginalQueueId, outcome?.Result.ToString(), failure, outcome?.Sends ?? move.Intent.Attempt),
            CallAuditJson.Default.CallTransferEntry)), ct);

    static ContactCenterException Ended(string id) => new(FailureKind.ConversationEnded, $"There is no call {id} that is still going on: it has ended, or the id is wrong.");

    static bool Same(string? a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
