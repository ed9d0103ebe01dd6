namespace Baton.Core.Transfers;

/// <summary>A conversation as a transfer looks at it: who is in it, and what was asked of agents before.</summary>
/// <param name="StartedAt">Null when the platform does not say.</param>
public sealed record CallView(ConversationView View, DateTimeOffset? StartedAt)
{
    /// <summary>The skills its latest queue asked for, in the platform's ids; null when that is not told.</summary>
    public IReadOnlyList<string>? Skills { get; init; }

    /// <summary>The queue a written routing intent names, where the platform keeps one (guide 002: <c>routingData</c>).</summary>
    public string? RoutedTo { get; init; }
}
