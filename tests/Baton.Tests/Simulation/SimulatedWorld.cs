using Baton.Core;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Tests.Handoffs;

namespace Baton.Tests.Simulation;

/// <summary>
/// Many handoffs at once through the real runner, in a world in which everything that can go wrong does: processes die at any call or freeze, calls get lost on the way there or back, transfers happen late
/// or never, readings trail, agents do not answer. Then the trouble ends, the handoffs get five minutes to come to rest, the customers leave, and every handoff has to end.
/// </summary>
sealed class SimulatedWorld
{
    /// <summary>How long a process leaves the table alone when it has heard of nothing.</summary>
    public static readonly TimeSpan Poll = TimeSpan.FromSeconds(20);

    static readonly TimeSpan trouble = TimeSpan.FromMinutes(4);
    static readonly TimeSpan rest = TimeSpan.FromMinutes(8);
    static readonly TimeSpan last = TimeSpan.FromHours(5);

    readonly List<SimulatedProcess> processes = [];
    readonly List<string> unrest = [];
    readonly DateTimeOffset healed;
    int processCount;

    SimulatedWorld(SimulationSettings settings, bool keepLog)
    {
        Settings = settings;
        Log = keepLog ? [] : null;
        Random = new Random(settings.Seed);
        Time = new SimulatedTime(The.Start, Random);
        Clock = new SteppedClock(Time);
        healed = The.Start + trouble;
        Store = new SimulatedStore { Written = () => { foreach (var process in processes) process.Wake(); } };
        Center = new SimulatedCenter(this);
    }

    public SimulationSettings Settings { get; }
    public Random Random { get; }
    public SimulatedTime Time { get; }

    /// <summary>What the processes take for the time.</summary>
    public SteppedClock Clock { get; }
    public SimulatedStore Store { get; }
    public SimulatedCenter Center { get; }
    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>Null: not kept.</summary>
    public List<string>? Log { get; }
    public Dictionary<string, int> Faults { get; } = [];

    /// <summary>What the runner logged and never should have to.</summary>
    public List<string> Complaints { get; } = [];

    public static SimulationResult Run(int seed, bool keepLog = false) => Run(SimulationSettings.Of(seed), keepLog);

    public static SimulationResult Run(SimulationSettings settings, bool keepLog = false)
    {
        var world = new SimulatedWorld(settings, keepLog);
        world.Play();
        return new SimulationResult(settings, [.. world.Complaints, .. world.unrest, .. new SimulationCheck(world.Settings, world.Store, world.Center.Ledger, world.healed).Violations()], world.Faults, world.Log ?? [])
        {
            Handoffs = world.Store.Handoffs.Count(),
            Transfers = world.Center.Ledger.Count(e => e.Kind == LedgerKind.Applied),
        };
    }

    void Play()
    {
        // From inside, so that what they await goes on inside.
        for (var i = 0; i < Settings.Processes; i++) Time.After(TimeSpan.Zero, Open);
        for (var i = 1; i <= Settings.Conversations; i++)
        {
            var conversation = $"c{i}";
            Time.After(Seconds(0, 20), () => Center.Begin(conversation));
            Time.After(Seconds(21, 60), () => Ask(conversation));
            // Somebody asks again: while it runs nothing new begins, after it ended a new one does.
            for (var again = Random.Next(3); again > 0; again--) Time.After(Seconds(21, 300), () => Ask(conversation));
            if (Random.Next(12) == 0) Time.After(Seconds(21, 65), () => Cancel(conversation));
        }
        if (Settings.ClockSteps) for (var steps = Random.Next(1, 4); steps > 0; steps--) Time.After(Seconds(21, 220), StepClock);
        Time.After(trouble + rest, () =>
        {
            NoteUnrest();
            Center.EndAll();
        });
        Time.RunUntil(healed + rest, () => false);
        Time.RunUntil(healed + rest + last, () => !Store.HasWork && Store.Handoffs.All(h => h.EndedAt is not null));
    }

    void Ask(string conversation)
    {
        var handoff = Handoff.Request(HandoffId.New(Now, Random), conversation, Plan(), new HandoffOrigin("policy", [new Reason("askedForHuman", "The customer asked for a human.")], null), Clock.GetUtcNow());
        if (Settings.Enqueues && Random.Next(4) > 0) handoff = handoff with { GuestId = "guest" };
        var start = Store.Start(handoff);
        Log?.Add($"{Now:HH:mm:ss.fff} {conversation} {start.Outcome} {start.Handoff.Id} to {string.Join(", ", handoff.Plan.Steps.Select(s => s.Queue))}");
    }

