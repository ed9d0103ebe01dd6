using Baton.Sandbox.Messaging;
using Baton.Sandbox.Notifications;

namespace Baton.Sandbox;

/// <summary>Who is connected over sockets, and what may be done to them from outside.</summary>
public sealed partial class Organization
{
    public IReadOnlyList<NotificationChannelView> NotificationChannels
    {
        get { lock (world.Gate) return [.. world.Notifying.Channels.Select(c => c.ToView())]; }
    }

    public IReadOnlyList<DeploymentView> Deployments
    {
        get { lock (world.Gate) return [.. world.Messaging.Deployments.Select(d => new DeploymentView(d.Id, d.Name))]; }
    }

    /// <summary>In the order they began.</summary>
    public IReadOnlyList<GuestSessionView> GuestSessions
    {
        get { lock (world.Gate) return [.. world.Messaging.Sessions.Select(s => s.ToView())]; }
    }

    /// <param name="origins">Where its pages are, such as <c>https://shop.example</c>; anywhere when null.</param>
    /// <param name="botFlow">By id or name; the organization's first otherwise.</param>
    public DeploymentView AddDeployment(string name, IReadOnlyList<string>? origins = null, string? botFlow = null)
    {
        lock (world.Gate)
        {
            var flow = botFlow is null ? null : world.Flows.Find(f => f.Id == botFlow || f.Name == botFlow) ?? throw Unknown("bot flow", botFlow);
            var deployment = world.Messaging.AddDeployment(name, origins, flow);
            return new(deployment.Id, name);
        }
    }

    /// <summary>Tells the channel's socket that it will close, and closes it then; after a minute when <paramref name="after"/> is null.</summary>
    public void AnnounceClosing(string channelId, TimeSpan? after = null)
    {
        lock (world.Gate) world.Notifying.AnnounceClosing(FindChannel(channelId), after);
    }

    /// <summary>Cuts the channel's connection without a word; the channel stays.</summary>
    public void DropSocket(string channelId)
    {
        lock (world.Gate) NotificationDesk.Drop(FindChannel(channelId));
    }

    public void ExpireChannel(string channelId)
    {
        lock (world.Gate) world.Notifying.Expire(FindChannel(channelId));
    }

    /// <summary>As if the client had opened one channel too many.</summary>
    public void EvictChannel(string channelId)
    {
        lock (world.Gate) world.Notifying.Evict(FindChannel(channelId));
    }

    /// <summary>Cuts all connections of a guest without a word; the session stays.</summary>
    public void DropGuest(string token)
    {
        lock (world.Gate) GuestDesk.Drop(world.Messaging.Sessions.LastOrDefault(s => s.Token == token) ?? throw Unknown("guest", token));
    }

    NotificationChannel FindChannel(string channelId) => world.Notifying.Find(channelId) ?? throw Unknown("channel", channelId);
}

/// <param name="Sent">Frames the client was sent.</param>
/// <param name="Missed">Frames that nobody was connected for. They are gone.</param>
public sealed record NotificationChannelView(string Id, string ClientId, IReadOnlyList<string> Topics, bool IsConnected, DateTimeOffset Expires, long Sent, long Missed);

public sealed record DeploymentView(string Id, string Name);

/// <summary>What the organization knows of a guest's session; the guest is never told the conversation.</summary>
public sealed record GuestSessionView(string Token, string DeploymentId, string? ConversationId, bool IsReadOnly, bool IsExpired, int Connections, DateTimeOffset Expires);
