using System.Text.Json.Serialization;

namespace Baton.Core.Conversations;

/// <summary>
/// Who is in a conversation, put together from what was told of it: single events, whole readings, notifications, in any order and as often as they come.
/// Every field only ever grows into one direction (a leg that has ended has ended, the earliest beginning holds), so all orders of the same news give the same value.
/// Holds ids and instants, no word and no name of a person.
/// </summary>
public sealed record LiveConversation(string Id)
{
    /// <summary>Null: not told.</summary>
    public Media? Media { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Ordered by when they began; a leg whose beginning is not known comes first.</summary>
    public IReadOnlyList<LiveLeg> Legs { get; init; } = [];
    public IReadOnlyList<LiveTransfer> Transfers { get; init; } = [];

    /// <summary>Single events were heard of it, not only readings: whoever sends them tells of every change.</summary>
    public bool HasEvents { get; init; }

    public LiveConversation Fold(LiveNews news) => this with
    {
        Media = Most(Media, news.Media),
        EndedAt = Earliest(EndedAt, news.EndedAt),
        Legs = [.. Joined(Legs, news.Legs, l => l.Id, (a, b) => a.With(b)).OrderBy(l => l.StartedAt ?? DateTimeOffset.MinValue).ThenBy(l => l.Id, StringComparer.Ordinal)],
        Transfers = [.. Joined(Transfers, news.Transfers, t => t.Id, (a, b) => a.With(b)).OrderBy(t => t.IssuedAt ?? DateTimeOffset.MinValue).ThenBy(t => t.Id, StringComparer.Ordinal)],
        HasEvents = HasEvents || news.IsEvent,
    };

    /// <summary>The same as a reading of the platform would show it.</summary>
    public ConversationView View() => new(Id, Media ?? Conversations.Media.Message, EndedAt, [.. Legs.Select(l => l.Shown(this))])
    {
        TransferInProgress = Transfers.Any(t => t.IsUnderWay),
        TransfersUnderWay = [.. Transfers.Where(t => t.IsUnderWay).Select(t => t.Id)],
        TransferFailedAt = Transfers.Where(t => t.State == LiveTransferState.Failed).Max(t => t.IssuedAt),
    };

    public LiveLeg? Leg(string id) => Legs.FirstOrDefault(l => l.Id == id);

    public bool IsSameAs(LiveConversation other) =>
        Media == other.Media && EndedAt == other.EndedAt && HasEvents == other.HasEvents && Legs.SequenceEqual(other.Legs) && Transfers.SequenceEqual(other.Transfers);

    /// <summary>Who holds it, as far as that can be said for sure; null when it cannot.</summary>
    public Owner? Holder()
    {
        var view = View();
        if (view.CustomerIsGone && (view.EndedAt is not null || view.Customer is not null)) return Owner.Nobody;
        var newest = Legs.LastOrDefault(l => l.EndedAt is null && l.Role is ParticipantRole.Bot or ParticipantRole.Queue or ParticipantRole.Agent);
        return newest?.Role switch
        {
            // An event that has not come yet must not give the bot its word back: nobody may have come after it.
            ParticipantRole.Bot when newest.StartedAt is { } began && !Legs.Any(l => l.Role is ParticipantRole.Queue or ParticipantRole.Agent && !(l.StartedAt < began)) => Owner.Bot,
            ParticipantRole.Queue => new Owner(OwnerKind.Queue) { QueueId = newest.QueueId },
            ParticipantRole.Agent when view.ConnectedAgent is { } agent => new Owner(OwnerKind.Agent) { AgentId = agent.UserId ?? agent.Id },
            _ => null,
        };
    }

    static IEnumerable<T> Joined<T>(IReadOnlyList<T> known, IReadOnlyList<T> told, Func<T, string> id, Func<T, T, T> join)
    {
        if (told.Count == 0) return known;
        var all = known.ToDictionary(id, StringComparer.Ordinal);
        foreach (var item in told) all[id(item)] = all.TryGetValue(id(item), out var before) ? join(before, item) : item;
        return all.Values;
    }

    internal static DateTimeOffset? Earliest(DateTimeOffset? a, DateTimeOffset? b) => a is null ? b : b is null || a <= b ? a : b;
    internal static T? Most<T>(T? a, T? b) where T : struct, Enum => a is null ? b : b is null || Comparer<T>.Default.Compare(a.Value, b.Value) >= 0 ? a : b;
    internal static string? Either(string? a, string? b) => a is null ? b : b is null || string.CompareOrdinal(a, b) >= 0 ? a : b;
}

/// <summary>One leg, as far as it was told.</summary>
public sealed record LiveLeg(string Id, ParticipantRole Role)
{
    /// <summary>A queue's name; those of people are not kept.</summary>
    public string? Name { get; init; }
    public string? UserId { get; init; }
    public string? QueueId { get; init; }
    public string? CommunicationId { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>It has spoken: a leg that was connected once is so until it ends.</summary>
    public bool Connected { get; init; }

    /// <summary>Of a queue's leg: the user who took the conversation out of it.</summary>
    public string? AnsweredBy { get; init; }

    public LiveLeg With(LiveLeg told) => new(Id, Role < told.Role ? Role : told.Role)
    {
        Name = LiveConversation.Either(Name, told.Name),
        UserId = LiveConversation.Either(UserId, told.UserId),
        QueueId = LiveConversation.Either(QueueId, told.QueueId),
        CommunicationId = LiveConversation.Either(CommunicationId, told.CommunicationId),
        StartedAt = LiveConversation.Earliest(StartedAt, told.StartedAt),
        EndedAt = LiveConversation.Earliest(EndedAt, told.EndedAt),
        Connected = Connected || told.Connected,
        AnsweredBy = LiveConversation.Either(AnsweredBy, told.AnsweredBy),
    };

    internal Participant Shown(LiveConversation whole) => new(Id, Role)
    {
        Name = Name,
        UserId = UserId,
        QueueId = QueueId,
        CommunicationId = CommunicationId,
        StartedAt = StartedAt,
        EndedAt = EndedAt,
        Connected = EndedAt is null && (Connected || HasAnswered(whole)),
    };

    // A user's leg begins with the alert. That it was answered is told by the end of the queue's leg: of several legs of the user the last one before it.
    bool HasAnswered(LiveConversation whole) => Role == ParticipantRole.Agent && UserId is not null && whole.Legs.Any(queue =>
        queue.AnsweredBy == UserId && queue is { Role: ParticipantRole.Queue, EndedAt: { } answered } && StartedAt >= queue.StartedAt && StartedAt <= answered
        && !whole.Legs.Any(other => other.Role == ParticipantRole.Agent && other.UserId == UserId && other.StartedAt > StartedAt && other.StartedAt <= answered));
}

public sealed record LiveTransfer(string Id, LiveTransferState State, DateTimeOffset? IssuedAt)
{
    [JsonIgnore]
    public bool IsUnderWay => State is LiveTransferState.Pending or LiveTransferState.Active;

