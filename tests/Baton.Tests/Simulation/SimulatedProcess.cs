using Baton.Core;
using Baton.Core.Deliveries;
using Baton.Core.Handoffs;
using Microsoft.Extensions.Logging;

namespace Baton.Tests.Simulation;

/// <summary>
/// One process with the real runner in it. Killed, it is never heard of again: what it waits for never comes, at whatever call it was. What it had put on the wire arrives all the same.
/// Frozen, it hears what came meanwhile when it wakes.
/// </summary>
sealed class SimulatedProcess : ILogger<HandoffRunner>
{
    public static readonly Outbox Outbox = new([new DeliveryTarget("wfm", new Uri("https://wfm.example/"))]);

    readonly SimulatedWorld world;
    readonly int number;
    readonly IHandoffStore connection;
    readonly HandoffRunner runner;
    readonly List<TaskCompletionSource> waiting = [];
    DateTimeOffset frozenUntil;

    public SimulatedProcess(SimulatedWorld world, int number)
    {
        (this.world, this.number) = (world, number);
        connection = world.Connect(this);
        var options = new RunnerOptions { Pace = world.Settings.Pace, AtOnce = world.Random.Next(1, 9) };
        runner = new HandoffRunner(connection, new SimulatedLine(this, world.Center, world), Outbox, options, world.Clock, this);
    }

    public bool IsDead { get; private set; }

    public void Start()
    {
        if (world.Settings.Embedded) world.Store.TakeOwnership();
        for (var loop = world.Random.Next(1, 4); loop > 0; loop--) _ = LoopAsync();
    }

    public void Kill() => IsDead = true;
    public void Freeze(TimeSpan pause) => frozenUntil = world.Now + pause;

    public void Wake()
    {
        if (waiting.Count == 0) return;
        var loops = waiting.ToList();
        waiting.Clear();
        Hear(TimeSpan.Zero, () => loops.ForEach(l => l.TrySetResult()));
    }

    /// <summary>A call of this process to somewhere else.</summary>
    /// <param name="isOnTheWire">It takes effect even when the process dies meanwhile; else that is a matter of chance.</param>
    public Task<T> CallAsync<T>(TimeSpan there, Func<T> effect, TimeSpan back, bool isOnTheWire)
    {
        var answer = new TaskCompletionSource<T>();
        if (world.Draw(("killed", 0.0015)) == 1)
        {
            // Before it was sent, while it was under way, after it was answered.
            if (world.Random.Next(4) == 0) world.Kill(this);
            else world.Time.After((there + back) * world.Random.NextDouble() * 1.1, () => world.Kill(this));
        }
        if (world.Draw(("frozen", 0.002)) == 1) world.Time.After((there + back) * world.Random.NextDouble(), () => Freeze(world.Seconds(1, world.Settings.BeyondSettle ? 150 : 25)));
        if (IsDead) return answer.Task;
        world.Time.After(there, () =>
        {
            if (IsDead && !isOnTheWire && world.Random.Next(2) == 0) return;
            try
            {
                var result = effect();
                Hear(back, () => answer.SetResult(result));
            }
            catch (Exception e) when (e is StoreException or ContactCenterException)
            {
                Hear(back, () => answer.SetException(e));
            }
        });
        return answer.Task;
    }

    /// <summary>Time that passes inside the process.</summary>
    public Task PauseAsync(TimeSpan pause)
    {
        var over = new TaskCompletionSource();
        Hear(pause, over.SetResult);
        return over.Task;
    }

    void Hear(TimeSpan after, Action heard) => world.Time.After(after, () =>
    {
        if (IsDead) return;
        if (frozenUntil > world.Now) Hear(frozenUntil - world.Now, heard);
        else heard();
    });

    async Task LoopAsync()
    {
        while (!IsDead)
        {
            try
            {
                if (await runner.RunOnceAsync(CancellationToken.None) > 0) continue;
                var due = await connection.NextDueAsync(true, CancellationToken.None);
                await WaitAsync(due is { } at ? at - world.Clock.GetUtcNow() : SimulatedWorld.Poll);
            }
            catch (StoreException)
            {
                await PauseAsync(TimeSpan.FromSeconds(1));
            }
        }
    }

    Task WaitAsync(TimeSpan pause)
    {
        if (pause > SimulatedWorld.Poll) pause = SimulatedWorld.Poll;
        var over = new TaskCompletionSource();
        waiting.Add(over);
        Hear(pause < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : pause, () => over.TrySetResult());
        return over.Task;
    }

    public override string ToString() => $"p{number}";

    // The runner's log: what it must never have to say.

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name == "Rejected" || exception is not null) world.Complaints.Add($"{formatter(state, exception)} {exception}");
    }
}
