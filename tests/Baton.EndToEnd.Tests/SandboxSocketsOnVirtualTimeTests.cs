using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Baton.EndToEnd.Tests.Handoffs;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

/// <summary>The clock jumps only when every frame was taken: what is told at an instant is heard at that instant.</summary>
[Collection(OnVirtualTime.Name)]
public sealed class SandboxSocketsOnVirtualTimeTests
{
    static readonly DateTimeOffset start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_frame_is_heard_before_the_clock_goes_on()
    {
        using var time = new VirtualTime(start);
        await using var sandbox = await GenesysSandbox.StartAsync(new() { Time = time }, Ct);
        time.AddBusySign(() => sandbox.EventsUnderway > 0);
        using var client = await SandboxClient.LoggedInAsync(sandbox);
        var heard = new ConcurrentQueue<(DateTimeOffset Told, DateTimeOffset Heard)>();
        var conversation = sandbox.Organization.StartConversation(new GuestProfile("Gina")).ConversationId;
        await using var socket = await ListenAsync(sandbox, client, conversation, frame =>
        {
            if (frame["eventBody"]!["eventTime"]?.GetValue<long>() is { } told) heard.Enqueue((DateTimeOffset.FromUnixTimeMilliseconds(told), time.GetUtcNow()));
        });
        var done = new TaskCompletionSource();
        var left = 500;
        // Timers that fall due close to each other: a clock that did not wait would be well ahead of the reader.
        using var ticks = time.CreateTimer(_ =>
        {
            if (left-- > 0) sandbox.Organization.SetAttributes(conversation, new Dictionary<string, string> { ["tick"] = $"{left}" });
            else done.TrySetResult();
        }, null, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20));
        time.Start();
        await done.Task.WaitAsync(TimeSpan.FromSeconds(120), TimeProvider.System, Ct);
        heard.Count.ShouldBe(500);
        heard.ShouldAllBe(h => h.Told == h.Heard);
    }

    [Fact]
    public async Task What_a_client_sends_is_dealt_with_before_the_clock_goes_on()
    {
        using var time = new VirtualTime(start);
        await using var sandbox = await GenesysSandbox.StartAsync(new() { Time = time }, Ct);
        using var gauge = new RequestGauge(new SocketsHttpHandler());
        time.AddBusySign(() => sandbox.EventsUnderway > 0);
        time.AddBusySign(() => gauge.UnderWay > sandbox.ParkedRequests);
        using var client = await SandboxClient.LoggedInAsync(sandbox);
        var channel = (await client.PostAsync("/notifications/channels")).Json;
        await using var socket = await SandboxSocket.ConnectAsync(channel["connectUri"]!.GetValue<string>(), gauge);
        // A deadline always about to pass: a clock that did not wait would be seconds ahead of the answer.
        using var ticks = time.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        time.Start();
        // On threads the clock can see.
        var late = await Task.Run(async () =>
        {
            var longest = TimeSpan.Zero;
            for (var i = 0; i < 200; i++)
            {
                var asked = time.GetUtcNow();
                await socket.SendAsync("""{"message":"ping"}""");
                while (!(await socket.TakeTextAsync()).Contains("pong", StringComparison.Ordinal))
                {
                }
                var took = time.GetUtcNow() - asked;
                longest = took > longest ? took : longest;
            }
            return longest;
        }, Ct);
        late.ShouldBe(TimeSpan.Zero);
        while (gauge.UnderWay > 0) await Task.Yield();
    }

    [Fact]
    public async Task A_client_that_is_gone_or_does_not_read_does_not_stop_the_clock()
    {
        using var time = new VirtualTime(start);
        await using var sandbox = await GenesysSandbox.StartAsync(new() { Time = time }, Ct);
        time.AddBusySign(() => sandbox.EventsUnderway > 0);
        using var client = await SandboxClient.LoggedInAsync(sandbox);
        var conversation = sandbox.Organization.StartConversation(new GuestProfile("Gina")).ConversationId;
        var channel = await ChannelAsync(client, conversation);
        using var deaf = new System.Net.WebSockets.ClientWebSocket();
        await deaf.ConnectAsync(new Uri(channel), Ct);
        sandbox.Organization.SetAttributes(conversation, new Dictionary<string, string> { ["a"] = "b" });
        time.Start();
        await AfterAsync(time, TimeSpan.FromHours(1));
        deaf.Abort();
        await AfterAsync(time, TimeSpan.FromHours(1));
        sandbox.EventsUnderway.ShouldBe(0);
    }

    static async Task AfterAsync(VirtualTime time, TimeSpan delay)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var timer = time.CreateTimer(_ => over.TrySetResult(), null, delay, Timeout.InfiniteTimeSpan);
        await over.Task.WaitAsync(TimeSpan.FromSeconds(120), TimeProvider.System, Ct);
    }

    static async Task<SandboxSocket> ListenAsync(GenesysSandbox sandbox, SandboxClient client, string conversation, Action<JsonNode> heard) =>
        await SandboxSocket.ConnectAsync(await ChannelAsync(client, conversation), onFrame: frame => heard(JsonNode.Parse(frame)!));

    static async Task<string> ChannelAsync(SandboxClient client, string conversation)
    {
        var channel = (await client.PostAsync("/notifications/channels")).Json;
        await client.PostAsync($"/notifications/channels/{channel["id"]}/subscriptions", $$"""[{"id":"v2.detail.events.conversation.{{conversation}}.attributes"}]""");
        return channel["connectUri"]!.GetValue<string>();
    }
}
