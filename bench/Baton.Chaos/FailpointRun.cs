using Baton.Core.Audit;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Sandbox;
using Baton.Storage.Sqlite;

namespace Baton.Chaos;

/// <summary>
/// One handoff with all there is in it (briefing, message, nobody in the first queue, skills and priority in the second), once undisturbed to learn which points it passes,
/// then once for each of them with a kill there.
/// </summary>
sealed class FailpointRun(GenesysSandbox sandbox)
{
    const int AtOnce = 4;
    static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(5);
    const string StillLooking = "We are still looking for somebody.";

    static readonly HandoffPlan plan = new()
    {
        Steps = [new RouteStep { Queue = Clerk.Queue, MaxWait = TimeSpan.FromSeconds(1) }, new RouteStep { Queue = Clerk.SecondQueue, Skills = ["refunds"], Priority = 8 }],
        Messages = new HandoffMessages { Transferring = Clerk.Told, StillLooking = StillLooking },
    };

    public static async Task<FailpointReport> RunAsync(CancellationToken ct)
    {
        await using var sandbox = await Clerk.VendorAsync(1, fence: true, ct);
        var run = new FailpointRun(sandbox);
        var points = await run.PointsAsync(ct);
        using var places = new SemaphoreSlim(AtOnce);
        var outcomes = await Task.WhenAll(points.Select(async point =>
        {
            await places.WaitAsync(ct);
            try { return await run.KillAtAsync(point, ct); }
            finally { places.Release(); }
        }));
        return new FailpointReport(outcomes);
    }

    async Task<IReadOnlyList<string>> PointsAsync(CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("baton-failpoint-");
        try
        {
            var record = Path.Combine(folder.FullName, "points.txt");
            var handoff = await RequestAsync(folder, ct);
            using var worker = Start(folder, "--record", record);
            if (!await SettlesAsync(folder, handoff, ct)) throw new InvalidOperationException("The undisturbed handoff did not settle.");
            await worker.KillAsync();
            return [.. File.ReadLines(record).Distinct()];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    async Task<FailpointOutcome> KillAtAsync(string point, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("baton-failpoint-");
        try
        {
            var handoff = await RequestAsync(folder, ct);
            using (var doomed = Start(folder, "--failpoint", point))
            {
                var settled = SettlesAsync(folder, handoff, ct);
                // A point that lies after the last step is passed while it is followed.
                if (await Task.WhenAny(doomed.Gone, settled) == settled && !doomed.Gone.IsCompleted)
                {
                    await doomed.KillAsync();
                    return new FailpointOutcome(point, false, await WrongAsync(folder, handoff, ct));
                }
                await doomed.Gone;
                if (!doomed.WasKilled) return new FailpointOutcome(point, false, ["ended by itself"]);
            }
            using var survivor = Start(folder);
            var wrong = await SettlesAsync(folder, handoff, ct) ? await WrongAsync(folder, handoff, ct) : ["stuck", .. await WrongAsync(folder, handoff, ct)];
            await survivor.KillAsync();
            return new FailpointOutcome(point, true, wrong);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    Victim Start(DirectoryInfo folder, params string[] more) => Victim.Start(["--strategy", nameof(Strategy.Baton), "--folder", folder.FullName, "--api", sandbox.ApiBaseUrl.ToString(), .. more]);

    async Task<Handoff> RequestAsync(DirectoryInfo folder, CancellationToken ct)
    {
        await using var store = await SqliteStore.OpenAsync(Clerk.Store(folder.FullName), null, ct);
        var conversation = sandbox.Organization.StartConversation(new GuestProfile("Gina")).ConversationId;
        return (await store.StartHandoffAsync(Clerk.Request(conversation, plan), null, ct)).Handoff;
    }

    static async Task<bool> SettlesAsync(DirectoryInfo folder, Handoff handoff, CancellationToken ct)
    {
        await using var store = await SqliteStore.OpenAsync(Clerk.Store(folder.FullName), null, ct);
        var until = TimeProvider.System.GetUtcNow() + LongEnough;
        while (TimeProvider.System.GetUtcNow() < until)
        {
            if (await store.FindHandoffAsync(handoff.Id, ct) is { } now && Clerk.IsSettled(now)) return true;
            await Task.Delay(Glance, TimeProvider.System, ct);
        }
        return false;
    }

    async Task<IReadOnlyList<string>> WrongAsync(DirectoryInfo folder, Handoff handoff, CancellationToken ct)
    {
        await using var store = await SqliteStore.OpenAsync(Clerk.Store(folder.FullName), null, ct);
        var wrong = new List<string>();
        var ended = (await store.FindHandoffAsync(handoff.Id, ct))!;
        if (ended.State != HandoffState.Queued) wrong.Add($"{ended.State}: {ended.FailureSentence}");
        var queues = sandbox.Ledger.TransfersApplied(handoff.ConversationId).Select(t => sandbox.Organization.Queues.Single(q => q.Id == t.QueueId).Name).ToList();
        if (!queues.SequenceEqual([Clerk.Queue, Clerk.SecondQueue])) wrong.Add($"transferred to {string.Join(", ", queues)}");
        var told = sandbox.Ledger.MessagesTo(handoff.ConversationId).Where(m => m.From == "api").Select(m => m.Text).ToList();
        if (told.Count(t => t == Clerk.Told) != 1 || told.Count(t => t == StillLooking) != 1) wrong.Add($"told {string.Join(" | ", told)}");
        if (!sandbox.Organization.Conversation(handoff.ConversationId).Customer.Attributes.ContainsKey("baton.handoffId")) wrong.Add("not briefed");
        var audit = await AuditVerifier.VerifyAsync(store, null, null, ct);
        if (!audit.IsSound) wrong.Add($"audit: {audit.Problems.Count} problems");
        return wrong;
    }
}
