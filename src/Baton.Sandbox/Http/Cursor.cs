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

    /// <summary>A list that is walked in both directions. A cursor stands at an entity rather than at a place, so a list that grows, or loses entities to a filter, is walked without gaps.</summary>
    /// <param name="number">From 1, ascending.</param>
    public static Answer WalkBothWays<T>(this Call call, IReadOnlyList<T> all, Func<T, int> number, int otherwise, int max, Func<IReadOnlyList<T>, JsonArray> render)
    {
        var size = call.QueryInt("pageSize", otherwise, 1, max);
        var (after, before) = (call.Query("after"), call.Query("before"));
        if (after is not null && before is not null) throw Refusals.BadRequest("The query parameters after and before exclude each other.");
        IReadOnlyList<T> page = before is null
            ? [.. all.Where(i => number(i) > (after is null ? 0 : Read("after", after))).Take(size)]
            : [.. all.Where(i => number(i) < Read("before", before)).TakeLast(size)];
        var isFirst = page.Count == 0 || number(page[0]) == number(all[0]);
        var isLast = page.Count == 0 || number(page[^1]) == number(all[^1]);
        var next = call.Fault(FaultKind.CursorRepeats) is not null && page.Count > 0 ? number(page[0]) - 1 : isLast ? (int?)null : number(page[^1]);
        return Answer.Ok(Json.Object(
            ("entities", render(page)),
            ("nextUri", next is { } there ? At(call, $"after={Write(there)}&pageSize={size}") : null),
            ("previousUri", isFirst ? null : At(call, $"before={Write(number(page[0]))}&pageSize={size}")),
            ("selfUri", At(call, (after, before) switch { ({ } a, _) => $"after={a}&pageSize={size}", (_, { } b) => $"before={b}&pageSize={size}", _ => $"pageSize={size}" }))));
    }

    /// <summary>Null after the last page.</summary>
    public static string? NextCursor(this Call call, int from, int size, int count)
    {
        if (from + size >= count) return null;
        return Write(call.Fault(FaultKind.CursorRepeats) is null ? from + size : from);
    }

    static string At(Call call, string query)
    {
        var rest = call.Request.Query.Where(q => q.Key is not ("after" or "before" or "pageSize")).SelectMany(q => q.Value.Select(v => $"&{q.Key}={Uri.EscapeDataString(v ?? "")}"));
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
