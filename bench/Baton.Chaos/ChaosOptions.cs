namespace Baton.Chaos;

/// <param name="LateMilliseconds">How late a late transfer is carried out; Baton's settle time here is a second.</param>
/// <param name="Late">The share of the transfers that are.</param>
/// <param name="Fence">The vendor refuses a leg that has left.</param>
sealed record ChaosOptions(Strategy Strategy, int Handoffs, int Kills, int Seed, int LateMilliseconds, double Late, bool Fence)
{
    /// <summary>How old some readings of a conversation are: a vendor whose replicas trail.</summary>
    public int StaleMilliseconds { get; init; }
}

enum Strategy
{
    Baton,

    /// <summary>What scripts do: send until the answer is a success, then write down that it is done.</summary>
    Naive,

    /// <summary>Half right: the intent is written down first, and looked for before it is sent again, but at once.</summary>
    NoSettle,
}
