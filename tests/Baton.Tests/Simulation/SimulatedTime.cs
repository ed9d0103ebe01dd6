namespace Baton.Tests.Simulation;

/// <summary>
/// Virtual time and the order of everything. One thread, one agenda; what is due at the same instant happens in an order drawn from the seed. Nothing else makes anything happen,
/// so the same seed is the same run.
/// </summary>
sealed class SimulatedTime(DateTimeOffset start, Random random) : TimeProvider
{
    readonly PriorityQueue<Action, (DateTimeOffset At, int Draw, long Number)> agenda = new();
    DateTimeOffset now = start;
    long number;

    public override DateTimeOffset GetUtcNow() => now;

    public void After(TimeSpan pause, Action act) => agenda.Enqueue(act, (now + (pause > TimeSpan.Zero ? pause : TimeSpan.Zero), random.Next(), number++));

    public void RunUntil(DateTimeOffset end, Func<bool> isOver)
    {
        var before = SynchronizationContext.Current;
        // What was awaited goes on in the middle of the event that completed it.
        SynchronizationContext.SetSynchronizationContext(new Here(this));
        try
        {
            while (!isOver() && agenda.TryPeek(out _, out var next) && next.At <= end)
            {
                var act = agenda.Dequeue();
                now = next.At;
                act();
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    sealed class Here(SimulatedTime time) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => time.After(TimeSpan.Zero, () => d(state));
        public override SynchronizationContext CreateCopy() => this;
    }
}
