using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Baton.Core.Access;
using Baton.Core.Audit;
using Baton.Storage.Sqlite;
using static Baton.EndToEnd.Tests.Api.ApiWorld;

namespace Baton.EndToEnd.Tests.Api;

/// <summary>What is decided and done, as it is entered.</summary>
public sealed class StreamTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task A_stream_begins_now_and_goes_on_after_the_last_one_seen()
    {
        await using var world = await ApiWorld.StartAsync();
        await EnterAsync(world, "c1", "test.before");
        long seen;
        using (var stream = await EventReader.OpenAsync(world.Agent, "v1/stream"))
        {
            await EnterAsync(world, "c1", "test.first");
            await EnterAsync(world, "c2", "test.second");
            var first = await stream.NextAsync();
            (first.Event, first.Data["conversationId"]!.GetValue<string>(), first.Data["facts"]!["n"]!.GetValue<int>(), first.Data["kind"]!.GetValue<string>(), first.Data["entry"]!.GetValue<long>())
                .ShouldBe(("test.first", "c1", 1, "test.first", first.Id));
            seen = first.Id;
        }
        await EnterAsync(world, "c1", "test.third");
        using var resumed = await EventReader.OpenAsync(world.Agent, "v1/stream", seen);
        (await resumed.NextAsync()).Event.ShouldBe("test.second");
        (await resumed.NextAsync()).Event.ShouldBe("test.third");
        await EnterAsync(world, "c1", "test.fourth");
        (await resumed.NextAsync()).Event.ShouldBe("test.fourth");
        using var whole = await EventReader.OpenAsync(world.Agent, "v1/stream?after=0&kinds=test.");
        (await whole.NextAsync()).Event.ShouldBe("test.before");
    }

    [Fact(Timeout = 120_000)]
    public async Task Filters_pass_only_what_was_asked_for()
    {
        await using var world = await ApiWorld.StartAsync();
        using var stream = await EventReader.OpenAsync(world.Agent, "v1/stream?conversationId=c1&kinds=handoff.,assist.");
        foreach (var (chain, kind) in ((string, string)[])[("c1", "decision.recorded"), ("c2", "handoff.requested"), ("c1", "handoff.requested"), ("c1", "handoffs"), ("c1", "assist.asked")]) await EnterAsync(world, chain, kind);
        (await stream.NextAsync()).Event.ShouldBe("handoff.requested");
        (await stream.NextAsync()).Event.ShouldBe("assist.asked");
    }

    [Fact(Timeout = 120_000)]
    public async Task What_another_process_enters_is_found_too()
    {
        await using var world = await ApiWorld.StartAsync();
        await using var other = await SqliteStore.OpenAsync(world.Baton.Settings.StorePath, null, Ct);
        using var stream = await EventReader.OpenAsync(world.Agent, "v1/stream");
        await other.EnterAsync("c1", new AuditFact(world.Baton.Time.GetUtcNow(), "test.elsewhere", "{}"), Ct);
        (await stream.NextAsync()).Event.ShouldBe("test.elsewhere");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_quiet_stream_has_a_heartbeat()
    {
        var time = new ManualTime();
        await using var world = await ApiWorld.StartAsync(time: time);
        using var stream = await EventReader.OpenAsync(world.Agent, "v1/stream");
        var line = stream.LineAsync();
        while (!line.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(15));
            (await GetAsync(world.Agent, "healthz")).ShouldBeOk();
        }
        (await line).ShouldBe(": ");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_client_that_never_reads_is_cut_off_and_holds_up_nobody()
    {
        var time = new ManualTime();
        await using var world = await ApiWorld.StartAsync(time: time);
        // More than sockets hold.
        var facts = $$"""{"text":"{{new string('x', 16_000)}}"}""";
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(_ => world.Baton.Store.EnterAsync("c1", new AuditFact(time.GetUtcNow(), "test.large", facts), Ct)));
        using var stuck = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await stuck.ConnectAsync(IPAddress.Loopback, world.Server.Address.Port, Ct);
        var (_, token) = await world.KeyAsync("stuck", Role.Agent);
        await stuck.SendAsync(Encoding.ASCII.GetBytes($"GET /v1/stream?after=0 HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n"), Ct);
        while (await StreamsAsync(world) == 0) { }
        while (await StreamsAsync(world) > 0) time.Advance(TimeSpan.FromSeconds(31));

        using var reading = await EventReader.OpenAsync(world.Agent, "v1/stream");
        await EnterAsync(world, "c1", "test.after");
        (await reading.NextAsync()).Event.ShouldBe("test.after");
    }

    [Fact(Timeout = 600_000)]
    public async Task A_thousand_streams_at_once_all_hear_it_and_the_server_stops()
    {
        await using var world = await ApiWorld.StartAsync();
        var streams = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => EventReader.OpenAsync(world.Agent, "v1/stream?kinds=test.")));
        try
        {
            (await StreamsAsync(world)).ShouldBe(1000);
            await EnterAsync(world, "c1", "test.all");
            var heard = await Task.WhenAll(streams.Select(s => s.NextAsync()));
            heard.ShouldAllBe(e => e.Event == "test.all");
            heard.Select(e => e.Id).Distinct().Count().ShouldBe(1);

            await world.StopAsync();
            await Task.WhenAll(streams.Select(s => s.EndedAsync()));
        }
        finally
        {
            foreach (var stream in streams) stream.Dispose();
        }
    }

    [Fact(Timeout = 600_000)]
    public async Task More_streams_than_there_are_places_for_are_told_to_come_back()
    {
        await using var world = await ApiWorld.StartAsync();
        var streams = await Task.WhenAll(Enumerable.Range(0, 2000).Select(_ => EventReader.OpenAsync(world.Agent, "v1/stream")));
        try
        {
            var refused = await GetAsync(world.Agent, "v1/stream");
            refused.ShouldBe(HttpStatusCode.ServiceUnavailable, "streams.exhausted");
            refused.Headers.RetryAfter.ShouldNotBeNull();
        }
        finally
        {
            foreach (var stream in streams) stream.Dispose();
        }
    }

    [Theory(Timeout = 120_000)]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    public async Task A_made_up_event_id_is_refused(string id)
    {
        await using var world = await ApiWorld.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/stream");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", id);
        (await SendAsync(world.Agent, request)).ShouldBe(HttpStatusCode.BadRequest, "invalid.event.id");
    }

    static Task EnterAsync(ApiWorld world, string chain, string kind) => world.Baton.Store.EnterAsync(chain, new AuditFact(world.Baton.Time.GetUtcNow(), kind, """{"n":1}"""), Ct);

    static async Task<int> StreamsAsync(ApiWorld world) => (await GetAsync(world.Supervisor, "v1/stats")).ShouldBeOk()["streams"]!.GetValue<int>();

    sealed class EventReader(HttpResponseMessage response, StreamReader reader) : IDisposable
    {
        public static async Task<EventReader> OpenAsync(HttpClient client, string path, long? last = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (last is { } id) request.Headers.Add("Last-Event-ID", $"{id}");
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
            var reader = new EventReader(response, new StreamReader(await response.Content.ReadAsStreamAsync(Ct)));
            // Its place in the trail is taken before the first line is sent.
            (await reader.LineAsync()).ShouldBe(": ");
            return reader;
        }

        public async Task<string?> LineAsync()
        {
            while (true)
            {
                var line = await reader.ReadLineAsync(Ct);
                if (line is not "") return line;
            }
        }

        public async Task<(long Id, string Event, JsonNode Data)> NextAsync()
        {
            string? id = null, name = null;
            while (await LineAsync() is { } line)
            {
                if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
                if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
                if (line.StartsWith("data: ", StringComparison.Ordinal)) return (long.Parse(id!), name!, JsonNode.Parse(line[6..])!);
            }
            throw new ShouldAssertException("The stream has ended.");
        }

        /// <summary>Completes when the server has ended it, however.</summary>
        public async Task EndedAsync()
        {
            try
            {
                while (await reader.ReadLineAsync(Ct) is not null) { }
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                // Cut off in the middle.
            }
        }

        public void Dispose()
        {
            reader.Dispose();
            response.Dispose();
        }
    }
}
