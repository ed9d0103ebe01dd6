using Baton.Core;
using Baton.Core.Audit;
using Baton.Core.Handoffs;
using Baton.Sandbox;
using Baton.Storage.Sqlite;

namespace Baton.Chaos;

/// <summary>Many handoffs, many kills, one vendor that answers late, wrongly or not at all. Real time, real processes; the truth is the vendor's ledger.</summary>
sealed class ChaosRun(ChaosOptions options)
{
    const string Transfers = "/api/v2/conversations/*/participants/*/replace/queue";
    static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(10);

    readonly Random random = new(options.Seed);
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("baton-chaos-");

    public async Task<ChaosReport> RunAsync(CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        await using var sandbox = await Clerk.VendorAsync(options.Seed, options.Fence, ct);
        Trouble(sandbox);
        var conversations = Enumerable.Range(0, options.Handoffs).Select(n => sandbox.Organization.StartConversation(new GuestProfile($"Guest {n}")).ConversationId).ToList();
        var report = new ChaosReport(options);
        try
        {
            await PrepareAsync(sandbox, conversations, ct);
            var (restarts, struck) = await KillAsync(sandbox, ct);
            await FinishAsync(sandbox, ct);
            report = Judge(report with { Restarts = restarts, Struck = struck }, sandbox, conversations);
            return await WithStoreAsync(report, ct) with { Seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The mix of faults that was measured beforehand: refused, done and not answered, done and refused, done late.</summary>
    void Trouble(GenesysSandbox sandbox)
    {
        sandbox.Faults.Add(new Fault { Kind = FaultKind.Status, Path = Transfers, Probability = 0.02, Status = 503 });
        sandbox.Faults.Add(new Fault { Kind = FaultKind.ConnectionResetAfterApply, Path = Transfers, Probability = 0.03 });
        sandbox.Faults.Add(new Fault { Kind = FaultKind.StatusAfterApply, Path = Transfers, Probability = 0.02, Status = 503 });
        sandbox.Faults.Add(new Fault { Kind = FaultKind.ApplyLate, Path = Transfers, Probability = options.Late, Milliseconds = options.LateMilliseconds });
        if (options.StaleMilliseconds > 0) sandbox.Faults.Add(new Fault { Kind = FaultKind.StaleParticipants, Path = "/api/v2/conversations/*", Method = "GET", Probability = 0.2, Milliseconds = options.StaleMilliseconds });
    }

    async Task PrepareAsync(GenesysSandbox sandbox, List<string> conversations, CancellationToken ct)
    {
        if (options.Strategy == Strategy.Baton)
        {
            await using var store = await SqliteStore.OpenAsync(Clerk.Store(folder.FullName), null, ct);
            await Task.WhenAll(conversations.Select(c => store.StartHandoffAsync(Clerk.Request(c, Clerk.Plan), null, ct)));
            return;
        }
        await File.WriteAllLinesAsync(Path.Combine(folder.FullName, "conversations.txt"), conversations, ct);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "queue.txt"), sandbox.Organization.Queues.Single(q => q.Name == Clerk.Queue).Id, ct);
    }

    Victim Start(GenesysSandbox sandbox) => Victim.Start("--strategy", options.Strategy.ToString(), "--folder", folder.FullName, "--api", sandbox.ApiBaseUrl.ToString());

    async Task<(IReadOnlyList<double> Restarts, int Struck)> KillAsync(GenesysSandbox sandbox, CancellationToken ct)
    {
        var restarts = new List<double>();
        var struck = 0;
        for (var kill = 0; kill < options.Kills; kill++)
        {
            var began = TimeProvider.System.GetTimestamp();
            using var victim = Start(sandbox);
            await victim.Ready.WaitAsync(LongEnough, TimeProvider.System, ct);
            restarts.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20, 420)), TimeProvider.System, ct);
            // What is left to do by the vendor's ledger.
            var isOpen = sandbox.Ledger.Of(LedgerKind.TransferApplied).Select(e => e.ConversationId).Distinct().Count() < options.Handoffs;
            if (isOpen && !victim.IsGone) struck++;
            await victim.KillAsync();
        }
        return (restarts, struck);
    }

    async Task FinishAsync(GenesysSandbox sandbox, CancellationToken ct)
    {
        using var last = Start(sandbox);
        if (options.Strategy != Strategy.Baton)
        {
            await last.Gone.WaitAsync(LongEnough, TimeProvider.System, ct);
            // What the vendor still has up its sleeve.
            await Task.Delay(TimeSpan.FromMilliseconds(options.LateMilliseconds + 1000), TimeProvider.System, ct);
            return;
        }
        await using var store = await SqliteStore.OpenAsync(Clerk.Store(folder.FullName), null, ct);
        var until = TimeProvider.System.GetUtcNow() + LongEnough;
        while (TimeProvider.System.GetUtcNow() < until && !await IsSettledAsync(store, ct)) await Task.Delay(Glance, TimeProvider.System, ct);
        await Task.Delay(TimeSpan.FromMilliseconds(options.LateMilliseconds + 1000), TimeProvider.System, ct);
        await last.KillAsync();
    }

    static async Task<bool> IsSettledAsync(SqliteStore store, CancellationToken ct)
    {
        foreach (var state in (HandoffState[])[HandoffState.Requested, HandoffState.Transferring])
            if ((await store.ListHandoffsAsync(new HandoffFilter { State = state, LiveOnly = true, Limit = 1 }, ct)).Count > 0) return false;
        return (await store.ListHandoffsAsync(new HandoffFilter { Limit = int.MaxValue }, ct)).All(Clerk.IsSettled);
    }

    static ChaosReport Judge(ChaosReport report, GenesysSandbox sandbox, List<string> conversations)
    {
        var applied = sandbox.Ledger.Of(LedgerKind.TransferApplied).GroupBy(e => e.ConversationId!).ToDictionary(g => g.Key, g => g.Count());
        var told = sandbox.Ledger.Of(LedgerKind.MessageSent).Where(e => e.Text == Clerk.Told).GroupBy(e => e.ConversationId!).ToDictionary(g => g.Key, g => g.Count());
        return report with
        {
            Lost = conversations.Count(c => !applied.ContainsKey(c)),
            Doubled = applied.Values.Count(n => n > 1),
            ExtraTransfers = applied.Values.Sum(n => n - 1),
            ToldTwice = told.Values.Count(n => n > 1),
            RefusedByTheFence = sandbox.Ledger.Requests().Count(r => r.Route!.EndsWith("/replace/queue", StringComparison.Ordinal) && r.Status == 400)
                + sandbox.Ledger.Of(LedgerKind.TransferFailed).Count(f => f.Detail == "the leg has already left"),
            Faults = sandbox.Ledger.Of(LedgerKind.FaultInjected).GroupBy(f => f.Detail ?? "").ToDictionary(g => g.Key, g => g.Count()),
            Requests = sandbox.Ledger.Requests().Count,
        };
    }

    async Task<ChaosReport> WithStoreAsync(ChaosReport report, CancellationToken ct)
    {
        if (options.Strategy != Strategy.Baton) return report;
        await using var store = await SqliteStore.OpenAsync(Clerk.Store(folder.FullName), null, ct);
        var audit = await AuditVerifier.VerifyAsync(store, null, null, ct);
        var handoffs = await store.ListHandoffsAsync(new HandoffFilter { Limit = int.MaxValue }, ct);
        var astray = new List<string>();
        foreach (var h in handoffs.Where(h => h.State != HandoffState.Queued).Take(5))
            astray.Add($"{h.State}: {h.FailureSentence} ({string.Join(", ", (await store.HistoryAsync(h.Id, ct)).Select(s => s.What))})");
        return report with
        {
            Astray = astray,
            Stuck = handoffs.Count(h => !Clerk.IsSettled(h)),
            NotQueued = handoffs.Count(h => h.State != HandoffState.Queued),
            SentAgain = handoffs.Count(h => h.Intent is { Attempt: > 1 }),
            AuditEntries = audit.Entries,
            AuditProblems = audit.Problems.Count,
        };
    }
}
