using System.Collections.Concurrent;
using Baton.Core;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;
using Baton.Core.Policies;

namespace Baton.Benchmarks.Speed;

/// <summary>A vendor that answers everything at once: what is left of a handoff's time is Baton's own.</summary>
sealed class InstantVendor : IContactCenter
{
    readonly ConcurrentDictionary<string, bool> transferred = new();
    readonly ConcurrentDictionary<string, TaskCompletionSource> told = new();

    /// <summary>Set: no handoff is admitted before.</summary>
    public DateTimeOffset? Opens { get; init; }

    public Task ToldAsync(string conversationId) => Told(conversationId).Task;

    public string? Unsupported(PolicyFeature feature, Media media) => null;

    public Admission Admit(HandoffId handoff, int calls) => new(Opens);

    public Task<ConversationView> ReadConversationAsync(string conversationId, CallPurpose purpose, CallFor call, CancellationToken ct)
    {
        var moved = transferred.ContainsKey(conversationId);
        List<Participant> participants = [new("customer", ParticipantRole.Customer) { Connected = true, CommunicationId = "k" }, new("bot", ParticipantRole.Bot) { Connected = !moved, CommunicationId = "b", EndedAt = moved ? DateTimeOffset.UnixEpoch : null }];
        if (moved) participants.Add(new Participant("queue leg", ParticipantRole.Queue) { QueueId = "q", CommunicationId = "q", Connected = true });
        return Task.FromResult(new ConversationView(conversationId, Media.Message, null, participants));
    }

    public Task<QueueCheck> CheckQueueAsync(string queue, CallFor call, CancellationToken ct) => Task.FromResult(new QueueCheck(queue, "q", queue, 1, 1, 1));

    public bool Enqueues(RouteStep step, Media media) => false;

    public Task BriefAsync(string conversationId, string customerParticipantId, IReadOnlyDictionary<string, string> briefing, CallFor call, CancellationToken ct) => Task.CompletedTask;

    public Task<SendReply> BeginTransferAsync(TransferIntent intent, TransferWords? words, CallFor call, CancellationToken ct)
    {
        transferred[intent.ConversationId] = true;
        return Task.FromResult<SendReply>(new SendReply.Accepted());
    }

    public Task<SendReply> TellAsync(string conversationId, string communicationId, string text, CallFor call, CancellationToken ct)
    {
        Told(conversationId).TrySetResult();
        return Task.FromResult<SendReply>(new SendReply.Accepted());
    }

    public Task<bool> SetRoutingAsync(string conversationId, RouteStep step, CallFor call, CancellationToken ct) => Task.FromResult(true);
    public Task<bool> WasToldAsync(string conversationId, string text, DateTimeOffset since, CallFor call, CancellationToken ct) => Task.FromResult(true);
    public Task<Conversation> ReadTranscriptAsync(string conversationId, CallFor call, CancellationToken ct) => Task.FromResult(new Conversation { Id = conversationId });
    public Task<IReadOnlyList<GuestLine>> ReadGuestAsync(string guestId, string conversationId, CallFor call, CancellationToken ct) => Task.FromResult<IReadOnlyList<GuestLine>>([]);

    TaskCompletionSource Told(string conversationId) => told.GetOrAdd(conversationId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
