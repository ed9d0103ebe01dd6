using System.Text.Json;

namespace Baton.Genesys.Http;

/// <summary>Looks into JSON of whose form nothing is relied on: what is not there, or is something else, is null.</summary>
static class OddJson
{
    public static JsonElement? Member(this JsonElement of, string name)
    {
        try { return of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null; }
        catch (InvalidOperationException) { return null; }
    }

    public static JsonElement? Member(this JsonElement? of, string name) => of?.Member(name);

    /// <summary>Something a person can read; numbers and truths as they are written.</summary>
    public static string? Text(this JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.String } text when Said(text) is { } said && !string.IsNullOrWhiteSpace(said) => said,
        { ValueKind: JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False } plain => plain.GetRawText(),
        _ => null,
    };

    /// <summary>A number from 0 to 1.</summary>
    public static double? Share(this JsonElement? value) => value is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var share) && share is >= 0 and <= 1 ? share : null;

    /// <summary>An address a person can open.</summary>
    public static string? WebAddress(this JsonElement? value) => value.Text() is { } text && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? text : null;

    /// <summary>The elements of a list; of anything else none.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement? list) => list is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : [];

    // Half of a surrogate pair is legal JSON and no text, in a name as in a value.
    static string? Said(JsonElement text)
    {
        try { return text.GetString(); }
        catch (InvalidOperationException) { return null; }
    }
}
