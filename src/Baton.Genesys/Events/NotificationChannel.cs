using System.Net.WebSockets;
using Baton.Core;
using Baton.Core.Conversations;
using Baton.Genesys.Http;
using Baton.Genesys.Platform;
using Microsoft.Extensions.Logging;

namespace Baton.Genesys.Events;

/// <summary>
/// One channel of the platform's notifications: opened, subscribed, listened to, and made anew whenever it ends. There is no replay: after each connection, the first too,
/// <see cref="NotificationFeed.ConnectedAsync"/> has the live handoffs look for themselves.
/// </summary>
sealed partial class NotificationChannel(NotificationFeed feed, GenesysApi api, GenesysClient client, IReadOnlyList<string> topics, HttpMessageHandler network, TimeProvider time, Random random, ILogger log)
{
    /// <summary>A channel lives for a day from its last subscription.</summary>
    static readonly TimeSpan RenewAfter = TimeSpan.FromHours(18);
    static readonly TimeSpan RenewAgain = TimeSpan.FromMinutes(5);
    /// <summary>A connection that is told to go before that is not made again at once.</summary>
    static readonly TimeSpan Worthwhile = TimeSpan.FromSeconds(5);
    const int TriesOnChannel = 3;

    readonly HashSet<string> refused = [];
    WireChannel? channel;
    long connectedSince;
    long heardAt;

    /// <summary>Null: not connected.</summary>
    public DateTimeOffset? ConnectedSince => Volatile.Read(ref connectedSince) is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
    public DateTimeOffset? HeardAt => Volatile.Read(ref heardAt) is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
    public IReadOnlyList<string> Topics => topics;

    public bool Hears(string topic) { lock (refused) return !refused.Contains(topic); }
    public int Refused { get { lock (refused) return refused.Count; } }

