using System.Text.Json;
using Baton.Core;
using Baton.Core.Assist;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Core.Transfers;
using Baton.Genesys.Http;
using Baton.Genesys.Quota;
using Microsoft.Extensions.Logging;

namespace Baton.Genesys.Guide;

/// <summary>
/// The guides' API. It refuses a second transfer of the same participant (409), so the leg that an intent names is the fence here as well.
/// Where the guest is known, the conversation is enqueued instead (guide 003): that call carries briefing, message and priority, and is looked for before it is sent again.
/// What neither can do, a policy may not ask for: it is refused when it is loaded.
/// </summary>
sealed class GuideContactCenter : GenesysContactCenter
{
    const string NoBriefing = "the guides name no call that puts a briefing on a conversation without moving it";

    readonly TimeProvider time;
    readonly GuideQueues queues;
    readonly GuideTranscript transcripts;
    readonly GuideGuests guests;

    public GuideContactCenter(GenesysOptions options, HttpMessageHandler network, TimeProvider time, Random random, ILogger<GuideContactCenter> log)
        : base(options, network, time, random, log)
    {
        this.time = time;
        queues = new GuideQueues(Api, options, time);
        transcripts = new GuideTranscript(Api, time);
        guests = new GuideGuests(Api);
        CallTransfers = new GuideCallTransfers(Api, AuditedAsync, time);
        SuggestionSources = [new GuideSuggestions(Api)];
    }

    public override ICallTransfers CallTransfers { get; }
    public override IReadOnlyList<ISuggestionSource> SuggestionSources { get; }
    public override IReadOnlyList<QuotaState> SuggestionQuota => [.. Api.Clients.All.Select(c => c.Suggestions.State)];
    public override ISuggestionCallbacks? SuggestionCallbacks { get; } = new GuideCallbacks();

    public override string? Unsupported(PolicyFeature feature, Media media) => UnsupportedFeature(feature);

    public static string? UnsupportedFeature(PolicyFeature feature) => feature switch
    {
        PolicyFeature.Skills => null,
        // Carried by the enqueue of a guest. A transfer without one leaves them out, and the handoff's history says so.
        PolicyFeature.TransferMessage or PolicyFeature.Priority => null,
        PolicyFeature.Callback => "the guides name no call that turns a running conversation into a callback",
        PolicyFeature.ReturnToBot => "the guides name no call that hands a conversation back to a bot",
        PolicyFeature.CustomerMessages => "the guides name no call that says something to the customer; only messages.transferring goes along, with the enqueue of a guest",
        PolicyFeature.Language => "the guides' transfer asks for skills, not for a language",
        _ => $"the guides know no {feature}",
    };

    public override async Task<ConversationView> ReadConversationAsync(string conversationId, CallPurpose purpose, CallFor call, CancellationToken ct) =>
        GuideView.Of(await Api.GetAsync($"conversations/{Segment(conversationId)}", $"Reading conversation {conversationId}", GuideJson.Default.GuideConversation, purpose, call, ct), conversationId, time.GetUtcNow());

    public override Task<Conversation> ReadTranscriptAsync(string conversationId, CallFor call, CancellationToken ct) =>
        transcripts.ReadAsync(conversationId, Segment(conversationId), call, ct);

    public override Task<QueueCheck> CheckQueueAsync(string queue, CallFor call, CancellationToken ct) => queues.CheckAsync(queue, call, ct);

    public override Task<IReadOnlyList<QueueCheck>> ListQueuesAsync(CancellationToken ct) => queues.ListAsync(ct);

    public override Task<QueueStatus> ReadQueueStatusAsync(string queue, CancellationToken ct) => queues.ReadStatusAsync(queue, ct);

    /// <summary>The guides do not tell; that a conversation that cannot be is not found, or not ours to see, proves the credentials.</summary>
    public override async Task<string?> OrganizationAsync(CancellationToken ct)
    {
        try { await ReadConversationAsync(Guid.Empty.ToString(), CallPurpose.Read, CallFor.Nobody, ct); }
        catch (ContactCenterException e) when (e.Kind is FailureKind.ConversationNotFound or FailureKind.MissingPermission) { /* Signed in. */ }
        return null;
    }

    public override Task BriefAsync(string conversationId, string customerParticipantId, IReadOnlyDictionary<string, string> briefing, CallFor call, CancellationToken ct) =>
        Task.FromException(new ContactCenterException(FailureKind.Unsupported, $"The agent gets no briefing: {NoBriefing}."));

    /// <summary>The enqueue asks for no skills; a step that does goes by the transfer, because the wrong agent with the right text helps nobody.</summary>
    public override bool Enqueues(RouteStep step, Media media) => media == Media.Message && step.Skills.Count == 0 && step.Language is null;

