using Baton.Core;
using Baton.Core.Deliveries;
using Baton.Core.Handoffs;
using Baton.Server;
using Baton.Storage.Sqlite;

namespace Baton.Cli;

/// <summary>
/// Waits for a handoff. A store with an owner is left to it: the row is there, the owner's runner takes it. Without one this process is the owner for as long as it waits.
/// </summary>
sealed class HandoffProgress(BatonSystem system, Out output)
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan ForDeliveries = TimeSpan.FromSeconds(5);
    int shown;
    bool saidPaused;

    public async Task<Handoff> WaitAsync(HandoffId id, Func<Handoff, bool> until, CancellationToken ct)
    {
        var me = OwnerProcess.Me(null);
        if (await system.Store.TakeOwnershipAsync(me, ct) is { } owner)
        {
            output.Line($"Process {owner.Process} runs the handoffs of this store; waiting for it.");
            return await WatchAsync(id, until, ct);
        }
        using var stop = new CancellationTokenSource();
        var runner = system.Runner.RunAsync(stop.Token, ct);
        var deliveries = system.Deliveries.RunAsync(stop.Token, ct);
        try
        {
            var handoff = await WatchAsync(id, until, ct);
            await TellAsync(handoff.ConversationId, ct);
            return handoff;
        }
        finally
        {
            await stop.CancelAsync();
            await runner;
            await deliveries;
            await system.Store.GiveUpOwnershipAsync(me, CancellationToken.None);
        }
    }

    async Task<Handoff> WatchAsync(HandoffId id, Func<Handoff, bool> until, CancellationToken ct)
    {
        while (true)
        {
            var handoff = await system.Store.FindHandoffAsync(id, ct) ?? throw new IOException($"Handoff {id} is not in the store any more.");
            await ShowAsync(id, ct);
            if (handoff.State == HandoffState.Requested) await SayPausedAsync(ct);
            if (until(handoff)) return handoff;
            await Task.Delay(Look, system.Time, ct);
        }
    }

    /// <summary>Waits a moment for what is to be told to other systems, and says what has not got through: the next runner goes on with it.</summary>
    async Task TellAsync(string conversationId, CancellationToken ct)
    {
        if (system.Settings.Deliveries.Targets.Count == 0) return;
        var until = system.Time.GetUtcNow() + ForDeliveries;
        while (true)
        {
            var pending = await system.Store.ListDeliveriesAsync(new DeliveryFilter { ConversationId = conversationId, State = DeliveryState.Pending }, ct);
            if (pending.All(d => d.Attempts > 0) || system.Time.GetUtcNow() >= until)
            {
                foreach (var late in pending) output.Line($"  {late.EventType} has not reached {late.Target} yet{(late.LastError is null ? "" : $" ({late.LastError.TrimEnd('.')})")}; 'baton serve' goes on trying, 'baton deliveries list' shows it.");
                return;
            }
            await Task.Delay(Look, system.Time, ct);
        }
    }

    async Task SayPausedAsync(CancellationToken ct)
    {
        if (saidPaused || await system.Store.PausedAsync(ct) is not { } pause) return;
        output.Line($"  Handoffs are paused by {pause.By}{(pause.Why is null ? "" : $" ({pause.Why})")}: it begins with 'baton resume'. Ctrl+C leaves the request in the table.");
        saidPaused = true;
    }

    async Task ShowAsync(HandoffId id, CancellationToken ct)
    {
        var history = await system.Store.HistoryAsync(id, ct);
        foreach (var step in history.Skip(shown)) output.Line($"  {step.At:HH:mm:ss.fff}  {step.State,-12} {step.What}{(step.Note is null ? "" : $": {step.Note}")}");
        shown = history.Count;
    }
}
