using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baton.Genesys.Guide;

// The guides' bodies, as far as Baton reads them. Every field may be missing; enums stay text, because new values come without notice.

sealed record GuideConversation(string? Id, string? State, string? Type, DateTimeOffset? StartTime, IReadOnlyList<GuideParticipant>? Participants, Dictionary<string, JsonElement>? Attributes);

sealed record GuideParticipant(string? Id, string? UserId, string? Purpose, string? QueueId);

sealed record GuideEvents(IReadOnlyList<GuideEvent>? Events, string? NextPageCursor);

sealed record GuideEvent(string? Id, string? Type, DateTimeOffset? Timestamp, GuideSender? From, string? Text, double? Sentiment, GuideIntent? Intent, string? QueueId);

sealed record GuideSender(string? Id, string? Role);

sealed record GuideIntent(string? Name, double? Confidence);

sealed record GuideQueue(string? Id, string? Name, string? Status, int? MembersCount, IReadOnlyList<string>? MediaTypes);

sealed record GuideMembers(IReadOnlyList<GuideMember>? Entities, int? PageCount, int? Total);

sealed record GuideMember(string? Id, string? Status);

sealed record GuideDetails(IReadOnlyList<GuideEntity>? Entities, int? PageCount);

sealed record GuideEntity(string? Id, Dictionary<string, JsonElement>? Metrics);

// What is sent.

sealed record GuideTransfer(string TransferType, string QueueId, IReadOnlyList<string>? Skills);

sealed record GuideConversationQuery(IReadOnlyList<string> Expand, string State, int PageSize, string? Cursor);

sealed record GuideConversations(IReadOnlyList<GuideConversation>? Conversations, string? NextPageCursor);

sealed record GuidePatch(GuideRoutingAttributes Attributes);

sealed record GuideRoutingAttributes(GuideRouting RoutingData);

/// <param name="SkillRequirements">Absent keeps them, an empty list resets them.</param>
sealed record GuideRouting(string QueueId, IReadOnlyList<string>? SkillRequirements, GuideRoutingReason? Attributes);

sealed record GuideRoutingReason(string? TransferReason, string? OriginalQueueId);

sealed record GuideEnqueue(string ConversationId, string WelcomeMessage, string? InitialMessage, int Priority);

sealed record GuideEnqueued(string? Status);

sealed record GuideDetailsQuery(GuideRange DateRange, IReadOnlyList<string> GroupBy, string View, GuideFilter Filter, int PageSize, int Page);

sealed record GuideRange(DateTimeOffset StartDate, DateTimeOffset EndDate);

sealed record GuideFilter(string Type, string ConversationId);

sealed record GuideSuggestionsQuery(
    string ConversationId, string Transcript, IReadOnlyList<string> AgentSkills, IReadOnlyList<string> KnowledgeSourceIds, string? CallbackUrl, bool Async);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(GuideConversation))]
[JsonSerializable(typeof(GuideEvents))]
[JsonSerializable(typeof(GuideQueue))]
[JsonSerializable(typeof(GuideMembers))]
[JsonSerializable(typeof(GuideDetails))]
[JsonSerializable(typeof(GuideTransfer))]
[JsonSerializable(typeof(GuideEnqueue))]
[JsonSerializable(typeof(GuideConversationQuery))]
[JsonSerializable(typeof(GuideConversations))]
[JsonSerializable(typeof(GuidePatch))]
[JsonSerializable(typeof(GuideEnqueued))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(GuideDetailsQuery))]
[JsonSerializable(typeof(GuideSuggestionsQuery))]
sealed partial class GuideJson : JsonSerializerContext;
