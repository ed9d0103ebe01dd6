using System.Text.Json.Serialization;

namespace Baton.Core.Transfers;

/// <summary>For the audit trail.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CallTransferEntry))]
sealed partial class CallAuditJson : JsonSerializerContext;

/// <summary>What the trail keeps of a call's transfer: ids and codes.</summary>
sealed record CallTransferEntry(string By, string? Leg, string? Queue, string? OriginalQueue, string? Result, FailureKind? Failure, int Sends);
