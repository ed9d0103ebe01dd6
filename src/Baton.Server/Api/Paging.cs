using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Baton.Server.Api;

/// <param name="Next">Ask again with it as <c>cursor</c> for what follows; absent on the last page.</param>
sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Lists go from new to old, a page after an item: what is added meanwhile moves nothing.</summary>
static class Paging
{
    public const int Usual = 50;
    const int Most = 200;
    const int LongestCursor = 400;

    /// <summary>The problem with it, or null.</summary>
    public static IResult? Fault(int? limit, int most = Most) => limit is < 1 || limit > most ? Problems.Of(StatusCodes.Status400BadRequest, "invalid.limit", $"limit is {limit}; allowed is 1 to {most}.") : null;

    /// <summary>One more than the page was read, to see whether there is another.</summary>
    public static Page<TShown> PageOf<T, TShown>(IReadOnlyList<T> read, int limit, Func<T, TShown> show, Func<T, string> cursor) =>
        new([.. read.Take(limit).Select(show)], read.Count > limit ? cursor(read[limit - 1]) : null);

    public static string Cursor(string list, params IReadOnlyList<string> parts) => WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(string.Join('\n', parts.Prepend(list))));

    /// <summary>The parts of a cursor of this list; null when it is none of ours.</summary>
    public static string[]? PartsOf(string cursor, string list, int count)
    {
        if (cursor.Length > LongestCursor) return null;
        try
        {
            var parts = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(cursor)).Split('\n');
            return parts.Length == count + 1 && parts[0] == list ? parts[1..] : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public static IResult InvalidCursor() => Problems.Of(StatusCodes.Status400BadRequest, "invalid.cursor", "The cursor is none of this list's; begin again without one.");
}
