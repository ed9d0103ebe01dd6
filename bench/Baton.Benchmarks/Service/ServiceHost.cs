using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Baton.Core;
using Baton.Core.Access;
using Baton.Core.Assist;
using Baton.Core.Conversations;
using Baton.Core.Deliveries;
using Baton.Genesys;
using Baton.Genesys.Events;
using Baton.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Baton.Benchmarks.Service;

/// <summary>
/// What is measured, as a process: <c>baton</c> is the server as it ships, on SQLite; <c>dictionary</c> reads, verifies and answers callbacks and events alike, and keeps them in memory.
/// It has neither the server's gate nor its limits nor its problem details, which makes it the quicker.
/// </summary>
static class ServiceHost
{
    public const string CallbackSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    public const string EventKey = "an-event-key-of-this-benchmark";
    static readonly UTF8Encoding utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static BatonSettings Settings(string storePath, GenesysFlavor flavor) => new()
    {
        StorePath = storePath,
        Url = "http://127.0.0.1:0",
        Policy = flavor == GenesysFlavor.Guide ? "gate" : "default",
        Access = new AccessSettings { RequestsPerMinute = 10_000_000, EventKey = EventKey },
        // Nobody is called: what is measured ends at the store.
        Genesys = new GenesysOptions { Flavor = flavor, ApiBaseUrl = "http://127.0.0.1:9", LoginBaseUrl = "http://127.0.0.1:9", Clients = [new OAuthClientOptions("nobody", "nothing")] },
        Assist = new AssistSettings { CallbackSecrets = [WebhookSecret.Parse(CallbackSecret)!] },
    };

    public static async Task ServeAsync(string kind, string storePath, CancellationToken ct)
    {
        if (kind == "dictionary")
        {
            await using var app = Partner();
            await app.StartAsync(ct);
            Console.Out.WriteLine($"{app.Urls.First()} none");
            await ListenAsync(ct);
            return;
        }
        var settings = Settings(storePath, kind == "guide" ? GenesysFlavor.Guide : GenesysFlavor.Platform);
        // Who looks at the pages needs no key here: that is measured with the turns.
        if (kind == "console") settings = settings with { Access = settings.Access with { Auth = ServerAuth.Open } };
        await using var system = await BatonSystem.OpenAsync(settings, new BatonSystem.Parts(TimeProvider.System, new Random(1), NullLoggerFactory.Instance), ct);
        var (key, token) = ApiKey.New("bench", Role.Bot, TimeProvider.System.GetUtcNow());
        await system.Store.CreateKeyAsync(key, "bench", ct);
        await using var server = await BatonServer.StartAsync(system, null, ct);
        Console.Out.WriteLine($"{server.Address} {token}");
        await ListenAsync(ct);
    }

    // Until whoever started it is gone.
    static async Task ListenAsync(CancellationToken ct)
    {
        while (await Console.In.ReadLineAsync(ct) is not null) Console.Out.WriteLine(GC.GetTotalMemory(forceFullCollection: true).ToString(CultureInfo.InvariantCulture));
    }

    static WebApplication Partner()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var center = GenesysContactCenter.Create(Settings("", GenesysFlavor.Guide).Genesys, new SocketsHttpHandler(), TimeProvider.System, new Random(1), NullLoggerFactory.Instance);
        var kept = DispatchProxy.Create<IBatonStore, Kept>();
        var desk = new CallbackDesk(kept, center.SuggestionCallbacks, new AssistOptions(), TimeProvider.System, NullLogger<CallbackDesk>.Instance);
        var secrets = new[] { WebhookSecret.Parse(CallbackSecret)! };
        app.MapPost("/agentassist/callback", async (HttpContext http, CancellationToken ct) =>
        {
            AssistRequestId? named = AssistRequestId.TryParse(http.Request.Query[AssistDesk.CallbackParameter], null, out var id) ? id : null;
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, ct);
            var headers = http.Request.Headers;
            if (!WebhookSecret.Verifies(secrets, headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), body.ToArray(), headers["webhook-signature"].ToString(), TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(5)))
                return Results.StatusCode(StatusCodes.Status401Unauthorized);
            return await desk.TakeAsync(named, utf8.GetString(body.ToArray()), ct) == CallbackTaken.Taken
                ? Results.Text("""{"status":"accepted"}""", "application/json", statusCode: StatusCodes.Status202Accepted) : Results.StatusCode(StatusCodes.Status400BadRequest);
        });
        var events = new ConcurrentDictionary<string, LiveConversation>();
        var expected = SHA256.HashData(Encoding.UTF8.GetBytes(EventKey));
        app.MapPost("/v1/events/genesys", (JsonElement envelope, HttpContext http) =>
        {
            if (!CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(http.Request.Headers["x-api-key"].ToString())), expected)) return Results.StatusCode(StatusCodes.Status401Unauthorized);
            var news = GenesysNews.Read(envelope.GetProperty("detail-type").GetString()!, envelope.GetProperty("detail").GetProperty("eventBody"), isEvent: true)!;
            events.AddOrUpdate(news.ConversationId, id => new LiveConversation(id).Fold(news), (_, known) => known.Fold(news));
            return Results.Accepted();
        });
        return app;
    }

    /// <summary>The three methods of the store that a callback needs, in memory. It knows every request.</summary>
    public class Kept : DispatchProxy
    {
        readonly ConcurrentDictionary<AssistRequestId, AssistCallback> callbacks = new();

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            nameof(IAssistStore.FindAssistAsync) => Task.FromResult<AssistRequest?>(ServiceRequests.Waiting((AssistRequestId)args![0]!)),
            nameof(IAssistStore.TakeCallbackAsync) => Task.FromResult(callbacks.TryAdd(((AssistCallback)args![0]!).RequestId, (AssistCallback)args[0]!)),
            _ => throw new NotSupportedException(targetMethod.Name),
        };
    }
}
