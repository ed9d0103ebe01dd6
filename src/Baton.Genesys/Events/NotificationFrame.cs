using System.Text.Json;
using Baton.Core.Conversations;

namespace Baton.Genesys.Events;

/// <summary>A frame of a channel's socket (genesys-api 8.2), as far as it matters.</summary>
abstract record NotificationFrame
{
    /// <summary>A heartbeat, a pong, a topic nobody asked for: somebody is there.</summary>
    public sealed record Alive : NotificationFrame;

    public sealed record News(LiveNews Told) : NotificationFrame;

    /// <summary>The socket ends soon; the channel stays.</summary>
    public sealed record Closing : NotificationFrame;

    /// <summary>The channel has expired, was replaced, or its token is no longer good.</summary>
    public sealed record Gone(string Why) : NotificationFrame;

    /// <summary>Not JSON, or not an object.</summary>
    public sealed record Unreadable : NotificationFrame;

    public static NotificationFrame Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var frame = document.RootElement;
            if (frame.ValueKind != JsonValueKind.Object) return new Unreadable();
            if (Text(frame, "result") is { } result) return result == "404" ? new Gone("the channel is not known any more") : new Alive();
            if (Text(frame, "topicName") is not { } topic) return new Alive();
            if (topic.StartsWith("v2.system.", StringComparison.Ordinal)) return System(topic["v2.system.".Length..]);
            return frame.TryGetProperty("eventBody", out var body) && GenesysNews.Read(topic, body, isEvent: false) is { } told ? new News(told) : new Alive();
        }
        catch (JsonException)
        {
            return new Unreadable();
        }
    }

    static NotificationFrame System(string kind) => kind.Split('.')[0] switch
    {
        "socket_closing" => new Closing(),
        "no_longer_subscribed" => new Gone("another channel took its place"),
        "token_revoked" => new Gone("its token was revoked"),
        _ => new Alive(),
    };

    static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
