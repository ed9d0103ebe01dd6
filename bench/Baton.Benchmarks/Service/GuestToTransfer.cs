using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using Baton.Benchmarks.Speed;
using Baton.Core.Access;
using Baton.Genesys;
using Baton.Sandbox;
using Baton.Server;
using Microsoft.Extensions.Logging.Abstractions;

namespace Baton.Benchmarks.Service;

/// <summary>
/// A guest writes over web messaging that a person is wanted; the bot's data action tells the turn; Baton decides, briefs and transfers. From the frame's sending to the sending of the transfer, without what the
/// platform took: the time until the message was there, and every call to it before the transfer. The platform, its guest and Baton are one process on the same cores.
/// </summary>
static class GuestToTransfer
{
    const string Secret = "the-secret-of-the-benchmark";
    const int WarmUps = 30;

    public static async Task<IReadOnlyList<Figure>> RunAsync(int guests, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("baton-guest-");
        try
        {
            var port = FreePort();
            await using var sandbox = await GenesysSandbox.StartAsync(new SandboxOptions { SeedOrganization = false, CallsPerMinute = 1_000_000, EventTargets = [new Uri($"http://127.0.0.1:{port}/v1/events/genesys")] }, ct);
            var organization = sandbox.Organization;
            organization.AddQueue("Support");
            organization.AddOAuthClient("baton", Secret);
            organization.AddAgent("Sam", ["Support"], [], new AgentBehavior { AcceptAfter = TimeSpan.FromHours(1), Capacity = 100_000 });
            var deployment = organization.AddDeployment("Shop").Id;
            using var wire = new CallClock(new SocketsHttpHandler());
            var settings = new BatonSettings
            {
                StorePath = Path.Combine(folder.FullName, "baton.db"),
                Url = $"http://127.0.0.1:{port}",
                Access = new AccessSettings { Auth = ServerAuth.Open, RequestsPerMinute = 1_000_000 },
                Genesys = new GenesysOptions { ApiBaseUrl = sandbox.ApiBaseUrl.ToString(), LoginBaseUrl = sandbox.LoginBaseUrl.ToString(), Clients = [new OAuthClientOptions("baton", Secret)], CallsPerMinute = 100_000 },
            };
            await using var system = await BatonSystem.OpenAsync(settings, new BatonSystem.Parts(TimeProvider.System, new Random(1), NullLoggerFactory.Instance) { Network = wire }, ct);
            await using var server = await BatonServer.StartAsync(system, null, notifications: true, ct);
            using var bot = new HttpClient(new SocketsHttpHandler()) { BaseAddress = server.Address };
            List<double> own = [], whole = [], calls = [];
            for (var guest = 0; guest < guests + WarmUps; guest++)
            {
                var one = await OneAsync(sandbox, deployment, bot, wire, ct);
                if (guest < WarmUps) continue;
                own.Add(one.Own);
                whole.Add(one.Whole);
                calls.Add(one.Calls);
            }
            var p95 = Rounds.Percentile(own, 0.95);
            return
            [
                new Figure("guest's message to transfer POST, Baton's own, p50", Rounds.Median(own), "ms", "with the platform's part, ms", Rounds.Median(whole)),
                new Figure("guest's message to transfer POST, Baton's own, p95", p95, "ms", "with the platform's part, ms", Rounds.Percentile(whole, 0.95), "< 100 ms", p95 < 100),
                new Figure("calls to the platform before the transfer", calls.Average(), "each"),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static async Task<(double Own, double Whole, int Calls)> OneAsync(GenesysSandbox sandbox, string deployment, HttpClient bot, CallClock wire, CancellationToken ct)
    {
        var token = Guid.NewGuid().ToString();
        using var page = new ClientWebSocket();
        page.Options.SetRequestHeader("Origin", "https://shop.example");
        await page.ConnectAsync(new Uri($"ws://{sandbox.ApiBaseUrl.Authority}/v1?deploymentId={deployment}"), ct);
        await SendAsync(page, $$"""{"action":"configureSession","token":"{{token}}","deploymentId":"{{deployment}}","startNew":false}""", ct);
        var reading = DrainAsync(page, ct);
        // The first message opens the conversation; its events come in before the second.
        var hello = $"Hello {token}";
        var after = sandbox.Ledger.Entries.Count;
        await SendAsync(page, Message(token, hello), ct);
        var opened = await sandbox.Ledger.WaitForAsync(e => e.Kind == LedgerKind.MessageSent && e.Text == hello, after, ct);
        var conversation = opened.ConversationId!;
        await TellAsync(bot, conversation, "t1", hello, ct);
        while (sandbox.EventsUnderway > 0) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ct);

        var wish = $"You do not understand me. Let me talk to a human. {token}";
        after = sandbox.Ledger.Entries.Count;
        var began = Stopwatch.GetTimestamp();
        await SendAsync(page, Message(token, wish), ct);
        await sandbox.Ledger.WaitForAsync(e => e.Kind == LedgerKind.MessageSent && e.Text == wish, after, ct);
        var there = Stopwatch.GetElapsedTime(began);
        await TellAsync(bot, conversation, "t2", wish, ct);
        var (sentAt, spent, calls) = await wire.TransferOfAsync(conversation).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, ct);
        var all = Stopwatch.GetElapsedTime(began, sentAt);
        await page.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, ct);
        await reading;
        return ((all - there - spent).TotalMilliseconds, all.TotalMilliseconds, calls);
    }

