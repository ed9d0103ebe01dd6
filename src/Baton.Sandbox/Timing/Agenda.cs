namespace Baton.Sandbox.Timing;

/// <summary>
/// What is still to happen, in due order. One timer of the clock stands for all entries: two entries due at the same instant keep the order
/// they were made in, whatever the clock does. Actions run synchronously under the organization's lock.
/// </summary>
sealed class Agenda : IDisposable
{
    /// <summary>System timers take no more than about 49 days; what is further away is armed again on the way.</summary>
    static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    readonly Lock gate;
    readonly TimeProvider time;
    readonly ITimer timer;
    readonly PriorityQueue<Appointment, (DateTimeOffset Due, long Order)> appointments = new();
    long order;
    bool closed;

    public Agenda(TimeProvider time, Lock gate)
    {
        this.time = time;
        this.gate = gate;
        timer = time.CreateTimer(_ => RunDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public Appointment After(TimeSpan delay, Action action)
    {
        lock (gate)
        {
            var appointment = new Appointment(this, action);
            appointments.Enqueue(appointment, (time.GetUtcNow() + delay, order++));
            Arm();
            return appointment;
        }
    }

    /// <summary>Waits on the clock. Both callbacks run under the lock, the second in the moment the time is up and before anything continues.</summary>
    public async Task PauseAsync(TimeSpan pause, Action begins, Action ends, CancellationToken ct)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            begins();
            After(pause, () =>
            {
                ends();
                over.SetResult();
            });
        }
        await over.Task.WaitAsync(ct);
    }

    public void Cancel(Appointment appointment)
    {
        lock (gate)
        {
            appointment.Over = true;
            Arm();
        }
    }

    void RunDue()
    {
        lock (gate)
        {
            if (closed) return;
            while (appointments.TryPeek(out var next, out var key) && (next.Over || key.Due <= time.GetUtcNow()))
            {
                appointments.Dequeue();
                if (next.Over) continue;
                next.Over = true;
                next.Action();
            }
            Arm();
        }
    }

    void Arm()
    {
        if (closed) return;
        while (appointments.TryPeek(out var first, out _) && first.Over) appointments.Dequeue();
        if (!appointments.TryPeek(out _, out var key))
        {
            timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }
        var wait = key.Due - time.GetUtcNow();
        if (wait > LongestTimer) wait = LongestTimer;
        // The system timer counts whole milliseconds: rounded down, it would fire early and spin.
        timer.Change(wait > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)) : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            appointments.Clear();
        }
        timer.Dispose();
    }
}

sealed class Appointment(Agenda agenda, Action action)
{
    public Action Action { get; } = action;
    public bool Over { get; set; }

    public void Cancel() => agenda.Cancel(this);
}