    public LiveTransfer With(LiveTransfer told) => new(Id, State > told.State ? State : told.State, LiveConversation.Earliest(IssuedAt, told.IssuedAt));
}

/// <summary>In the order in which a transfer goes through them; the later one holds.</summary>
public enum LiveTransferState { Pending, Active, Over, Failed }

/// <summary>What one event, notification or reading tells.</summary>
public sealed record LiveNews(string ConversationId)
{
    /// <summary>Null: not told.</summary>
    public Media? Media { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public IReadOnlyList<LiveLeg> Legs { get; init; } = [];
    public IReadOnlyList<LiveTransfer> Transfers { get; init; } = [];

    /// <summary>A single event of a sender who tells of every change (EventBridge), not a reading or a notification about a queue.</summary>
    public bool IsEvent { get; init; }

    /// <summary>Read by ourselves: nobody need be woken for it.</summary>
    public bool IsRead { get; init; }

    /// <summary>What a reading showed.</summary>
    public static LiveNews Of(ConversationView view) => new(view.ConversationId)
    {
        IsRead = true,
        Media = view.Media,
        EndedAt = view.EndedAt,
        Legs = [.. view.Participants.Select(p => new LiveLeg(p.Id, p.Role)
        {
            Name = p.Role == ParticipantRole.Queue ? p.Name : null,
            UserId = p.UserId,
            QueueId = p.QueueId,
            CommunicationId = p.CommunicationId,
            StartedAt = p.StartedAt,
            EndedAt = p.EndedAt,
            Connected = p.Connected,
        })],
        Transfers = [.. view.TransfersUnderWay.Select(id => new LiveTransfer(id, LiveTransferState.Pending, null))],
    };
}

/// <summary>A live conversation as it is stored.</summary>
/// <param name="ToldAt">When something of it was last heard or read, by our clock.</param>
public sealed record LiveRow(LiveConversation Conversation, DateTimeOffset ToldAt);
