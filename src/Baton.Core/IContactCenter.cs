using Baton.Core.Conversations;
using Baton.Core.Handoffs;
using Baton.Core.Policies;

namespace Baton.Core;

/// <summary>
/// The border to the contact center. It speaks intentions, not endpoints. Every method throws <see cref="ContactCenterException"/> when it could not do
/// its work, and says with the kind what is known of the effect; only <see cref="BeginTransferAsync"/> and <see cref="TellAsync"/> answer doubt as a value,
/// because there the difference between "not done" and "not known" decides whether it may be sent again.
/// </summary>
public interface IContactCenter
{
    /// <summary>Why this flavor cannot do a thing for a medium, as a sentence; null when it can.</summary>
    string? Unsupported(PolicyFeature feature, Media media);

    /// <summary>Asks the quota for a whole handoff at once. Not granted: no call before the instant it names.</summary>
    Admission Admit(HandoffId handoff, int calls);

    /// <summary>Who holds the conversation now, and whether a transfer is under way.</summary>
    Task<ConversationView> ReadConversationAsync(string conversationId, CallPurpose purpose, CallFor call, CancellationToken ct);

    /// <summary>The conversation with its turns and what the bot and the platform measured of them.</summary>
    Task<Conversation> ReadTranscriptAsync(string conversationId, CallFor call, CancellationToken ct);

    /// <summary>Whether a queue, by name or id, can take a conversation now. Shared and cached for seconds. An unknown queue is an answer, not an exception.</summary>
    Task<QueueCheck> CheckQueueAsync(string queue, CallFor call, CancellationToken ct);

    /// <summary>
    /// Whether this flavor moves a conversation whose guest is known by enqueuing it (guide 003): briefing, message and priority then go with the transfer, in one call.
    /// </summary>
    bool Enqueues(RouteStep step, Media media);

    /// <summary>What a guest and the bot wrote before, oldest first; empty when there is nothing to tell. Missing and odd fields are passed over.</summary>
    Task<IReadOnlyList<GuestLine>> ReadGuestAsync(string guestId, string conversationId, CallFor call, CancellationToken ct);

    /// <summary>Puts the briefing where it survives every transfer. Merging by key, so it may be repeated.</summary>
    Task BriefAsync(string conversationId, string customerParticipantId, IReadOnlyDictionary<string, string> briefing, CallFor call, CancellationToken ct);

    /// <summary>Asks for the transfer the intent names, once. Never retried inside.</summary>
    /// <param name="words">Given for an intent that enqueues, and only then.</param>
    Task<SendReply> BeginTransferAsync(TransferIntent intent, TransferWords? words, CallFor call, CancellationToken ct);

    /// <summary>Sets skills, priority and language of a conversation that waits in a queue. False: it no longer waits (an agent was quicker).</summary>
    Task<bool> SetRoutingAsync(string conversationId, RouteStep step, CallFor call, CancellationToken ct);

    /// <summary>Says something to the customer, once. Never retried inside.</summary>
    Task<SendReply> TellAsync(string conversationId, string communicationId, string text, CallFor call, CancellationToken ct);

    /// <summary>Whether the customer has been sent this text since the instant: the look before a message is sent again.</summary>
    Task<bool> WasToldAsync(string conversationId, string text, DateTimeOffset since, CallFor call, CancellationToken ct);
}

/// <summary>What a call is for: decides who goes first when the quota is short (design 6), in this order.</summary>
public enum CallPurpose { Transfer, Confirm, Brief, Validate, Read, Message, Suggest, Follow }

/// <summary>Whom a call is made for; calls of a handoff are counted, and use what was admitted for it.</summary>
/// <param name="NotAfter">Set for what is sent once: a call that has not reached the wire by then is not sent at all, and is answered <see cref="SendReply.NotNow"/>.</param>
public readonly record struct CallFor(HandoffId? Handoff, DateTimeOffset? NotAfter = null)
{
    public static CallFor Nobody => new(null);

    /// <summary>Where the calls are noted; null: nowhere.</summary>
    public CallNotes? Notes { get; init; }
}

/// <param name="NotBefore">Null when granted.</param>
public readonly record struct Admission(DateTimeOffset? NotBefore)
{
    public bool Granted => NotBefore is null;
}

/// <summary>Who is in a conversation at the instant of a reading.</summary>
public sealed record ConversationView(string ConversationId, Media Media, DateTimeOffset? EndedAt, IReadOnlyList<Participant> Participants)
{
    /// <summary>A transfer is Pending or Active: somebody is at it.</summary>
    public bool TransferInProgress { get; init; }

    /// <summary>Which, where the platform gives them ids; empty where it only says that there is one.</summary>
    public IReadOnlyList<string> TransfersUnderWay { get; init; } = [];

    /// <summary>When the platform last gave up a transfer of this conversation.</summary>
    public DateTimeOffset? TransferFailedAt { get; init; }

    public Participant? Customer => Participants.FirstOrDefault(p => p.Role == ParticipantRole.Customer);
    /// <summary>Whoever is in a conversation, is there with a customer; a reading that shows nobody at all knows nothing.</summary>
    public bool CustomerIsGone => EndedAt is not null || Customer is { EndedAt: not null } || (Customer is null && Participants.Count > 0);

    /// <summary>The newest leg of a role that is still in the conversation.</summary>
    public Participant? Live(ParticipantRole role) => Participants.LastOrDefault(p => p.Role == role && p.EndedAt is null);

    public Participant? ConnectedAgent => Participants.LastOrDefault(p => p.Role == ParticipantRole.Agent && p is { EndedAt: null, Connected: true });
}

/// <summary>What is known of a queue. <see cref="QueueId"/> is null when there is no such queue.</summary>
/// <param name="OnQueue">Members who are on queue, busy or not; null when the platform does not say.</param>
/// <param name="Free">Members who could take a conversation at once.</param>
public sealed record QueueCheck(string Asked, string? QueueId, string? Name, int? Members, int? OnQueue, int? Free)
{
    /// <summary>The media it takes; null when the platform does not say.</summary>
    public IReadOnlyList<Media>? Media { get; init; }

    public bool Takes(Media media) => Media?.Contains(media) ?? true;
    public bool Exists => QueueId is not null;
    public bool IsStaffed => OnQueue is null or > 0;
}

/// <summary>What is known after something was sent that must not happen twice.</summary>
public abstract record SendReply
{
    /// <summary>The answer's HTTP status, where there was one: for reports, never for decisions.</summary>
    public int? Status { get; init; }

    /// <summary>The platform took it. For a transfer that is not yet success: it happens later, or not.</summary>
    public sealed record Accepted : SendReply;

    /// <summary>The platform said no: it has not happened and will not.</summary>
    public sealed record Refused(FailureKind Kind, string Sentence) : SendReply;

    /// <summary>429: not executed.</summary>
    /// <param name="NotBefore">Not before this instant; null when the platform did not say.</param>
    public sealed record NotNow(DateTimeOffset? NotBefore, string Sentence) : SendReply;

    /// <summary>It may have happened.</summary>
    public sealed record Unknown(FailureKind Kind, string Sentence) : SendReply;
}
