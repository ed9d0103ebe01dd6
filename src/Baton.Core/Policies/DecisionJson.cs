using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baton.Core.Policies;

/// <summary>A decision as bytes: the same decision, the same bytes, since properties come in the order of their declaration and nothing is formatted by culture.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Decision))]
sealed partial class DecisionJson : JsonSerializerContext;

static class DecisionBytes
{
    /// <summary>Decisions are read by people in logs and consoles: "&gt;=" stays "&gt;=". They are never pasted into HTML unescaped.</summary>
    public static DecisionJson Format { get; } = new(new JsonSerializerOptions(DecisionJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
