using Baton.Core.Briefings;
using Baton.Core.Conversations;
using Baton.Core.Policies;

namespace Baton.Core.Handoffs;

// The state machine. Pure and total: every event in every state gives a transition, a "nothing new" or a sentence why not.
public sealed partial record Handoff
{
    public Transition Apply(HandoffEvent occurred, DateTimeOffset now, HandoffPace pace) => occurred switch
    {
        HandoffEvent.CancelRequested e => Cancel(e, now),
        HandoffEvent.Faulted e when Todo != Todo.None => Fault(e, now, pace),
        HandoffEvent.MessageDue when Todo == Todo.SendMessage && Telling is not null => SendMessage(Telling, now, pace),
        HandoffEvent.MessageReplied e when Telling is { Attempt: > 0 } => MessageReplied(Telling, e.Reply, now, pace),
        HandoffEvent.MessageLookedFor e when Todo == Todo.FindMessage && Telling is not null => MessageLookedFor(Telling, e.Found, now, pace),
        HandoffEvent.Prepared e when !State.IsFinal() && Todo == Todo.Prepare => Prepare(e, now, pace),
        HandoffEvent.Briefed e when Todo == Todo.Brief => (this with { IsBriefed = !Intent!.Enqueues, Welcome = e.Welcome ?? Welcome }).SendTransfer("briefed", now, pace),
        HandoffEvent.TransferDue when Todo == Todo.SendTransfer && IsLate(now) => TooLate(now, pace),
        HandoffEvent.TransferDue when Todo == Todo.SendTransfer => SendTransfer("transferRepeated", now, pace),
        HandoffEvent.TransferReplied e when State == HandoffState.Transferring => TransferReplied(e.Reply, now, pace),
        HandoffEvent.Looked e when IsOutdated(e.View) => Todo == Todo.Follow ? To(this with { DueAt = now + pace.Follow(Tries) }, now, "followed", keepTries: true) with { IsQuiet = true } : Nothing(),
        HandoffEvent.NotToldYet when State == HandoffState.Transferring && Todo == Todo.FindTransfer =>
            To(this with { DueAt = Later(Intent!.SettledAt(pace), now) }, now, "notToldYet", keepTries: true) with { IsQuiet = true },
        HandoffEvent.Looked e when State == HandoffState.Transferring => LookedForTransfer(e.View, e.AsOf ?? now, now, pace),
        HandoffEvent.Looked e when State == HandoffState.Queued => LookedInQueue(e.View, now, pace),
        HandoffEvent.Looked e when State == HandoffState.WithAgent => LookedWithAgent(e.View, now, pace),
        HandoffEvent.RoutingSet e when Todo == Todo.SetRouting => Say(MessageForArrival(), now, pace, e.Applied ? "routingSet" : "agentWasQuicker"),
        // A reading that comes in late, or an answer to something that has been overtaken, says nothing new.
        HandoffEvent.Looked or HandoffEvent.NotToldYet or HandoffEvent.TransferReplied or HandoffEvent.MessageReplied or HandoffEvent.RoutingSet => Nothing(),
        _ => Rejected($"{occurred.GetType().Name} cannot happen while the handoff is {State} and its next step is {Todo}."),
    };

    Transition Cancel(HandoffEvent.CancelRequested e, DateTimeOffset now) => State switch
    {
        HandoffState.Requested => End(HandoffState.Canceled, null, $"Canceled by {e.By}.", null, now, "canceled"),
        HandoffState.Canceled => Nothing(),
        HandoffState.Transferring => Rejected("The transfer has been sent; it can no longer be called off."),
        HandoffState.Queued or HandoffState.WithAgent => Rejected("The conversation has left the bot; the platform cannot take it back."),
        _ => Rejected($"The handoff has ended ({State})."),
    };

    // Before anything is sent.

