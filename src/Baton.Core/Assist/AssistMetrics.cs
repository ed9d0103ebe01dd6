using System.Diagnostics.Metrics;

namespace Baton.Core.Assist;

/// <summary>What happens to suggestions, as instruments of the meter <c>Baton.Assist</c>.</summary>
static class AssistMetrics
{
    static readonly Meter meter = new("Baton.Assist");
    static readonly Counter<long> sources = meter.CreateCounter<long>("baton.assist.source_answers", description: "Answers of sources, by source and state");
    static readonly Counter<long> engagements = meter.CreateCounter<long>("baton.assist.engagements", description: "What agents did with suggestions");
    static readonly Counter<long> slow = meter.CreateCounter<long>("baton.assist.slow_callbacks", description: "Callbacks that took longer than three seconds");
    static readonly Histogram<double> callback = meter.CreateHistogram<double>("baton.assist.callback_time", "ms", "From the question to its callback");

    public static void Asked(AssistRequest request)
    {
        foreach (var source in request.Sources) sources.Add(1, new("source", source.Name), new("state", source.State.ToString()));
    }

    public static void Engaged(Suggestion suggestion, SuggestionState did) => engagements.Add(1, new("source", suggestion.Source), new("did", did.ToString()));

    public static void CalledBack(TimeSpan took, bool isSlow)
    {
        callback.Record(took.TotalMilliseconds);
        if (isSlow) slow.Add(1);
    }
}
