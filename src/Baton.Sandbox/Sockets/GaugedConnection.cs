using System.Buffers.Binary;
using System.Net;

namespace Baton.Sandbox.Sockets;

/// <summary>A client's WebSocket connection, as the content of the 101 that opened it, whose messages are counted.</summary>
sealed class GaugedConnection(Stream connection, Action<int> count) : HttpContent
{
    readonly GaugedStream gauged = new(connection, count);

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => gauged;

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(gauged);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new NotSupportedException("A connection has no end to copy.");

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}

/// <summary>Counts the client's messages until the sandbox's receipt, a ping with nothing in it, comes back for each. Frames are told apart by their headers; one write is one frame.
/// Receipts are heard while the client reads; one that does not read for <see cref="Patience"/> is no longer waited for.</summary>
sealed class GaugedStream : Stream
{
    /// <summary>By the machine's clock: what stands still here is the virtual one.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    readonly Lock gate = new();
    readonly Stream inner;
    readonly Action<int> count;
    readonly ITimer patience;
    readonly byte[] header = new byte[10];
    int headerBytes;
    ulong payloadLeft;
    int unanswered;
    bool over;

    public GaugedStream(Stream inner, Action<int> count)
    {
        this.inner = inner;
        this.count = count;
        patience = TimeProvider.System.CreateTimer(_ => Change(-int.MaxValue), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public override bool CanRead => true;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = 0;
        try
        {
            read = await inner.ReadAsync(buffer, cancellationToken);
            See(buffer.Span[..read]);
            return read;
        }
        finally
        {
            // Asking for nothing is how a reader waits for data without a buffer.
            if (read == 0 && buffer.Length > 0) End();
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length > 0 && buffer.Span[0] is >= 0x80 and <= 0x82) Change(1);
        return inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Flush() => inner.Flush();
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    void See(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (payloadLeft > 0)
            {
                var skipped = (int)Math.Min(payloadLeft, (ulong)bytes.Length);
                payloadLeft -= (ulong)skipped;
                bytes = bytes[skipped..];
                continue;
            }
            header[headerBytes++] = bytes[0];
            bytes = bytes[1..];
            var length = header[1] & 0x7F;
            if (headerBytes < 2 || headerBytes < 2 + (length switch { 126 => 2, 127 => 8, _ => 0 })) continue;
            payloadLeft = length switch
            {
                126 => BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(2)),
                127 => BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(2)),
                _ => (ulong)length,
            };
            headerBytes = 0;
            if ((header[0] & 0x0F) == WebSocketFrame.Ping && payloadLeft == 0) Change(-1);
        }
    }

    void Change(int by)
    {
        lock (gate)
        {
            if (over) return;
            by = Math.Max(by, -unanswered);
            unanswered += by;
            count(by);
            patience.Change(unanswered > 0 ? Patience : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    void End()
    {
        lock (gate)
        {
            if (!over) count(-unanswered);
            over = true;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            End();
            patience.Dispose();
            inner.Dispose();
        }
        base.Dispose(disposing);
    }
}
