using System.Globalization;
using System.Text.Json.Nodes;

namespace Baton.Sandbox.Wire;

static class Json
{
    /// <summary>An object of the members that have a value: the platform leaves absent what it does not know.</summary>
    public static JsonObject Object(params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var result = new JsonObject();
        foreach (var (name, value) in members)
            if (value is not null) result.Add(name, value);
        return result;
    }

    public static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode?> render) => new([.. items.Select(render)]);

    public static JsonArray Strings(IEnumerable<string> items) => Array(items, s => s);

    public static string Text(this DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string? Text(this DateTimeOffset? instant, DateTimeOffset asOf) => instant is { } there && there <= asOf ? there.Text() : null;

    public static JsonObject Ref(string id, string selfUri, string? name = null) => Object(("id", id), ("name", name), ("selfUri", selfUri));
}
