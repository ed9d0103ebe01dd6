namespace Baton.Genesys;

/// <summary>Whether a queue could take a conversation now, as guide 000 asks it.</summary>
/// <param name="Asked">The id where one was found, else what was asked for.</param>
/// <param name="Status"><c>active</c>, <c>inactive</c>; null when there is no such queue.</param>
/// <param name="AvailableAgents">Members who could take a conversation at once; null when that cannot be seen.</param>
/// <param name="Error">Why it cannot be said, or why there is nothing to say.</param>
public sealed record QueueStatus(string Asked, string? Status, int? TotalMembers, int? AvailableAgents, string? Error)
{
    public bool IsActive => string.Equals(Status, "active", StringComparison.OrdinalIgnoreCase);
    public bool RoutingValid => IsActive && AvailableAgents > 0;

    internal static QueueStatus NotFound(string asked) => new(asked, null, 0, 0, "Queue not found");
}
