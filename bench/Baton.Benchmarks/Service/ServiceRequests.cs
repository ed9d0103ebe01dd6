using System.Text.Json.Nodes;
using Baton.Core.Assist;
using Baton.Core.Deliveries;
using Baton.Storage.Sqlite;

namespace Baton.Benchmarks.Service;

/// <summary>What is posted, prepared beforehand.</summary>
static class ServiceRequests
{
    static readonly string[] said =
    [
        "Where is my parcel?", "It was to be here on Monday.", "The number is on the slip.", "No, the other address.", "That is right.", "And how long does it take?", "I see, thank you.", "One more thing about the invoice.",
    ];

    public static AssistRequest Waiting(AssistRequestId id) => new()
    {
        Id = id,
        ConversationId = $"c-{id}",
        AgentSkills = ["refunds"],
        KnowledgeSourceIds = ["ks-1"],
        Show = 3,
        AskedAt = TimeProvider.System.GetUtcNow(),
        DueAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1),
    };

    /// <summary>Requests that wait for their callback, in the store.</summary>
    public static async Task<IReadOnlyList<AssistRequestId>> AskAsync(string storePath, int count, CancellationToken ct)
    {
        await using var store = await SqliteStore.OpenAsync(storePath, null, ct);
        var ids = Enumerable.Range(0, count).Select(_ => AssistRequestId.New(TimeProvider.System.GetUtcNow())).ToList();
        foreach (var some in ids.Chunk(256))
        {
            await Task.WhenAll(some.Select(async id =>
            {
                var request = Waiting(id);
                await store.BeginAssistAsync(request, ct);
                await store.CommitAssistAsync(request.Answered([new SourceReport("guide", SourceState.Pending, 12, 0)], $"vendor-{id}", [], request.AskedAt), ct);
            }));
        }
        return ids;
    }

    /// <summary>A signed callback with three suggestions.</summary>
    public static byte[] Callback(Uri address, AssistRequestId id)
    {
        var suggestions = new JsonArray([.. Enumerable.Range(0, 3).Select(n => (JsonNode)new JsonObject
        {
            ["id"] = $"s{n}", ["title"] = $"Article {n}", ["content"] = new string('x', 200), ["confidence"] = 0.9 - n * 0.1, ["knowledgeSourceId"] = "ks-1", ["metadata"] = new JsonObject { ["tags"] = new JsonArray("refunds") },
        })]);
        var body = new JsonObject { ["id"] = $"vendor-{id}", ["status"] = "completed", ["suggestions"] = suggestions }.ToJsonString();
        var now = TimeProvider.System.GetUtcNow();
        return Wire.Post(address, $"/agentassist/callback?{AssistDesk.CallbackParameter}={id}", body,
            ("webhook-id", $"msg_{id}"), ("webhook-timestamp", WebhookSecret.Timestamp(now)), ("webhook-signature", WebhookSecret.Parse(ServiceHost.CallbackSecret)!.Sign($"msg_{id}", now, body)));
    }

    /// <summary>The beginning of a customer's leg, as EventBridge delivers it.</summary>
    public static byte[] Event(Uri address, string conversation, int number)
    {
        const string Topic = "v2.detail.events.conversation.{id}.customer.start";
        var detail = new JsonObject
        {
            ["topicName"] = Topic.Replace("{id}", conversation),
            ["version"] = "1",
            ["timestamp"] = "2026-03-02T10:00:00.000Z",
            ["eventBody"] = new JsonObject
            {
                ["eventTime"] = 1_772_445_600_000 + number,
                ["conversationId"] = conversation,
                ["participantId"] = $"leg-{conversation}",
                ["sessionId"] = $"session-{conversation}",
                ["mediaType"] = "MESSAGE",
                ["provider"] = "PureCloud Messaging",
                ["direction"] = "INBOUND",
                ["messageType"] = "WEBMESSAGING",
            },
        };
        var envelope = new JsonObject
        {
            ["version"] = "0",
            ["id"] = $"{Guid.NewGuid()}",
            ["detail-type"] = Topic,
            ["source"] = "aws.partner/genesys.com/bench",
            ["account"] = "1",
            ["time"] = "2026-03-02T10:00:00Z",
            ["region"] = "us-east-1",
            ["resources"] = new JsonArray(),
            ["detail"] = detail,
        };
        return Wire.Post(address, "/v1/events/genesys", envelope.ToJsonString(), ("x-api-key", ServiceHost.EventKey));
    }

    /// <summary>One turn of a customer who wants no person.</summary>
    public static byte[] Turn(Uri address, string token, string conversation, int number)
    {
        var turn = new JsonObject
        {
            ["id"] = $"t{number}",
            ["from"] = "customer",
            ["text"] = said[number % said.Length],
            ["at"] = TimeProvider.System.GetUtcNow().AddSeconds(number - 1000).ToString("O"),
            ["intent"] = new JsonObject { ["name"] = "delivery", ["confidence"] = 0.9 },
        };
        return Wire.Post(address, $"/v1/conversations/{conversation}/turns", new JsonObject { ["turns"] = new JsonArray(turn) }.ToJsonString(), ("Authorization", $"Bearer {token}"));
    }
}
