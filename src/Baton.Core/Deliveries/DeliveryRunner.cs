using Baton.Core.Handoffs;
using Microsoft.Extensions.Logging;

namespace Baton.Core.Deliveries;

/// <summary>
/// Empties the outbox: claims what is due for each receiver, sends it, commits what came of it. At least once: a process that dies after sending and before committing sends again, with the
/// same id, which is what receivers tell repetitions by. Each receiver has its own share of the sendings, so that one that hangs holds up none but its own.
/// </summary>
/// <param name="poll">How long the table is left alone when nothing is due; other processes write into it too.</param>
public sealed partial class DeliveryRunner(IDeliveryStore store, IOutboundPost post, IReadOnlyList<DeliveryTarget> targets, TimeSpan poll, TimeProvider time, Random random, ILogger<DeliveryRunner> log)
{
    /// <summary>At the same time, to one receiver.</summary>
    const int AtOnce = 8;

    // Longer than any one sending.
    static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    /// <summary>Runs until stopped; what is being sent then is finished, for as long as <paramref name="finish"/> allows.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken finish)
    {
        if (targets.Count == 0) return;
        var lines = targets.ToDictionary(t => t, _ => new List<Task>());
        var troubled = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                // Asked for before the table is read: what is written in between is not slept through.
                using var idle = CancellationTokenSource.CreateLinkedTokenSource(stop);
                var signal = store.WaitForDeliveriesAsync(idle.Token);
                var claimed = 0;
                foreach (var (target, line) in lines)
                {
                    line.RemoveAll(t => t.IsCompleted);
                    var room = AtOnce - line.Count;
                    if (room <= 0) continue;
                    foreach (var held in await store.ClaimDeliveriesAsync(target.Name, time.GetUtcNow(), Lease, room, finish))
                    {
                        claimed++;
                        line.Add(SendAsync(target, held, finish));
                    }
                }
                troubled = 0;
                // A receiver whose line is full is not waited for by the clock: its sendings end.
                if (claimed == 0) await WaitAsync(signal, [.. lines.Where(l => l.Value.Count < AtOnce).Select(l => l.Key.Name)], [.. lines.Values.SelectMany(l => l)], stop);
                await idle.CancelAsync();
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
            catch (StoreException e)
            {
                StoreInTrouble(log, e.Message);
                await Task.Delay(HandoffPace.Retry(troubled++, default), time, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
        await Task.WhenAll(lines.Values.SelectMany(l => l));
    }

    async Task WaitAsync(Task signal, IReadOnlyList<string> names, List<Task> sending, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var until = await store.NextDeliveryDueAsync(names, ct) is { } due && due < now + poll ? due : now + poll;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var pause = Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((until - now).TotalMilliseconds))), time, over.Token);
        await Task.WhenAny([signal, pause, .. sending]);
        await over.CancelAsync();
    }

    async Task SendAsync(DeliveryTarget target, LeasedDelivery held, CancellationToken ct)
    {
        try
        {
            var began = time.GetTimestamp();
            var reply = await post.PostAsync(target, held.Delivery, ct);
            var now = time.GetUtcNow();
            var next = held.Delivery.After(reply, now, Spread());
            var attempt = new DeliveryAttempt(now, reply.Status, reply.IsTaken ? null : reply.Sentence, time.GetElapsedTime(began).TotalMilliseconds);
            if (!await store.CommitDeliveryAsync(held, next, attempt, ct)) return;
            if (next.State == DeliveryState.Delivered) Delivered(log, next.EventType, next.Target, next.Id);
            else NotTaken(log, next.EventType, next.Target, next.Id, reply.Sentence, next.DueAt);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested) { }
        catch (StoreException e) { StoreInTrouble(log, e.Message); }
    }

    double Spread()
    {
        lock (random) return random.NextDouble();
    }

    [LoggerMessage(LogLevel.Information, "{EventType} delivered to {Target} ({Id})")]
    static partial void Delivered(ILogger log, string eventType, string target, string id);

    [LoggerMessage(LogLevel.Warning, "{EventType} not delivered to {Target} ({Id}): {Why} Next {DueAt:u}")]
    static partial void NotTaken(ILogger log, string eventType, string target, string id, string? why, DateTimeOffset? dueAt);

    [LoggerMessage(LogLevel.Error, "The store is in trouble, deliveries wait: {Why}")]
    static partial void StoreInTrouble(ILogger log, string why);
}