    Transition Prepare(HandoffEvent.Prepared e, DateTimeOffset now, HandoffPace pace)
    {
        var view = e.View;
        var waiting = State == HandoffState.Queued;
        // A reading from before anybody was there says nothing of who is there now.
        if (view is { Participants.Count: 0, EndedAt: null }) return Fault(new HandoffEvent.Faulted(FailureKind.MalformedReply, "The platform shows nobody in the conversation.", null), now, pace);
        if (view.CustomerIsGone) return End(HandoffState.Abandoned, FailureKind.ConversationEnded, "The customer had left.", null, now, "customerLeft");
        if (waiting && view.ConnectedAgent is not null) return LookedInQueue(view, now, pace);
        // An earlier attempt that was given up may have been carried out after all: then it is ours, and not somebody else's.
        if (Intent is { Attempt: > 0 } && !waiting && Intent.Look(view) is TransferSighting.InQueue or TransferSighting.WithAgent) return LookedForTransfer(view, now, now, pace);
        if (view.TransferInProgress && !waiting) return End(HandoffState.Refused, FailureKind.AlreadyTransferring, "Somebody else is transferring this conversation.", null, now, "refused");
        if (!waiting && (view.Live(ParticipantRole.Queue) ?? view.Live(ParticipantRole.Agent)) is { } human)
            return End(HandoffState.Refused, FailureKind.AlreadyWithHuman, $"The conversation is already with {human.Name ?? human.Role.ToString()}.", null, now, "refused");

        var leg = waiting ? view.Live(ParticipantRole.Queue) : view.Live(ParticipantRole.Bot);
        if (leg is null)
            return waiting
                // An agent is being alerted, perhaps: this step is tried when the leg is back.
                ? To(this with { Step = Step - 1, Todo = Todo.Follow, DueAt = now + pace.FollowMost }, now, "legNotThere")
                : End(HandoffState.Refused, FailureKind.NoBotLeg, "No bot leg is in the conversation.", null, now, "refused");

        var known = this with { CustomerParticipantId = view.Customer!.Id, SpeakingCommunicationId = leg.CommunicationId };
        if (e.Queue.QueueId is not { } queueId)
            return known.NextStep(FailureKind.QueueNotFound, $"There is no queue '{e.Queue.Asked}'.", now, pace);
        if (!e.Queue.Takes(view.Media))
            return known.NextStep(FailureKind.WrongMedia, $"The queue '{e.Queue.Name ?? e.Queue.Asked}' takes no {(view.Media == Media.Voice ? "calls" : "messages")}.", now, pace);
        if (!e.Queue.IsStaffed)
            return known.NextStep(FailureKind.QueueUnstaffed, $"Nobody is on queue in '{e.Queue.Name ?? e.Queue.Asked}'.", now, pace);

        var ready = known with
        {
            Intent = new TransferIntent(ConversationId, 0, leg.Id, queueId, [.. view.Participants.Select(p => p.Id)], now) { Skills = CurrentStep.Skills, Enqueues = e.Enqueues, SeenTransfers = view.TransfersUnderWay.Count > 0 ? view.TransfersUnderWay : null },
            QueueName = e.Queue.Name,
        };
        return (e.Enqueues ? Welcome is not null : ready.IsBriefed)
            ? ready.SendTransfer("prepared", now, pace)
            : ready.To(ready with { Todo = Todo.Brief, DueAt = now }, now, "prepared");
    }

    // The transfer: commit the intent, send once, look.

    Transition SendTransfer(string what, DateTimeOffset now, HandoffPace pace)
    {
        if (Intent!.Accepted >= pace.TransferAttempts)
            return NextStep(FailureKind.TransferFailed, $"{Intent.Accepted} transfers to {QueueName ?? "the queue"} were accepted and did not happen.", now, pace);
        var intent = Intent with { Attempt = Intent.Attempt + 1, At = now, AnsweredAt = null };
        var next = this with { State = HandoffState.Transferring, Intent = intent, Todo = Todo.FindTransfer, DueAt = now + pace.SendWithin + pace.Settle };
        return To(next, now, what) with { Send = new OneSend.Transfer(intent, intent.Enqueues ? WordsAlong() : null) };
    }

