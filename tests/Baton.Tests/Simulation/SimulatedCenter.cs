using Baton.Core;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;

namespace Baton.Tests.Simulation;

/// <summary>The platform: legs, transfers that are accepted first and happen later or not, queues, agents who answer or do not, customers who leave. Its ledger is the truth.</summary>
sealed class SimulatedCenter(SimulatedWorld world)
{
    readonly Dictionary<string, Line> lines = [];
    int ids;

    public List<LedgerEntry> Ledger { get; } = [];
    public IReadOnlyCollection<string> Conversations => lines.Keys;

    public void Begin(string conversation)
    {
        var line = new Line(conversation);
        lines.Add(conversation, line);
        Join(line, ParticipantRole.Customer, null);
        Join(line, ParticipantRole.Bot, null);
        // No reading, however late, shows a customer whom nobody has met yet.
        line.Shown.RemoveAt(0);
        if (world.Draw(("customerLeaves", 0.15)) == 1) world.Time.After(world.Seconds(1, 400), () => Leave(line));
        if (world.Settings.LegFence && world.Draw(("movedByOthers", 0.04)) == 1) world.Time.After(world.Seconds(0.1, 20), () => MoveByOthers(line));
    }

    // What is asked of it.

    public ConversationView Show(string conversation)
    {
        var line = lines[conversation];
        if (world.Draw(("showsNobody", 0.005)) == 1) return new ConversationView(conversation, Media.Message, null, []);
        var until = world.Now - Lag();
        var shown = line.Shown.FindLast(s => s.At <= until).View ?? line.Shown[0].View;
        return shown;
    }

    public QueueCheck Check(string queue) => queue is not ("Support" or "Backup" or "Third")
        ? new QueueCheck(queue, null, null, null, null, null)
        : world.Draw(("queueUnstaffed", 0.02)) == 1 ? new QueueCheck(queue, "q-" + queue, queue, 5, 0, 0) : new QueueCheck(queue, "q-" + queue, queue, 5, 2, 1);

    public bool Waits(string conversation) => lines[conversation].Live(ParticipantRole.Queue) is not null;

    public bool WasTold(string conversation, string text, DateTimeOffset since)
    {
        var until = world.Now - Lag();
        // As the platform's clock has it, which no step of ours moves.
        return Ledger.Exists(e => e.Kind == LedgerKind.Told && e.Conversation == conversation && e.Text == text && e.At <= until && (world.Settings.ClockSteps || e.At >= since));
    }

    public SendReply Tell(string conversation, string communication, string text, HandoffId by)
    {
        var line = lines[conversation];
        switch (world.Draw(("tell429", 0.03), ("tell503", 0.03), ("tellRefused", 0.01)))
        {
            case 1: return NotNow();
            case 2:
                Note(conversation, LedgerKind.TellTrouble, e => e with { Failure = FailureKind.Unavailable });
                return new SendReply.Unknown(FailureKind.Unavailable, "The platform answered 503.");
            case 3:
                Note(conversation, LedgerKind.TellTrouble, e => e with { Failure = FailureKind.BadRequest });
                return new SendReply.Refused(FailureKind.BadRequest, "The platform did not take it.");
        }
        if (line.EndedAt is not null || !line.Legs.Exists(l => l.CommunicationId == communication && l.EndedAt is null))
        {
            Note(conversation, LedgerKind.TellTrouble, e => e with { Failure = FailureKind.LegGone });
            return new SendReply.Refused(FailureKind.LegGone, "Who would say it has left.");
        }
        Note(conversation, LedgerKind.Told, e => e with { By = by, Text = text });
        return new SendReply.Accepted();
    }

