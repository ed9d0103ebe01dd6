namespace Baton.Genesys.Quota;

/// <summary>What a client's calls are counted in. One that is used up, or told to wait, does not hold up the other.</summary>
enum QuotaBucket
{
    /// <summary>All calls but those below.</summary>
    Calls,

    /// <summary>The guides' endpoint for suggestions has a limit of its own (guide 004).</summary>
    Suggestions,
}
