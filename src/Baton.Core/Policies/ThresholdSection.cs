using Baton.Core.Readings;

namespace Baton.Core.Policies;

/// <summary><c>sentiment: {below: -0.5, afterTurns: 2}</c>: a reading, one bound, and what a trigger or a guard adds to it.</summary>
static class ThresholdSection
{
    /// <param name="more">Keys allowed beside those of the comparison.</param>
    public static (Threshold? Threshold, Dictionary<string, YamlNode> Keys) Read(PolicyReader reader, YamlNode node, string path, ReadingScale scale, params string[] more)
    {
        List<string> allowed = ["atLeast", "below", .. more];
        if (scale.Kind == ReadingKind.IntentConfidence) allowed.Add("inARow");
        if (scale.Kind == ReadingKind.Sentiment) allowed.Add("scale");
        var keys = reader.Keys(node, path, allowed);
        if (keys.Count == 0 && node.Kind != YamlKind.Map && !node.IsEmpty) return (null, keys);

        var hasLeast = keys.TryGetValue("atLeast", out var atLeast);
        var hasBelow = keys.TryGetValue("below", out var below);
        if (hasLeast == hasBelow)
        {
            reader.Fault(node, path, $"{path} {(hasLeast ? "has both atLeast and below" : "has no bound")}; allowed is one of atLeast, below");
            return (null, keys);
        }
        var guideScale = keys.TryGetValue("scale", out var scaleNode) && reader.OneOf(scaleNode, $"{path}.scale", "-1..1", "0..1") == "0..1";
        var inARow = keys.TryGetValue("inARow", out var run) ? reader.Whole(run, $"{path}.inARow", 1, IntentConfidences.Reach) : 1;
        var bound = reader.Number((atLeast ?? below)!, $"{path}.{(hasLeast ? "atLeast" : "below")}", guideScale ? 0 : scale.Least, guideScale ? 1 : scale.Most, scale.Whole);
        if (bound is null || inARow is null) return (null, keys);
        return (new Threshold(scale.Kind, hasLeast ? Comparison.AtLeast : Comparison.Below, bound.Value) { InARow = inARow.Value, GuideScale = guideScale }, keys);
    }
}