    public async Task RunAsync(CancellationToken stop)
    {
        var failures = 0;
        while (!stop.IsCancellationRequested)
        {
            DateTimeOffset? notBefore = null;
            try
            {
                channel ??= await OpenAsync(stop);
                if (await ListenAsync(() => failures = 0, stop)) continue;
                failures++;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { break; }
            catch (ContactCenterException e)
            {
                failures++;
                notBefore = e.NotBefore;
                Troubled(log, topics.Count, e.Message);
            }
            catch (Exception e) when (e is WebSocketException or HttpRequestException or IOException)
            {
                failures++;
                // A channel that is gone may refuse the connection without a word.
                if (failures % TriesOnChannel == 0) channel = null;
                Troubled(log, topics.Count, e.Message);
            }
            catch (StoreException e)
            {
                // What was told is lost to us: connecting again has it read.
                failures++;
                Troubled(log, topics.Count, e.Message);
            }
            finally { Volatile.Write(ref connectedSince, 0); }
            await PauseAsync(failures, notBefore, stop);
        }
    }

    /// <summary>Full jitter below a doubling bound: a thousand clients that were cut off together do not come back together.</summary>
    public static TimeSpan Pause(int failures, Random random)
    {
        var most = Math.Min(60, Math.Pow(2, Math.Clamp(failures - 1, 0, 6)));
        lock (random) return TimeSpan.FromSeconds(Math.Max(0.05, most * random.NextDouble()));
    }

    async Task PauseAsync(int failures, DateTimeOffset? notBefore, CancellationToken stop)
    {
        var pause = Pause(Math.Max(1, failures), random);
        if (notBefore - time.GetUtcNow() is { } told && told > TimeSpan.Zero) pause += told;
        await Task.Delay(pause, time, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    async Task<WireChannel> OpenAsync(CancellationToken ct)
    {
        var opened = await api.ChannelAsync(client, HttpMethod.Post, "notifications/channels", null, "Opening a notification channel", PlatformJson.Default.WireChannel, ct);
        if (opened.Id is null || !Uri.TryCreate(opened.ConnectUri, UriKind.Absolute, out var address) || address.Scheme is not ("ws" or "wss"))
            throw new ContactCenterException(FailureKind.MalformedReply, "The platform opened a notification channel and did not say where it is.");
        await SubscribeAsync(opened.Id, ct);
        return opened;
    }

    // The whole list again: it replaces what is there, and gives the channel another day.
    async Task SubscribeAsync(string id, CancellationToken ct)
    {
        IReadOnlyList<WireTopic> wanted = [.. topics.Select(t => new WireTopic(t, null, null))];
        var answered = await api.ChannelAsync(client, HttpMethod.Put, $"notifications/channels/{id}/subscriptions?ignoreErrors=true", wanted, "Subscribing to notifications", PlatformJson.Default.WirePageWireTopic, ct);
        var rejected = (answered.Entities ?? []).Where(t => string.Equals(t.State, "rejected", StringComparison.OrdinalIgnoreCase)).ToList();
        lock (refused)
        {
            refused.Clear();
            foreach (var topic in rejected) refused.Add(topic.Id ?? "");
        }
        if (rejected.Count > 0) Rejected(log, rejected.Count, rejected[0].Id ?? "", rejected[0].RejectionReason ?? "no reason given");
    }

    /// <summary>Hears until the connection ends. True: connect again at once.</summary>
    async Task<bool> ListenAsync(Action works, CancellationToken stop)
    {
        await using var socket = await NotificationSocket.ConnectAsync(new Uri(channel!.ConnectUri!), network, time, stop);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task? renewing = null;
        try
        {
            Volatile.Write(ref connectedSince, time.GetUtcNow().UtcTicks);
            Listening(log, topics.Count);
            await feed.ConnectedAsync(stop);
            renewing = RenewAsync(channel.Id!, over);
            while (await socket.TakeAsync(over.Token) is { } bytes)
            {
                Volatile.Write(ref heardAt, time.GetUtcNow().UtcTicks);
                switch (NotificationFrame.Read(bytes))
                {
                    case NotificationFrame.News news:
                        works();
                        await feed.HearAsync(news.Told, stop);
                        break;
                    case NotificationFrame.Closing:
                        // Connecting closes this socket, so what it still has to tell is lost; it is read afterwards like after any gap.
                        Ended(log, topics.Count, "the platform announced its end");
                        return time.GetUtcNow() - ConnectedSince >= Worthwhile;
                    case NotificationFrame.Gone gone:
                        channel = null;
                        Ended(log, topics.Count, gone.Why);
                        return false;
                    case NotificationFrame.Unreadable:
                        Unread(log);
                        break;
                    default:
                        works();
                        break;
                }
            }
            Ended(log, topics.Count, "the connection broke");
            return false;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            channel = null;
            Ended(log, topics.Count, "it could not be renewed");
            return false;
        }
        finally
        {
            Volatile.Write(ref connectedSince, 0);
            await over.CancelAsync();
            if (renewing is not null) await renewing;
        }
    }

    async Task RenewAsync(string id, CancellationTokenSource over)
    {
        TimeSpan pause;
        lock (random) pause = RenewAfter + TimeSpan.FromHours(2 * random.NextDouble());
        try
        {
            while (true)
            {
                await Task.Delay(pause, time, over.Token);
                try
                {
                    await SubscribeAsync(id, over.Token);
                    lock (random) pause = RenewAfter + TimeSpan.FromHours(2 * random.NextDouble());
                }
                catch (ContactCenterException e) when (Failures.IsPassing(e.Kind))
                {
                    pause = e.NotBefore - time.GetUtcNow() is { } told && told > RenewAgain ? told : RenewAgain;
                }
                catch (ContactCenterException)
                {
                    await over.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException) { /* The connection is over. */ }
    }

    [LoggerMessage(LogLevel.Information, "Notifications are heard: a channel with {Topics} topics is connected")]
    static partial void Listening(ILogger log, int topics);

    [LoggerMessage(LogLevel.Information, "The notification channel with {Topics} topics has a gap: {Why}. What was missed is read when it is connected again")]
    static partial void Ended(ILogger log, int topics, string why);

    [LoggerMessage(LogLevel.Warning, "The notification channel with {Topics} topics is not connected; the platform is read instead until it is: {Why}")]
    static partial void Troubled(ILogger log, int topics, string why);

    [LoggerMessage(LogLevel.Warning, "{Count} notification topics were refused, such as {Topic}: {Why}. Conversations there are read instead")]
    static partial void Rejected(ILogger log, int count, string topic, string why);

    [LoggerMessage(LogLevel.Debug, "A notification could not be read and was passed over")]
    static partial void Unread(ILogger log);
}
