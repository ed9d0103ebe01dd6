using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;
using Baton.Sandbox.Http;
using Baton.Sandbox.Sockets;
using Baton.Sandbox.Timing;

namespace Baton.Sandbox.Messaging;

/// <summary>A guest as the pages know one: a token the page made up. It outlasts connections, and sees one conversation.</summary>
sealed class GuestSession(string token, Deployment deployment, DateTimeOffset expires)
{
    public string Token { get; } = token;
    public Deployment Deployment { get; } = deployment;
    public DateTimeOffset Expires { get; } = expires;
    public Appointment? Expiry { get; set; }
    public Conversation? Conversation { get; set; }
    public List<GuestConnection> Connections { get; } = [];
    public RateWindow Window { get; } = new();

    /// <summary>Everything said, as the guest saw it, oldest first.</summary>
    public List<JsonObject> History { get; } = [];

    /// <summary>The conversation is over: it may be read, and a new one begun.</summary>
    public bool IsReadOnly { get; set; }
    public bool IsExpired { get; set; }

    public GuestSessionView ToView() => new(Token, Deployment.Id, Conversation?.Id, IsReadOnly, IsExpired, Connections.Count(c => !c.Socket.IsClosed), Expires);
}

/// <summary>One open page of a guest; several may share a session.</summary>
sealed class GuestConnection(World world, Deployment deployment, ClientSocket socket)
{
    public Deployment Deployment { get; } = deployment;
    public ClientSocket Socket { get; } = socket;
    public FrameLine Line { get; } = new(world, frame => socket.Send(frame));
    public GuestSession? Session { get; set; }
}
