using System.Text.Json.Serialization;

namespace Baton.Core.Assist;

/// <summary>A request for suggestions, by our own name: <c>as_</c> and 32 hex digits. It travels in the callback's address, so that an answer finds its request whatever the platform calls it.</summary>
[JsonConverter(typeof(IdJsonConverter<AssistRequestId>))]
public readonly record struct AssistRequestId : IParsable<AssistRequestId>
{
    const string Prefix = "as_";
    readonly string? value;

    AssistRequestId(string value) => this.value = value;

    public static AssistRequestId New(DateTimeOffset now) => new(Prefix + Guid.CreateVersion7(now).ToString("n"));

    public static AssistRequestId Parse(string s) => Parse(s, null);

    public static AssistRequestId Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not the id of a request for suggestions; it looks like as_ and 32 hex digits.");

    public static bool TryParse(string? s, IFormatProvider? provider, out AssistRequestId result)
    {
        var valid = s is { Length: 35 } && s.StartsWith(Prefix, StringComparison.Ordinal) && s.AsSpan(3).IndexOfAnyExcept(SuggestionId.LowerHex) < 0;
        result = valid ? new(s!) : default;
        return valid;
    }

    public override string ToString() => value ?? "";
}
