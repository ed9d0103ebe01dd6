using Baton.Core;
using Baton.Core.Assist;
using Baton.Core.Assist.Knowledge;
using Baton.Core.Conversations;
using Baton.Core.Deliveries;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Genesys;
using Baton.Genesys.Auth;
using Baton.Genesys.Events;
using Baton.Server.Outbound;
using Baton.Storage.Sqlite;
using Microsoft.Extensions.Logging;

namespace Baton.Server;

/// <summary>
/// One composed system: store, contact center, policy, watch, runner. Everything is reachable from here and nothing is static, so two of them in one process
/// do not disturb each other.
/// </summary>
public sealed class BatonSystem : IAsyncDisposable
{
    /// <summary>Replays come from another process, and nobody waits for them by the second.</summary>
    static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    readonly HttpMessageHandler? network;
    readonly WebhookPost post;

    BatonSystem(BatonSettings settings, Parts parts, SqliteStore store, PolicyHolder policy, string policyText, HttpMessageHandler? owned)
    {
        (Settings, Store, Policy, Time, Logs, network) = (settings, store, policy, parts.Time, parts.Logs, owned);
        var random = parts.Random;
        Policies = new PolicyWatch(settings, store, policy, policyText, parts.Time, parts.Logs.CreateLogger<PolicyWatch>());
        Outbox = new Outbox(settings.Deliveries.Targets);
        post = new WebhookPost(settings.Deliveries.Rules, parts.Outbound, parts.Time);
        Deliveries = new DeliveryRunner(store, post, settings.Deliveries.Targets, BetweenLooks, parts.Time, new Random(), parts.Logs.CreateLogger<DeliveryRunner>());
        Center = GenesysContactCenter.Create(settings.Genesys, parts.Network ?? owned!, parts.Time, random, parts.Logs);
        Live = new LiveConversations(store, settings.Runner.Trust, parts.Time);
        Feed = Center.CreateFeed(Live, store, parts.Network ?? owned!, random, parts.Logs.CreateLogger<NotificationFeed>());
        SignIn = settings.Console.ClientId is { } clientId ? new PersonSignIn(settings.Genesys, clientId, parts.Network ?? owned!, parts.Time) : null;
        Runner = new HandoffRunner(store, Center, Outbox, settings.Runner, parts.Time, parts.Logs.CreateLogger<HandoffRunner>(), Live);
        Knowledge = settings.Assist.Local is { } local ? new KnowledgeFolder(local, parts.Time, parts.Logs.CreateLogger<KnowledgeFolder>()) : null;
        var sources = SuggestionSources(settings.Assist);
        Assist = new AssistDesk(store, sources, Outbox, settings.Assist.Options, url => AssistSettings.CallbackFault(url, settings.Deliveries.Rules), parts.Time, parts.Logs.CreateLogger<AssistDesk>());
        Callbacks = new CallbackDesk(store, Center.SuggestionCallbacks, settings.Assist.Options, parts.Time, parts.Logs.CreateLogger<CallbackDesk>());
        AssistRunner = new AssistRunner(store, Assist, Center.SuggestionCallbacks, settings.Runner.Poll, parts.Time, parts.Logs.CreateLogger<AssistRunner>());
        NewId = parts.RepeatIds ? now => { lock (random) return HandoffId.New(now, random); } : HandoffId.New;
        Watch = new ConversationWatch(store, () => policy.Current, NewId, parts.Time);
    }

    public BatonSettings Settings { get; }
    public SqliteStore Store { get; }
    public GenesysContactCenter Center { get; }
    public PolicyHolder Policy { get; }

    /// <summary>Which version of the policy is in force, and why the newest is not where it is not.</summary>
    public PolicyWatch Policies { get; }

    /// <summary>Whether somebody has chosen the policy: it does not only stand in for one that was not given.</summary>
    public bool IsPolicyGiven => Settings.IsPolicyGiven || Policies.InForce.Source != PolicySource.File;
    public ConversationWatch Watch { get; }
    public HandoffRunner Runner { get; }

    /// <summary>What was told of conversations: vendor events, notifications, readings.</summary>
    public LiveConversations Live { get; }

    /// <summary>The platform's notifications; null where the flavor has none. It listens while <see cref="ListenAsync"/> runs.</summary>
    public NotificationFeed? Feed { get; }

    /// <summary>Who a person is on the platform; null where the settings name no client for it.</summary>
    public PersonSignIn? SignIn { get; }

    /// <summary>Which receivers are told of what.</summary>
    public Outbox Outbox { get; }
    public DeliveryRunner Deliveries { get; }

    /// <summary>The articles of this machine; null when no folder is configured.</summary>
    public KnowledgeFolder? Knowledge { get; }
    public AssistDesk Assist { get; }
    public CallbackDesk Callbacks { get; }
    public AssistRunner AssistRunner { get; }
    public TimeProvider Time { get; }
    public ILoggerFactory Logs { get; }
    public Func<DateTimeOffset, HandoffId> NewId { get; }

    /// <exception cref="SettingsException">Every error of settings and policy at once.</exception>
    /// <exception cref="StoreException">The store could not be opened.</exception>
    public static async Task<BatonSystem> OpenAsync(BatonSettings settings, Parts parts, CancellationToken ct)
    {
        var errors = settings.Genesys.Check().ToList();
        var text = PolicyHolder.ReadText(settings.Policy, errors);
        var policy = text is null ? null : PolicyHolder.Check(text, settings.Policy, settings.Genesys.Flavor, errors);
        if (errors.Count > 0) throw new SettingsException(errors);
        var store = await SqliteStore.OpenAsync(settings.StorePath, null, ct);
        var owned = parts.Network is null ? new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10) } : null;
        var system = new BatonSystem(settings, parts, store, new PolicyHolder(policy!), text!, owned);
        if (!settings.IsPolicyOfThisRun) await system.Policies.FollowAsync(ct);
        system.Knowledge?.RunOnce();
        return system;
    }

    /// <summary>Listens to the queues that the policy in force names.</summary>
    public Task ListenAsync(CancellationToken stop) => Feed?.RunAsync(ct => Center.FindQueuesAsync([.. Policy.Current.Queues], ct), () => Policy.Current, stop) ?? Task.CompletedTask;

    IReadOnlyList<ISuggestionSource> SuggestionSources(AssistSettings assist)
    {
        IEnumerable<ISuggestionSource> all = Center.SuggestionSources;
        if (Knowledge is { } folder) all = all.Append(new LocalKnowledge(folder, assist.Local!));
        return [.. all.Where(s => assist.Sources.Count == 0 || assist.Sources.Contains(s.Name))];
    }

    /// <summary>What a system is given from outside.</summary>
    public sealed record Parts(TimeProvider Time, Random Random, ILoggerFactory Logs)
    {
        /// <summary>The last handler before the wire; null: the network itself.</summary>
        public HttpMessageHandler? Network { get; init; }

        /// <summary>The same on the way to the receivers of events; null: the network, with the settings' rules for addresses.</summary>
        public HttpMessageHandler? Outbound { get; init; }

        /// <summary>Ids are drawn from <see cref="Random"/>, so that a seeded run has the same ones again.</summary>
        public bool RepeatIds { get; init; }
    }

    public async ValueTask DisposeAsync()
    {
        Center.Dispose();
        SignIn?.Dispose();
        Policies.Dispose();
        post.Dispose();
        await Store.DisposeAsync();
        network?.Dispose();
    }
}

/// <summary>Settings or a policy that cannot be used: every reason at once.</summary>
public sealed class SettingsException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    public IReadOnlyList<string> Errors { get; } = errors;
}
