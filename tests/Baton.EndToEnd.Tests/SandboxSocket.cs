using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Baton.EndToEnd.Tests;

/// <summary>A WebSocket client of the sandbox that reads all the time, as a program should.</summary>
sealed class SandboxSocket : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    readonly ClientWebSocket socket = new();
    readonly Channel<string> frames = Channel.CreateUnbounded<string>();
    readonly ConcurrentQueue<string> heard = [];
    readonly Action<string>? onFrame;
    Task reading = Task.CompletedTask;

    SandboxSocket(Action<string>? onFrame) => this.onFrame = onFrame;

    /// <summary>Every text frame so far, whether taken or not.</summary>
    public IReadOnlyList<string> Heard => [.. heard];

    /// <summary>Null when the connection broke without a word.</summary>
    public WebSocketCloseStatus? CloseStatus { get; private set; }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<SandboxSocket> ConnectAsync(string address, HttpMessageHandler? through = null, string? origin = null, Action<string>? onFrame = null)
    {
        var client = new SandboxSocket(onFrame);
        if (origin is not null) client.socket.Options.SetRequestHeader("Origin", origin);
        if (through is null) await client.socket.ConnectAsync(new Uri(address), Ct);
        else await client.socket.ConnectAsync(new Uri(address), new HttpMessageInvoker(through, disposeHandler: false), Ct);
        client.reading = client.ReadAsync();
        return client;
    }

    public Task SendAsync(string text) => socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, Ct);

    public async Task<string> TakeTextAsync() => await frames.Reader.ReadAsync(Ct).AsTask().WaitAsync(Patience, TimeProvider.System, Ct);

    public async Task<JsonNode> TakeAsync() => JsonNode.Parse(await TakeTextAsync())!;

    public async Task<JsonNode> AskAsync(string text)
    {
        await SendAsync(text);
        return await TakeAsync();
    }

    /// <summary>Until the other side is gone, with or without a word.</summary>
    public Task ClosedAsync() => reading.WaitAsync(Patience, TimeProvider.System, Ct);

    async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await socket.ReceiveAsync(buffer.AsMemory(length), Ct);
                    length += part.Count;
                }
                while (!part.EndOfMessage);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    CloseStatus = socket.CloseStatus;
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Ct);
                    break;
                }
                var text = Encoding.UTF8.GetString(buffer, 0, length);
                heard.Enqueue(text);
                onFrame?.Invoke(text);
                frames.Writer.TryWrite(text);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Cut off, by either side; CloseStatus stays null.
        }
        frames.Writer.TryComplete();
    }

    public async ValueTask DisposeAsync()
    {
        socket.Abort();
        await reading;
        socket.Dispose();
    }
}