    public override Task<IReadOnlyList<GuestLine>> ReadGuestAsync(string guestId, string conversationId, CallFor call, CancellationToken ct) => guests.ReadAsync(guestId, call, ct);

    public override async Task<SendReply> BeginTransferAsync(TransferIntent intent, TransferWords? words, CallFor call, CancellationToken ct)
    {
        var reply = words is null ? await TransferAsync(intent, call, ct) : await EnqueueAsync(intent, words, call, ct);
        return reply is SendReply.Refused { Kind: FailureKind.BadRequest } refused ? await ExplainedAsync(refused, intent.QueueId, call, ct) : reply;
    }

    Task<SendReply> EnqueueAsync(TransferIntent intent, TransferWords words, CallFor call, CancellationToken ct)
    {
        if (GuidePath.Segment(intent.QueueId) is not { } queue) return Task.FromResult<SendReply>(new SendReply.Refused(FailureKind.QueueNotFound, $"'{intent.QueueId}' is not a queue's id; nothing was sent."));
        var body = new GuideEnqueue(intent.ConversationId, words.Welcome, words.Initial, words.Priority);
        return AuditedAsync(intent, "queue", () => Api.SendOnceAsync(HttpMethod.Post, $"routing/conversations/queue/{queue}", body, GuideJson.Default.GuideEnqueue,
            "Enqueuing the conversation", CallPurpose.Transfer, call, Enqueued, ct));
    }

    /// <summary>A 200 is not yet success (guide 003): the status says what the queue made of it, and only <c>queued</c> is good.</summary>
    static SendReply Enqueued(byte[] body)
    {
        string? status = null;
        try { status = JsonSerializer.Deserialize(body, GuideJson.Default.GuideEnqueued)?.Status; }
        catch (JsonException) { /* Said below. */ }
        return status switch
        {
            "queued" => new SendReply.Accepted(),
            null => new SendReply.Unknown(FailureKind.MalformedReply, "Enqueuing the conversation: the platform answered 200 without a status, so it may or may not have been queued."),
            _ => new SendReply.Refused(FailureKind.TransferFailed, $"Enqueuing the conversation: the platform answered with the status '{status}' in place of 'queued'."),
        };
    }

    async Task<SendReply> TransferAsync(TransferIntent intent, CallFor call, CancellationToken ct)
    {
        var skills = intent.Skills is { Count: > 0 } wanted ? wanted : null;
        if (GuidePath.Segment(intent.LegId) is not { } leg) return new SendReply.Refused(FailureKind.BadRequest, $"'{intent.LegId}' is not an id; nothing was sent.");
        var body = new GuideTransfer(skills is null ? "queue" : "skill", intent.QueueId, skills);
        return await AuditedAsync(intent, body.TransferType, () => Api.SendOnceAsync(HttpMethod.Post, $"conversations/{Segment(intent.ConversationId)}/participants/{leg}/transfer",
            body, GuideJson.Default.GuideTransfer, "Transferring to the queue", CallPurpose.Transfer, call, null, ct));
    }

    // A 400 does not say in a stable way whether it is about the queue; the queue itself does. A closed queue leaves the fallback list to be tried.
    async Task<SendReply> ExplainedAsync(SendReply.Refused refused, string queueId, CallFor call, CancellationToken ct)
    {
        try
        {
            queues.Forget(queueId);
            return await queues.WhyClosedAsync(queueId, call, ct) is { } why ? new SendReply.Refused(FailureKind.QueueNotFound, $"{why} {refused.Sentence}") : refused;
        }
        catch (ContactCenterException)
        {
            return refused;
        }
    }

    /// <summary>Skills went with the transfer; there is nothing else to set, and what was asked for besides is refused.</summary>
    public override Task<bool> SetRoutingAsync(string conversationId, RouteStep step, CallFor call, CancellationToken ct)
    {
        var why = step.Language is not null ? UnsupportedFeature(PolicyFeature.Language) : step.Priority != RouteStep.UsualPriority ? "the guides' transfer has no priority; the enqueue of a guest has" : null;
        return why is null ? Task.FromResult(true) : Task.FromException<bool>(new ContactCenterException(FailureKind.Unsupported, $"Priority or language were not set: {why}."));
    }

    public override Task<SendReply> TellAsync(string conversationId, string communicationId, string text, CallFor call, CancellationToken ct) =>
        Task.FromResult<SendReply>(new SendReply.Refused(FailureKind.Unsupported, $"The customer cannot be told: {UnsupportedFeature(PolicyFeature.CustomerMessages)}."));

    public override Task<bool> WasToldAsync(string conversationId, string text, DateTimeOffset since, CallFor call, CancellationToken ct) => Task.FromResult(false);

    static string Segment(string id) => GuidePath.Segment(id) ?? throw new ContactCenterException(FailureKind.ConversationNotFound, $"'{id}' is not an id.");
}
