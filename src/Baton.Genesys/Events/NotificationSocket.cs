using System.Net.WebSockets;

namespace Baton.Genesys.Events;

/// <summary>
/// One connection to a channel. Whoever is connected hears a heartbeat about every half minute; when nothing is heard for longer than that it asks, and when no answer comes it gives
/// the connection up: a dead one looks just like a quiet one.
/// </summary>
sealed class NotificationSocket : IAsyncDisposable
{
    public static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(45);
    public static readonly TimeSpan DeadAfter = TimeSpan.FromSeconds(15);
    static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(20);
    static readonly byte[] Ping = """{"message":"ping"}"""u8.ToArray();

    // A whole conversation with its messages; more is no notification.
    const int MostBytes = 8 << 20;

    readonly ClientWebSocket socket = new();
    readonly TimeProvider time;
    readonly ITimer silence;
    byte[] buffer = new byte[16 << 10];
    int asked;

    NotificationSocket(TimeProvider time)
    {
        this.time = time;
        // Its own pings would go by another clock.
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        silence = time.CreateTimer(_ => Silent(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public static async Task<NotificationSocket> ConnectAsync(Uri address, HttpMessageHandler network, TimeProvider time, CancellationToken ct)
    {
        var connection = new NotificationSocket(time);
        using var late = new CancellationTokenSource(ConnectWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        using var invoker = new HttpMessageInvoker(network, disposeHandler: false);
        try
        {
            await connection.socket.ConnectAsync(address, invoker, either.Token);
            connection.Heard();
            return connection;
        }
        catch (Exception e)
        {
            await connection.DisposeAsync();
            throw e is OperationCanceledException && !ct.IsCancellationRequested ? new WebSocketException("No connection within 20 s.") : e;
        }
    }

    /// <summary>The next text frame; null when the connection has ended, however it did.</summary>
    public async Task<ReadOnlyMemory<byte>?> TakeAsync(CancellationToken ct)
    {
        try
        {
            var length = 0;
            while (true)
            {
                if (length == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
                var part = await socket.ReceiveAsync(buffer.AsMemory(length), ct);
                Heard();
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, ct);
                    return null;
                }
                length += part.Count;
                if (length > MostBytes) return null;
                if (part.EndOfMessage) return buffer.AsMemory(0, length);
            }
        }
        catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return null;
        }
    }

    void Heard()
    {
        Volatile.Write(ref asked, 0);
        silence.Change(SilentAfter, Timeout.InfiniteTimeSpan);
    }

    void Silent()
    {
        if (Interlocked.Exchange(ref asked, 1) == 1)
        {
            socket.Abort();
            return;
        }
        silence.Change(DeadAfter, Timeout.InfiniteTimeSpan);
        _ = AskAsync();
    }

    async Task AskAsync()
    {
        using var late = new CancellationTokenSource(DeadAfter, time);
        try { await socket.SendAsync(Ping.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, late.Token); }
        catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException) { /* The reader sees that it is over. */ }
    }

    public ValueTask DisposeAsync()
    {
        silence.Dispose();
        socket.Abort();
        socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
