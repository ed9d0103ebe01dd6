namespace Baton.Benchmarks.Storm;

/// <param name="Skills">The plan asks for a skill: a fourth write (platform flavor).</param>
/// <param name="Neighbor">Somebody else spends a fifth of the token's calls, unseen.</param>
sealed record StormOptions(StormClient Client, int Handoffs = 600, int CallsPerMinute = 300, int Seed = 1, bool Skills = false, bool Neighbor = false)
{
    /// <summary>From a call's sending to its arrival, virtual, drawn by the seed. Alike for all, calls that begin together would stay in step for ever, as they do nowhere.</summary>
    public int LeastMilliseconds { get; init; } = 50;
    public int MostMilliseconds { get; init; } = 250;
}

enum StormClient
{
    Baton,

    /// <summary>Guide 000's loop: on 429 it sleeps Retry-After, else 2 s, and calls again without limit, a function of two calls from its beginning.</summary>
    Guide000,

    /// <summary>Guide 003's loop: reads are not retried; the enqueuing three times, after 2, 4 and 8 s, whatever the header says.</summary>
    Guide003,

    /// <summary>What the official .NET SDK does unless told otherwise: one try, and a 429 is an exception.</summary>
    SdkDefault,
}
