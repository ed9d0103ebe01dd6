using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Http;

/// <summary>Lists that are walked by an opaque <c>after</c> rather than by page numbers.</summary>
static class Cursor
{
    public static Answer Walk<T>(this Call call, IReadOnlyList<T> all, Func<T, JsonNode> render)
    {
        var size = call.QueryInt("pageSize", 50, 1, 250);
        var from = call.Query("after") is { } after ? Read("after", after) : 0;
        var next = call.NextCursor(from, size, all.Count);
        return Answer.Ok(Json.Object(
            ("entities", Json.Array(all.Skip(from).Take(size), render)),
            ("nextUri", next is null ? null : At(call, $"after={next}&pageSize={size}")),
            ("selfUri", At(call, $"pageSize={size}"))));
    }

    /// <summary>Null after the last page.</summary>
    public static string? NextCursor(this Call call, int from, int size, int count)
    {
        if (from + size >= count) return null;
        return Write(call.Fault(FaultKind.CursorRepeats) is null ? from + size : from);
    }

    static string At(Call call, string query)
    {
        var rest = call.Request.Query.Where(q => q.Key is not ("after" or "pageSize")).SelectMany(q => q.Value.Select(v => $"&{q.Key}={Uri.EscapeDataString(v ?? "")}"));
        return $"{call.Request.Path}?{query}{string.Concat(rest)}";
    }

    static string Write(int index) => Convert.ToBase64String(Encoding.ASCII.GetBytes(index.ToString(CultureInfo.InvariantCulture))).TrimEnd('=');

    public static int Read(string name, string after)
    {
        var bytes = new byte[after.Length];
        return Convert.TryFromBase64String(after.PadRight((after.Length + 3) / 4 * 4, '='), bytes, out var length) && int.TryParse(Encoding.ASCII.GetString(bytes, 0, length), out var index) && index >= 0
            ? index
            : throw Refusals.InvalidQuery(name, after);
    }
}
