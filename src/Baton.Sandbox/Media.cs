using System.Text.Json.Serialization;

namespace Baton.Sandbox;

/// <summary>What a conversation is held in, and what a queue takes.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<Media>))]
public enum Media
{
    Message,
    Voice,
}

static class MediaNames
{
    /// <summary>As analytics and queues of the platform name it.</summary>
    public static string Platform(this Media media) => media == Media.Voice ? "voice" : "message";

    public static string Guide(this Media media) => media == Media.Voice ? "voice" : "webchat";
}
