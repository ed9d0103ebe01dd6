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
    const string Topic = "agentassist.suggestions.callback";
    const int Repetitions = 3;
    static readonly TimeSpan TakenWithin = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly HttpClient http = new(new SocketsHttpHandler(), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    readonly CancellationTokenSource closing = new();
    int underway;

    public int Underway => Volatile.Read(ref underway);

    public void Promise(Conversation conversation, string requestId, Uri address, IReadOnlyList<Suggestion> suggestions)
    {
        var bodies = conversation.Quirks.CallbackStatuses.SelectMany(status => Struck(conversation, Body(requestId, status, suggestions))).ToList();
        if (bodies.Count == 0) return;
        world.Agenda.After(world.Options.SuggestionDelay, () =>
        {
            Interlocked.Increment(ref underway);
            _ = Task.Run(() => DeliverAsync(conversation, requestId, address, bodies));
        });
    }

    static string Body(string requestId, string status, IReadOnlyList<Suggestion> suggestions) =>
        Json.Object(("id", requestId), ("status", status), ("suggestions", status == "completed" ? Json.Array(suggestions, s => s.Render()) : new JsonArray())).ToJsonString();

    IEnumerable<string> Struck(Conversation conversation, string body)
    {
        var faults = world.Faults.DrawForEvent(Topic, conversation.Id);
        if (faults.Any(f => f.Kind == FaultKind.EventDropped)) return [];
        return faults.Any(f => f.Kind == FaultKind.EventDuplicated) ? [body, body] : [body];
    }

    async Task DeliverAsync(Conversation conversation, string requestId, Uri address, List<string> bodies)
    {
        try
        {
            foreach (var body in bodies) await DeliverAsync(conversation, requestId, address, body);
            Interlocked.Decrement(ref underway);
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            // The sandbox closes; what was not taken is lost with it.
        }
    }

    async Task DeliverAsync(Conversation conversation, string requestId, Uri address, string body)
    {
        for (var repetition = 0; ; repetition++)
        {
            var status = await PostAsync(address, body);
            lock (world.Gate) world.Ledger.Append(new() { Kind = LedgerKind.CallbackPosted, ConversationId = conversation.Id, Status = status, Detail = requestId });
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