    public SendReply Transfer(TransferIntent intent, TransferWords? words, HandoffId by)
    {
        var line = lines[intent.ConversationId];
        Note(line.Id, LedgerKind.Asked, e => e with { By = by, Leg = intent.LegId, Attempt = intent.Attempt, Queue = intent.QueueId });
        switch (world.Draw(("transfer429", 0.05), ("transfer503", 0.04), ("transferForbidden", 0.003), ("queueDeleted", 0.01)))
        {
            case 1: return NotNow();
            case 2:
                Trouble(FailureKind.Unavailable);
                return new SendReply.Unknown(FailureKind.Unavailable, "The platform answered 503.");
            case 3: return Refused(FailureKind.MissingPermission);
            case 4: return Refused(FailureKind.QueueNotFound);
        }
        if (line.EndedAt is not null) return Refused(FailureKind.ConversationEnded);
        if (world.Settings.LegFence && line.Legs.Find(l => l.Id == intent.LegId)?.EndedAt is not null) return Refused(FailureKind.LegGone);

        var move = new Move($"t{++ids}", world.Clock.GetUtcNow(), by, intent, words);
        var fate = world.Draw(("acceptedAndForgotten", 0.03), ("acceptedAndFailed", 0.03), ("appliedLate", 0.1));
        // What is forgotten was never there for a reading either.
        if (fate == 1)
        {
            Note(line.Id, LedgerKind.NotCarriedOut, e => e with { By = by, Leg = intent.LegId, Attempt = intent.Attempt });
            return new SendReply.Accepted();
        }
        line.Moves.Add(move);
        Shows(line);
        var late = fate != 3 ? world.Milliseconds(50, 900) : world.Settings.BeyondSettle ? world.Seconds(1, 40) : world.Seconds(1, 5);
        world.Time.After(late, () => Apply(line, move, fails: fate == 2));
        return new SendReply.Accepted();

        SendReply.Refused Refused(FailureKind kind)
        {
            Trouble(kind);
            return new SendReply.Refused(kind, $"Refused: {kind}.");
        }

        void Trouble(FailureKind kind) => Note(line.Id, LedgerKind.Trouble, e => e with { By = by, Leg = intent.LegId, Failure = kind });
    }

    // What happens in it.

    void Apply(Line line, Move move, bool fails)
    {
        var leg = line.Legs.Find(l => l.Id == move.Intent.LegId);
        var from = leg is { EndedAt: null } ? leg : world.Settings.LegFence ? null : line.Holder;
        if (fails || line.EndedAt is not null || from is null)
        {
            move.State = "Failed";
            move.FailedAt = world.Clock.GetUtcNow();
            Note(line.Id, LedgerKind.NotCarriedOut, e => e with { By = move.By, Leg = move.Intent.LegId, Attempt = move.Intent.Attempt });
            Shows(line);
            return;
        }
        Empty(line, from);
        move.State = "Active";
        Note(line.Id, LedgerKind.Applied, e => e with { By = move.By, Leg = move.Intent.LegId, Attempt = move.Intent.Attempt, Queue = move.Intent.QueueId });
        if (move.Words?.Initial is { } initial) Note(line.Id, LedgerKind.Told, e => e with { By = move.By, Text = initial });
        Enter(line, move.Intent.QueueId);
    }

    void MoveByOthers(Line line)
    {
        if (line.EndedAt is not null || line.Live(ParticipantRole.Bot) is not { } bot) return;
        Empty(line, bot);
        Note(line.Id, LedgerKind.MovedByOthers, e => e with { Queue = "q-Others" });
        Enter(line, "q-Others");
    }

    void Enter(Line line, string queue)
    {
        var leg = Join(line, ParticipantRole.Queue, queue);
        if (world.Random.Next(60) == 0) world.Time.After(world.Seconds(20, 200), () => GiveBackToBot(line, leg));
        AlertLater(line, queue, leg.Id);
    }

    void AlertLater(Line line, string queue, string legId)
    {
        var wait = world.Random.Next(4) == 0 ? world.Seconds(150, 500) : world.Seconds(0.2, 90);
        world.Time.After(wait, () =>
        {
            if (!line.IsLive(legId) || line.Live(ParticipantRole.Agent) is not null) return;
            var agent = Join(line, ParticipantRole.Agent, queue);
            Note(line.Id, LedgerKind.Alerted, e => e with { Leg = agent.Id });
            if (world.Settings.LegEndsOnAlert) End(line, legId);
            world.Time.After(world.Seconds(1, 25), () =>
            {
                if (!line.IsLive(agent.Id)) return;
                if (world.Random.Next(4) == 0) Miss(line, queue, legId, agent.Id);
                else Accept(line, agent.Id);
            });
        });
    }

    void Accept(Line line, string agentId)
    {
        Change(line, agentId, l => l with { Connected = true });
        if (line.Live(ParticipantRole.Queue) is { } waiting) End(line, waiting.Id);
        foreach (var move in line.Moves.Where(m => m.State == "Active")) move.State = "Complete";
        Note(line.Id, LedgerKind.AgentJoined, e => e with { Leg = agentId });
        Shows(line);
        world.Time.After(world.Seconds(20, 300), () => { if (line.IsLive(agentId)) Leave(line); });
    }

    void Miss(Line line, string queue, string legId, string agentId)
    {
        End(line, agentId);
        Note(line.Id, LedgerKind.Missed, e => e with { Leg = agentId });
        var again = line.IsLive(legId) ? legId : Join(line, ParticipantRole.Queue, queue).Id;
        AlertLater(line, queue, again);
    }

