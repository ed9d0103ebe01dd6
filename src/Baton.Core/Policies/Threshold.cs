using Baton.Core.Readings;

namespace Baton.Core.Policies;

/// <summary>A reading beside a bound, as a policy writes it: <c>intentConfidence: {below: 0.7}</c>.</summary>
public sealed record Threshold(ReadingKind Kind, Comparison Comparison, double Bound)
{
    /// <summary>Binary fractions: a sentiment of -0.4 is 0.3 on the guide's scale, though the last bit may say otherwise.</summary>
    const double Tolerance = 1e-9;

    internal const string OnGuideScale = " (0..1)";

    /// <summary>How many of the newest values must hold; more than one only for the intent confidence.</summary>
    public int InARow { get; init; } = 1;

    /// <summary>True when the bound is on the 0..1 scale of guide 000, where -1..1 becomes (s + 1) / 2.</summary>
    public bool GuideScale { get; init; }

    public bool Holds(double value)
    {
        var own = GuideScale ? (value + 1) / 2 : value;
        return Comparison == Comparison.AtLeast ? own >= Bound - Tolerance : own < Bound - Tolerance;
    }

    /// <summary>As a person reads it: <c>&gt;= 0.5</c>.</summary>
    public string Text => $"{(Comparison == Comparison.AtLeast ? ">=" : "<")} {Bound.ToString("R")}{(InARow > 1 ? $" {InARow} times in a row" : "")}{(GuideScale ? OnGuideScale : "")}";

    /// <summary>The nearest value on the other side: one that holds if none does now, and one that does not if it holds.</summary>
    internal double Edge(bool holding)
    {
        var scale = ReadingScale.Of(Kind);
        var bound = GuideScale ? (Bound * 2) - 1 : Bound;
        if ((Comparison == Comparison.AtLeast) == holding) return bound;
        return scale.Whole ? Math.Ceiling(bound) - 1 : bound - 1e-6;
    }

    internal Reading Read(ReadingSet readings) => readings.Of(Kind, InARow, highest: Comparison == Comparison.Below);
}

public enum Comparison { AtLeast, Below }
