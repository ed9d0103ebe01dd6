namespace Baton.Core.Policies;

/// <summary>What a policy may ask for that not every flavor and medium can do.</summary>
public enum PolicyFeature
{
    /// <summary>A callback at the end of the fallback list.</summary>
    Callback,

    /// <summary>Going back to the bot after having waited in a queue.</summary>
    ReturnToBot,

    /// <summary>Telling the customer something at any time.</summary>
    CustomerMessages,

    /// <summary>Telling the customer that the transfer has happened.</summary>
    TransferMessage,
    Skills,
    Language,
    Priority,
}

/// <summary>Where a policy asks for a feature.</summary>
public sealed record FeatureUse(PolicyFeature Feature, int Line, int Column, string Key);