    TransferWords WordsAlong() => new(Welcome ?? Briefing.HistoryNotRead, TextOf(MessageForArrival()), CurrentStep.Priority);

    Transition TransferReplied(SendReply reply, DateTimeOffset now, HandoffPace pace) =>
        Todo == Todo.FindTransfer ? (this with { Intent = Intent! with { Status = reply.Status } }).Answered(reply, now, pace) : Nothing();

    Transition Answered(SendReply reply, DateTimeOffset now, HandoffPace pace) => reply switch
    {
        SendReply.Accepted => To(this with { Intent = Intent! with { AnsweredAt = now, Accepted = Intent.Accepted + 1 }, DueAt = now + pace.FirstLook }, now, "transferAccepted"),
        SendReply.NotNow r => To(this with
        {
            Intent = Intent! with { Attempt = Intent.Attempt - 1, Delays = Intent.Delays + 1 },
            Todo = Todo.SendTransfer,
            DueAt = Later(r.NotBefore ?? now + HandoffPace.WithoutHeader(Intent.Delays), now),
        }, now, "transferRateLimited"),
        SendReply.Unknown r => To(Noting(r.Kind, r.Sentence) with { Intent = Intent! with { AnsweredAt = now }, DueAt = Later(Intent.At + pace.Settle, now) }, now, "transferReplyUnknown"),
        SendReply.Refused { Kind: FailureKind.QueueNotFound or FailureKind.TransferFailed } r => NextStep(r.Kind, r.Sentence, now, pace),
        // The leg has left, or the platform disagrees about the state: only a look tells whether that was us (an earlier attempt, applied late).
        SendReply.Refused { Kind: FailureKind.LegGone or FailureKind.Conflict or FailureKind.ConversationNotFound or FailureKind.ConversationEnded } r =>
            To(Noting(r.Kind, r.Sentence) with { Intent = Intent! with { AnsweredAt = now }, DueAt = now }, now, "transferRefused"),
        SendReply.Refused r => NotTransferred(r.Kind, r.Sentence, now, pace, "transferRefused"),
        _ => Nothing(),
    };

