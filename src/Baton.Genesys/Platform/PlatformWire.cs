using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baton.Genesys.Platform;

// The platform's bodies, as far as Baton reads them (genesys-api 3 to 6). Every field may be missing; enums stay text, because new values come without notice.

sealed record WireConversation(string? Id, DateTimeOffset? StartTime, DateTimeOffset? EndTime, IReadOnlyList<WireParticipant>? Participants, IReadOnlyList<WireTransfer>? RecentTransfers);

sealed record WireParticipant(
    string? Id, string? Name, string? Purpose, DateTimeOffset? StartTime, DateTimeOffset? EndTime, string? UserId, string? QueueId, string? Locale,
    Dictionary<string, string>? Attributes, IReadOnlyList<WireCommunication>? Messages, IReadOnlyList<WireCommunication>? Calls,
    WireRoutingData? ConversationRoutingData);

sealed record WireRoutingData(IReadOnlyList<WireConversationRef>? Skills);

sealed record WireCommunication(string? Id, string? State, string? DisconnectType, string? Type, IReadOnlyList<WireMessageRef>? Messages);

sealed record WireMessageRef(string? MessageId, DateTimeOffset? MessageTime);

sealed record WireTransfer(string? Id, string? State, DateTimeOffset? DateIssued);

sealed record WireMessages(IReadOnlyList<WireMessage>? Entities);

sealed record WireMessage(string? Id, DateTimeOffset? Timestamp, string? Direction, string? TextBody, WireNormalizedMessage? NormalizedMessage);

sealed record WireNormalizedMessage(string? Type, string? Text, string? OriginatingEntity);

sealed record WireQueue(string? Id, string? Name, int? MemberCount, int? JoinedMemberCount, Dictionary<string, JsonElement>? MediaSettings);

sealed record WirePage<T>(IReadOnlyList<T>? Entities, int? PageNumber, int? PageCount, string? NextUri);

sealed record WireNamed(string? Id, string? Name, string? State);

sealed record WireObservations(IReadOnlyList<WireObservationGroup>? Results);

sealed record WireObservationGroup(Dictionary<string, string>? Group, IReadOnlyList<WireObservation>? Data);

sealed record WireObservation(string? Metric, string? Qualifier, WireStats? Stats);

sealed record WireStats(long? Count);

sealed record WireBotTurn(string? UserInput, IReadOnlyList<string>? BotPrompts, WireConversationRef? Conversation, WireIntent? Intent, string? AskActionResult, DateTimeOffset? DateCreated);

sealed record WireConversationRef(string? Id);

sealed record WireIntent(string? Name, double? Confidence);

sealed record WireSentiment(double? SentimentScore);

sealed record WireDetailsQuery(string Interval, string Order, string OrderBy, WirePaging Paging, IReadOnlyList<WireFilter> SegmentFilters, IReadOnlyList<WireFilter> ConversationFilters);

sealed record WirePaging(int PageSize, int PageNumber);

sealed record WireFoundConversations(IReadOnlyList<WireFoundConversation>? Conversations, int? TotalHits);

sealed record WireFoundConversation(string? ConversationId, DateTimeOffset? ConversationStart);

sealed record WireDetails(IReadOnlyList<WireDetailParticipant>? Participants);

sealed record WireDetailParticipant(IReadOnlyList<WireSession>? Sessions);

sealed record WireSession(WireFlow? Flow);

sealed record WireFlow(string? FlowId, string? FlowType);

sealed record WireChannel(string? Id, string? ConnectUri);

sealed record WireTopic(string? Id, string? State, string? RejectionReason);

sealed record WireTokenInfo(WireNamed? Organization);

// What is sent.

sealed record WireTransferToQueue(string QueueId, string TransferType);

sealed record WireAttributes(IReadOnlyDictionary<string, string> Attributes);

sealed record WireRouting(int? Priority, IReadOnlyList<string>? SkillIds, string? LanguageId);

sealed record WireText(string TextBody);

sealed record WireObservationQuery(WireFilter Filter, IReadOnlyList<string> Metrics);

sealed record WireFilter(string Type, IReadOnlyList<WirePredicate> Predicates);

sealed record WirePredicate(string Type, string Dimension, string Operator, string? Value);

sealed record WireEngagement(string EngagementType);

sealed record WireKnowledgeQuery(string Query, int PageSize, string QueryType, WireApplication Application);

sealed record WireApplication(string Type);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(WireConversation))]
[JsonSerializable(typeof(WireMessages))]
[JsonSerializable(typeof(WireQueue))]
[JsonSerializable(typeof(WirePage<WireQueue>))]
[JsonSerializable(typeof(WirePage<WireNamed>))]
[JsonSerializable(typeof(WirePage<WireBotTurn>))]
[JsonSerializable(typeof(WireObservations))]
[JsonSerializable(typeof(WireSentiment))]
[JsonSerializable(typeof(WireDetails))]
[JsonSerializable(typeof(WireDetailsQuery))]
[JsonSerializable(typeof(WireFoundConversations))]
[JsonSerializable(typeof(WireTokenInfo))]
[JsonSerializable(typeof(WireChannel))]
[JsonSerializable(typeof(WirePage<WireTopic>))]
[JsonSerializable(typeof(IReadOnlyList<WireTopic>))]
[JsonSerializable(typeof(WireTransferToQueue))]
[JsonSerializable(typeof(WireAttributes))]
[JsonSerializable(typeof(WireRouting))]
[JsonSerializable(typeof(WireText))]
[JsonSerializable(typeof(WireObservationQuery))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(WireEngagement))]
[JsonSerializable(typeof(WireKnowledgeQuery))]
[JsonSerializable(typeof(JsonElement))]
sealed partial class PlatformJson : JsonSerializerContext;
