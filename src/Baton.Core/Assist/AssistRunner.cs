using Baton.Core.Deliveries;
using Baton.Core.Handoffs;
using Microsoft.Extensions.Logging;

namespace Baton.Core.Assist;

/// <summary>
/// What is to be done for suggestions without anybody asking: callbacks are ranked, requests nobody answered are given up, suggestions nobody used expire, and sources are told what
/// agents did. All of it is in the table; a process that dies leaves it there. Ranking twice is harmless: the version of the request decides whose result is kept.
/// </summary>
/// <param name="callbacks">Null where nobody ever calls back.</param>
/// <param name="poll">How long the table is left alone when nothing is due; other processes write into it too.</param>
public sealed partial class AssistRunner(IBatonStore store, AssistDesk desk, ISuggestionCallbacks? callbacks, TimeSpan poll, TimeProvider time, ILogger<AssistRunner> log)
{
    const int AtOnce = 64;
    const int MostForwards = 8;

    // Longer than telling a source takes.
    static readonly TimeSpan ForwardLease = TimeSpan.FromMinutes(1);

    /// <summary>Runs until stopped; what is under way then is finished, for as long as <paramref name="finish"/> allows.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken finish)
    {
        var troubled = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                // Asked for before the table is read: what is written in between is not slept through.
                using var idle = CancellationTokenSource.CreateLinkedTokenSource(stop);
                var signal = store.WaitForAssistAsync(idle.Token);
                if (await RunOnceAsync(finish) == 0) await WaitAsync(signal, stop);
                await idle.CancelAsync();
                troubled = 0;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
            catch (StoreException e)
            {
                StoreInTrouble(log, e.Message);
                await Task.Delay(HandoffPace.Retry(troubled++, default), time, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    /// <summary>Does what is due now, and answers how much that was.</summary>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        var done = 0;
        var now = time.GetUtcNow();
        // One whose question has not been written down long after its deadline was asked by a process that is gone.
        foreach (var callback in await store.CallbacksToRankAsync(now - desk.Options.Deadline - desk.Options.Deadline, AtOnce, ct))
        {
            if (await RankAsync(callback, ct)) done++;
        }
        foreach (var request in await store.OverdueAssistAsync(now, AtOnce, ct))
        {
            if (await store.CommitAssistAsync(request.TimedOut(now), ct)) done++;
        }
        foreach (var suggestion in await store.ExpiredSuggestionsAsync(now, AtOnce, ct))
        {
            if (await desk.EngageAsync(suggestion.Id, new Engagement(SuggestionState.Expired, null, now), ct) is { Outcome: EngageOutcome.Recorded }) done++;
        }
        var forwards = await store.ClaimForwardsAsync(now, now + ForwardLease, AtOnce, ct);
        await Task.WhenAll(forwards.Select(f => ForwardAsync(f, ct)));
        return done + forwards.Count;
    }

    async Task<bool> RankAsync(AssistCallback callback, CancellationToken ct)
    {
        if (callbacks is null || await store.FindAssistAsync(callback.RequestId, ct) is not { } request) return false;
        var now = time.GetUtcNow();
        var offered = await store.SuggestionsOfAsync(request.Id, ct);
        var found = callbacks.Read(callback.Body)?.Found ?? new SourceAnswer.Found([], 1, "it could not be read.");
        var (added, again) = await desk.OfferAsync(request, found.Candidates, offered, ct);
        var report = new SourceReport(callbacks.Source, found.Candidates.Count > 0 ? SourceState.Answered : SourceState.Empty, (callback.At - request.AskedAt).TotalMilliseconds, found.Candidates.Count, AssistDesk.Passed(found));
        // What an agent reads as the time of an answer is when it came, not when it was ranked.
        var timed = added.Select(s => s with { ResponseMilliseconds = report.Milliseconds }).ToList();
        if (!await store.CommitCallbackAsync(callback, request.CalledBack(callback.At, report, timed, again, now), ct)) return false;
        Ranked(log, request.Id, found.Candidates.Count, timed.Count);
        return true;
    }

    async Task ForwardAsync(ForwardedEngagement forwarded, CancellationToken ct)
    {
        var source = desk.Sources.FirstOrDefault(s => s.Name == forwarded.Suggestion.Source);
        string? error = null;
        DateTimeOffset? again = null;
        try
        {
            if (source is not null) await source.EngageAsync(forwarded.Suggestion, forwarded.Did, ct);
        }
        catch (ContactCenterException e)
        {
            error = e.Message;
            if (Failures.IsPassing(e.Kind) && forwarded.Attempts + 1 < MostForwards) again = e.NotBefore ?? time.GetUtcNow() + HandoffPace.Retry(forwarded.Attempts, default);
            else NotTold(log, forwarded.Suggestion.Id, forwarded.Suggestion.Source, e.Message);
        }
        await store.CommitForwardAsync(forwarded, time.GetUtcNow(), again, error, ct);
    }

    async Task WaitAsync(Task signal, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var until = await store.NextAssistDueAsync(ct) is { } due && due < now + poll ? due : now + poll;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var pause = Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((until - now).TotalMilliseconds))), time, over.Token);
        await Task.WhenAny(signal, pause);
        await over.CancelAsync();
    }

    [LoggerMessage(LogLevel.Information, "The callback of {RequestId} brought {Count} suggestions, {New} of them offered")]
    static partial void Ranked(ILogger log, AssistRequestId requestId, int count, int @new);

    [LoggerMessage(LogLevel.Warning, "{Source} was not told what an agent did with {SuggestionId}: {Why}")]
    static partial void NotTold(ILogger log, SuggestionId suggestionId, string source, string why);

    [LoggerMessage(LogLevel.Error, "The store is in trouble, callbacks wait: {Why}")]
    static partial void StoreInTrouble(ILogger log, string why);
}
