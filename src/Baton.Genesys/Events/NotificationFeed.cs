using Baton.Core;
using Baton.Core.Conversations;
using Baton.Genesys.Http;
using Microsoft.Extensions.Logging;

namespace Baton.Genesys.Events;

/// <summary>
/// Hears of what happens in queues over the platform's notifications: a thousand topics a channel, twenty channels a client, each with a connection of its own. A fault of one
/// is a gap of its queues only; while it lasts, and where there is no room for a queue, the platform is read instead.
/// </summary>
public sealed partial class NotificationFeed
{
    const int MostTopics = 1000;
    const int MostChannels = 20;
    static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(30);

    readonly GenesysApi api;
    readonly LiveConversations live;
    readonly ILiveStore store;
    readonly HttpMessageHandler network;
    readonly TimeProvider time;
    readonly Random random;
    readonly ILogger log;
    volatile IReadOnlyList<NotificationChannel> channels = [];
    volatile IReadOnlyDictionary<string, NotificationChannel> byTopic = new Dictionary<string, NotificationChannel>();
    long heard;
    int topicsWithoutRoom;

    internal NotificationFeed(GenesysApi api, LiveConversations live, ILiveStore store, HttpMessageHandler network, TimeProvider time, Random random, ILogger log) =>
        (this.api, this.live, this.store, this.network, this.time, this.random, this.log) = (api, live, store, network, time, random, log);

    /// <summary>Since when a queue is heard without a gap; null: it is not.</summary>
    public DateTimeOffset? HearsQueueSince(string queueId)
    {
        var topic = Topic(queueId);
        return byTopic.TryGetValue(topic, out var channel) && channel.Hears(topic) ? channel.ConnectedSince : null;
    }

    /// <summary>Whether it has been told to listen; what it hears is another matter.</summary>
    public bool IsListening { get; private set; }

    public FeedState State
    {
        get
        {
            var now = channels;
            return new FeedState(now.Count, now.Count(c => c.ConnectedSince is not null), now.Sum(c => c.Topics.Count), now.Sum(c => c.Refused), topicsWithoutRoom, Interlocked.Read(ref heard), now.Max(c => c.HeardAt), now.Max(c => c.ConnectedSince));
        }
    }

    /// <summary>Listens until stopped, to whatever queues are wanted at the time.</summary>
    /// <param name="queues">Their ids. Asked again when <paramref name="version"/> has changed, and while it fails.</param>
    /// <param name="version">What the list follows from: a policy. Looked at now and then.</param>
    public async Task RunAsync(Func<CancellationToken, Task<IReadOnlyList<string>>> queues, Func<object> version, CancellationToken stop)
    {
        live.HearsQueueSince = HearsQueueSince;
        IsListening = true;
        while (!stop.IsCancellationRequested)
        {
            var from = version();
            using var changed = CancellationTokenSource.CreateLinkedTokenSource(stop);
            try
            {
                var running = ListenAsync(await queues(stop), changed.Token);
                using var timer = new PeriodicTimer(BetweenLooks, time);
                // No tick is left when the clock itself is gone: then nothing will ever change, and to look again at once would never end.
                while (ReferenceEquals(version(), from))
                    if (!await timer.WaitForNextTickAsync(stop)) return;
                await changed.CancelAsync();
                await running;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
            catch (ContactCenterException e)
            {
                NotFound(log, e.Message);
                await Task.Delay(e.NotBefore - time.GetUtcNow() is { } told && told > BetweenLooks ? told : BetweenLooks, time, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
            finally { await changed.CancelAsync(); }
        }
        await listening;
        IsListening = false;
        (channels, byTopic) = ([], new Dictionary<string, NotificationChannel>());
    }

    Task listening = Task.CompletedTask;

    Task ListenAsync(IReadOnlyList<string> queues, CancellationToken stop)
    {
        var clients = api.Clients.All;
        var most = MostChannels * clients.Count;
        var topics = queues.Distinct(StringComparer.OrdinalIgnoreCase).Select(Topic).ToList();
        topicsWithoutRoom = Math.Max(0, topics.Count - most * MostTopics);
        if (topicsWithoutRoom > 0) NoRoom(log, topicsWithoutRoom, most);
        var made = topics.Chunk(MostTopics).Take(most)
            .Select((chunk, i) => new NotificationChannel(this, api, clients[i % clients.Count], chunk, network, time, random, log)).ToList();
        byTopic = made.SelectMany(c => c.Topics, (channel, topic) => (channel, topic)).ToDictionary(p => p.topic, p => p.channel, StringComparer.OrdinalIgnoreCase);
        channels = made;
        return listening = Task.WhenAll(made.Select(c => Task.Run(() => c.RunAsync(stop), CancellationToken.None)));
    }

    // The whole conversation, with the ids of its communications: the flattened topic has none, and without one the customer cannot be told anything.
    static string Topic(string queueId) => $"v2.routing.queues.{queueId}.conversations";

    internal async Task HearAsync(LiveNews news, CancellationToken ct)
    {
        Interlocked.Increment(ref heard);
        await live.HearAsync(news, null, ct);
    }

    /// <summary>What happened before nobody heard: every live handoff looks, and reads what was told last before now.</summary>
    internal Task ConnectedAsync(CancellationToken ct) => store.WakeAllAsync(time.GetUtcNow(), ct);

    [LoggerMessage(LogLevel.Warning, "The queues to listen to could not be found, it is tried again: {Why}")]
    static partial void NotFound(ILogger log, string why);

    [LoggerMessage(LogLevel.Warning, "{Count} queues are not listened to: {Channels} channels of 1,000 topics are all there are. Conversations there are read instead")]
    static partial void NoRoom(ILogger log, int count, int channels);
}

/// <summary>The notifications as an operator sees them.</summary>
/// <param name="Refused">Topics the platform did not let us have.</param>
/// <param name="WithoutRoom">Queues beyond what the channels hold.</param>
/// <param name="Heard">Notifications about conversations since the start.</param>
/// <param name="LastHeardAt">The newest frame, heartbeats too.</param>
/// <param name="ConnectedSince">The newest connection: the last gap ended then. Null: none is connected.</param>
public sealed record FeedState(int Channels, int Connected, int Topics, int Refused, int WithoutRoom, long Heard, DateTimeOffset? LastHeardAt, DateTimeOffset? ConnectedSince)
{
    /// <summary>Everything that is listened to is heard.</summary>
    public bool IsWhole => Channels > 0 && Connected == Channels;
}