    void GiveBackToBot(Line line, Participant leg)
    {
        if (!line.IsLive(leg.Id) || line.Live(ParticipantRole.Agent) is not null) return;
        Empty(line, leg);
        Note(line.Id, LedgerKind.BackToBot, e => e);
        Join(line, ParticipantRole.Bot, null);
    }

    public void EndAll()
    {
        foreach (var line in lines.Values) Leave(line);
    }

    void Leave(Line line)
    {
        if (line.EndedAt is not null) return;
        line.EndedAt = world.Now;
        Note(line.Id, LedgerKind.CustomerLeft, e => e);
        foreach (var leg in line.Legs.Where(l => l.EndedAt is null).ToList()) Change(line, leg.Id, l => l with { EndedAt = world.Now, Connected = false });
        Shows(line);
    }

    void Empty(Line line, Participant from)
    {
        Change(line, from.Id, l => l with { EndedAt = world.Now, Connected = false });
        if (line.Legs.Find(l => l is { Role: ParticipantRole.Agent, EndedAt: null, Connected: false }) is { } alerted) Change(line, alerted.Id, l => l with { EndedAt = world.Now });
    }

    Participant Join(Line line, ParticipantRole role, string? queue)
    {
        var id = $"{role.ToString().ToLowerInvariant()}-{++ids}";
        var leg = new Participant(id, role) { QueueId = queue, CommunicationId = id + "-line", StartedAt = world.Now, Connected = role != ParticipantRole.Agent };
        line.Legs.Add(leg);
        Shows(line);
        return leg;
    }

    void End(Line line, string legId)
    {
        Change(line, legId, l => l with { EndedAt = world.Now, Connected = false });
        Shows(line);
    }

    static void Change(Line line, string legId, Func<Participant, Participant> change)
    {
        var at = line.Legs.FindIndex(l => l.Id == legId);
        line.Legs[at] = change(line.Legs[at]);
    }

    /// <summary>Readings of this instant show this; those that trail show what was before. The feed tells of it, late, more than once, or not at all.</summary>
    void Shows(Line line)
    {
        var underWay = line.Moves.Where(m => m.State is "Pending" or "Active").Select(m => m.Id).ToList();
        line.Shown.Add((world.Now, new ConversationView(line.Id, Media.Message, line.EndedAt, [.. line.Legs])
        {
            TransferInProgress = underWay.Count > 0,
            TransfersUnderWay = underWay,
            // The guide's flavor and the platform both date a failure by when it was asked for.
            TransferFailedAt = line.Moves.Where(m => m.State == "Failed").Max(m => (DateTimeOffset?)m.Issued),
        }));
        for (var times = world.Random.Next(3); times > 0; times--) world.Time.After(world.Random.Next(5) == 0 ? world.Seconds(1, 60) : world.Milliseconds(5, 500), () => world.Store.Wake(line.Id, world.Clock.GetUtcNow()));
    }

    TimeSpan Lag() => world.Draw(("readingTrails", 0.06)) == 0 ? TimeSpan.Zero : world.Settings.BeyondSettle ? world.Seconds(0.1, 30) : world.Seconds(0.1, 3);

    SendReply.NotNow NotNow() => new(world.Random.Next(3) == 0 ? null : world.Clock.GetUtcNow() + world.Seconds(1, 90), "Too many calls.");

    public void Note(string conversation, LedgerKind kind, Func<LedgerEntry, LedgerEntry> with)
    {
        var entry = with(new LedgerEntry(world.Now, kind, conversation));
        Ledger.Add(entry);
        world.Log?.Add(entry.ToString());
    }

    public ConversationView Truth(string conversation) => lines[conversation].Shown[^1].View;

    sealed class Line(string id)
    {
        public string Id { get; } = id;
        public List<Participant> Legs { get; } = [];
        public List<Move> Moves { get; } = [];
        public List<(DateTimeOffset At, ConversationView View)> Shown { get; } = [];
        public DateTimeOffset? EndedAt { get; set; }

        public bool IsLive(string legId) => Legs.Exists(l => l.Id == legId && l.EndedAt is null);
        public Participant? Live(ParticipantRole role) => Legs.FindLast(l => l.Role == role && l.EndedAt is null);

        /// <summary>Whoever has the conversation now.</summary>
        public Participant? Holder => Legs.FindLast(l => l.Role != ParticipantRole.Customer && l.EndedAt is null);
    }

    sealed record Move(string Id, DateTimeOffset Issued, HandoffId By, TransferIntent Intent, TransferWords? Words)
    {
        public string State { get; set; } = "Pending";
        public DateTimeOffset? FailedAt { get; set; }
    }
}
