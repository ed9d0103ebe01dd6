using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;
using Baton.Sandbox.Http;
using Baton.Sandbox.Sockets;
using Baton.Sandbox.Timing;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Messaging;

/// <summary>Guests of web messaging: what their pages send, and what they are told. Used under the organization's lock.</summary>
sealed class GuestDesk(World world)
{
    const int MaxText = 4096;
    public const int MaxCustomData = 2048;
    static readonly TimeSpan JwtLife = TimeSpan.FromHours(1);

    readonly Random chance = Draws.For(world.Options.Seed, "guests");
    readonly List<Deployment> deployments = [];
    readonly List<GuestSession> sessions = [];
    readonly Dictionary<(string Deployment, string Token), GuestSession> byToken = [];
    readonly Dictionary<Conversation, GuestSession> byConversation = [];
    readonly Dictionary<string, (GuestSession Session, DateTimeOffset Expires)> jwts = new(StringComparer.Ordinal);

    /// <summary>The page's name for the message it is sending right now.</summary>
    (GuestConnection By, string? TracingId)? sending;

    public IReadOnlyList<Deployment> Deployments => deployments;

    /// <summary>In the order they began.</summary>
    public IReadOnlyList<GuestSession> Sessions => sessions;

    public Deployment AddDeployment(string name, IReadOnlyList<string>? origins, Routing.BotFlow? flow)
    {
        var deployment = new Deployment(chance.NextId(), name, origins, flow);
        deployments.Add(deployment);
        return deployment;
    }

    public async Task ServeAsync(HttpContext http, SocketTraffic traffic, CancellationToken ct)
    {
        ClientSocket socket;
        GuestConnection connection;
        lock (world.Gate)
        {
            var id = http.Request.Query["deploymentId"].ToString();
            var deployment = deployments.Find(d => d.Id == id);
            http.Response.StatusCode = deployment switch
            {
                _ when !ClientSocket.IsAskedFor(http) => StatusCodes.Status400BadRequest,
                null => StatusCodes.Status404NotFound,
                _ when !deployment.Admits(http.Request.Headers.Origin.ToString()) => StatusCodes.Status403Forbidden,
                _ => StatusCodes.Status101SwitchingProtocols,
            };
            if (deployment is null || http.Response.StatusCode != StatusCodes.Status101SwitchingProtocols) return;
            socket = new ClientSocket(http, traffic);
            connection = new GuestConnection(world, deployment, socket);
        }
        using (socket) await socket.RunAsync(text => Receive(connection, text), ct);
        lock (world.Gate) connection.Session?.Connections.Remove(connection);
    }