    Transition LookedForTransfer(ConversationView view, DateTimeOffset asOf, DateTimeOffset now, HandoffPace pace)
    {
        if (Intent!.Attempt == 0) return view.CustomerIsGone ? Abandon(now) : Nothing();
        if (view is { Participants.Count: 0, EndedAt: null }) return LookAgain(now + HandoffPace.Retry(Tries, Id), now);
        // A reading tells of when it was asked for, however long its answer was under way.
        var settled = Intent.SettledAt(pace);
        switch (Intent.Look(view))
        {
            case TransferSighting.WithAgent s:
                return Arrived(now, s.Agent.CommunicationId).Joined(s.Agent, now, pace);
            case TransferSighting.InQueue s:
                return Arrived(now, view.Participants.First(p => p.Id == s.LegId).CommunicationId).Entered(now, pace);
            case TransferSighting.PassedThrough:
                return Arrived(now, SpeakingCommunicationId).To(Arrived(now, null).ToldAlong(now) with { Todo = Todo.Follow, DueAt = now + pace.FollowLeast }, now, "transferConfirmed");
            case TransferSighting.CustomerGone s:
                return (s.LegId is null ? this : Arrived(now, null)).Abandon(now);
            // Late or not, what the platform has just accepted gets its time: it may happen in the next second.
            case TransferSighting.UnderWay when IsLate(now) && asOf >= settled:
                return NotTransferred(FailureKind.TimedOut, $"The platform still calls the transfer under way after {Plan.Limits.Transfer}.", now, pace, "timedOut");
            case TransferSighting.UnderWay:
                return LookAgain(now + HandoffPace.Retry(Tries, Id), now);
            case TransferSighting.LegLeft when view.Live(ParticipantRole.Queue) is not null || view.Live(ParticipantRole.Agent) is not null:
                // From a queue of ours the leg leaves when an agent there was quicker than the move to the next one.
                if (QueuedAt is not null) return To(this with { State = HandoffState.Queued, Todo = Todo.Follow, DueAt = now }, now, "agentWasQuicker");
                return End(HandoffState.Refused, FailureKind.AlreadyWithHuman, "Somebody else moved the conversation first.", null, now, "refused");
            // One reading may trail; that nobody has the conversation is believed when it is still so after a few.
            case TransferSighting.LegLeft when asOf >= settled && Tries < LegLeftLooks:
                return LookAgain(now + HandoffPace.Retry(Tries, Id), now);
            case TransferSighting.LegLeft when asOf >= settled && QueuedAt is not null && view.Live(ParticipantRole.Bot) is not null:
                return End(HandoffState.ReturnedToBot, null, "The platform gave the conversation back to the bot.", null, now, "returnedToBot");
            case TransferSighting.LegLeft when asOf >= settled:
                return End(HandoffState.Failed, FailureKind.LegGone, "The leg to be transferred has left, and no queue or agent has the conversation.", null, now, "legGone");
            case TransferSighting.GivenUp or TransferSighting.NotThere when asOf >= settled:
                var failed = Noting(FailureKind.TransferFailed, "The platform did not carry the transfer out.");
                return failed.IsLate(now)
                    ? failed.NotTransferred(FailureKind.TimedOut, $"Not transferred within {Plan.Limits.Transfer}.", now, pace, "timedOut")
                    // At once the first time; a platform in trouble is not asked every few seconds for a quarter of an hour.
                    : failed.To(failed with { Todo = Todo.SendTransfer, DueAt = Intent.Attempt == 1 ? now : now + HandoffPace.Retry(Intent.Attempt - 1, Id) }, now, "transferNotThere");
            default:
                var next = now + HandoffPace.Retry(Tries, Id);
                return LookAgain(next < settled ? next : settled, now);
        }
    }

    Transition TooLate(DateTimeOffset now, HandoffPace pace) => Intent is { Delays: > 0 } limited
        ? NotTransferred(FailureKind.RateLimited, $"Rate limit exceeded after {limited.Delays} {(limited.Delays == 1 ? "attempt" : "attempts")} within {Plan.Limits.Transfer}.", now, pace, "timedOut")
        : NotTransferred(FailureKind.TimedOut, $"Not transferred within {Plan.Limits.Transfer}.", now, pace, "timedOut");

    // A move to the next queue that fails takes nothing away: the conversation waits on where it waited.
    Transition NotTransferred(FailureKind kind, string sentence, DateTimeOffset now, HandoffPace pace, string what) => QueuedAt is null
        ? End(HandoffState.Failed, kind, sentence, MessageKind.NotPossible, now, what)
        : Noting(kind, sentence).Exhausted(now, pace);

    Transition LookAgain(DateTimeOffset at, DateTimeOffset now) =>
        To(this with { Todo = Todo.FindTransfer, DueAt = Later(at, now), Tries = Tries + 1 }, now, "lookedForTransfer", keepTries: true) with { IsQuiet = true };

    Handoff Arrived(DateTimeOffset now, string? communication) => this with
    {
        State = HandoffState.Queued,
        ConfirmedAt = ConfirmedAt ?? now,
        LeftLegId = Intent!.LegId,
        QueuedAt = now,
        SpeakingCommunicationId = communication,
    };

    Transition Entered(DateTimeOffset now, HandoffPace pace)
    {
        var step = CurrentStep;
        if (Intent!.Enqueues) return To(ToldAlong(now) with { Todo = Todo.Follow, DueAt = now + pace.FollowLeast }, now, "transferConfirmed");
        return step.Skills.Count > 0 || step.Language is not null || step.Priority != RouteStep.UsualPriority
            ? To(this with { Todo = Todo.SetRouting, DueAt = now }, now, "transferConfirmed")
            : Say(MessageForArrival(), now, pace, "transferConfirmed");
    }

