using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.Sandbox.Sockets;

/// <summary>
/// One client's WebSocket. It is framed here and not by the framework for the sake of its receipts: a ping with a number follows each frame, and its pong says that the
/// client has taken the frame and come back to read. Until then the frame is under way, so a virtual clock waits for what a client has to hear; written alone would not do, because
/// the bytes then still lie in a buffer of the system. A ping without a number follows whatever the client sent, once it was dealt with: <see cref="RequestGauge"/> waits for that one.
/// Any client that keeps to RFC 6455 does its part without knowing.
/// <para>
/// Sending never waits and may be done under the organization's lock. A client that does not read for <see cref="Patience"/> counts as deaf: nothing waits for it until it answers again.
/// </para>
/// </summary>
sealed class ClientSocket : IDisposable
{
    /// <summary>By the machine's clock: what stands still here is the virtual one.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Several frames of a client may make one message, of this length at the most.</summary>
    const int MaxMessage = 512 * 1024;

    readonly Lock gate = new();
    readonly HttpContext http;
    readonly SocketTraffic traffic;
    readonly Channel<byte[]> outgoing = Channel.CreateUnbounded<byte[]>(new() { SingleReader = true });
    readonly ITimer patience;
    long sent;
    long taken;
    bool deaf;
    bool closed;
    bool aborts;

    public ClientSocket(HttpContext http, SocketTraffic traffic)
    {
        this.http = http;
        this.traffic = traffic;
        patience = TimeProvider.System.CreateTimer(_ => GiveUp(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Nothing more can be sent.</summary>
    public bool IsClosed
    {
        get { lock (gate) return closed; }
    }

    public static bool IsAskedFor(HttpContext http) =>
        http.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } && http.Request.Headers.SecWebSocketVersion == "13" && http.Request.Headers.SecWebSocketKey.Count == 1;

    /// <summary>False when the socket is closed: the frame is gone, as at the platform.</summary>
    public bool Send(string text)
    {
        lock (gate)
        {
            if (closed) return false;
            Post(WebSocketFrame.Text(text));
            return true;
        }
    }

    /// <summary>Says goodbye after what was sent before.</summary>
    public void Close(int code, string reason)
    {
        lock (gate)
        {
            if (closed) return;
            Post(WebSocketFrame.Closing(code, reason), isLast: true);
            Finish();
        }
    }

    /// <summary>Cuts the connection without a word, once the client has taken what was sent before.</summary>
    public void Abort()
    {
        lock (gate)
        {
            if (closed) return;
            aborts = true;
            Finish();
            if (taken == sent) http.Abort();
        }
    }

    /// <summary>Shakes hands and stays until either side is gone. What was sent before goes out first.</summary>
    public async Task RunAsync(Action<string> received, CancellationToken ct)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct, http.RequestAborted);
        var writing = Task.CompletedTask;
        try
        {
            var headers = http.Response.Headers;
            headers.Upgrade = "websocket";
            headers.Connection = "Upgrade";
            headers.SecWebSocketAccept = Accept(http.Request.Headers.SecWebSocketKey.ToString());
            var stream = await http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
            writing = WriteAsync(stream, ended.Token);
            await ReadAsync(stream, received, ended.Token);
            await writing;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The client broke off, or the sandbox ends: there is nobody to tell.
        }
        finally
        {
            lock (gate)
            {
                Finish();
                Take(sent);
            }
            await ended.CancelAsync();
            await writing;
        }
    }

    async Task ReadAsync(Stream stream, Action<string> received, CancellationToken ct)
    {
        var message = new MemoryStream();
        while (true)
        {
            var frame = await WebSocketFrame.ReadAsync(stream, ct);
            switch (frame.Opcode)
            {
                case WebSocketFrame.Close:
                    AnswerClose(frame);
                    return;
                case WebSocketFrame.Ping:
                    lock (gate) outgoing.Writer.TryWrite(WebSocketFrame.Write(WebSocketFrame.Pong, frame.Payload));
                    break;
                case WebSocketFrame.Pong:
                    if (frame.Payload.Length == sizeof(long)) lock (gate) Hear(BinaryPrimitives.ReadInt64BigEndian(frame.Payload));
                    break;
                case WebSocketFrame.TextOpcode or WebSocketFrame.Continuation:
                    if (message.Length + frame.Payload.Length > MaxMessage) throw new IOException("The message is too large.");
                    message.Write(frame.Payload);
                    if (!frame.IsFinal) break;
                    received(Encoding.UTF8.GetString(message.GetBuffer(), 0, (int)message.Length));
                    message.SetLength(0);
                    lock (gate) outgoing.Writer.TryWrite(WebSocketFrame.Write(WebSocketFrame.Ping, []));
                    break;
                default:
                    Close(1003, "Only text is understood.");
                    break;
            }
        }
    }

    void AnswerClose(WebSocketFrame frame)
    {
        lock (gate)
        {
            // The answer to our own goodbye needs none.
            if (!closed) outgoing.Writer.TryWrite(WebSocketFrame.Write(WebSocketFrame.Close, frame.Payload.AsSpan(0, Math.Min(2, frame.Payload.Length))));
            Finish();
            Take(sent);
        }
    }

    async Task WriteAsync(Stream stream, CancellationToken ct)
    {
        try
        {
            await foreach (var bytes in outgoing.Reader.ReadAllAsync(ct)) await stream.WriteAsync(bytes, ct);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // As in reading: there is nobody to tell.
        }
    }

    void Post(byte[] frame, bool isLast = false)
    {
        sent++;
        traffic.Add(1);
        if (deaf) Take(sent);
        outgoing.Writer.TryWrite(frame);
        if (!isLast) outgoing.Writer.TryWrite(WebSocketFrame.Numbered(sent));
        if (taken == sent - 1 || isLast) patience.Change(Patience, Timeout.InfiniteTimeSpan);
    }

    void Hear(long number)
    {
        deaf = false;
        Take(Math.Min(number, sent));
        patience.Change(taken == sent ? Timeout.InfiniteTimeSpan : Patience, Timeout.InfiniteTimeSpan);
    }

    void Take(long number)
    {
        if (number <= taken) return;
        traffic.Add(taken - number);
        taken = number;
        if (aborts && taken == sent) http.Abort();
    }

    void GiveUp()
    {
        lock (gate)
        {
            if (taken == sent && !closed) return;
            deaf = true;
            Take(sent);
            // Told goodbye and silent: the other end does not exist any more.
            if (closed) http.Abort();
        }
    }

    void Finish()
    {
        closed = true;
        outgoing.Writer.TryComplete();
    }

#pragma warning disable CA5350 // RFC 6455, section 4.2.2 asks for SHA-1; it proves understanding, not identity.
    static string Accept(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350

    public void Dispose() => patience.Dispose();
}
