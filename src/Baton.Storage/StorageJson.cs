using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baton.Storage;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditFacts.OfRequest))]
[JsonSerializable(typeof(AuditFacts.OfTransition))]
[JsonSerializable(typeof(AuditFacts.OfDecision))]
[JsonSerializable(typeof(AuditFacts.OfPerson))]
[JsonSerializable(typeof(AuditFacts.OfKey))]
[JsonSerializable(typeof(AuditFacts.OfSession))]
[JsonSerializable(typeof(AuditFacts.OfPolicy))]
[JsonSerializable(typeof(AuditFacts.OfOwner))]
[JsonSerializable(typeof(AuditFacts.OfDelivery))]
[JsonSerializable(typeof(AuditFacts.OfAssist))]
[JsonSerializable(typeof(AuditFacts.OfCallback))]
[JsonSerializable(typeof(AuditFacts.OfEngagement))]
sealed partial class StorageJson : JsonSerializerContext
{
    // Made when first asked for: the order in which a partial class's static fields are set is not ours.
    static StorageJson? plain;

    /// <summary>Text as it is, not escaped for HTML: it is read by people and grepped.</summary>
    internal static StorageJson Plain => plain ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