    // Message and priority went with the transfer: said once it was true, because both happened together.
    Handoff ToldAlong(DateTimeOffset now) => Intent!.Enqueues && MessageForArrival() is var told && TextOf(told) is { } text ? this with { Telling = new Telling(told, text, 1, now) } : this;

    // In the queue, with an agent.

    // Replicas trail: such a reading would show the conversation with the bot again, or nobody there.
    bool IsOutdated(ConversationView view) => State is HandoffState.Queued or HandoffState.WithAgent && !view.CustomerIsGone
        && (view.Participants.Count == 0 || view.Participants.Any(p => p.Id == LeftLegId && p.EndedAt is null));

    Transition LookedInQueue(ConversationView view, DateTimeOffset now, HandoffPace pace)
    {
        if (view.ConnectedAgent is { } agent) return Joined(agent, now, pace);
        if (view.CustomerIsGone) return Abandon(now);
        if (Todo != Todo.Follow) return Nothing();

        var following = this with { Tries = Tries + 1, DueAt = now + pace.Follow(Tries) };
        var alerting = view.Live(ParticipantRole.Agent) is not null;
        if (view.Live(ParticipantRole.Queue) is null && !alerting)
        {
            if (view.Live(ParticipantRole.Bot) is not null)
                return End(HandoffState.ReturnedToBot, null, "The platform gave the conversation back to the bot.", null, now, "returnedToBot");
            return Tries < LegMissingLooks
                ? To(following, now, "followed", keepTries: true) with { IsQuiet = true }
                : End(HandoffState.Failed, FailureKind.LegGone, "No queue, agent or bot has the conversation any more.", null, now, "legGone");
        }
        if (!IsExhausted && CurrentStep.MaxWait is { } wait)
        {
            // An agent who is being alerted gets to answer, within reason.
            if (IsWaitingLongerThan(alerting ? wait + AlertGrace : wait, now))
                return NextStep(FailureKind.NobodyCame, $"Nobody answered in {QueueName ?? "the queue"} within {wait}.", now, pace);
            var limit = QueuedAt!.Value + wait;
            if (limit > now && limit < following.DueAt) following = following with { DueAt = limit };
        }
        return To(following, now, "followed", keepTries: true) with { IsQuiet = true };
    }

    Transition Joined(Participant agent, DateTimeOffset now, HandoffPace pace) => To(this with
    {
        State = HandoffState.WithAgent,
        AgentId = agent.UserId ?? agent.Id,
        AgentName = agent.Name,
        AgentAt = now,
        SpeakingCommunicationId = agent.CommunicationId,
        // The agent speaks now; "you are being transferred" would come too late to be of use.
        Telling = Telling is { Attempt: 0 } ? null : Telling,
        Todo = Todo.Follow,
        DueAt = now + pace.FollowMost,
    }, now, "agentJoined");

    Transition LookedWithAgent(ConversationView view, DateTimeOffset now, HandoffPace pace)
    {
        var human = view.ConnectedAgent ?? view.Live(ParticipantRole.Agent) ?? view.Live(ParticipantRole.Queue);
        if (view.CustomerIsGone || human is null)
            return End(HandoffState.Completed, null, null, null, now, "completed");
        return Todo == Todo.Follow
            ? To(this with { Tries = Tries + 1, DueAt = now + pace.FollowMost }, now, "followed", keepTries: true) with { IsQuiet = true }
            : Nothing();
    }

    // What to tell the customer.

    MessageKind MessageForArrival() => Step == 0 || Telling is null ? MessageKind.Transferring : MessageKind.StillLooking;