    HandoffPlan Plan()
    {
        RouteStep Step(string queue, bool isLast) => new()
        {
            Queue = queue,
            MaxWait = isLast && Random.Next(2) == 0 ? null : Seconds(20, 150),
            Skills = Random.Next(4) == 0 ? ["billing"] : [],
            Priority = Random.Next(4) == 0 ? 8 : RouteStep.UsualPriority,
        };
        IReadOnlyList<RouteStep> steps = Random.Next(6) switch
        {
            0 or 1 => [Step("Support", true)],
            2 => [Step("Nowhere", false), Step("Support", true)],
            3 => [Step("Support", false), Step("Backup", false), Step("Third", true)],
            _ => [Step("Support", false), Step("Backup", true)],
        };
        return new HandoffPlan
        {
            Steps = steps,
            Messages = Random.Next(8) == 0 ? new HandoffMessages() : The.Messages,
            Limits = new HandoffLimits { Transfer = Random.Next(3) == 0 ? TimeSpan.FromMinutes(1) : TimeSpan.FromMinutes(15) },
        };
    }

    void Cancel(string conversation)
    {
        if (Store.Handoffs.FirstOrDefault(h => h.ConversationId == conversation && h.EndedAt is null) is not { } live) return;
        var canceled = live.Apply(new HandoffEvent.CancelRequested("ada"), Clock.GetUtcNow(), Settings.Pace);
        if (canceled.Changed) Store.CommitOver(live, SimulatedProcess.Outbox.With(live, canceled));
    }

    public IHandoffStore Connect(SimulatedProcess process) => new SimulatedConnection(process, Store, this);

    void Open()
    {
        var process = new SimulatedProcess(this, ++processCount);
        processes.Add(process);
        process.Start();
    }

    public void Kill(SimulatedProcess process)
    {
        if (process.IsDead) return;
        Log?.Add($"{Now:HH:mm:ss.fff} {process} killed");
        process.Kill();
        processes.Remove(process);
        Time.After(Seconds(0.1, 15), Open);
    }

    void StepClock()
    {
        Count("clockStepped");
        Clock.Offset = TimeSpan.FromMinutes((Random.NextDouble() * 120) - 60);
        Log?.Add($"{Now:HH:mm:ss.fff} the clock is off by {Clock.Offset}");
    }

    /// <summary>A few minutes after the trouble ended, a handoff that is not over follows a conversation that waits or talks.</summary>
    void NoteUnrest()
    {
        if (Settings.ClockSteps) return;
        foreach (var handoff in Store.Handoffs.Where(h => h.Todo != Todo.None))
        {
            var truth = Center.Truth(handoff.ConversationId);
            if (handoff.State is not (HandoffState.Queued or HandoffState.WithAgent)) unrest.Add($"stuck: {handoff.Id} is {handoff.State}/{handoff.Todo} long after the trouble ended");
            else if (truth.EndedAt is null && truth.Live(ParticipantRole.Queue) is null && truth.Live(ParticipantRole.Agent) is null)
                unrest.Add($"stuck: {handoff.Id} is {handoff.State} and follows what no human has");
        }
    }

    // What is drawn.

    /// <summary>Which of these goes wrong, counted from 1; 0: nothing. Once the trouble has ended, nothing does.</summary>
    public int Draw(params ReadOnlySpan<(string Kind, double Chance)> faults)
    {
        if (Now >= healed) return 0;
        var drawn = Random.NextDouble() / Settings.Trouble;
        for (var i = 0; i < faults.Length; i++)
        {
            if ((drawn -= faults[i].Chance) >= 0) continue;
            Count(faults[i].Kind);
            return i + 1;
        }
        return 0;
    }

    public void Count(string kind) => Faults[kind] = Faults.GetValueOrDefault(kind) + 1;
    public TimeSpan Seconds(double least, double most) => TimeSpan.FromMilliseconds(Math.Round(1000 * (least + (Random.NextDouble() * (most - least)))));
    public TimeSpan Milliseconds(int least, int most) => TimeSpan.FromMilliseconds(Random.Next(least, most));
}

/// <summary>A clock that somebody puts forward or back.</summary>
sealed class SteppedClock(TimeProvider time) : TimeProvider
{
    public TimeSpan Offset { get; set; }
    public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + Offset;
}

sealed record SimulationResult(SimulationSettings Settings, IReadOnlyList<string> Violations, IReadOnlyDictionary<string, int> Faults, IReadOnlyList<string> Log)
{
    public int Handoffs { get; init; }
    public int Transfers { get; init; }
}
