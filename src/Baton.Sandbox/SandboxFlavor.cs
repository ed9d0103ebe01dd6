using System.Text.Json.Serialization;

namespace Baton.Sandbox;

/// <summary>Whose API the sandbox speaks. The organization behind it is the same; a path of one flavor is unknown to the other.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<SandboxFlavor>))]
public enum SandboxFlavor
{
    /// <summary>The vendor's published platform API.</summary>
    Platform,

    /// <summary>The paths, bodies and scopes that the four guides show.</summary>
    Guide,
}
