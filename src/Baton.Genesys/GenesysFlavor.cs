namespace Baton.Genesys;

/// <summary>Whose API is spoken.</summary>
public enum GenesysFlavor
{
    /// <summary>Genesys Cloud's published API, version 2.</summary>
    Platform,

    /// <summary>The paths, bodies and scopes that the four guides show.</summary>
    Guide,
}
