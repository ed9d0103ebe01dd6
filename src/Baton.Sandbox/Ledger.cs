using System.Text;
using System.Text.Json;

namespace Baton.Sandbox;

/// <summary>The truth of what happened, append-only. Same seed, same calls at the same instants: the same bytes.</summary>
public sealed class Ledger
{
    readonly Lock gate = new();
    readonly TimeProvider time;
    readonly List<LedgerEntry> entries = [];
    readonly List<Waiter> waiters = [];

    internal Ledger(TimeProvider time) => this.time = time;

    public IReadOnlyList<LedgerEntry> Entries
    {
        get { lock (gate) return [.. entries]; }
    }

    public IReadOnlyList<LedgerEntry> After(long sequence)
    {
        lock (gate) return sequence >= entries.Count ? [] : entries.GetRange((int)Math.Max(0, sequence), entries.Count - (int)Math.Max(0, sequence));
    }

    public IReadOnlyList<LedgerEntry> Of(LedgerKind kind, string? conversationId = null)
    {
        lock (gate) return entries.FindAll(e => e.Kind == kind && (conversationId is null || e.ConversationId == conversationId));
    }

    /// <summary>Transfers that truly happened and were asked for over the API.</summary>
    public IReadOnlyList<LedgerEntry> TransfersApplied(string conversationId) =>
        [.. Of(LedgerKind.TransferApplied, conversationId).Where(e => e.By == "client")];

    /// <summary>What the guest was sent, by whomever.</summary>
    public IReadOnlyList<LedgerEntry> MessagesTo(string conversationId) =>
        [.. Of(LedgerKind.MessageSent, conversationId).Where(e => e.From != "guest")];

    public IReadOnlyList<LedgerEntry> Requests() => Of(LedgerKind.RequestServed);

    /// <summary>Completes with the first entry after <paramref name="after"/> that matches, whether it is there already or still to come.
    /// The predicate may look at the entry only: it runs while the ledger and the organization are locked.</summary>
    public Task<LedgerEntry> WaitForAsync(Func<LedgerEntry, bool> matches, long after = 0, CancellationToken ct = default)
    {
        lock (gate)
        {
            if (entries.FirstOrDefault(e => e.Sequence > after && matches(e)) is { } there) return Task.FromResult(there);
            var waiter = new Waiter(matches);
            waiters.Add(waiter);
            return WaitAsync(waiter, ct);
        }
    }

    /// <summary>One entry a line, in a fixed order of fields.</summary>
    public string ToJsonLines()
    {
        var lines = new StringBuilder();
        foreach (var entry in Entries) lines.Append(JsonSerializer.Serialize(entry, SandboxJson.Default.LedgerEntry)).Append('\n');
        return lines.ToString();
    }

    internal LedgerEntry Append(LedgerEntry entry)
    {
        lock (gate)
        {
            var numbered = entry with { Sequence = entries.Count + 1, Time = time.GetUtcNow() };
            entries.Add(numbered);
            foreach (var waiter in waiters.Where(w => w.Matches(numbered)).ToArray())
            {
                waiters.Remove(waiter);
                waiter.Found.TrySetResult(numbered);
            }
            return numbered;
        }
    }

    async Task<LedgerEntry> WaitAsync(Waiter waiter, CancellationToken ct)
    {
        try
        {
            return await waiter.Found.Task.WaitAsync(ct);
        }
        finally
        {
            lock (gate) waiters.Remove(waiter);
        }
    }

    sealed class Waiter(Func<LedgerEntry, bool> matches)
    {
        public Func<LedgerEntry, bool> Matches { get; } = matches;
        public TaskCompletionSource<LedgerEntry> Found { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
