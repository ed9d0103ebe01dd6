using Baton.Core;
using Baton.Core.Handoffs;

namespace Baton.Genesys.Quota;

/// <summary>
/// Calls waiting for a client's window. Who goes first is decided by what the call is for (<see cref="CallPurpose"/>), then by who came first.
/// A call that would wait longer than <see cref="Patience"/> is told so at once instead: its handoff is put back into the table and holds neither a thread nor a lease.
/// </summary>
sealed class QuotaLine(QuotaWindow window, TimeProvider time) : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly Lock gate = new();
    readonly PriorityQueue<Waiter, (CallPurpose, long)> waiting = new();
    ITimer? timer;
    long arrivals;

    public QuotaState State
    {
        get { lock (gate) return new QuotaState(window.Used, window.Allowed, window.IsKnown, window.BlockedUntil > time.GetUtcNow() ? window.BlockedUntil : null, waiting.Count); }
    }

    public DateTimeOffset? Admit(HandoffId handoff, int calls)
    {
        lock (gate) return window.Admit(handoff, calls, time.GetUtcNow());
    }

    public bool HasAdmitted(HandoffId handoff)
    {
        lock (gate) return window.HasAdmitted(handoff);
    }

    /// <summary>Waits for a place; answers with the window's number, which <see cref="Observe"/> wants back.</summary>
    /// <exception cref="ContactCenterException">RateLimited: the wait would be longer than <see cref="Patience"/>.</exception>
    public Task<int> TakeAsync(CallPurpose purpose, HandoffId? handoff, CancellationToken ct)
    {
        if (ct.IsCancellationRequested) return Task.FromCanceled<int>(ct);
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (waiting.Count == 0 && window.Take(purpose, handoff, now) is null) return Task.FromResult(window.Number);
            var waiter = new Waiter(purpose, handoff, now + Patience, ct);
            waiting.Enqueue(waiter, (purpose, arrivals++));
            Serve(now);
            return waiter.Task;
        }
    }

    /// <summary>Every call that got a place ends here, with what its reply said, if one came.</summary>
    public void Observe(RateHeaders headers, int number)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            window.Observe(headers, number, now);
            Serve(now);
        }
    }

    public void Block(DateTimeOffset until)
    {
        lock (gate)
        {
            window.Block(until);
            Serve(time.GetUtcNow());
        }
    }

    public void BlockSuggestions(DateTimeOffset until)
    {
        lock (gate)
        {
            window.BlockSuggestions(until);
            Serve(time.GetUtcNow());
        }
    }

    void Serve(DateTimeOffset now)
    {
        DateTimeOffset? wake = null;
        var kept = new List<(Waiter, (CallPurpose, long))>();
        while (waiting.TryDequeue(out var waiter, out var rank))
        {
            if (waiter.IsOver) continue;
            if (window.Take(waiter.Purpose, waiter.Handoff, now) is not { } notBefore)
            {
                // Canceled at this very moment: the place was taken for nobody.
                if (!waiter.Go(window.Number)) window.Observe(default, window.Number, now);
            }
            else if (notBefore > waiter.PatientUntil) waiter.ComeBack(window.Turn(waiter.Purpose, notBefore));
            else
            {
                kept.Add((waiter, rank));
                if (wake is null || notBefore < wake) wake = notBefore;
            }
        }
        foreach (var (waiter, rank) in kept) waiting.Enqueue(waiter, rank);
        timer?.Dispose();
        timer = wake is { } at ? time.CreateTimer(_ => Wake(), null, at > now ? at - now : TimeSpan.Zero, Timeout.InfiniteTimeSpan) : null;
    }

    void Wake()
    {
        lock (gate) Serve(time.GetUtcNow());
    }

    public void Dispose()
    {
        lock (gate) timer?.Dispose();
    }

    sealed class Waiter
    {
        readonly TaskCompletionSource<int> source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly CancellationTokenRegistration canceled;

        public Waiter(CallPurpose purpose, HandoffId? handoff, DateTimeOffset patientUntil, CancellationToken ct)
        {
            (Purpose, Handoff, PatientUntil) = (purpose, handoff, patientUntil);
            canceled = ct.Register(() => source.TrySetCanceled(ct));
        }

        public CallPurpose Purpose { get; }
        public HandoffId? Handoff { get; }
        public DateTimeOffset PatientUntil { get; }
        public Task<int> Task => source.Task;
        public bool IsOver => source.Task.IsCompleted;

        public bool Go(int number)
        {
            canceled.Unregister();
            return source.TrySetResult(number);
        }

        public void ComeBack(DateTimeOffset notBefore)
        {
            canceled.Unregister();
            source.TrySetException(new ContactCenterException(FailureKind.RateLimited, $"The quota window is used up; calls go on at {notBefore:HH:mm:ss}Z.") { NotBefore = notBefore });
        }
    }
}

/// <summary>A client's quota as an operator sees it.</summary>
/// <param name="PausedUntil">Set while the platform has told us to wait.</param>
public sealed record QuotaState(int Used, int Allowed, bool IsKnown, DateTimeOffset? PausedUntil, int Waiting);
