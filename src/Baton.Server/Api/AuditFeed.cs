using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Baton.Core;
using Baton.Core.Audit;

namespace Baton.Server.Api;

/// <summary>
/// Reads what is entered into the audit trail once, for all who listen. Who does not keep up is let go, and comes back with the number of the last entry it has seen; nobody holds up the others.
/// </summary>
sealed class AuditFeed(BatonSystem system)
{
    public const int MostListeners = 2000;
    const int Buffered = 1024;
    const int Page = 500;

    readonly Lock gate = new();
    readonly HashSet<Listener> listening = [];
    int places;
    bool hasEnded;

    /// <summary>The last entry that was handed out; null while nobody listens.</summary>
    long? position;

    /// <summary>How many are taken.</summary>
    public int Places { get { lock (gate) return places; } }

    /// <summary>A place among the listeners; null when all are taken, or the server stops.</summary>
    public Listener? Enter()
    {
        lock (gate)
        {
            if (hasEnded || places >= MostListeners) return null;
            places++;
            return new Listener(this);
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        using var looks = new PeriodicTimer(system.Settings.Runner.Poll, system.Time);
        Task? look = null, signal = null;
        try
        {
            while (true)
            {
                // What other processes enter gives no signal here.
                look ??= looks.WaitForNextTickAsync(stop).AsTask();
                signal ??= system.Store.WaitForAuditAsync(stop);
                await await Task.WhenAny(look, signal);
                if (look.IsCompleted) look = null;
                if (signal.IsCompleted) signal = null;
                await HandOutAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
        finally
        {
            End();
        }
    }

    /// <summary>Lets everybody go.</summary>
    public void End()
    {
        lock (gate)
        {
            hasEnded = true;
            foreach (var listener in listening) listener.Close();
            listening.Clear();
        }
    }

    async Task HandOutAsync(CancellationToken ct)
    {
        while (true)
        {
            long after;
            lock (gate)
            {
                if (listening.Count == 0) position = null;
                if (position is not { } known) return;
                after = known;
            }
            IReadOnlyList<NumberedEntry> entries;
            try { entries = await system.Store.ReadAuditAfterAsync(after, Page, ct); }
            catch (StoreException) { return; /* Looked for again. */ }
            if (entries.Count == 0) return;
            var events = entries.Select(e => new StreamEvent(e)).ToList();
            lock (gate)
            {
                if (position is not null) position = entries[^1].Number;
                listening.RemoveWhere(l => !l.Take(events));
            }
            if (entries.Count < Page) return;
        }
    }

    async Task BeginAsync(Listener listener, CancellationToken ct)
    {
        var last = await system.Store.LastAuditNumberAsync(ct);
        lock (gate)
        {
            position ??= last;
            if (hasEnded) listener.Close();
            else listening.Add(listener);
        }
    }

    void Leave(Listener listener)
    {
        lock (gate)
        {
            places--;
            listening.Remove(listener);
        }
    }

    internal sealed class Listener(AuditFeed feed) : IDisposable
    {
        readonly Channel<StreamEvent> events = Channel.CreateBounded<StreamEvent>(new BoundedChannelOptions(Buffered) { SingleReader = true, SingleWriter = true });

        public ChannelReader<StreamEvent> Events => events.Reader;
        public bool IsLetGo { get; private set; }

        /// <summary>From now on it is given what is entered, and perhaps a few entries before.</summary>
        public Task BeginAsync(CancellationToken ct) => feed.BeginAsync(this, ct);

        internal bool Take(IReadOnlyList<StreamEvent> more)
        {
            foreach (var one in more)
            {
                if (events.Writer.TryWrite(one)) continue;
                Close();
                return false;
            }
            return true;
        }

        internal void Close()
        {
            IsLetGo = true;
            events.Writer.TryComplete();
        }

        public void Dispose() => feed.Leave(this);
    }
}

/// <summary>An entry as it goes over the wire: written once, for all who listen.</summary>
sealed class StreamEvent
{
    public StreamEvent(NumberedEntry numbered)
    {
        (Number, Chain, Kind) = (numbered.Number, numbered.Entry.Chain, numbered.Entry.Kind);
        var data = new ArrayBufferWriter<byte>(512);
        data.Write(Encoding.UTF8.GetBytes($"id: {Number}\nevent: {Kind}\ndata: "));
        using (var json = new Utf8JsonWriter(data))
        {
            json.WriteStartObject();
            json.WriteNumber("entry", Number);
            json.WriteString("conversationId", Chain);
            json.WriteString("at", numbered.Entry.At);
            json.WriteString("kind", Kind);
            json.WritePropertyName("facts");
            json.WriteRawValue(numbered.Entry.Facts);
            json.WriteEndObject();
        }
        data.Write("\n\n"u8);
        Bytes = data.WrittenMemory;
    }

    public long Number { get; }
    public string Chain { get; }
    public string Kind { get; }
    public ReadOnlyMemory<byte> Bytes { get; }
}
