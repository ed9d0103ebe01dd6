using System.Text.Json;
using System.Text.Json.Nodes;

namespace Baton.Sandbox.Admin;

/// <summary>Reads a small JSON body field by field; what is not there is null.</summary>
static class AdminBody
{
    public static async Task<JsonObject> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength is 0 or null && request.Headers.TransferEncoding.Count == 0) return [];
        return await JsonNode.ParseAsync(request.Body, cancellationToken: ct) as JsonObject ?? throw new JsonException("The body is not a JSON object.");
    }

    public static string? Text(this JsonObject body, string name) => body[name]?.GetValue<string>();

    public static string Required(this JsonObject body, string name) => body.Text(name) ?? throw new JsonException($"\"{name}\" is missing in the body.");

    public static double? Number(this JsonObject body, string name) => body[name]?.GetValue<double>();

    public static Media Media(string name) =>
        Enum.TryParse<Media>(name, ignoreCase: true, out var media) && Enum.IsDefined(media) ? media : throw new JsonException($"There is no medium \"{name}\"; allowed is message, voice.");

    public static TimeSpan? Seconds(this JsonObject body, string name) => body.Number(name) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    public static IReadOnlyList<string> Texts(this JsonObject body, string name) => body[name] is JsonArray list ? [.. list.Select(i => i!.GetValue<string>())] : [];

    public static IReadOnlyDictionary<string, string> Map(this JsonObject body, string name) =>
        body[name] is JsonObject map ? map.ToDictionary(m => m.Key, m => m.Value!.GetValue<string>(), StringComparer.Ordinal) : new Dictionary<string, string>();
}
