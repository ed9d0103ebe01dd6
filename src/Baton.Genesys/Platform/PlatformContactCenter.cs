using Baton.Core;
using Baton.Core.Assist;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Core.Transfers;
using Baton.Genesys.Events;
using Baton.Genesys.Http;
using Microsoft.Extensions.Logging;

namespace Baton.Genesys.Platform;

/// <summary>Genesys Cloud's real API, version 2.</summary>
sealed class PlatformContactCenter : GenesysContactCenter
{
    readonly GenesysOptions options;
    readonly TimeProvider time;
    readonly QueueDirectory queues;
    readonly TranscriptReader transcripts;
    readonly UserDirectory users;

    public PlatformContactCenter(GenesysOptions options, HttpMessageHandler network, TimeProvider time, Random random, ILogger<PlatformContactCenter> log)
        : base(options, network, time, random, log)
    {
        (this.options, this.time) = (options, time);
        queues = new QueueDirectory(Api, options, time);
        transcripts = new TranscriptReader(Api, options, time);
        users = new UserDirectory(Api, time);
        CallTransfers = new PlatformCallTransfers(Api, AuditedAsync, queues, time);
        SuggestionSources = [new PlatformSuggestions(Api), new PlatformKnowledge(Api)];
    }

    public override NotificationFeed? CreateFeed(LiveConversations live, ILiveStore store, HttpMessageHandler network, Random random, ILogger log) =>
        new(Api, live, store, network, time, random, log);

    public override async Task<IReadOnlyList<string>> FindQueuesAsync(IReadOnlyList<string> names, CancellationToken ct)
    {
        var found = new List<string>();
        foreach (var name in names)
            if (await queues.FindAsync(name, ct) is { } id) found.Add(id);
        return found;
    }

    public override Task<string?> UserNameAsync(string userId, CancellationToken ct) => users.NameAsync(userId, ct);

    public override ICallTransfers CallTransfers { get; }
    public override IReadOnlyList<ISuggestionSource> SuggestionSources { get; }

    public override string? Unsupported(PolicyFeature feature, Media media) => UnsupportedFeature(feature, media);

    /// <summary>The same, known without a connection: a policy is checked before anything is opened.</summary>
    public static string? UnsupportedFeature(PolicyFeature feature, Media media) => (feature, media) switch
    {
        (PolicyFeature.Callback, _) => "Genesys Cloud's API cannot turn a running conversation into a callback",
        (PolicyFeature.CustomerMessages or PolicyFeature.TransferMessage, Media.Voice) => "a voice call carries no text to the customer",
        (PolicyFeature.ReturnToBot, Media.Voice) => "Genesys Cloud's API cannot hand a call back to a bot",
        _ => null,
    };

    public override async Task<ConversationView> ReadConversationAsync(string conversationId, CallPurpose purpose, CallFor call, CancellationToken ct) =>
        PlatformView.Of(await Api.GetAsync(Conversation(conversationId), $"Reading conversation {conversationId}", PlatformJson.Default.WireConversation, purpose, call, ct), conversationId);

    public override Task<Conversation> ReadTranscriptAsync(string conversationId, CallFor call, CancellationToken ct)
    {
        Conversation(conversationId);
        return transcripts.ReadAsync(conversationId, call, ct);
    }

    public override Task<QueueCheck> CheckQueueAsync(string queue, CallFor call, CancellationToken ct) => queues.CheckAsync(queue, call, ct);

    public override async Task<IReadOnlyList<QueueCheck>> ListQueuesAsync(CancellationToken ct) =>
        [.. (await queues.ListAsync(ct)).Where(q => q.Id is not null).OrderBy(q => q.Name, StringComparer.OrdinalIgnoreCase).Select(q => new QueueCheck(q.Name ?? q.Id!, q.Id, q.Name, q.MemberCount, q.JoinedMemberCount, null))];

    public override Task<QueueStatus> ReadQueueStatusAsync(string queue, CancellationToken ct) => queues.ReadStatusAsync(queue, ct);

    public override Task<IReadOnlyList<PermissionCheck>> CheckPermissionsAsync(CancellationToken ct) => PlatformPermissions.CheckAsync(Api, ct);

    public override async Task<string?> OrganizationAsync(CancellationToken ct) =>
        (await Api.GetAsync("tokens/me", "Asking who the token belongs to", PlatformJson.Default.WireTokenInfo, CallPurpose.Read, CallFor.Nobody, ct)).Organization?.Name;

