namespace Baton.Sandbox;

/// <summary>An article as an administrator loads it.</summary>
public sealed record KnowledgeArticle(string Title, string Text)
{
    /// <summary>Null draws one. An article loaded again with the id of another in its base takes that one's place.</summary>
    public string? Id { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];
}

public sealed record KnowledgeBaseView(string Id, string Name, int Articles);

/// <summary>How an assistant of the platform flavor works for the agents of a queue.</summary>
public sealed record AssistantBehavior
{
    /// <summary>From the agent's accepting, or a customer's message, to what is suggested.</summary>
    public TimeSpan SuggestsAfter { get; init; } = TimeSpan.FromMilliseconds(600);

    /// <summary>Suggestions at a time.</summary>
    public int AtMost { get; init; } = 3;

    public double MinConfidence { get; init; } = 0.25;

    /// <summary>How many of the customer's last turns it reads when an agent accepts.</summary>
    public int Turns { get; init; } = 3;
}

public sealed record AssistantView(string Id, string QueueId, IReadOnlyList<string> KnowledgeBaseIds);

/// <summary>A suggestion of the platform flavor as it stands.</summary>
/// <param name="ArticleId">Null when it failed, or when somebody put their own in its place.</param>
/// <param name="State">Suggested, Accepted, Dismissed, Failed, Rated.</param>
/// <param name="EngagementType">The last one: Dismissed, Copied, Opened, Feedback.</param>
public sealed record SuggestionView(string Id, string? ArticleId, string? Title, double? Confidence, string State, string? EngagementType, string? Rating, DateTimeOffset Time);
