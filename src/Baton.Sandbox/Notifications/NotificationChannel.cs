using Baton.Sandbox.Http;
using Baton.Sandbox.Sockets;
using Baton.Sandbox.Timing;

namespace Baton.Sandbox.Notifications;

/// <summary>A client's channel: what it subscribed to, and the one socket it is told over, if it is connected. Nothing is kept for later.</summary>
sealed class NotificationChannel
{
    public NotificationChannel(World world, string id, Token token)
    {
        Id = id;
        Token = token;
        Line = new FrameLine(world, frame => Write(frame));
    }

    public string Id { get; }
    public Token Token { get; }
    public FrameLine Line { get; }

    /// <summary>As they were subscribed to, combined ones as one.</summary>
    public List<string> Subscriptions { get; } = [];
    public DateTimeOffset Expires { get; set; }
    public DateTimeOffset LastUsed { get; set; }
    public Appointment? Expiry { get; set; }
    public Appointment? Heartbeat { get; set; }
    public ClientSocket? Socket { get; set; }
    public long Sent { get; private set; }

    /// <summary>Told while nobody listened.</summary>
    public long Missed { get; private set; }

    public bool IsConnected => Socket is { IsClosed: false };

    public void Write(string frame)
    {
        if (Socket?.Send(frame) == true) Sent++;
        else Missed++;
    }

    public NotificationChannelView ToView() => new(Id, Token.Client.Id, [.. Subscriptions], IsConnected, Expires, Sent, Missed);
}
