using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Baton.Core.Assist;

/// <summary>A suggestion that was offered: <c>su_</c> and 32 hex digits, from its request, its source and the source's own id, so that an answer taken twice makes the same one.</summary>
[JsonConverter(typeof(IdJsonConverter<SuggestionId>))]
public readonly record struct SuggestionId : IParsable<SuggestionId>
{
    const string Prefix = "su_";
    internal static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");
    readonly string? value;

    SuggestionId(string value) => this.value = value;

    public static SuggestionId Of(AssistRequestId request, string source, string sourceId) =>
        new(Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{request}\n{source}\n{sourceId}")))[..32]);

    public static SuggestionId Parse(string s) => Parse(s, null);

    public static SuggestionId Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not a suggestion's id; it looks like su_ and 32 hex digits.");

    public static bool TryParse(string? s, IFormatProvider? provider, out SuggestionId result)
    {
        var valid = s is { Length: 35 } && s.StartsWith(Prefix, StringComparison.Ordinal) && s.AsSpan(3).IndexOfAnyExcept(LowerHex) < 0;
        result = valid ? new(s!) : default;
        return valid;
    }

    public override string ToString() => value ?? "";
}
