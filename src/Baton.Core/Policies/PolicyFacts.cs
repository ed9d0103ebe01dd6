using System.Globalization;
using System.Text.Json;
using Baton.Core.Conversations;

namespace Baton.Core.Policies;

/// <summary>
/// A conversation as a supervisor writes it down for a test (<c>facts.json</c>): instants as ISO 8601 or as seconds after <c>startedAt</c>,
/// everything optional but the turns. The first unknown key is an error, so that a misspelled fact is not simply absent.
/// </summary>
sealed record PolicyFacts(Conversation Conversation, RoutingSnapshot Routing, DateTimeOffset Now)
{
    static readonly DateTimeOffset someMonday = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    public static PolicyFacts Read(JsonElement facts)
    {
        Known(facts, "facts", "id", "media", "language", "startedAt", "endedAt", "now", "turns", "attributes", "participants", "intentReport", "routing");
        var start = facts.TryGetProperty("startedAt", out var started) ? DateTimeOffset.Parse(started.GetString()!, CultureInfo.InvariantCulture) : someMonday;
        var turns = Items(facts, "turns").Select((turn, index) => Turn(turn, index, start)).ToList();
        var conversation = Conversation.Of(Text(facts, "id") ?? "case", turns) with
        {
            StartedAt = start,
            EndedAt = Instant(facts, "endedAt", start),
            Media = Enumerated(facts, "media", Media.Message),
            Language = Text(facts, "language"),
            Attributes = facts.TryGetProperty("attributes", out var attributes) ? attributes.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.ToString()) : [],
            Participants = [.. Items(facts, "participants").Select((leg, index) => Participant(leg, index, start))],
            IntentReport = facts.TryGetProperty("intentReport", out var report) ? new IntentReport(report.GetProperty("confidence").GetDouble(), Instant(report, "at", start) ?? start, "analytics metric") : null,
        };
        var queues = Items(facts, "routing").Select(Queue).ToList();
        var last = conversation.Turns.Count > 0 ? conversation.Turns[^1].At : start;
        return new PolicyFacts(conversation, queues.Count > 0 ? new RoutingSnapshot { Queues = queues } : RoutingSnapshot.Unknown, Instant(facts, "now", start) ?? last);
    }

    static Turn Turn(JsonElement turn, int index, DateTimeOffset start)
    {
        Known(turn, $"turns[{index}]", "id", "from", "text", "at", "intent", "confidence", "sentiment", "result");
        var intent = Text(turn, "intent");
        var confidence = Number(turn, "confidence");
        return new Turn(Text(turn, "id") ?? $"t{index + 1}", Enumerated(turn, "from", Speaker.Customer), Text(turn, "text") ?? "", Instant(turn, "at", start) ?? start.AddSeconds(10 * index))
        {
            Intent = intent is null && confidence is null ? null : new Intent(intent ?? "unnamed", confidence),
            Sentiment = Number(turn, "sentiment"),
            Result = turn.TryGetProperty("result", out _) ? Enumerated(turn, "result", BotResult.Understood) : null,
        };
    }

    static Participant Participant(JsonElement leg, int index, DateTimeOffset start)
    {
        Known(leg, $"participants[{index}]", "id", "role", "queueId", "startedAt", "endedAt", "connected");
        return new Participant(Text(leg, "id") ?? $"p{index + 1}", Enumerated(leg, "role", ParticipantRole.Queue))
        {
            QueueId = Text(leg, "queueId"),
            StartedAt = Instant(leg, "startedAt", start),
            EndedAt = Instant(leg, "endedAt", start),
            Connected = leg.TryGetProperty("connected", out var connected) && connected.GetBoolean(),
        };
    }

    static QueueSnapshot Queue(JsonElement queue)
    {
        Known(queue, "routing", "queue", "onQueue", "free");
        return new QueueSnapshot(Text(queue, "queue") ?? throw new FormatException("routing: a queue has no name"), (int?)Number(queue, "onQueue"), (int?)Number(queue, "free"));
    }

    static void Known(JsonElement element, string where, params string[] keys)
    {
        foreach (var property in element.EnumerateObject())
            if (!keys.Contains(property.Name)) throw new FormatException($"{where}: {property.Name} is not known; {Nearest.Suggest(property.Name, keys)}");
    }

    static IEnumerable<JsonElement> Items(JsonElement element, string key) => element.TryGetProperty(key, out var items) ? items.EnumerateArray() : Enumerable.Empty<JsonElement>();

    static string? Text(JsonElement element, string key) => element.TryGetProperty(key, out var text) ? text.GetString() : null;

    static double? Number(JsonElement element, string key) => element.TryGetProperty(key, out var number) && number.ValueKind == JsonValueKind.Number ? number.GetDouble() : null;

    static DateTimeOffset? Instant(JsonElement element, string key, DateTimeOffset start)
    {
        if (!element.TryGetProperty(key, out var at)) return null;
        return at.ValueKind == JsonValueKind.Number ? start.AddSeconds(at.GetDouble()) : DateTimeOffset.Parse(at.GetString()!, CultureInfo.InvariantCulture);
    }

    static T Enumerated<T>(JsonElement element, string key, T otherwise) where T : struct, Enum
    {
        if (Text(element, key) is not { } name) return otherwise;
        return Enum.TryParse<T>(name, ignoreCase: true, out var value) ? value : throw new FormatException($"{key} is \"{name}\"; allowed is {Show.List(Enum.GetNames<T>())}");
    }
}