    static string Message(string token, string text) => $$$"""{"action":"onMessage","token":"{{{token}}}","message":{"type":"Text","text":"{{{text}}}"}}""";

    static Task SendAsync(ClientWebSocket page, string text, CancellationToken ct) => page.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, ct);

    static async Task DrainAsync(ClientWebSocket page, CancellationToken ct)
    {
        var buffer = new byte[64 * 1024];
        while ((await page.ReceiveAsync(buffer.AsMemory(), ct)).MessageType != WebSocketMessageType.Close) { }
    }

    static async Task TellAsync(HttpClient bot, string conversation, string id, string text, CancellationToken ct)
    {
        var body = new { turns = new[] { new { id, from = "customer", text, at = TimeProvider.System.GetUtcNow() } } };
        using var reply = await bot.PostAsJsonAsync($"v1/conversations/{conversation}/turns", body, ct);
        reply.EnsureSuccessStatusCode();
    }

    static int FreePort()
    {
        using var socket = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        socket.Start();
        return ((System.Net.IPEndPoint)socket.LocalEndpoint).Port;
    }

    /// <summary>How long each call took, by the conversation in its path, until the conversation's transfer is sent.</summary>
    sealed class CallClock(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        readonly ConcurrentDictionary<string, (TimeSpan Spent, int Calls)> spent = new();
        readonly ConcurrentDictionary<string, TaskCompletionSource<(long SentAt, TimeSpan Spent, int Calls)>> transfers = new();

        public Task<(long SentAt, TimeSpan Spent, int Calls)> TransferOfAsync(string conversation) => Transfer(conversation).Task;

        TaskCompletionSource<(long, TimeSpan, int)> Transfer(string conversation) => transfers.GetOrAdd(conversation, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var began = Stopwatch.GetTimestamp();
            var parts = request.RequestUri!.AbsolutePath.Split('/');
            var conversation = Array.IndexOf(parts, "conversations") is >= 0 and var at && at + 1 < parts.Length ? parts[at + 1] : "";
            if (request.RequestUri.AbsolutePath.EndsWith("/replace/queue", StringComparison.Ordinal) && Transfer(conversation) is { Task.IsCompleted: false } transfer)
            {
                var (took, calls) = spent.GetValueOrDefault(conversation);
                transfer.TrySetResult((began, took, calls));
            }
            var response = await base.SendAsync(request, cancellationToken);
            // Its body too: reading it is waiting for the platform.
            await response.Content.LoadIntoBufferAsync(cancellationToken);
            if (request.RequestUri.AbsolutePath.Contains("routing/queues", StringComparison.Ordinal) || conversation.Length == 0) return response;
            spent.AddOrUpdate(conversation, (Stopwatch.GetElapsedTime(began), 1), (_, known) => (known.Spent + Stopwatch.GetElapsedTime(began), known.Calls + 1));
            return response;
        }
    }
}
