using System.Text;
using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;
using Baton.Sandbox.Timing;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Events;

/// <summary>
/// Posts events in EventBridge envelopes: at least once, in order within a conversation, never holding up the organization.
/// A conversation has one line per target; the line stops at an event the target did not take and tries it again.
/// </summary>
sealed class EventFeed(World world) : IDisposable
{
    static readonly TimeSpan HoldAtMost = TimeSpan.FromSeconds(1);

    readonly Random ids = Draws.For(world.Options.Seed, "events");
    readonly HttpClient http = new(new SocketsHttpHandler(), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    readonly CancellationTokenSource closing = new();
    readonly Dictionary<(Uri, string), EventLine> lines = [];
    readonly Dictionary<string, (string Envelope, Appointment Flush)> held = [];
    int underway;

    /// <summary>Lines that are delivering right now; a line that waits to try again does not count.</summary>
    public int Underway => Volatile.Read(ref underway);
    public DateTimeOffset Now => world.Now;

    public void Publish(string topic, string conversationId, JsonObject body)
    {
        var topicName = topic.Replace("{id}", conversationId, StringComparison.Ordinal);
        world.Notifying.Publish(topicName, conversationId, () => body.DeepClone().AsObject());
        if (world.Options.EventTargets.Count == 0) return;
        var faults = world.Faults.DrawForEvent(topicName, conversationId);
        if (faults.Any(f => f.Kind == FaultKind.EventDropped)) return;
        var envelope = Envelope(topic, topicName, body);
        if (faults.Any(f => f.Kind == FaultKind.EventReordered) && !held.ContainsKey(conversationId))
        {
            held[conversationId] = (envelope, world.Agenda.After(HoldAtMost, () => Release(conversationId)));
            return;
        }
        Send(conversationId, envelope);
        if (faults.Any(f => f.Kind == FaultKind.EventDuplicated)) Send(conversationId, envelope);
        Release(conversationId);
    }

    void Release(string conversationId)
    {
        if (!held.Remove(conversationId, out var waiting)) return;
        waiting.Flush.Cancel();
        Send(conversationId, waiting.Envelope);
    }

    void Send(string conversationId, string envelope)
    {
        foreach (var target in world.Options.EventTargets)
        {
            if (!lines.TryGetValue((target, conversationId), out var line)) lines.Add((target, conversationId), line = new EventLine(target));
            line.Envelopes.Enqueue(envelope);
            if (line.Runs) continue;
            line.Runs = true;
            Interlocked.Increment(ref underway);
            _ = Task.Run(() => DeliverAsync(conversationId, line));
        }
    }

    async Task DeliverAsync(string conversationId, EventLine line)
    {
        var pause = TimeSpan.FromSeconds(1);
        try
        {
            while (Next(conversationId, line) is { } envelope)
            {
                if (await TryPostAsync(line.Target, envelope))
                {
                    lock (world.Gate) line.Envelopes.Dequeue();
                    pause = TimeSpan.FromSeconds(1);
                    continue;
                }
                await world.Agenda.PauseAsync(pause, () => Interlocked.Decrement(ref underway), () => Interlocked.Increment(ref underway), closing.Token);
                pause = pause < TimeSpan.FromSeconds(30) ? pause * 2 : pause;
            }
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            // The sandbox closes; what was not taken is lost with it.
        }
    }

    string? Next(string conversationId, EventLine line)
    {
        lock (world.Gate)
        {
            if (line.Envelopes.TryPeek(out var envelope)) return envelope;
            line.Runs = false;
            Interlocked.Decrement(ref underway);
            lines.Remove((line.Target, conversationId));
            return null;
        }
    }

    async Task<bool> TryPostAsync(Uri target, string envelope)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new StringContent(envelope, Encoding.UTF8, "application/json") };
            if (world.Options.EventKey is { } key) request.Headers.TryAddWithoutValidation(key.Key, key.Value);
            using var response = await http.SendAsync(request, closing.Token);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    string Envelope(string topic, string topicName, JsonObject body)
    {
        var now = world.Now;
        return Json.Object(
            ("version", "0"),
            ("id", ids.NextId()),
            ("detail-type", topic),
            ("source", $"aws.partner/genesys.com/cloud/{world.OrganizationId}/baton-sandbox"),
            ("account", "000000000000"),
            ("time", now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture)),
            ("region", "us-east-1"),
            ("resources", new JsonArray()),
            ("detail", Json.Object(
                ("topicName", topicName),
                ("version", "2"),
                ("eventBody", body),
                ("metadata", Json.Object(("CorrelationId", ids.NextId()))),
                ("timestamp", now.Text())))).ToJsonString();
    }

    public void Dispose()
    {
        closing.Cancel();
        http.Dispose();
        closing.Dispose();
    }
}

sealed class EventLine(Uri target)
{
    public Uri Target { get; } = target;
    public Queue<string> Envelopes { get; } = [];
    public bool Runs { get; set; }
}
