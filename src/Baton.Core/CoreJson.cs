using System.Text.Json;
using System.Text.Json.Serialization;
using Baton.Core.Assist;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;

namespace Baton.Core;

/// <summary>How domain values are stored and shown: camel case, enums by name, absent instead of null. Source-generated, so it also runs trimmed.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Handoff))]
[JsonSerializable(typeof(IReadOnlyList<Handoff>))]
[JsonSerializable(typeof(Conversation))]
[JsonSerializable(typeof(LiveConversation))]
[JsonSerializable(typeof(Turn))]
[JsonSerializable(typeof(HandoffStep))]
[JsonSerializable(typeof(IReadOnlyList<HandoffStep>))]
[JsonSerializable(typeof(IReadOnlyList<VendorCall>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(AssistRequest))]
[JsonSerializable(typeof(Suggestion))]
[JsonSerializable(typeof(AssistReport))]
public sealed partial class CoreJson : JsonSerializerContext
{
    static CoreJson? readable;

    /// <summary>The same, indented and readable: for people.</summary>
    public static CoreJson Readable => readable ??= new(new JsonSerializerOptions(Default.Options) { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
