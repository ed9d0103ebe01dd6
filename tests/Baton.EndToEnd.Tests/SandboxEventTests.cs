using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Baton.Sandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Baton.EndToEnd.Tests;

public sealed class SandboxEventTests : IAsyncLifetime
{
    readonly ManualTime time = new();
    readonly EventSink sink = new();
    GenesysSandbox sandbox = null!;
    StartedConversation started = null!;

    public async ValueTask InitializeAsync()
    {
        await sink.StartAsync();
        sandbox = await GenesysSandbox.StartAsync(new() { Time = time, EventTargets = [sink.Address], EventKey = new("X-Api-Key", "of the destination") }, TestContext.Current.CancellationToken);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_handoff_is_told_in_order()
    {
        Start();
        sandbox.Organization.OtherSystemTransfers(started.ConversationId, "Billing");
        time.Advance(TimeSpan.FromSeconds(10));
        var topics = await sink.TakeAsync(7);
        topics.Select(e => e.Topic).ShouldBe(["customer.start", "flow.start", "flow.end", "acd.start", "user.start", "acd.end", "attributes"], ignoreOrder: true);
        topics.Select(e => e.Topic).Where(t => t is "flow.end" or "acd.start" or "acd.end").ShouldBe(["flow.end", "acd.start", "acd.end"]);
        var end = topics.Single(e => e.Topic == "acd.end").Body;
        (end["acdOutcome"]!.GetValue<string>(), end["disconnectType"]!.GetValue<string>()).ShouldBe(("ANSWERED", "TRANSFER"));
        end["eventTime"]!.GetValue<long>().ShouldBeGreaterThan(1_787_000_000_000);
        topics.ShouldAllBe(e => e.Key == "of the destination");
    }

    [Fact(Timeout = 120_000)]
    public async Task What_was_not_taken_is_brought_again()
    {
        sink.Refusals = 2;
        Start();
        await sink.RefusedAsync(1);
        // However late what the clock wakes gets its turn.
        while (sink.Received < 2)
        {
            while (sandbox.EventsUnderway > 0) await Task.Yield();
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        (await sink.TakeAsync(2)).Select(e => e.Topic).ShouldBe(["customer.start", "flow.start"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task Events_may_come_twice_late_or_never()
    {
        sandbox.Faults.Replace(
        [
            new() { Kind = FaultKind.EventDuplicated, Path = "*.customer.start" },
            new() { Kind = FaultKind.EventDropped, Path = "*.flow.start" },
            new() { Kind = FaultKind.EventReordered, Path = "*.flow.end" },
        ]);
        Start();
        sandbox.Organization.OtherSystemTransfers(started.ConversationId, "Empty");
        time.Advance(TimeSpan.FromSeconds(3));
        var events = await sink.TakeAsync(5);
        events.Select(e => e.Topic).ShouldBe(["customer.start", "customer.start", "attributes", "acd.start", "flow.end"]);
        events[0].Id.ShouldBe(events[1].Id);
    }

    void Start()
    {
        started = sandbox.Organization.StartConversation(new GuestProfile("Gina"));
        if (sandbox.Faults.All.Count > 0 || sink.Refusals == 0) sandbox.Organization.SetAttributes(started.ConversationId, new Dictionary<string, string> { ["a"] = "b" });
    }

    public async ValueTask DisposeAsync()
    {
        await sandbox.DisposeAsync();
        await sink.DisposeAsync();
    }

    sealed record Received(string Id, string Topic, JsonNode Body, string? Key);

    sealed class EventSink : IAsyncDisposable
    {
        readonly ConcurrentQueue<Received> events = [];
        readonly SemaphoreSlim arrived = new(0);
        readonly SemaphoreSlim refused = new(0);
        WebApplication app = null!;

        public int Refusals { get; set; }
        public int Received => events.Count;
        public Uri Address { get; private set; } = null!;

        public async Task StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
            app = builder.Build();
            app.MapPost("/events", ReceiveAsync);
            await app.StartAsync();
            Address = new Uri($"{app.Urls.Single()}/events");
        }

        public async Task<IReadOnlyList<Received>> TakeAsync(int count)
        {
            for (var i = 0; i < count; i++) await arrived.WaitAsync(TestContext.Current.CancellationToken);
            return [.. events];
        }

        public Task RefusedAsync(int _) => refused.WaitAsync(TestContext.Current.CancellationToken);

        async Task<IResult> ReceiveAsync(HttpRequest request)
        {
            var envelope = (await JsonNode.ParseAsync(request.Body))!;
            if (Refusals > 0)
            {
                Refusals--;
                refused.Release();
                return Results.StatusCode(503);
            }
            var topic = envelope["detail-type"]!.GetValue<string>().Replace("v2.detail.events.conversation.{id}.", "", StringComparison.Ordinal);
            events.Enqueue(new(envelope["id"]!.GetValue<string>(), topic, envelope["detail"]!["eventBody"]!, request.Headers["X-Api-Key"]));
            arrived.Release();
            return Results.Ok();
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
