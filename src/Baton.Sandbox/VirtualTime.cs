using System.Collections.Immutable;

namespace Baton.Sandbox;

/// <summary>
/// Real HTTP, virtual time: one clock for everything in a process, which jumps to the next timer when nothing is going on. A minute of waiting for an agent takes
/// a millisecond, and the same run gives the same instants again.
/// <para>
/// "Nothing is going on" means: no busy sign is up (requests under way, writes handed in), no thread of the pool is working, and no timer was made or changed,
/// seen several times in a row. Callbacks fire in the order they are due, with the clock standing at that instant.
/// </para>
/// </summary>
public sealed class VirtualTime : TimeProvider, IDisposable
{
    const int LooksInARow = 3;

    /// <summary>At a speed, time passes in steps no longer than this: what a person does meanwhile makes timers that are due sooner.</summary>
    static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    /// <summary>How much of the time in which something was going on is made up for at once.</summary>
    static readonly TimeSpan MostMadeUp = TimeSpan.FromMilliseconds(250);

    readonly Lock gate = new();
    readonly SortedSet<VirtualTimer> timers = new(VirtualTimer.InOrder);
    ImmutableList<Func<bool>> busySigns = [];
    readonly AutoResetEvent pulse = new(false);
    DateTimeOffset now;
    long made;
    long changes;
    long lastStep;
    bool stopped;
    Thread? pump;

    /// <param name="start">Where the clock stands until <see cref="Start"/>.</param>
    public VirtualTime(DateTimeOffset start) => now = start;

    /// <summary>Virtual seconds in a real one at the most, so that a person can watch; infinite by default.</summary>
    public double Speed { get; set; } = double.PositiveInfinity;

    /// <summary>The clock stands still while a sign says true.</summary>
    public void AddBusySign(Func<bool> isBusy)
    {
        ImmutableInterlocked.Update(ref busySigns, signs => signs.Add(isBusy));
    }

    /// <summary>Lets the clock run, on a thread of its own.</summary>
    public void Start()
    {
        pump = new Thread(Pump) { IsBackground = true, Name = "virtual time" };
        pump.Start();
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return now;
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state, Interlocked.Increment(ref made));
        timer.Change(dueTime, period);
        return timer;
    }

    void Pump()
    {
        while (!stopped)
        {
            if (!IsQuiet() || NextDue() is not { } timer)
            {
                pulse.WaitOne(TimeSpan.FromMilliseconds(1));
                continue;
            }
            timer.Fire();
        }
    }

    bool IsQuiet()
    {
        var before = Interlocked.Read(ref changes);
        for (var look = 0; look < LooksInARow; look++)
        {
            if (ThreadPool.PendingWorkItemCount > 0 || PoolIsWorking() || AnyBusySign()) return false;
            Thread.Yield();
        }
        return Interlocked.Read(ref changes) == before;
    }

    static bool PoolIsWorking()
    {
        ThreadPool.GetMaxThreads(out var most, out _);
        ThreadPool.GetAvailableThreads(out var free, out _);
        return most > free;
    }

    bool AnyBusySign()
    {
        // Asked outside the lock: whoever answers may hold a lock of its own under which it makes timers.
        foreach (var sign in busySigns)
        {
            if (sign()) return true;
        }
        return false;
    }

    VirtualTimer? NextDue()
    {
        TimeSpan ahead;
        lock (gate)
        {
            if (timers.Min is not { } next) return null;
            ahead = next.Due - now;
        }
        var passed = TimeSpan.MaxValue;
        if (ahead > TimeSpan.Zero && double.IsFinite(Speed))
        {
            pulse.WaitOne(ahead / Speed < Step ? ahead / Speed : Step);
            var real = TimeProvider.System.GetElapsedTime(lastStep);
            passed = (real < MostMadeUp ? real : MostMadeUp) * Speed;
            lastStep = TimeProvider.System.GetTimestamp();
        }
        lock (gate)
        {
            if (stopped || timers.Min is not { } next) return null;
            if (next.Due - now > passed)
            {
                now += passed;
                return null;
            }
            if (next.Due > now) now = next.Due;
            return next;
        }
    }

    public void Dispose()
    {
        stopped = true;
        pulse.Set();
        if (pump is not null && pump != Thread.CurrentThread) pump.Join(TimeSpan.FromSeconds(5));
        pulse.Dispose();
    }

    sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state, long number) : ITimer
    {
        public static readonly IComparer<VirtualTimer> InOrder = Comparer<VirtualTimer>.Create((a, b) => a.Due != b.Due ? a.Due.CompareTo(b.Due) : a.number.CompareTo(b.number));

        readonly long number = number;
        TimeSpan period;

        public DateTimeOffset Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.gate)
            {
                Interlocked.Increment(ref time.changes);
                time.timers.Remove(this);
                this.period = period;
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = time.now + dueTime;
                time.timers.Add(this);
            }
            return true;
        }

        public void Fire()
        {
            lock (time.gate)
            {
                // Disposed between being chosen and being fired.
                if (!time.timers.Contains(this)) return;
            }
            Change(period > TimeSpan.Zero ? period : Timeout.InfiniteTimeSpan, period);
            callback(state);
        }

        public void Dispose()
        {
            lock (time.gate) time.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
