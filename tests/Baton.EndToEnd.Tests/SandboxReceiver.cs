using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Baton.EndToEnd.Tests;

/// <summary>Somebody the sandbox posts to: answers the given statuses in turn, 200 after the last.</summary>
sealed class SandboxReceiver : IAsyncDisposable
{
    /// <summary>In the place of a status: no answer until the caller gives up.</summary>
    public const int Silence = 0;

    /// <summary>What has not come by then, does not come; a test that waits longer would never fail.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    readonly ConcurrentQueue<int> statuses;
    readonly ConcurrentQueue<JsonNode> bodies = [];
    readonly ConcurrentQueue<string> targets = [];
    readonly SemaphoreSlim arrived = new(0);
    readonly WebApplication app;
    int count;

    SandboxReceiver(WebApplication app, int[] statuses) => (this.app, this.statuses) = (app, new(statuses));

    public Uri Address { get; private set; } = null!;
    /// <summary>The path and query of each, as they stood on the wire.</summary>
    public IReadOnlyCollection<string> Targets => targets;
    public int Count => Volatile.Read(ref count);

    public static async Task<SandboxReceiver> StartAsync(params int[] statuses)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var receiver = new SandboxReceiver(builder.Build(), statuses);
        receiver.app.MapPost("/callback", receiver.ReceiveAsync);
        await receiver.app.StartAsync(TestContext.Current.CancellationToken);
        receiver.Address = new Uri($"{receiver.app.Urls.Single()}/callback");
        return receiver;
    }

    /// <summary>The next body that came, or will come.</summary>
    public async Task<JsonNode> TakeAsync()
    {
        await arrived.WaitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TimeProvider.System, TestContext.Current.CancellationToken);
        return bodies.TryDequeue(out var body) ? body : throw new InvalidOperationException("Nothing arrived.");
    }

    async Task<IResult> ReceiveAsync(HttpRequest request)
    {
        targets.Enqueue(request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget);
        bodies.Enqueue((await JsonNode.ParseAsync(request.Body))!);
        Interlocked.Increment(ref count);
        var status = statuses.TryDequeue(out var given) ? given : 200;
        arrived.Release();
        if (status == Silence)
        {
            var gone = new TaskCompletionSource();
            await using var _ = request.HttpContext.RequestAborted.Register(gone.SetResult);
            await gone.Task;
        }
        return Results.StatusCode(status == Silence ? 499 : status);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        arrived.Dispose();
    }
}