    void Receive(GuestConnection connection, string text)
    {
        lock (world.Gate)
        {
            if (connection.Socket.IsClosed) return;
            string? tracingId = null;
            try
            {
                var request = JsonNode.Parse(text) as JsonObject ?? throw new GuestRefusal(400, "Request failed.");
                tracingId = request["tracingId"]?.GetValue<string>();
                Act(connection, request, tracingId);
            }
            catch (GuestRefusal refusal)
            {
                connection.Socket.Send(GuestWire.Error(refusal.Code, refusal.Message, tracingId));
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
            {
                connection.Socket.Send(GuestWire.Error(400, "Request failed.", tracingId));
            }
        }
    }

    void Act(GuestConnection connection, JsonObject request, string? tracingId)
    {
        var action = request["action"]?.GetValue<string>();
        if (action == "configureSession")
        {
            Configure(connection, request, tracingId);
            return;
        }
        if (action is "configureAuthenticatedSession" or "onAttachment" or "getAttachment" or "deleteAttachment")
            throw new GuestRefusal(403, "The feature is off in this deployment.");
        var session = SessionOf(connection, request);
        switch (action)
        {
            case "onMessage":
                Hear(connection, session, request["message"] as JsonObject ?? throw new GuestRefusal(400, "Request failed."), tracingId);
                break;
            case "echo":
                connection.Socket.Send(GuestWire.Echo(chance.NextId(), request["message"]?["text"]?.GetValue<string>() ?? "", world.Now, tracingId));
                break;
            case "getJwt":
                connection.Socket.Send(GuestWire.Jwt(Issue(session), world.Now + JwtLife, tracingId));
                break;
            case "closeSession":
                Close(connection, session, everywhere: request["closeAllConnections"]?.GetValue<bool>() ?? false);
                break;
            default:
                throw new GuestRefusal(400, "Request failed.");
        }
    }

    static GuestSession SessionOf(GuestConnection connection, JsonObject request)
    {
        if (connection.Session is not { } session || request["token"]?.GetValue<string>() != session.Token) throw new GuestRefusal(4007, "session not found error message");
        return session.IsExpired ? throw new GuestRefusal(4006, "session expired error message") : session;
    }

    void Configure(GuestConnection connection, JsonObject request, string? tracingId)
    {
        var token = request["token"]?.GetValue<string>();
        if (!Guid.TryParseExact(token, "D", out _) || request["deploymentId"]?.GetValue<string>() != connection.Deployment.Id) throw new GuestRefusal(400, "Request failed.");
        var startsNew = request["startNew"]?.GetValue<bool>() ?? false;
        var known = byToken.GetValueOrDefault((connection.Deployment.Id, token!));
        if (known is { IsExpired: true } && !startsNew) throw new GuestRefusal(4006, "session expired error message");
        var clears = known is not null && startsNew;
        if (clears) Clear(known!, except: connection);
        var session = known is null || clears ? Begin(connection.Deployment, token!) : known;
        connection.Session?.Connections.Remove(connection);
        connection.Session = session;
        session.Connections.Add(connection);
        connection.Socket.Send(GuestWire.Session(session, isNew: session != known, clears, world.Now, tracingId));
    }

    GuestSession Begin(Deployment deployment, string token)
    {
        var session = new GuestSession(token, deployment, world.Now + world.Options.GuestSessionLifetime);
        sessions.Add(session);
        byToken[(deployment.Id, token)] = session;
        session.Expiry = world.Agenda.After(world.Options.GuestSessionLifetime, () => Expire(session));
        return session;
    }

    void Expire(GuestSession session)
    {
        session.IsExpired = true;
        LeaveConversation(session, "timeout", by: "system");
        foreach (var connection in session.Connections) connection.Socket.Send(GuestWire.SessionExpired);
    }

    /// <summary>The guest wants it gone: the conversation ends, the other pages are told.</summary>
    void Clear(GuestSession session, GuestConnection? except = null)
    {
        session.Expiry?.Cancel();
        session.IsExpired = true;
        byToken.Remove((session.Deployment.Id, session.Token));
        LeaveConversation(session, "client", by: "guest");
        foreach (var connection in session.Connections.Where(c => c != except).ToArray())
        {
            Tell(connection, "SessionClearedEvent", GuestWire.SessionCleared);
            connection.Session = null;
            session.Connections.Remove(connection);
        }
    }

    void LeaveConversation(GuestSession session, string disconnectType, string by)
    {
        if (session.Conversation is not { End: null } conversation) return;
        byConversation.Remove(conversation);
        if (by == "guest") world.Conversing.CustomerLeaves(conversation);
        else world.Conversing.End(conversation, disconnectType, by);
    }

    static void Close(GuestConnection connection, GuestSession session, bool everywhere)
    {
        foreach (var closed in everywhere ? session.Connections.ToArray() : [connection])
        {
            closed.Socket.Send(GuestWire.ConnectionClosed("The session was closed by the guest."));
            closed.Socket.Close(1000, "Closed by the guest.");
            session.Connections.Remove(closed);
            closed.Session = null;
        }
    }

    void Hear(GuestConnection connection, GuestSession session, JsonObject message, string? tracingId)
    {
        var custom = message["channel"]?["metadata"]?["customAttributes"] as JsonObject;
        var type = message["type"]?.GetValue<string>();
        var text = message["text"]?.GetValue<string>();
        if (custom is not null && Encoding.UTF8.GetByteCount(custom.ToJsonString()) > MaxCustomData)
            throw new GuestRefusal(4013, $"Custom Attributes in channel metadata is larger than {MaxCustomData} bytes");
        if (text?.Length > MaxText) throw new GuestRefusal(4011, "message too long");
        if (session.IsReadOnly) throw new GuestRefusal(4020, "The session is read-only.");
        if (!session.Window.Allows(world.Now, world.Options.GuestMessagesPerMinute))
        {
            connection.Socket.Send(GuestWire.TooManyRequests(session.Window.SecondsToReset(world.Now), tracingId));
            return;
        }
        var attributes = custom?.Select(a => KeyValuePair.Create(a.Key, a.Value is JsonValue value && value.TryGetValue<string>(out var word) ? word : a.Value?.ToJsonString() ?? "")).ToList() ?? [];
        switch (type)
        {
            case "Text" or "Structured" when text is not null:
                var conversation = ConversationOf(session, attributes);
                sending = (connection, tracingId);
                world.Conversing.Say(conversation, conversation.Customer, "guest", text, byHuman: true, response: ButtonOf(message));
                sending = null;
                break;
            case "Event" when message["events"] is JsonArray events:
                foreach (var happened in events.OfType<JsonObject>()) Happen(connection, session, happened, attributes, tracingId);
                break;
            default:
                throw new GuestRefusal(400, "Request failed.");
        }
    }

    static ButtonResponse? ButtonOf(JsonObject message) =>
        (message["content"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault()?["buttonResponse"] is JsonObject button
            ? new(button["text"]?.GetValue<string>() ?? "", button["payload"]?.GetValue<string>() ?? "", button["type"]?.GetValue<string>() ?? "QuickReply")
            : null;

    void Happen(GuestConnection connection, GuestSession session, JsonObject happened, List<KeyValuePair<string, string>> attributes, string? tracingId)
    {
        switch (happened["eventType"]?.GetValue<string>(), happened["presence"]?["type"]?.GetValue<string>())
        {
            case ("Presence", "Join"):
                ConversationOf(session, attributes);
                sending = (connection, tracingId);
                Show(session, GuestWire.Event(chance.NextId(), "Inbound", world.Now, GuestWire.Presence("Join")), isKept: true);
                sending = null;
                break;
            case ("Presence", "Clear"):
                Clear(session);
                break;
            case ("Typing", _) when session.Conversation is { End: null } conversation:
                world.Notifying.GuestTypes(conversation);
                break;
        }
    }

    /// <summary>The first thing a guest says begins the conversation; attributes of the page come along each time.</summary>
    Conversation ConversationOf(GuestSession session, List<KeyValuePair<string, string>> attributes)
    {
        if (session.Conversation is { } there)
        {
            if (attributes.Count > 0) world.Conversing.SetAttributes(there, there.Customer, attributes.ConvertAll(a => KeyValuePair.Create($"context.{a.Key}", a.Value)), "guest");
            return there;
        }
        if (world.Flows.Count == 0) world.Flows.Add(new(world.Ids.NextId(), "Main Bot"));
        var conversation = world.Conversing.Start(new("Guest", attributes.ToDictionary(StringComparer.Ordinal)), firstMessage: null, session.Deployment.Flow ?? world.Flows[0]);
        byConversation.Add(conversation, session);
        return session.Conversation = conversation;
    }

    public void Said(Conversation conversation, Leg leg, Message message)
    {
        if (byConversation.TryGetValue(conversation, out var session)) Show(session, GuestWire.Message(leg, message), isKept: true);
    }

    /// <summary>Somebody of the organization is typing.</summary>
    public void Types(Conversation conversation, string type, int duration)
    {
        if (!byConversation.TryGetValue(conversation, out var session)) return;
        var typing = Json.Object(("eventType", "Typing"), ("typing", Json.Object(("type", type), ("duration", duration))));
        var body = GuestWire.Event(chance.NextId(), "Outbound", world.Now, typing);
        body["metadata"] = Json.Object(("correlationId", chance.NextId()));
        Show(session, body, isKept: false);
    }

    /// <summary>The conversation is over: it stays to be read.</summary>
    public void Ended(Conversation conversation)
    {
        if (!byConversation.TryGetValue(conversation, out var session)) return;
        session.IsReadOnly = true;
        Show(session, GuestWire.Event(chance.NextId(), "Outbound", world.Now, GuestWire.Presence("Disconnect")), isKept: true);
    }

    void Show(GuestSession session, JsonObject body, bool isKept)
    {
        if (isKept) session.History.Add(body);
        foreach (var connection in session.Connections.ToArray())
            Tell(connection, "StructuredMessage", GuestWire.Structured(body.DeepClone(), sending is { } own && own.By == connection ? own.TracingId : null));
    }

    void Tell(GuestConnection connection, string kind, string frame)
    {
        var conversationId = connection.Session?.Conversation?.Id;
        var topic = $"webmessaging.{kind}";
        var faults = world.Faults.DrawForFrame(topic, conversationId);
        foreach (var fault in faults) world.Ledger.Append(new() { Kind = LedgerKind.FaultInjected, ConversationId = conversationId, Route = topic, Detail = fault.Kind.ToString() });
        if (faults.Any(f => f.Kind == FaultKind.SocketClosing))
        {
            connection.Socket.Send(GuestWire.ConnectionClosed("The connection is closed."));
            connection.Socket.Close(1001, "The connection is closed.");
        }
        if (faults.Any(f => f.Kind == FaultKind.SocketDropped)) connection.Socket.Abort();
        connection.Line.Post(frame, faults);
    }

    public static void Drop(GuestSession session)
    {
        foreach (var connection in session.Connections) connection.Socket.Abort();
    }

    string Issue(GuestSession session)
    {
        var expires = world.Now + JwtLife;
        var jwt = $"{Part(Json.Object(("alg", "HS256"), ("typ", "JWT")))}.{Part(Json.Object(("iat", world.Now.ToUnixTimeSeconds()), ("exp", expires.ToUnixTimeSeconds())))}.{chance.NextSecret(32)}";
        jwts.Add(jwt, (session, expires));
        return jwt;

        static string Part(JsonObject part) => Convert.ToBase64String(Encoding.UTF8.GetBytes(part.ToJsonString())).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    public GuestSession Check(string? authorization)
    {
        if (authorization is null || !authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) throw Refusals.NoToken();
        if (!jwts.TryGetValue(authorization["Bearer ".Length..].Trim(), out var issued)) throw Refusals.BadToken();
        return world.Now < issued.Expires && !issued.Session.IsExpired ? issued.Session : throw Refusals.ExpiredToken();
    }
}

/// <summary>What a page is told instead of an answer.</summary>
sealed class GuestRefusal(int code, string message) : Exception(message)
{
    public int Code { get; } = code;
}
