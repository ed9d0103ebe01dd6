using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Baton.Chaos.Strategies;

/// <summary>
/// The two ways a script goes about it, on the same API, with the same 16 at once, under the same kills. What they write down is on disk before they go on, as Baton's is: the difference measured is the method.
/// </summary>
sealed class ScriptWorker(HttpClient http, Strategy strategy, Journal journal, string queue)
{
    const int AtOnce = 16;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static async Task RunAsync(Strategy strategy, string folder, string api, CancellationToken ct)
    {
        using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(api) };
        using var login = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials")]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "oauth/token") { Content = login };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String("chaos:chaos-secret"u8));
        using var signedIn = await http.SendAsync(request, ct);
        var token = (await signedIn.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("access_token").GetString();
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);

        using var journal = new Journal(Path.Combine(folder, "journal.txt"));
        var todo = new ConcurrentQueue<string>(File.ReadLines(Path.Combine(folder, "conversations.txt")).Where(id => !journal.IsDone(id)));
        var worker = new ScriptWorker(http, strategy, journal, await File.ReadAllTextAsync(Path.Combine(folder, "queue.txt"), ct));
        Console.Out.WriteLine(WorkerProcess.Ready);
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            while (!ct.IsCancellationRequested && todo.TryDequeue(out var id)) await worker.HandOffAsync(id, ct);
        }));
    }

    async Task HandOffAsync(string id, CancellationToken ct)
    {
        for (var doubtful = journal.IsBegun(id); ; doubtful = true)
        {
            try
            {
                if (strategy == Strategy.NoSettle)
                {
                    if (doubtful && await IsThereAsync(id, ct)) break;
                    journal.Begin(id);
                }
                // The leg is looked up anew each time, as scripts do.
                var leg = await LegAsync(id, ct);
                using var body = JsonContent.Create(new { queueId = queue, transferType = "Unattended" });
                using var reply = await http.PostAsync(new Uri($"api/v2/conversations/{id}/participants/{leg}/replace/queue", UriKind.Relative), body, ct);
                if (reply.IsSuccessStatusCode) break;
                // The vendor says that it cannot be done any more: somebody has done it.
                if (reply.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.Conflict) break;
            }
            catch (Exception e) when (e is HttpRequestException or IOException && !ct.IsCancellationRequested) { /* Once more. */ }
            await Task.Delay(Pause, TimeProvider.System, ct);
        }
        journal.Done(id);
    }

    async Task<bool> IsThereAsync(string id, CancellationToken ct) =>
        (await ParticipantsAsync(id, ct)).Any(p => p.GetProperty("purpose").GetString() == "acd" && p.TryGetProperty("queueId", out var q) && q.GetString() == queue);

    async Task<string> LegAsync(string id, CancellationToken ct) =>
        (await ParticipantsAsync(id, ct)).Last(p => p.GetProperty("purpose").GetString() != "customer" && (!p.TryGetProperty("endTime", out var end) || end.ValueKind == JsonValueKind.Null)).GetProperty("id").GetString()!;

    async Task<IEnumerable<JsonElement>> ParticipantsAsync(string id, CancellationToken ct) =>
        (await http.GetFromJsonAsync<JsonElement>(new Uri($"api/v2/conversations/{id}", UriKind.Relative), ct)).GetProperty("participants").EnumerateArray().ToList();
}
