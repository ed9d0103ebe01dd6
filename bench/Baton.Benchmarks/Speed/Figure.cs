using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baton.Benchmarks.Speed;

/// <summary>One measured value beside what calibrates it, taken turn by turn in the same run.</summary>
/// <param name="Goal">As a person reads it; null where nothing was promised.</param>
/// <param name="Holds">Null where nothing was promised.</param>
sealed record Figure(string Name, double Value, string Unit, string? Partner = null, double? PartnerValue = null, string? Goal = null, bool? Holds = null)
{
    public double? Ratio => PartnerValue is > 0 ? Value / PartnerValue : null;

    public string ToText() => string.Create(CultureInfo.InvariantCulture,
        $"{Name,-58} {Value,12:#,0.###} {Unit,-12}{(PartnerValue is { } partner ? $" {Partner} {partner:#,0.###}, ratio {Ratio:0.00}" : "")}{(Goal is null ? "" : $"  [goal {Goal}: {(Holds == true ? "held" : "MISSED")}]")}");

    public static string ToJson(IReadOnlyList<Figure> figures) => JsonSerializer.Serialize(figures, FigureJson.Default.IReadOnlyListFigure);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<Figure>))]
sealed partial class FigureJson : JsonSerializerContext;