    Transition Say(MessageKind kind, DateTimeOffset now, HandoffPace pace, string what)
    {
        if (TextOf(kind) is not { } text || SpeakingCommunicationId is null)
            return To(this with { Todo = Todo.Follow, DueAt = now + pace.FollowLeast }, now, what);
        return To(this with { Telling = new Telling(kind, text, 0, now), Todo = Todo.SendMessage, DueAt = now }, now, what);
    }

    Transition SendMessage(Telling telling, DateTimeOffset now, HandoffPace pace)
    {
        if (SpeakingCommunicationId is not { } communication || telling.Attempt >= pace.SideTries) return DoneTelling("messageGivenUp", now, pace);
        var sent = telling with { Attempt = telling.Attempt + 1, At = now };
        return To(this with { Telling = sent, Todo = Todo.FindMessage, DueAt = now + pace.SendWithin + pace.Settle }, now, "messageSent")
            with
        { Send = new OneSend.Message(communication, sent) };
    }

    Transition MessageReplied(Telling telling, SendReply reply, DateTimeOffset now, HandoffPace pace) => reply switch
    {
        _ when Todo != Todo.FindMessage => Nothing(),
        SendReply.Accepted => DoneTelling("customerTold", now, pace),
        SendReply.NotNow r => To(this with { Telling = telling with { Attempt = telling.Attempt - 1 }, Todo = Todo.SendMessage, DueAt = Later(r.NotBefore ?? now + HandoffPace.WithoutHeader(1), now) }, now, "messageRateLimited"),
        SendReply.Unknown => To(this with { DueAt = now + pace.Settle }, now, "messageReplyUnknown"),
        // Said where the flavor cannot; why a handoff ended weighs more.
        SendReply.Refused { Kind: FailureKind.Unsupported } r when !State.IsFinal() => Noting(r.Kind, r.Sentence).DoneTelling("messageRefused", now, pace),
        SendReply.Refused => DoneTelling("messageRefused", now, pace),
        _ => Nothing(),
    };

    Transition MessageLookedFor(Telling telling, bool found, DateTimeOffset now, HandoffPace pace) =>
        found ? DoneTelling("customerTold", now, pace) : To(this with { Todo = Todo.SendMessage, DueAt = now }, now, "messageNotThere");

    Transition DoneTelling(string what, DateTimeOffset now, HandoffPace pace) => State.IsFinal()
        ? To(this with { Todo = Todo.None, DueAt = null }, now, what)
        : To(this with { Todo = Todo.Follow, DueAt = now + pace.FollowLeast }, now, what);

    string? TextOf(MessageKind kind) => kind switch
    {
        MessageKind.Transferring => Plan.Messages.Transferring,
        MessageKind.StillLooking => Plan.Messages.StillLooking,
        MessageKind.NobodyCame => Plan.Messages.NobodyCame,
        _ => Plan.Messages.NotPossible,
    };

    // What goes wrong.

    Transition Fault(HandoffEvent.Faulted e, DateTimeOffset now, HandoffPace pace)
    {
        var noted = Noting(e.Kind, e.Sentence);
        var tries = e.Kind == FailureKind.RateLimited ? Tries : Tries + 1;
        var again = To(noted with { Tries = tries, DueAt = Later(e.NotBefore ?? now + HandoffPace.Retry(tries, Id), now) }, now, "delayed", keepTries: true);
        // A refused token may be a rotation under way: worth a few tries, then it is an answer.
        var passing = Failures.IsPassing(e.Kind) || (e.Kind == FailureKind.Unauthorized && tries < pace.SideTries);
        var worthIt = passing && tries < pace.SideTries;
        return Todo switch
        {
            Todo.Brief when !worthIt => noted.SendTransfer("notBriefed", now, pace),
            Todo.SetRouting when !worthIt => noted.Say(MessageForArrival(), now, pace, "routingNotSet"),
            Todo.FindMessage or Todo.SendMessage when !worthIt => noted.DoneTelling("messageGivenUp", now, pace),
            Todo.Prepare when State == HandoffState.Queued && !worthIt => noted.Exhausted(now, pace),
            Todo.Prepare when State == HandoffState.Requested && passing && IsLate(now) =>
                noted.End(HandoffState.Failed, FailureKind.TimedOut, $"Not begun within {Plan.Limits.Transfer}: {e.Sentence}", null, now, "timedOut"),
            // A refused token says nothing of the transfer: whether it happened is asked for until there is an answer.
            Todo.FindTransfer when e.Kind == FailureKind.Unauthorized => again,
            Todo.Prepare or Todo.FindTransfer when !passing => noted.End(HandoffState.Failed, e.Kind, e.Sentence, MessageKind.NotPossible, now, "failed"),
            Todo.Follow when e.Kind is FailureKind.ConversationNotFound or FailureKind.ConversationEnded =>
                noted.End(State == HandoffState.WithAgent ? HandoffState.Completed : HandoffState.Abandoned, e.Kind, e.Sentence, null, now, "conversationGone"),
            // A doubt is never given up, and following has no end of its own.
            _ => again,
        };
    }

