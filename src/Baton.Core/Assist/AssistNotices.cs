using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baton.Core.Assist;

/// <summary>Guide 004's interaction event, for the analytics receiver and the audit file: ids and codes, no word of what was suggested.</summary>
public static class AssistNotices
{
    public const string Interaction = "agentassist_interaction";
    internal const string Version = "1.0.0";

    /// <summary>One interaction, with the guide's fields.</summary>
    public static string Body(Suggestion suggestion, Engagement did) => JsonSerializer.Serialize(
        new InteractionNotice(Interaction, Text(did.At), suggestion.RequestId.ToString(), suggestion.ConversationId, suggestion.SourceId, Action(did.Did),
            Math.Round((decimal)suggestion.ResponseMilliseconds, 2), did.AgentId, new InteractionMetadata(suggestion.Source, Version)), AssistJson.Plain.InteractionNotice);

    public static string Action(SuggestionState did) => did.ToString().ToLowerInvariant();

    static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff+00:00", System.Globalization.CultureInfo.InvariantCulture);
}

sealed record InteractionNotice(string EventType, string Timestamp, string RequestId, string ConversationId, string SuggestionId, string Action, decimal ResponseTimeMs, string? AgentId, InteractionMetadata Metadata);

sealed record InteractionMetadata(string Source, string Version);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(InteractionNotice))]
sealed partial class AssistJson : JsonSerializerContext
{
    static AssistJson? plain;

    /// <summary>Text as it is, not escaped for HTML.</summary>
    internal static AssistJson Plain => plain ??= new(new JsonSerializerOptions(Default.Options) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
