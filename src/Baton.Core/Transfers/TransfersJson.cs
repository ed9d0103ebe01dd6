using System.Text.Json.Serialization;

namespace Baton.Core.Transfers;

/// <summary>For people and scripts: the guides' spelling of names.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(CallTransferOutcome))]
sealed partial class TransfersJson : JsonSerializerContext;
