using System.Buffers.Binary;
using System.Text;

namespace Baton.Sandbox.Sockets;

/// <summary>One frame of RFC 6455 as a server reads and writes it: masked on the way in, plain on the way out.</summary>
sealed record WebSocketFrame(int Opcode, bool IsFinal, byte[] Payload)
{
    public const int Continuation = 0;
    public const int TextOpcode = 1;
    public const int Close = 8;
    public const int Ping = 9;
    public const int Pong = 10;

    /// <summary>What a client may send in one frame; nobody here needs more.</summary>
    const int MaxPayload = 256 * 1024;

    public static byte[] Text(string text) => Write(TextOpcode, Encoding.UTF8.GetBytes(text));

    public static byte[] Closing(int code, string reason)
    {
        var payload = new byte[2 + Encoding.UTF8.GetByteCount(reason)];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        Encoding.UTF8.GetBytes(reason, payload.AsSpan(2));
        return Write(Close, payload);
    }

    public static byte[] Numbered(long number)
    {
        var payload = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(payload, number);
        return Write(Ping, payload);
    }

    public static byte[] Write(int opcode, ReadOnlySpan<byte> payload)
    {
        var header = payload.Length switch { < 126 => 2, <= ushort.MaxValue => 4, _ => 10 };
        var frame = new byte[header + payload.Length];
        frame[0] = (byte)(0x80 | opcode);
        frame[1] = (byte)(header switch { 2 => payload.Length, 4 => 126, _ => 127 });
        if (header == 4) BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
        if (header == 10) BinaryPrimitives.WriteUInt64BigEndian(frame.AsSpan(2), (ulong)payload.Length);
        payload.CopyTo(frame.AsSpan(header));
        return frame;
    }

    /// <summary>The client's next frame; an <see cref="IOException"/> when it broke off or does not keep to the protocol.</summary>
    public static async Task<WebSocketFrame> ReadAsync(Stream stream, CancellationToken ct)
    {
        var start = await BytesAsync(stream, 2, ct);
        if ((start[1] & 0x80) == 0) throw new IOException("A client has to mask its frames.");
        var length = (start[1] & 0x7F) switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(await BytesAsync(stream, 2, ct)),
            127 => BinaryPrimitives.ReadUInt64BigEndian(await BytesAsync(stream, 8, ct)),
            var small => (ulong)small,
        };
        if (length > MaxPayload) throw new IOException("The frame is too large.");
        var mask = await BytesAsync(stream, 4, ct);
        var payload = await BytesAsync(stream, (int)length, ct);
        for (var i = 0; i < payload.Length; i++) payload[i] ^= mask[i % 4];
        return new(start[0] & 0x0F, (start[0] & 0x80) != 0, payload);
    }

    static async Task<byte[]> BytesAsync(Stream stream, int count, CancellationToken ct)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, ct);
        return bytes;
    }
}
