namespace Baton.Core.Assist;

public enum FeedbackKind
{
    /// <summary>Used of all seen, smoothed by a prior and with old ones fading: a thing used once of once is not sure to be good.</summary>
    Smoothed,

    /// <summary>The guide's plain ratio.</summary>
    Rate,
}

/// <summary>How what agents did before counts. Configuration section <c>Assist:Feedback</c>.</summary>
public sealed record FeedbackOptions
{
    public FeedbackKind Kind { get; init; } = FeedbackKind.Smoothed;

    /// <summary>As if the thing had been used and not used half of this many times before anybody saw it.</summary>
    public double PriorWeight { get; init; } = 4;

    /// <summary>After it an outcome counts half.</summary>
    public TimeSpan HalfLife { get; init; } = TimeSpan.FromDays(30);

    /// <summary>0..1; 0.5 when there is nothing to go by (guide 004).</summary>
    public double Signal(IReadOnlyList<SubjectOutcome> outcomes, DateTimeOffset now)
    {
        if (outcomes.Count == 0) return 0.5;
        if (Kind == FeedbackKind.Rate) return (double)outcomes.Count(o => o.Accepted) / outcomes.Count;
        double used = PriorWeight / 2, seen = PriorWeight;
        foreach (var outcome in outcomes)
        {
            var age = now - outcome.At;
            var weight = age <= TimeSpan.Zero ? 1 : Math.Pow(2, -(age / HalfLife));
            seen += weight;
            if (outcome.Accepted) used += weight;
        }
        // Without a prior, outcomes that are old enough have faded to nothing: then nothing is known.
        return seen > 0 ? used / seen : 0.5;
    }
}
