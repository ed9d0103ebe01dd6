using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Baton.EndToEnd.Tests.Deliveries;

/// <summary>A receiver of events on loopback that keeps what it gets, and answers as it is told.</summary>
sealed class WebhookReceiver : IAsyncDisposable
{
    readonly WebApplication app;
    readonly ConcurrentQueue<Received> received = [];
    readonly SemaphoreSlim arrived = new(0);
    readonly CancellationTokenSource ends = new();

    WebhookReceiver(WebApplication app) => this.app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>What is answered to the n-th message, from 0; 200 unless told otherwise. Null: nothing, until the sender gives up.</summary>
    public Func<int, IResult?> Answers { get; set; } = _ => Results.Ok();

    public IReadOnlyList<Received> All => [.. received];

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var receiver = new WebhookReceiver(builder.Build());
        receiver.app.MapPost("/events", receiver.ReceiveAsync);
        await receiver.app.StartAsync(TestContext.Current.CancellationToken);
        receiver.Address = new Uri($"{receiver.app.Urls.Single()}/events");
        return receiver;
    }

    /// <summary>Waits until so many messages have come in all.</summary>
    public async Task UntilAsync(int messages)
    {
        while (received.Count < messages) await arrived.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    async Task<IResult> ReceiveAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        int number;
        lock (received)
        {
            number = received.Count;
            received.Enqueue(new Received(body, request.Headers.Where(h => h.Key.StartsWith("webhook-", StringComparison.OrdinalIgnoreCase)).ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString())));
        }
        arrived.Release();
        if (Answers(number) is { } answer) return answer;
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(request.HttpContext.RequestAborted, ends.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, gone.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return Results.StatusCode(499);
    }

    public async ValueTask DisposeAsync()
    {
        await ends.CancelAsync();
        await app.DisposeAsync();
        arrived.Dispose();
        ends.Dispose();
    }
}

sealed record Received(string Body, IReadOnlyDictionary<string, string> Headers)
{
    public string Id => Headers["webhook-id"];
    public JsonNode Json => JsonNode.Parse(Body)!;
}
