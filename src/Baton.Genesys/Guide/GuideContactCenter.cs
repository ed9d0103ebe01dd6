using Baton.Core;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Genesys.Http;
using Microsoft.Extensions.Logging;

namespace Baton.Genesys.Guide;

/// <summary>
/// The guides' API. It refuses a second transfer of the same participant (409), so the leg that an intent names is the fence here as well.
/// It has no call for a briefing, a message to the customer, priority or language: a policy that asks for them is refused when it is loaded.
/// </summary>
sealed class GuideContactCenter : GenesysContactCenter
{
    const string NoBriefing = "the guides name no call that puts a briefing on a conversation without moving it";

    readonly TimeProvider time;
    readonly GuideQueues queues;
    readonly GuideTranscript transcripts;

    public GuideContactCenter(GenesysOptions options, HttpMessageHandler network, TimeProvider time, Random random, ILogger<GuideContactCenter> log)
        : base(options, network, time, random, log)
    {
        this.time = time;
        queues = new GuideQueues(Api, options, time);
        transcripts = new GuideTranscript(Api, time);
    }

    public override string? Unsupported(PolicyFeature feature, Media media) => UnsupportedFeature(feature);

    public static string? UnsupportedFeature(PolicyFeature feature) => feature switch
    {
        PolicyFeature.Skills => null,
        PolicyFeature.Callback => "the guides name no call that turns a running conversation into a callback",
        PolicyFeature.ReturnToBot => "the guides name no call that hands a conversation back to a bot",
        PolicyFeature.CustomerMessages => "the guides name no call that says something to the customer",
        PolicyFeature.Language => "the guides' transfer asks for skills, not for a language",
        PolicyFeature.Priority => "the guides' transfer has no priority",
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

    public override async Task<SendReply> BeginTransferAsync(TransferIntent intent, CallFor call, CancellationToken ct)
    {
        var skills = intent.Skills is { Count: > 0 } wanted ? wanted : null;
        if (GuidePath.Segment(intent.LegId) is not { } leg) return new SendReply.Refused(FailureKind.BadRequest, $"'{intent.LegId}' is not an id; nothing was sent.");
        var body = new GuideTransfer(skills is null ? "queue" : "skill", intent.QueueId, skills);
        var reply = await AuditedAsync(intent, body.TransferType, () => Api.SendOnceWithStatusAsync($"conversations/{Segment(intent.ConversationId)}/participants/{leg}/transfer",
            body, GuideJson.Default.GuideTransfer, "Transferring to the queue", CallPurpose.Transfer, call, ct));
        return reply is SendReply.Refused { Kind: FailureKind.BadRequest } refused ? await ExplainedAsync(refused, intent.QueueId, call, ct) : reply;
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
        var feature = step.Language is not null ? PolicyFeature.Language : step.Priority != RouteStep.UsualPriority ? PolicyFeature.Priority : PolicyFeature.Skills;
        return UnsupportedFeature(feature) is { } why
            ? Task.FromException<bool>(new ContactCenterException(FailureKind.Unsupported, $"{feature} cannot be set: {why}."))
            : Task.FromResult(true);
    }

    public override Task<SendReply> TellAsync(string conversationId, string communicationId, string text, CallFor call, CancellationToken ct) =>
        Task.FromResult<SendReply>(new SendReply.Refused(FailureKind.Unsupported, $"The customer cannot be told: {UnsupportedFeature(PolicyFeature.CustomerMessages)}."));

    public override Task<bool> WasToldAsync(string conversationId, string text, DateTimeOffset since, CallFor call, CancellationToken ct) => Task.FromResult(false);

    static string Segment(string id) => GuidePath.Segment(id) ?? throw new ContactCenterException(FailureKind.ConversationNotFound, $"'{id}' is not an id.");
}
