using System.Text.Json;
using System.Text.Json.Serialization;
using Baton.Core;
using Baton.Core.Assist;
using Baton.Core.Audit;
using Baton.Core.Policies;
using Baton.Core.Transfers;
using Baton.Server.Inbound;

namespace Baton.Server.Api;

/// <summary>What goes over the wire. Source-generated, so it also runs trimmed.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(Readiness))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(TurnsPushed))]
[JsonSerializable(typeof(DecisionAnswer))]
[JsonSerializable(typeof(OwnerShown))]
[JsonSerializable(typeof(Page<ConversationSummary>))]
[JsonSerializable(typeof(ConversationShown))]
[JsonSerializable(typeof(DecisionAsked))]
[JsonSerializable(typeof(Decision))]
[JsonSerializable(typeof(HandoffAsked))]
[JsonSerializable(typeof(HandoffAnswered))]
[JsonSerializable(typeof(HandoffDetail))]
[JsonSerializable(typeof(Page<HandoffShown>))]
[JsonSerializable(typeof(TransferAsked))]
[JsonSerializable(typeof(CallTransferOutcome))]
[JsonSerializable(typeof(Page<DeliveryShown>))]
[JsonSerializable(typeof(EntriesShown))]
[JsonSerializable(typeof(AuditReport))]
[JsonSerializable(typeof(PolicyShown))]
[JsonSerializable(typeof(PolicyText))]
[JsonSerializable(typeof(PolicyChecked))]
[JsonSerializable(typeof(PolicyPreviewAsked))]
[JsonSerializable(typeof(PolicyPreview))]
[JsonSerializable(typeof(PolicySaved))]
[JsonSerializable(typeof(PolicyEditionShown))]
[JsonSerializable(typeof(Page<PolicyEditionShown>))]
[JsonSerializable(typeof(PolicyEditionDetail))]
[JsonSerializable(typeof(Stats))]
[JsonSerializable(typeof(PauseAsked))]
[JsonSerializable(typeof(PauseShown))]
[JsonSerializable(typeof(AssistAsked))]
[JsonSerializable(typeof(AssistAnswered))]
[JsonSerializable(typeof(EngagementTold))]
[JsonSerializable(typeof(SuggestionShown))]
[JsonSerializable(typeof(AssistReport))]
[JsonSerializable(typeof(CallbackAnswer))]
// Parameters of paths and queries, for the OpenAPI document.
[JsonSerializable(typeof(int?))]
[JsonSerializable(typeof(long?))]
[JsonSerializable(typeof(DateTimeOffset?))]
sealed partial class ApiJson : JsonSerializerContext;
