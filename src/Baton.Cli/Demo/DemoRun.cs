using Baton.Core;
using Baton.Core.Assist;
using Baton.Core.Audit;
using Baton.Core.Handoffs;
using Baton.Core.Policies;

namespace Baton.Cli.Demo;

/// <summary>Plays all scenarios at once on the virtual clock, shows each as it ends, and judges the whole by what the sandbox saw.</summary>
sealed class DemoRun(DemoWorld world, IReadOnlyList<Scenario> scenarios, int seed)
{
    static readonly TimeSpan BetweenStarts = TimeSpan.FromSeconds(11);

    public async Task<DemoSummary> PlayAsync(Action<DemoLine> line, Action<double> progress, CancellationToken ct)
    {
        var random = new Random(seed);
        var order = Enumerable.Range(0, scenarios.Count).ToArray();
        random.Shuffle(order);
        var done = 0;
        var playing = order.Select(async (which, place) =>
        {
            var startsAt = scenarios[which].StartsAt ?? (BetweenStarts * place) + TimeSpan.FromMilliseconds(random.Next(5000));
            var played = await new Player(world, scenarios[which], which, seed).PlayAsync(startsAt, ct);
            lock (order)
            {
                foreach (var one in DemoLines.Of(played, world.Time.GetUtcNow())) line(one);
                progress(++done / (double)scenarios.Count);
            }
            return played;
        }).ToList();
        world.Time.Start();
        var all = await Task.WhenAll(playing);
        var report = await AuditVerifier.VerifyAsync(world.Baton.Store, null, null, ct);
        var histories = new Dictionary<HandoffId, IReadOnlyList<HandoffStep>>();
        foreach (var handoff in all.SelectMany(p => p.Handoffs)) histories[handoff.Id] = await world.Baton.Store.HistoryAsync(handoff.Id, ct);
        var assist = await AssistReports.ReadAsync(world.Baton.Store, null, ct);
        return DemoSummary.Of(all, histories, world.Sandbox.Ledger, world.Baton.Center.Calls.Snapshot(), report) with { Assist = assist };
    }
}

/// <param name="Tone">How the line is colored where there are colors.</param>
sealed record DemoLine(string Text, string Tone);

static class DemoLines
{
    /// <summary>A line a handoff, or one for a conversation that had none.</summary>
    public static IEnumerable<DemoLine> Of(Played played, DateTimeOffset now)
    {
        var head = $"{now:HH:mm:ss}  {played.Scenario.Name,-40}";
        if (played.Handoffs.Count == 0)
            return [played.Decision == DecisionOutcome.Refused ? new($"{head} refused ({played.Reason}), stays with the bot", "yellow") : new($"{head} stays with the bot", "grey")];
        return [.. played.Handoffs.Select(h => new DemoLine($"{head} {Of(h)}", h.State switch { HandoffState.Completed => "green", HandoffState.Failed => "red", _ => "yellow" })),
            .. played.Visits.SelectMany(v => v.Seen).Select(s => new DemoLine($"            suggested: {s.Title} ({s.Score:0.00}, {string.Join(" + ", s.Sources)}), {s.Did}", "grey"))];
    }

    static string Of(Handoff h)
    {
        var why = h.Origin.Reasons.Count > 0 ? h.Origin.Reasons[0].Code : h.Origin.By;
        return h.State switch
        {
            HandoffState.Completed => $"{why} -> {h.QueueName}, agent after {Seconds(h.AgentAt - h.RequestedAt)}",
            HandoffState.Abandoned => $"{why} -> {h.QueueName}, customer left after {Seconds(h.EndedAt - h.RequestedAt)}",
            _ => $"{why}, {h.State} ({h.Failure})",
        };
    }

    public static string Seconds(TimeSpan? span) => span is { } s ? $"{s.TotalSeconds:0.0} s" : "-";
}
