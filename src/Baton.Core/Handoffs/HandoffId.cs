using System.Buffers;
using System.Text.Json.Serialization;

namespace Baton.Core.Handoffs;

/// <summary>A handoff's own id: <c>ho_</c> and 32 hex digits, in the order of creation.</summary>
[JsonConverter(typeof(IdJsonConverter<HandoffId>))]
public readonly record struct HandoffId : IParsable<HandoffId>
{
    const string Prefix = "ho_";
    static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");
    readonly string? value;

    HandoffId(string value) => this.value = value;

    public static HandoffId New(DateTimeOffset now) => new(Prefix + Guid.CreateVersion7(now).ToString("n"));

    /// <summary>The same with the random part drawn from a given source, so that a seeded run repeats its ids.</summary>
    public static HandoffId New(DateTimeOffset now, Random random) =>
        new($"{Prefix}{now.ToUnixTimeMilliseconds():x12}7{random.Next(0x1000):x3}{0x8000 | random.Next(0x4000):x4}{random.NextInt64(1L << 48):x12}");

    public static HandoffId Parse(string s) => Parse(s, null);

    public static HandoffId Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not a handoff id; it looks like ho_ and 32 hex digits.");

    public static bool TryParse(string? s, IFormatProvider? provider, out HandoffId result)
    {
        var valid = s is { Length: 35 } && s.StartsWith(Prefix, StringComparison.Ordinal) && s.AsSpan(3).IndexOfAnyExcept(LowerHex) < 0;
        result = valid ? new(s!) : default;
        return valid;
    }

    public override string ToString() => value ?? "";
}
