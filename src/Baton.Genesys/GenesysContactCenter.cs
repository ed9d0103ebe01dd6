using Baton.Core;
using Baton.Core.Assist;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Core.Transfers;
using Baton.Genesys.Events;
using Baton.Genesys.Guide;
using Baton.Genesys.Http;
using Baton.Genesys.Platform;
using Baton.Genesys.Quota;
using Microsoft.Extensions.Logging;

namespace Baton.Genesys;

/// <summary>A connector of either flavor: the border of Core, and what an operator asks beside it.</summary>
public abstract class GenesysContactCenter : IContactCenter, IDisposable
{
    readonly HandoffAuditFile? audit;
    readonly TimeProvider time;

    private protected GenesysContactCenter(GenesysOptions options, HttpMessageHandler network, TimeProvider time, Random random, ILogger log)
    {
        this.time = time;
        Api = new GenesysApi(options, network, time, random, log);
        audit = options.HandoffAuditFile is { } path ? new HandoffAuditFile(path, log) : null;
    }

    /// <param name="network">The last handler before the wire; shared, and not disposed by the connector.</param>
    public static GenesysContactCenter Create(GenesysOptions options, HttpMessageHandler network, TimeProvider time, Random random, ILoggerFactory logs) => options.Flavor switch
    {
        GenesysFlavor.Guide => new GuideContactCenter(options, network, time, random, logs.CreateLogger<GuideContactCenter>()),
        _ => new PlatformContactCenter(options, network, time, random, logs.CreateLogger<PlatformContactCenter>()),
    };

    /// <summary>What a flavor cannot do, known without a connection: a policy is checked before anything is opened.</summary>
    public static string? UnsupportedFeature(GenesysFlavor flavor, PolicyFeature feature, Media media) =>
        flavor == GenesysFlavor.Guide ? GuideContactCenter.UnsupportedFeature(feature) : PlatformContactCenter.UnsupportedFeature(feature, media);

    private protected GenesysApi Api { get; }

    /// <summary>What is told over notifications; null where the flavor has none.</summary>
    /// <param name="network">What the connector itself was given.</param>
    public virtual NotificationFeed? CreateFeed(LiveConversations live, ILiveStore store, HttpMessageHandler network, Random random, ILogger log) => null;

    /// <summary>The ids of queues by names or ids; those that are not there are left out.</summary>
    public virtual Task<IReadOnlyList<string>> FindQueuesAsync(IReadOnlyList<string> names, CancellationToken ct) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>A user's name, for people to read; null where the flavor has none, or it cannot be had now. Shared and kept for hours.</summary>
    public virtual Task<string?> UserNameAsync(string userId, CancellationToken ct) => Task.FromResult<string?>(null);

    /// <summary>Calls that are moved to another queue (guide 002).</summary>
    public abstract ICallTransfers CallTransfers { get; }

    /// <summary>Where suggestions for agents come from.</summary>
    public abstract IReadOnlyList<ISuggestionSource> SuggestionSources { get; }

    /// <summary>Reads what comes to the callback address; null where nobody ever calls back.</summary>
    public virtual ISuggestionCallbacks? SuggestionCallbacks => null;

    public CallCounter Calls => Api.Counter;
    public IReadOnlyList<QuotaState> Quota => [.. Api.Clients.All.Select(c => c.Quota.State)];

    /// <summary>What is left of the questions for suggestions, where they are counted by themselves; empty where they are not.</summary>
    public virtual IReadOnlyList<QuotaState> SuggestionQuota => [];

    public Admission Admit(HandoffId handoff, int calls)
    {
        DateTimeOffset? soonest = null;
        foreach (var client in Api.Clients.All)
        {
            if (client.Quota.Admit(handoff, calls) is not { } notBefore) return new Admission(null);
            if (soonest is null || notBefore < soonest) soonest = notBefore;
        }
        return new Admission(soonest);
    }

    /// <summary>The organization's queues, by name; on the guide flavor those that the settings name, because it has no call that lists them.</summary>
    public abstract Task<IReadOnlyList<QueueCheck>> ListQueuesAsync(CancellationToken ct);

    /// <summary>Read now, not from what is shared. An unknown queue is an answer.</summary>
    public abstract Task<QueueStatus> ReadQueueStatusAsync(string queue, CancellationToken ct);

    /// <summary>Who the token belongs to, where the flavor tells it: proves credentials and region with the cheapest call there is.</summary>
    public abstract Task<string?> OrganizationAsync(CancellationToken ct);

    /// <summary>Asks the organization for each permission that Baton needs, without changing anything. Empty where the flavor has scopes instead, which its answers name.</summary>
    public virtual Task<IReadOnlyList<PermissionCheck>> CheckPermissionsAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<PermissionCheck>>([]);

    public abstract string? Unsupported(PolicyFeature feature, Media media);
    public abstract Task<ConversationView> ReadConversationAsync(string conversationId, CallPurpose purpose, CallFor call, CancellationToken ct);
    public abstract Task<Conversation> ReadTranscriptAsync(string conversationId, CallFor call, CancellationToken ct);
    public abstract Task<QueueCheck> CheckQueueAsync(string queue, CallFor call, CancellationToken ct);
    public abstract Task BriefAsync(string conversationId, string customerParticipantId, IReadOnlyDictionary<string, string> briefing, CallFor call, CancellationToken ct);
    public abstract bool Enqueues(RouteStep step, Media media);
    public abstract Task<IReadOnlyList<GuestLine>> ReadGuestAsync(string guestId, string conversationId, CallFor call, CancellationToken ct);
    public abstract Task<SendReply> BeginTransferAsync(TransferIntent intent, TransferWords? words, CallFor call, CancellationToken ct);
    public abstract Task<bool> SetRoutingAsync(string conversationId, RouteStep step, CallFor call, CancellationToken ct);
    public abstract Task<SendReply> TellAsync(string conversationId, string communicationId, string text, CallFor call, CancellationToken ct);
    public abstract Task<bool> WasToldAsync(string conversationId, string text, DateTimeOffset since, CallFor call, CancellationToken ct);

    /// <summary>Sends a transfer and writes down what came of it, where that is wanted.</summary>
    private protected async Task<SendReply> AuditedAsync(TransferIntent intent, string transferType, Func<Task<SendReply>> send)
    {
        if (audit is null) return await send();
        var began = time.GetTimestamp();
        SendReply? sent = null;
        try
        {
            sent = await send();
            return sent;
        }
        finally
        {
            audit.Append(intent, transferType, sent, time.GetUtcNow(), time.GetElapsedTime(began));
        }
    }

    public void Dispose()
    {
        Api.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>Sends what moves a conversation, and writes down what came of it where that is wanted.</summary>
delegate Task<SendReply> Audited(TransferIntent intent, string transferType, Func<Task<SendReply>> send);
