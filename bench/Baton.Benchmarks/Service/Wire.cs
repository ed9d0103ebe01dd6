using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Baton.Benchmarks.Service;

/// <summary>One kept connection that posts prepared bytes and reads the answer, and does nothing else: who measures a server on the same two cores must cost little.</summary>
sealed class Wire : IDisposable
{
    readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly byte[] buffer = new byte[64 * 1024];

    public static async Task<Wire> ConnectAsync(Uri address, CancellationToken ct)
    {
        var wire = new Wire();
        await wire.socket.ConnectAsync(IPAddress.Loopback, address.Port, ct);
        return wire;
    }

    public static byte[] Post(Uri address, string path, string body, params (string Name, string Value)[] headers)
    {
        var text = new StringBuilder($"POST {path} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n");
        foreach (var (name, value) in headers) text.Append(name).Append(": ").Append(value).Append("\r\n");
        return Encoding.UTF8.GetBytes(text.Append("\r\n").Append(body).ToString());
    }

    /// <summary>The answer's status, once all of it is there.</summary>
    public async Task<int> SendAsync(byte[] request, CancellationToken ct)
    {
        for (var sent = 0; sent < request.Length;) sent += await socket.SendAsync(request.AsMemory(sent), ct);
        for (var filled = 0; ;)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(filled), ct);
            if (read == 0) throw new IOException("The server closed the connection.");
            filled += read;
            if (IsWhole(buffer.AsSpan(0, filled))) return (buffer[9] - '0') * 100 + (buffer[10] - '0') * 10 + buffer[11] - '0';
        }
    }

    static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0) return false;
        var length = answer[..head].IndexOf("Content-Length: "u8);
        // Kestrel ends an answer of unknown length with an empty chunk.
        if (length < 0) return answer.EndsWith("\r\n0\r\n\r\n"u8);
        var digits = answer[(length + "Content-Length: "u8.Length)..head];
        var value = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9') break;
            value = value * 10 + digit - '0';
        }
        return answer.Length >= head + 4 + value;
    }

    public void Dispose() => socket.Dispose();
}