    /// <summary>There is no enqueuing call: what the guide sends with it goes by attributes, routing and a message of its own.</summary>
    public override bool Enqueues(RouteStep step, Media media) => false;

    /// <summary>Genesys Cloud has no guest's record. The guest is the customer's participant, and what was written is the conversation's own messages.</summary>
    public override async Task<IReadOnlyList<GuestLine>> ReadGuestAsync(string guestId, string conversationId, CallFor call, CancellationToken ct)
    {
        const int Newest = 100;
        var view = await ReadConversationAsync(conversationId, CallPurpose.Brief, call, ct);
        if (!string.Equals(view.Customer?.Id, guestId, StringComparison.OrdinalIgnoreCase))
            throw new ContactCenterException(FailureKind.GuestNotFound, $"'{guestId}' is not the customer of conversation {conversationId}. Genesys Cloud keeps no record of guests: give the customer's participant id.");
        var turns = await transcripts.NewestTextsAsync(Id(conversationId), Newest, call, ct);
        return [.. turns.Select(t => new GuestLine(t.From == Speaker.Customer ? "guest" : t.From.ToString().ToLowerInvariant(), t.Text))];
    }

    public override Task BriefAsync(string conversationId, string customerParticipantId, IReadOnlyDictionary<string, string> briefing, CallFor call, CancellationToken ct) =>
        Api.SetAsync($"{Conversation(conversationId)}/participants/{customerParticipantId}/attributes", new WireAttributes(briefing), PlatformJson.Default.WireAttributes,
            "Putting the briefing on the customer", CallPurpose.Brief, call, ct);

    public override async Task<SendReply> BeginTransferAsync(TransferIntent intent, TransferWords? words, CallFor call, CancellationToken ct)
    {
        // Unattended: the bot leaves at once; an attended transfer would keep it until an agent accepts.
        var reply = await AuditedAsync(intent, "queue", () => Api.SendOnceAsync(HttpMethod.Post, $"{Conversation(intent.ConversationId)}/participants/{intent.LegId}/replace/queue",
            new WireTransferToQueue(intent.QueueId, "Unattended"), PlatformJson.Default.WireTransferToQueue, "Transferring to the queue", CallPurpose.Transfer, call, null, ct));
        if (reply is SendReply.Refused { Kind: FailureKind.QueueNotFound }) queues.Forget(intent.QueueId);
        return reply;
    }

    public override async Task<bool> SetRoutingAsync(string conversationId, RouteStep step, CallFor call, CancellationToken ct)
    {
        var skills = new List<string>();
        foreach (var skill in step.Skills) skills.Add(await queues.SkillAsync(skill, call, ct));
        var language = step.Language is null ? null : await queues.LanguageAsync(step.Language, call, ct);
        var priority = step.Priority == RouteStep.UsualPriority ? (int?)null : (step.Priority - RouteStep.UsualPriority) * options.MinutesPerPriority;
        try
        {
            await Api.SetAsync($"routing/{Conversation(conversationId)}", new WireRouting(priority, skills.Count > 0 ? skills : null, language), PlatformJson.Default.WireRouting,
                "Setting skills and priority", CallPurpose.Confirm, call, ct);
            return true;
        }
        catch (ContactCenterException e) when (e.Kind is FailureKind.BadRequest or FailureKind.ConversationNotFound or FailureKind.Conflict or FailureKind.LegGone)
        {
            // Works only while the conversation waits in a queue; the ids were looked up, so what is refused here is the waiting.
            return false;
        }
    }

    public override Task<SendReply> TellAsync(string conversationId, string communicationId, string text, CallFor call, CancellationToken ct) =>
        Api.SendOnceAsync(HttpMethod.Post, $"conversations/messages/{Id(conversationId)}/communications/{communicationId}/messages", new WireText(text), PlatformJson.Default.WireText,
            "Telling the customer", CallPurpose.Message, call, null, ct);

    public override async Task<bool> WasToldAsync(string conversationId, string text, DateTimeOffset since, CallFor call, CancellationToken ct)
    {
        const int Newest = 50;
        var turns = await transcripts.NewestTextsAsync(Id(conversationId), Newest, call, ct);
        // A minute's grace for clocks that differ.
        return turns.Any(t => t.From != Speaker.Customer && t.Text == text && t.At >= since - TimeSpan.FromMinutes(1));
    }

    public static string Conversation(string id) => $"conversations/{Id(id)}";

    static string Id(string id) => Guid.TryParse(id, out _) ? id : throw new ContactCenterException(FailureKind.ConversationNotFound, $"'{id}' is not a conversation id; the platform's are GUIDs.");
}
