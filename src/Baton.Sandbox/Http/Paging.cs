using System.Text.Json.Nodes;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Http;

/// <summary>The page envelope: pages count from 1, addresses are paths on the API host.</summary>
static class Paging
{
    public static Answer Page<T>(this Call call, IReadOnlyList<T> all, Func<T, JsonNode> render, int maxPageSize = 500, bool withTotal = true)
    {
        var size = call.QueryInt("pageSize", 25, 1, maxPageSize);
        var number = call.QueryInt("pageNumber", 1, 1, int.MaxValue);
        var pages = Math.Max(1, (all.Count + size - 1) / size);
        return Answer.Ok(Json.Object(
            ("entities", Json.Array(all.Skip((number - 1) * size).Take(size), render)),
            ("pageSize", size),
            ("pageNumber", number),
            ("total", withTotal ? all.Count : null),
            ("pageCount", withTotal ? (all.Count + size - 1) / size : null),
            ("firstUri", At(1)),
            ("nextUri", number < pages ? At(number + 1) : null),
            ("previousUri", number > 1 ? At(number - 1) : null),
            ("lastUri", withTotal ? At(pages) : null),
            ("selfUri", At(number))));

        string At(int page)
        {
            var rest = call.Request.Query.Where(q => q.Key is not ("pageNumber" or "pageSize")).SelectMany(q => q.Value.Select(v => $"&{q.Key}={Uri.EscapeDataString(v ?? "")}"));
            return $"{call.Request.Path}?pageSize={size}&pageNumber={page}{string.Concat(rest)}";
        }
    }

    /// <summary>A name filter knows the star; without one it matches the whole name. Letter case does not matter.</summary>
    public static bool Named(this Call call, string name) => call.Query("name") is not { } pattern || PathPattern.Matches(pattern, name);
}
