using Baton.Core.Handoffs;

namespace Baton.Core.Conversations;

/// <summary>
/// Answers a handoff's questions from what was told, where that is safe, so that they cost no call.
/// <para>
/// Believed is only what was seen to happen: the leg is there and nobody came after it, our queue has a leg that began after ours, an agent is connected, the customer has left.
/// That something did not happen is never believed: an event may be late, lost, or have found no listener. Then the platform is asked.
/// </para>
/// </summary>
/// <param name="trust">How long a conversation is believed to be as it was last told, when nothing at all is heard meanwhile.</param>
public sealed class LiveConversations(ILiveStore store, TimeSpan trust, TimeProvider time)
{
    long eventsHeardAt = DateTimeOffset.MinValue.UtcTicks;

    /// <summary>Since when all that happens in a queue is notified without a gap; null: it is not.</summary>
    public Func<string, DateTimeOffset?> HearsQueueSince { get; set; } = _ => null;

    public async Task<LiveNewsOutcome> HearAsync(LiveNews news, string? eventId, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var outcome = await store.HearLiveAsync(news, eventId, now, ct);
        if (news.IsEvent && outcome == LiveNewsOutcome.Folded) Interlocked.Exchange(ref eventsHeardAt, now.UtcTicks);
        return outcome;
    }

    /// <summary>Of <paramref name="plan"/> calls of a handoff that has not begun, how many it will need.</summary>
    public async Task<int> CallsAsync(Handoff handoff, int plan, CancellationToken ct)
    {
        // Reading the leg, and looking for the transfer.
        const int Reads = 2;
        return await BeforeTransferAsync(handoff, ct) is null ? plan : plan - Reads;
    }

    /// <summary>The conversation as it stands before the first transfer; null: read it.</summary>
    public async Task<ConversationView?> BeforeTransferAsync(Handoff handoff, CancellationToken ct)
    {
        // After a first attempt more is at stake than a call.
        if (handoff.Intent is not null || handoff.State != HandoffState.Requested) return null;
        if (await store.FindLiveAsync(handoff.ConversationId, ct) is not { Conversation.HasEvents: true } row || !IsFresh(row)) return null;
        var view = row.Conversation.View();
        return view is { CustomerIsGone: false, Customer.EndedAt: null, TransferInProgress: false } && view.Live(ParticipantRole.Bot) is { StartedAt: { } began } bot
            && Speaks(bot, view) && view.Participants.All(p => p == bot || p.StartedAt is not null && (p.Role is not (ParticipantRole.Queue or ParticipantRole.Agent or ParticipantRole.Bot) || p.StartedAt < began && p.EndedAt is not null))
            ? view : null;
    }

    /// <summary>Whether the transfer has happened, or that it will be told when it does; null: read it.</summary>
    public async Task<LiveAnswer?> AfterTransferAsync(Handoff handoff, HandoffPace pace, CancellationToken ct)
    {
        var intent = handoff.Intent!;
        if (intent.Enqueues || await store.FindLiveAsync(handoff.ConversationId, ct) is not { } row) return null;
        var view = row.Conversation.View();
        var left = row.Conversation.Leg(intent.LegId);
        var seen = intent.Look(view) switch
        {
            TransferSighting.InQueue s => Came(s.LegId) && Speaks(view.Participants.First(p => p.Id == s.LegId), view),
            TransferSighting.WithAgent { LegId: { } leg } s => Came(leg) && Speaks(s.Agent, view),
            TransferSighting.CustomerGone => view.Customer is not null,
            _ => false,
        };
        if (seen) return new LiveAnswer(view);
        var settled = intent.SettledAt(pace);
        var isTold = (row.Conversation.HasEvents && IsFresh(row)) || (HearsQueueSince(intent.QueueId) is { } since && since <= intent.At);
        return isTold && time.GetUtcNow() < settled ? new LiveAnswer(null) : null;

        // Both by the platform's clock. An old leg of the same queue, told of late, began before ours.
        bool Came(string id) => left?.StartedAt is { } began && row.Conversation.Leg(id)?.StartedAt > began;
    }

    /// <summary>How it goes on; null: read it.</summary>
    public async Task<ConversationView?> FollowAsync(Handoff handoff, CancellationToken ct)
    {
        if (await store.FindLiveAsync(handoff.ConversationId, ct) is not { } row) return null;
        var isNotified = HearsQueueSince(handoff.Intent?.QueueId ?? "") is { } since && row.ToldAt >= since;
        // That nobody has come yet may only mean that it was not heard: whatever else is heard, each is read now and then.
        if (!(isNotified || row.Conversation.HasEvents) || time.GetUtcNow() - row.ToldAt > trust) return null;
        var view = row.Conversation.View();
        if (view.CustomerIsGone && view.Customer is not null) return view;
        // The end of the leg that was left has not been told: what else has not?
        if (view.Participants.Any(p => p.Id == handoff.LeftLegId && p.EndedAt is null)) return null;
        if (view.ConnectedAgent is { } agent) return Speaks(agent, view) ? view : null;
        return view.Live(ParticipantRole.Queue) is not null || (handoff.State == HandoffState.Queued && view.Live(ParticipantRole.Agent) is not null) ? view : null;
    }

    /// <summary>What was read is as good as told.</summary>
    public Task HearAsync(ConversationView read, CancellationToken ct) => store.HearLiveAsync(LiveNews.Of(read), null, time.GetUtcNow(), ct);

    static bool Speaks(Participant leg, ConversationView view) => view.Media == Media.Voice || leg.CommunicationId is not null;

    // Events of other conversations show that the sender is alive, so what was not told of this one has not happened.
    bool IsFresh(LiveRow row)
    {
        var heard = new DateTimeOffset(Interlocked.Read(ref eventsHeardAt), TimeSpan.Zero);
        return time.GetUtcNow() - (heard > row.ToldAt ? heard : row.ToldAt) <= trust;
    }
}

/// <param name="View">What was told; null: nothing yet, and it will be.</param>
public sealed record LiveAnswer(ConversationView? View);
