using System.Text.Json.Serialization;

namespace Baton.Sandbox;

[JsonConverter(typeof(CamelCaseEnumConverter<KnownFrom>))]
public enum KnownFrom
{
    /// <summary>Seen in a payload or reply recorded from the platform.</summary>
    Captured,

    /// <summary>Written in the vendor's documentation, forum or swagger.</summary>
    Documented,

    /// <summary>Read from the vendor's SDK: paths, models, enums, permissions.</summary>
    Sdk,

    /// <summary>Our reading of the rest. A real organization may differ.</summary>
    Inferred,
}

public sealed record ProvenanceEntry(string Behavior, KnownFrom KnownFrom, string Note);

/// <summary>Where each behavior of the sandbox is known from.</summary>
public static class Provenance
{
    public static IReadOnlyList<ProvenanceEntry> All { get; } = [];
}