    /// <summary>True once the last step ended without an agent: the conversation keeps its place in the last queue.</summary>
    public bool IsExhausted { get; init; }

    /// <summary>When the current step began: what <see cref="HandoffLimits.Transfer"/> counts from.</summary>
    public DateTimeOffset? StepAt { get; init; }

    bool IsLate(DateTimeOffset now) => now - (StepAt ?? RequestedAt) >= Plan.Limits.Transfer;

    Transition NextStep(FailureKind kind, string sentence, DateTimeOffset now, HandoffPace pace)
    {
        var noted = Noting(kind, sentence);
        if (Step + 1 < Plan.Steps.Count)
        {
            var state = QueuedAt is null ? HandoffState.Requested : HandoffState.Queued;
            return noted.To(noted with { State = state, Step = Step + 1, StepAt = now, Todo = Todo.Prepare, DueAt = now }, now, "nextStep");
        }
        if (QueuedAt is not null) return noted.Exhausted(now, pace);
        return noted.End(kind == FailureKind.QueueUnstaffed ? HandoffState.ReturnedToBot : HandoffState.Failed, kind, sentence, MessageKind.NotPossible, now, "noQueueTookIt");
    }

    Transition Exhausted(DateTimeOffset now, HandoffPace pace) =>
        (this with { State = HandoffState.Queued, IsExhausted = true, Failure = FailureKind.NobodyCame }).Say(MessageKind.NobodyCame, now, pace, "lastStepEnded");

    Transition Abandon(DateTimeOffset now) => End(HandoffState.Abandoned, FailureKind.ConversationEnded, "The customer left before an agent came.", null, now, "customerLeft");

    Transition End(HandoffState state, FailureKind? kind, string? sentence, MessageKind? tell, DateTimeOffset now, string what)
    {
        var ended = this with { State = state, EndedAt = now, Failure = kind ?? Failure, FailureSentence = sentence ?? FailureSentence, Todo = Todo.None, DueAt = null };
        if (tell is { } message && TextOf(message) is { } text && SpeakingCommunicationId is not null)
            ended = ended with { Telling = new Telling(message, text, 0, now), Todo = Todo.SendMessage, DueAt = now };
        return To(ended, now, what);
    }

    Handoff Noting(FailureKind kind, string sentence) => this with { Failure = kind, FailureSentence = sentence };

    Transition To(Handoff next, DateTimeOffset now, string what, bool keepTries = false) => new(next with
    {
        Version = Version + 1,
        ChangedAt = now,
        Tries = keepTries ? next.Tries : 0,
    })
    { What = what };

    Transition Nothing() => new(this) { Changed = false };
    Transition Rejected(string sentence) => new(this) { Changed = false, Rejection = sentence };

    static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    const int LegLeftLooks = 4;
    const int LegMissingLooks = 8;
    static readonly TimeSpan AlertGrace = TimeSpan.FromSeconds(30);
}
