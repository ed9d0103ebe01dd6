using System.Text.Json;
using Baton.Core;
using Baton.Core.Conversations;
using Baton.Genesys.Platform;

namespace Baton.Genesys.Events;

/// <summary>
/// Reads what the platform tells of conversations (genesys-api 8.3, 8.4): single steps (<c>v2.detail.events.conversation.{id}.*</c>) and whole conversations
/// (<c>v2.routing.queues.{id}.conversations</c>, <c>v2.users.{id}.conversations</c>, each also flattened for messages). What it does not know, or cannot read, tells nothing.
/// </summary>
public static class GenesysNews
{
    const string Detail = "v2.detail.events.conversation.";
    const string Flattened = ".messages";

    /// <param name="topic">With the id in it, or the literal <c>{id}</c>.</param>
    /// <param name="isEvent">The sender tells of every change of every conversation (EventBridge), not only of those that were subscribed to.</param>
    public static LiveNews? Read(string topic, JsonElement body, bool isEvent)
    {
        if (body.ValueKind != JsonValueKind.Object) return null;
        if (topic.StartsWith(Detail, StringComparison.Ordinal)) return Step(topic[Detail.Length..], body) is { } step ? step with { IsEvent = isEvent } : null;
        var isOfQueueOrUser = topic.StartsWith("v2.routing.queues.", StringComparison.Ordinal) || topic.StartsWith("v2.users.", StringComparison.Ordinal);
        if (!isOfQueueOrUser) return null;
        if (topic.EndsWith(".conversations", StringComparison.Ordinal)) return Whole(body, isFlat: false);
        return topic.EndsWith(".conversations" + Flattened, StringComparison.Ordinal) ? Whole(body, isFlat: true) : null;
    }

    static LiveNews? Step(string rest, JsonElement body)
    {
        if (Text(body, "conversationId") is not { Length: > 0 and <= 100 } conversation) return null;
        var media = Text(body, "mediaType")?.ToUpperInvariant() switch { "MESSAGE" => Media.Message, "VOICE" => Media.Voice, _ => (Media?)null };
        // Mail and callbacks are none of ours.
        if (media is null) return null;
        var news = new LiveNews(conversation) { Media = media };
        var words = rest.Split('.');
        if (words is [_, "attributes"]) return news;
        if (words is not [_, "customer" or "flow" or "acd" or "user", "start" or "end"]) return null;
        if (Text(body, "participantId") is not { Length: > 0 and <= 100 } id) return null;
        var role = words[1] switch { "customer" => ParticipantRole.Customer, "flow" => ParticipantRole.Bot, "acd" => ParticipantRole.Queue, _ => ParticipantRole.Agent };
        var isEnd = words[2] == "end";
        var at = Instant(body, "eventTime");
        if (at is null) return null;
        return news with
        {
            Legs =
            [
                new LiveLeg(id, role)
                {
                    CommunicationId = media == Media.Message ? Text(body, "sessionId") : null,
                    QueueId = role is ParticipantRole.Queue or ParticipantRole.Agent ? Text(body, "queueId") : null,
                    UserId = role == ParticipantRole.Agent ? Text(body, "userId") : null,
                    StartedAt = isEnd ? null : at,
                    EndedAt = isEnd ? at : null,
                    // An agent's leg begins with the alert; who took the conversation is told by the end of the queue's.
                    Connected = role != ParticipantRole.Agent,
                    AnsweredBy = isEnd && role == ParticipantRole.Queue && Is(Text(body, "acdOutcome"), "ANSWERED") ? Text(body, "answeredUserId") : null,
                },
            ],
        };
    }

    static LiveNews? Whole(JsonElement body, bool isFlat)
    {
        if (Text(body, "id") is not { Length: > 0 and <= 100 } id || !body.TryGetProperty("participants", out var participants) || participants.ValueKind != JsonValueKind.Array) return null;
        return new LiveNews(id)
        {
            Media = isFlat ? Media.Message : Items(body, "participants").Any(p => Items(p, "calls").Any()) ? Media.Voice : Media.Message,
            EndedAt = Instant(body, "endTime"),
            Legs = [.. participants.EnumerateArray().Select(p => isFlat ? FlatLeg(p) : Leg(p)).OfType<LiveLeg>()],
            Transfers = [.. Items(body, "recentTransfers").Select(Transfer).OfType<LiveTransfer>()],
        };
    }

    static LiveLeg? Leg(JsonElement participant)
    {
        var texts = Items(participant, "messages").ToList();
        var communications = texts.Count > 0 ? texts : [.. Items(participant, "calls")];
        var isGone = communications.Count > 0 && communications.TrueForAll(c => IsOver(Text(c, "state")));
        return Common(participant) is not { } leg ? null : leg with
        {
            UserId = Text(participant, "userId"),
            QueueId = Text(participant, "queueId"),
            CommunicationId = texts.Count > 0 ? Text(texts[^1], "id") : null,
            EndedAt = leg.EndedAt ?? (isGone ? communications.Max(c => Instant(c, "disconnectedTime")) ?? leg.StartedAt : null),
            Connected = communications.Exists(c => Is(Text(c, "state"), "connected")),
        };
    }

    // The communication's id is not told here.
    static LiveLeg? FlatLeg(JsonElement participant) => Common(participant) is not { } leg ? null : leg with
    {
        UserId = Ref(participant, "user"),
        QueueId = Ref(participant, "queue"),
        EndedAt = leg.EndedAt ?? (IsOver(Text(participant, "state")) ? leg.StartedAt : null),
        Connected = Is(Text(participant, "state"), "connected"),
    };

    static LiveLeg? Common(JsonElement participant)
    {
        if (Text(participant, "id") is not { Length: > 0 and <= 100 } id) return null;
        var role = PlatformView.RoleOf(Text(participant, "purpose"));
        return new LiveLeg(id, role)
        {
            Name = role == ParticipantRole.Queue ? Text(participant, "name") : null,
            StartedAt = Instant(participant, "startTime"),
            EndedAt = Instant(participant, "endTime"),
        };
    }

    static LiveTransfer? Transfer(JsonElement transfer) => Text(transfer, "id") is not { Length: > 0 } id ? null : new LiveTransfer(id, Text(transfer, "state")?.ToLowerInvariant() switch
    {
        "pending" => LiveTransferState.Pending,
        "active" => LiveTransferState.Active,
        "failed" or "timeout" => LiveTransferState.Failed,
        _ => LiveTransferState.Over,
    }, Instant(transfer, "dateIssued"));

    static bool IsOver(string? state) => Is(state, "disconnected") || Is(state, "terminated");
    static bool Is(string? word, string expected) => string.Equals(word, expected, StringComparison.OrdinalIgnoreCase);
    static string? Ref(JsonElement element, string name) => element.TryGetProperty(name, out var reference) && reference.ValueKind == JsonValueKind.Object ? Text(reference, "id") : null;
    static string? Text(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().ToList() : [];

    /// <summary>Epoch milliseconds in single steps, text in whole conversations.</summary>
    static DateTimeOffset? Instant(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Number) return value.TryGetInt64(out var milliseconds) && milliseconds is > 0 and < 253_402_300_800_000 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
        return value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var at) ? at.ToUniversalTime() : null;
    }
}
