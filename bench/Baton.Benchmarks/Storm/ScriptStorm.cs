using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Baton.Sandbox;

namespace Baton.Benchmarks.Storm;

/// <summary>The loops that the guides print, and the official SDK's default, written here for comparison: all handoffs at once, each a script of its own.</summary>
sealed class ScriptStorm(StormWorld world) : IDisposable
{
    static readonly TimeSpan Usual = TimeSpan.FromSeconds(2);

    // A loop without limit may never get anywhere; what is not done by then is reported as not done.
    static readonly TimeSpan LongEnough = TimeSpan.FromHours(1);

    readonly HttpMessageInvoker http = new(world.Network, disposeHandler: false);
    AuthenticationHeaderValue? token;

    public async Task<StormReport> RunAsync(CancellationToken ct)
    {
        world.Begin();
        token = await LogInAsync(ct);
        using var late = new CancellationTokenSource(LongEnough, world.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        try { await Task.WhenAll(world.Conversations.Select(c => Task.Run(() => HandOffAsync(c, either.Token), ct))); }
        catch (OperationCanceledException) when (late.IsCancellationRequested) { }
        // A transfer that others see a little later.
        await Task.Delay(TimeSpan.FromSeconds(5), world.Time, ct);
        return world.Judge();
    }

    Task HandOffAsync(StartedConversation c, CancellationToken ct) => world.Options.Client switch
    {
        StormClient.Guide000 => Guide000Async(c, ct),
        StormClient.Guide003 => Guide003Async(c, ct),
        _ => SdkDefaultAsync(c, ct),
    };

    async Task Guide000Async(StartedConversation c, CancellationToken ct)
    {
        await UntilNot429Async(() => GetAsync($"conversations/{c.ConversationId}/events?pageSize=250", ct), ct);
        while (true)
        {
            using var queue = await GetAsync($"routing/queues/{world.QueueId}", ct);
            if (await WaitedAsync(queue, ct)) continue;
            using var members = await GetAsync($"routing/queues/{world.QueueId}/members?pageSize=100", ct);
            // The function calls itself: both calls are made again.
            if (!await WaitedAsync(members, ct)) break;
        }
        await UntilNot429Async(() => TransferAsync(c, ct), ct);
    }

    async Task Guide003Async(StartedConversation c, CancellationToken ct)
    {
        using var metric = await PostAsync("analytics/conversations/details/query", new JsonObject
        {
            ["dateRange"] = new JsonObject { ["startDate"] = "2026-03-02T00:00:00Z", ["endDate"] = "2026-03-02T23:59:59Z" },
            ["groupBy"] = new JsonArray("conversationId"),
            ["view"] = "conversationDetails",
            ["filter"] = new JsonObject { ["type"] = "webchat", ["conversationId"] = c.ConversationId },
            ["pageSize"] = 10,
        }, ct);
        if (!metric.IsSuccessStatusCode) return;
        using var guest = await GetAsync($"conversations/guests/{c.GuestId}", ct);
        if (!guest.IsSuccessStatusCode) return;
        for (var attempt = 0; attempt <= 3; attempt++)
        {
            using var reply = await PostAsync($"routing/conversations/queue/{world.QueueId}", new JsonObject
            {
                ["conversationId"] = c.ConversationId,
                ["welcomeMessage"] = "No prior conversation history available.",
                ["initialMessage"] = "Transferring to human support. Please wait.",
                ["priority"] = 5,
            }, ct);
            if (reply.StatusCode != HttpStatusCode.TooManyRequests || attempt == 3) return;
            await Task.Delay(TimeSpan.FromSeconds(2 << attempt), world.Time, ct);
        }
    }

    async Task SdkDefaultAsync(StartedConversation c, CancellationToken ct)
    {
        foreach (var call in (Func<Task<HttpResponseMessage>>[])[
            () => GetAsync($"conversations/{c.ConversationId}/events?pageSize=250", ct),
            () => GetAsync($"routing/queues/{world.QueueId}", ct),
            () => GetAsync($"routing/queues/{world.QueueId}/members?pageSize=100", ct),
            () => TransferAsync(c, ct)])
        {
            using var reply = await call();
            if (!reply.IsSuccessStatusCode) return;
        }
    }

    async Task UntilNot429Async(Func<Task<HttpResponseMessage>> call, CancellationToken ct)
    {
        while (true)
        {
            using var reply = await call();
            if (!await WaitedAsync(reply, ct)) return;
        }
    }

    /// <summary><c>time.sleep(float(e.headers.get("Retry-After", 2)))</c></summary>
    async Task<bool> WaitedAsync(HttpResponseMessage reply, CancellationToken ct)
    {
        if (reply.StatusCode != HttpStatusCode.TooManyRequests) return false;
        var told = reply.Headers.TryGetValues("Retry-After", out var values) ? TimeSpan.FromSeconds(double.Parse(values.First(), CultureInfo.InvariantCulture)) : Usual;
        await Task.Delay(told, world.Time, ct);
        return true;
    }

    Task<HttpResponseMessage> TransferAsync(StartedConversation c, CancellationToken ct) =>
        PostAsync($"conversations/{c.ConversationId}/participants/{c.WorkflowParticipantId}/transfer", new JsonObject { ["transferType"] = "queue", ["queueId"] = world.QueueId }, ct);

    Task<HttpResponseMessage> GetAsync(string path, CancellationToken ct) => SendAsync(new HttpRequestMessage(HttpMethod.Get, Url(path)), ct);

    Task<HttpResponseMessage> PostAsync(string path, JsonObject body, CancellationToken ct) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, Url(path)) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") }, ct);

    async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        using (request)
        {
            request.Headers.Authorization = token;
            var reply = await http.SendAsync(request, ct);
            // A script that is refused for a fault of ours would be a poor comparison.
            if (reply.IsSuccessStatusCode || reply.StatusCode == HttpStatusCode.TooManyRequests) return reply;
            throw new InvalidOperationException($"{request.Method} {request.RequestUri}: {(int)reply.StatusCode} {await reply.Content.ReadAsStringAsync(ct)}");
        }
    }

    async Task<AuthenticationHeaderValue> LogInAsync(CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(world.Sandbox.LoginBaseUrl + "/oauth/token")) { Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials")]) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.Latin1.GetBytes($"{StormWorld.Client}:{StormWorld.Secret}")));
        using var reply = await http.SendAsync(request, ct);
        return new AuthenticationHeaderValue("Bearer", JsonNode.Parse(await reply.Content.ReadAsStringAsync(ct))!["access_token"]!.GetValue<string>());
    }

    Uri Url(string path) => new($"{world.Sandbox.ApiBaseUrl}/api/v2/{path}");

    public void Dispose() => http.Dispose();
}
