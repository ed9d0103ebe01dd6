using System.Text;
using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Guide;

/// <summary>
/// Row 004 b of the contract: the callbacks of a suggestions query, one after the other. Each is posted until it is taken with a 2xx within five seconds,
/// and given up after three repetitions. Waiting, also for the receiver, is on the sandbox's clock.
/// </summary>
sealed class SuggestionDesk(World world) : IDisposable
{
    /// <summary>What event faults match callbacks by.</summary>
    public const string Topic = "agentassist.suggestions.callback";
    const int Repetitions = 3;
    static readonly TimeSpan TakenWithin = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false }, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    readonly CancellationTokenSource closing = new();
    int underway;

    public int Underway => Volatile.Read(ref underway);

    /// <summary>The task is over before the query may be answered: at once, or when a callback that overtakes the answer was taken or refused.</summary>
    internal Task PromiseAsync(Conversation conversation, Callback callback, string queryPath)
    {
        var struck = world.Faults.DrawForMaking(conversation.Id, inCallback: true, queryPath, Topic);
        world.NoteFaults(struck, conversation.Id);
        var bodies = Statuses(conversation, struck).SelectMany(status => Struck(conversation, callback.Body(status))).ToList();
        if (struck.Any(f => f.Kind == FaultKind.SuggestionsTwice)) bodies = [.. bodies.SelectMany(b => (string[])[b, b])];
        if (bodies.Count == 0) return Task.CompletedTask;
        if (struck.Any(f => f.Kind == FaultKind.CallbackOvertakes))
        {
            var tried = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Start(conversation, callback, bodies, tried);
            return tried.Task;
        }
        var late = TimeSpan.FromMilliseconds(struck.FirstOrDefault(f => f.Kind == FaultKind.SuggestionsLate)?.Milliseconds ?? 0);
        world.Agenda.After((conversation.Quirks.CallbackDelay ?? world.Options.SuggestionDelay) + late, () => Start(conversation, callback, bodies, new()));
        return Task.CompletedTask;
    }

    static IEnumerable<string> Statuses(Conversation conversation, IReadOnlyList<Fault> struck)
    {
        var statuses = conversation.Quirks.CallbackStatuses;
        if (struck.Any(f => f.Kind == FaultKind.SuggestionsNever)) return [];
        if (struck.Any(f => f.Kind == FaultKind.SuggestionsFailed)) statuses = [.. statuses.Select(s => s == "completed" ? "failed" : s)];
        return struck.Any(f => f.Kind == FaultKind.CallbackProcessingFirst) ? statuses.Prepend("processing") : statuses;
    }

    IEnumerable<string> Struck(Conversation conversation, string body)
    {
        var faults = world.Faults.DrawForEvent(Topic, conversation.Id);
        if (faults.Any(f => f.Kind == FaultKind.EventDropped)) return [];
        return faults.Any(f => f.Kind == FaultKind.EventDuplicated) ? [body, body] : [body];
    }

    void Start(Conversation conversation, Callback callback, List<string> bodies, TaskCompletionSource tried)
    {
        Interlocked.Increment(ref underway);
        _ = Task.Run(() => DeliverAsync(conversation, callback, bodies, tried));
    }

    async Task DeliverAsync(Conversation conversation, Callback callback, List<string> bodies, TaskCompletionSource tried)
    {
        try
        {
            foreach (var body in bodies) await DeliverAsync(conversation, callback, body, tried);
            Interlocked.Decrement(ref underway);
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            // The sandbox closes; what was not taken is lost with it.
        }
        finally
        {
            tried.TrySetResult();
        }
    }

    async Task DeliverAsync(Conversation conversation, Callback callback, string body, TaskCompletionSource tried)
    {
        for (var repetition = 0; ; repetition++)
        {
            var status = await PostAsync(callback.Address, body);
            lock (world.Gate) world.Ledger.Append(new() { Kind = LedgerKind.CallbackPosted, ConversationId = conversation.Id, Status = status, Detail = callback.RequestId });
            tried.TrySetResult();
            if (status is >= 200 and < 300 || repetition == Repetitions) return;
            await world.Agenda.PauseAsync(Pause, () => Interlocked.Decrement(ref underway), () => Interlocked.Increment(ref underway), closing.Token);
        }
    }

    /// <summary>0 when nobody answered in time.</summary>
    async Task<int> PostAsync(Uri address, string body)
    {
        using var late = new CancellationTokenSource(TakenWithin, world.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, closing.Token);
        try
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await http.PostAsync(address, content, either.Token);
            return (int)response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
        catch (OperationCanceledException) when (!closing.IsCancellationRequested)
        {
            return 0;
        }
    }

    public void Dispose()
    {
        closing.Cancel();
        http.Dispose();
        closing.Dispose();
    }
}

/// <param name="Suggestions">As they are posted once it is completed.</param>
sealed record Callback(string RequestId, Uri Address, JsonArray Suggestions)
{
    public string Body(string status) =>
        Json.Object(("id", RequestId), ("status", status), ("suggestions", status == "completed" ? Suggestions.DeepClone() : new JsonArray())).ToJsonString();
}
