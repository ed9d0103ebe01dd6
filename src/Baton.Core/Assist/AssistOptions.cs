namespace Baton.Core.Assist;

/// <summary>How suggestions are asked for, ranked and kept. Configuration section <c>Assist</c>.</summary>
public sealed record AssistOptions
{
    public RankingWeights Weights { get; init; } = new();
    public FeedbackOptions Feedback { get; init; } = new();

    /// <summary>For all sources together; a source that is not there by then is reported late.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <summary>How long a question may take to put together (guide 004); beyond it is refused, because the agent has gone on.</summary>
    public TimeSpan Construction { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <summary>How long a callback is waited for.</summary>
    public TimeSpan CallbackWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A callback that takes longer is warned of (guide 004).</summary>
    public TimeSpan SlowCallback { get; init; } = TimeSpan.FromMilliseconds(3_000);

    /// <summary>When a suggestion that nobody used counts as not used.</summary>
    public TimeSpan Expires { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>From this share of common words on, two suggestions are the same one.</summary>
    public double SameFrom { get; init; } = 0.8;

    /// <summary>Where the platform's callback reaches this server, as seen from outside; null: it is not asked to call back.</summary>
    public string? CallbackUrl { get; init; }

    /// <summary>The guides' own audit file for suggestions, beside Baton's trail; null: none.</summary>
    public string? AuditFile { get; init; }
}
