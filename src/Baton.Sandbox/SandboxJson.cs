using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baton.Sandbox;

/// <summary>The sandbox's own records as JSON: ledger, faults, provenance. The vendor's shapes are written by hand in <c>Wire</c>.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LedgerEntry))]
[JsonSerializable(typeof(IReadOnlyList<LedgerEntry>))]
[JsonSerializable(typeof(Fault))]
[JsonSerializable(typeof(IReadOnlyList<Fault>))]
[JsonSerializable(typeof(IReadOnlyList<ProvenanceEntry>))]
[JsonSerializable(typeof(ConversationView))]
[JsonSerializable(typeof(IReadOnlyList<SuggestionView>))]
[JsonSerializable(typeof(AgentBehavior))]
[JsonSerializable(typeof(IReadOnlyList<NotificationChannelView>))]
[JsonSerializable(typeof(IReadOnlyList<GuestSessionView>))]
sealed partial class SandboxJson : JsonSerializerContext;

sealed class CamelCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase) where T : struct, Enum;
