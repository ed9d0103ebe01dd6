using System.Text.Json;
using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;
using Baton.Sandbox.Http;
using Baton.Sandbox.Routing;
using Baton.Sandbox.Sockets;
using Baton.Sandbox.Timing;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Notifications;

/// <summary>
/// Channels, subscriptions, and what is told over them: at most once, to whom is connected in that moment. Used under the organization's lock.
/// </summary>
sealed class NotificationDesk(World world)
{
    public const int MaxChannels = 20;
    public const int MaxTopics = 1000;
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);
    static readonly TimeSpan Beat = TimeSpan.FromSeconds(30);
    static readonly TimeSpan UntilClosed = TimeSpan.FromSeconds(60);

    readonly Random ids = Draws.For(world.Options.Seed, "notifications");
    readonly List<NotificationChannel> channels = [];
    readonly Dictionary<string, List<NotificationChannel>> listeners = new(StringComparer.Ordinal);

    public IReadOnlyList<NotificationChannel> Channels => channels;

    public NotificationChannel? Find(string id) => channels.Find(c => c.Id == id);

    /// <summary>The 21st of a client takes the place of the one longest unused, of those that nobody is connected to if there are such.</summary>
    public NotificationChannel Open(Token token)
    {
        var own = channels.FindAll(c => c.Token.Client == token.Client);
        if (own.Count >= MaxChannels) Evict(own.OrderBy(c => c.IsConnected).ThenBy(c => c.LastUsed).First());
        var channel = new NotificationChannel(world, $"streaming-{ids.NextSecret(16)}", token) { LastUsed = world.Now };
        channels.Add(channel);
        Prolong(channel);
        return channel;
    }

    /// <summary>Subscribing again keeps a channel for another day.</summary>
    public void Subscribe(NotificationChannel channel, IEnumerable<string> subscriptions)
    {
        Prolong(channel);
        foreach (var subscription in subscriptions.Where(s => !channel.Subscriptions.Contains(s)))
        {
            channel.Subscriptions.Add(subscription);
            foreach (var (topic, _) in TopicCatalog.Expand(subscription))
            {
                if (!listeners.TryGetValue(topic, out var there)) listeners.Add(topic, there = []);
                if (!there.Contains(channel)) there.Add(channel);
            }
        }
    }

    public void Unsubscribe(NotificationChannel channel)
    {
        foreach (var (topic, _) in channel.Subscriptions.SelectMany(TopicCatalog.Expand))
        {
            if (!listeners.TryGetValue(topic, out var there)) continue;
            there.Remove(channel);
            if (there.Count == 0) listeners.Remove(topic);
        }
        channel.Subscriptions.Clear();
        channel.LastUsed = world.Now;
    }

    void Prolong(NotificationChannel channel)
    {
        channel.LastUsed = world.Now;
        channel.Expires = world.Now + Life;
        channel.Expiry?.Cancel();
        channel.Expiry = world.Agenda.After(Life, () => Expire(channel));
    }

    public void Expire(NotificationChannel channel) => Remove(channel, NotificationWire.Gone, "The channel has expired.");

    public void Evict(NotificationChannel channel) =>
        Remove(channel, NotificationWire.SystemMessage(channel.Id, "no_longer_subscribed", "another_channel_subscribed", "Another channel took the place of this one."), "The channel was replaced.");

    public void TokenRevoked(Token token)
    {
        foreach (var channel in channels.FindAll(c => c.Token == token))
            Remove(channel, NotificationWire.SystemMessage(channel.Id, "token_revoked", "user_tokens_revoked", "The token of this channel was revoked."), "The token was revoked.");
    }

    void Remove(NotificationChannel channel, string farewell, string reason)
    {
        if (!channels.Remove(channel)) return;
        Unsubscribe(channel);
        channel.Expiry?.Cancel();
        Disconnect(channel, farewell, reason);
    }

    /// <summary>Announced, and closed a minute later; the channel stays, and whoever connects again in time misses nothing.</summary>
    public void AnnounceClosing(NotificationChannel channel, TimeSpan? after = null)
    {
        if (channel.Socket is not { } socket) return;
        socket.Send(NotificationWire.Closing(channel.Id));
        world.Agenda.After(after ?? UntilClosed, () =>
        {
            if (channel.Socket == socket) Disconnect(channel, null, "The socket closes as announced.");
        });
    }

    public static void Drop(NotificationChannel channel)
    {
        channel.Heartbeat?.Cancel();
        channel.Socket?.Abort();
        channel.Socket = null;
    }

    static void Disconnect(NotificationChannel channel, string? farewell, string reason)
    {
        channel.Heartbeat?.Cancel();
        if (farewell is not null) channel.Socket?.Send(farewell);
        channel.Socket?.Close(1001, reason);
        channel.Socket = null;
    }

    public async Task ServeAsync(HttpContext http, SocketTraffic traffic, CancellationToken ct)
    {
        if (!ClientSocket.IsAskedFor(http))
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        using var socket = new ClientSocket(http, traffic);
        NotificationChannel? channel;
        lock (world.Gate)
        {
            channel = Find((string)http.Request.RouteValues["channelId"]!);
            if (channel is not null) Connect(channel, socket);
            else
            {
                socket.Send(NotificationWire.Gone);
                socket.Close(1008, "There is no such channel.");
            }
        }
        await socket.RunAsync(text => Receive(channel, socket, text), ct);
        lock (world.Gate)
        {
            if (channel?.Socket == socket) Drop(channel);
        }
    }

    void Connect(NotificationChannel channel, ClientSocket socket)
    {
        if (channel.IsConnected) Disconnect(channel, null, "Another connection took the place of this one.");
        channel.Socket = socket;
        channel.LastUsed = world.Now;
        ScheduleHeartbeat(channel);
    }

    void ScheduleHeartbeat(NotificationChannel channel)
    {
        channel.Heartbeat?.Cancel();
        channel.Heartbeat = world.Agenda.After(Beat, () =>
        {
            if (!channel.IsConnected) return;
            Deliver(channel, NotificationWire.MetadataTopic, null, NotificationWire.Heartbeat);
            if (channel.IsConnected) ScheduleHeartbeat(channel);
        });
    }

    void Receive(NotificationChannel? channel, ClientSocket socket, string text)
    {
        lock (world.Gate)
        {
            if (channel is null || channel.Socket != socket) return;
            socket.Send(Answer(channel, text));
        }
    }

    string Answer(NotificationChannel channel, string text)
    {
        try
        {
            var message = JsonNode.Parse(text) as JsonObject;
            return message?["message"]?.GetValue<string>() switch
            {
                "ping" => NotificationWire.Pong,
                "subscribe" => SubscribeOverSocket(channel, message),
                _ => NotificationWire.Result("400", "failure", null),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return NotificationWire.Result("400", "failure", null);
        }
    }

    string SubscribeOverSocket(NotificationChannel channel, JsonObject message)
    {
        var correlation = message["correlationId"]?.GetValue<string>();
        if (channel.Token.Deleted || world.Now >= channel.Token.Expires) return NotificationWire.Result("404", "failure", correlation);
        var topics = message["topics"] is JsonArray list ? list.Select(t => t?.GetValue<string>() ?? "").ToList() : [];
        if (topics.Count == 0 || topics.Exists(t => Missing(channel.Token.Client, t) is not { Count: 0 }) || channel.Subscriptions.Union(topics).Count() > MaxTopics)
            return NotificationWire.Result("400", "failure", correlation);
        Subscribe(channel, topics);
        return NotificationWire.Result("200", "subscribed", correlation);
    }

    /// <summary>The permissions a client lacks for a subscription; null when there is no such topic.</summary>
    public static IReadOnlyList<string>? Missing(OAuthClient client, string subscription)
    {
        var topics = TopicCatalog.Expand(subscription);
        if (topics.Count == 0) return null;
        return [.. topics.Where(t => t.Template.Permissions.Count > 0 && !t.Template.Permissions.Any(client.Has)).SelectMany(t => t.Template.Permissions).Distinct()];
    }

    public void Publish(string topic, string? conversationId, Func<JsonObject> body)
    {
        if (!listeners.TryGetValue(topic, out var there)) return;
        var frame = NotificationWire.Frame(topic, body(), ids.NextId());
        foreach (var channel in there.ToArray()) Deliver(channel, topic, conversationId, frame);
    }

    void Deliver(NotificationChannel channel, string topic, string? conversationId, string frame)
    {
        if (!channel.IsConnected)
        {
            channel.Write(frame);
            return;
        }
        var faults = world.Faults.DrawForFrame(topic, conversationId);
        foreach (var fault in faults)
            world.Ledger.Append(new() { Kind = LedgerKind.FaultInjected, ConversationId = conversationId, Route = topic, Detail = fault.Kind.ToString() });
        foreach (var fault in faults)
        {
            switch (fault.Kind)
            {
                case FaultKind.SocketClosing:
                    AnnounceClosing(channel, fault.Milliseconds > 0 ? TimeSpan.FromMilliseconds(fault.Milliseconds) : null);
                    break;
                case FaultKind.SocketDropped:
                    Drop(channel);
                    break;
                case FaultKind.ChannelExpired:
                    Expire(channel);
                    break;
                case FaultKind.ChannelEvicted:
                    Evict(channel);
                    break;
            }
        }
        channel.Line.Post(frame, faults);
    }

    public void ConversationChanged(Conversation conversation)
    {
        if (listeners.Count == 0) return;
        foreach (var agent in conversation.Legs.Select(l => l.Agent).OfType<Agent>().Distinct()) Tell($"v2.users.{agent.Id}.conversations");
        foreach (var queue in conversation.Legs.Select(l => l.Queue).OfType<Queue>().Distinct()) Tell($"v2.routing.queues.{queue.Id}.conversations");

        void Tell(string topic)
        {
            Publish(topic, conversation.Id, () => TopicWire.Conversation(world, conversation));
            if (!conversation.IsCall) Publish($"{topic}.messages", conversation.Id, () => TopicWire.MessageConversation(world, conversation));
        }
    }

    public void StatusChanged(Agent agent)
    {
        Publish($"v2.users.{agent.Id}.routingStatus", null, () => TopicWire.RoutingStatus(agent));
        Publish($"v2.users.{agent.Id}.presence", null, () => TopicWire.Presence(agent));
        Publish($"v2.users.{agent.Id}.activity", null, () => TopicWire.Activity(agent));
    }

    public void MembershipChanged(Agent agent, Queue queue)
    {
        Publish($"v2.routing.queues.{queue.Id}.users", null, () => TopicWire.Member(agent, queue));
        Publish($"v2.users.{agent.Id}.activity", null, () => TopicWire.Activity(agent));
    }

    public void GuestTypes(Conversation conversation)
    {
        if (conversation.Agent is { Agent: { } agent } leg) Publish($"v2.users.{agent.Id}.conversations.inbound.typing.event", conversation.Id, () => TopicWire.Typing(conversation, leg));
    }
}
