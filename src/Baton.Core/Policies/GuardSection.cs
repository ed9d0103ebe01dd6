using Baton.Core.Readings;

namespace Baton.Core.Policies;

/// <summary>The key <c>guards</c>.</summary>
static class GuardSection
{
    static readonly IReadOnlyList<string> known = [.. ReadingScale.All.Select(scale => scale.Key), "mustHaveStaff"];

    /// <summary>By code; null for one that is switched off.</summary>
    public static Dictionary<string, Guard?> Read(PolicyReader reader, YamlNode node)
    {
        var guards = new Dictionary<string, Guard?>();
        foreach (var (key, value) in reader.Keys(node, "guards", known))
        {
            var path = "guards." + key;
            if (PolicyReader.IsOff(value)) guards[key] = null;
            else if (key == "mustHaveStaff") guards[key] = Staff(reader, value, path);
            else
            {
                var (threshold, keys) = ThresholdSection.Read(reader, value, path, ReadingScale.Named(key)!, "onUnknown");
                var onUnknown = Unknown(reader, keys, path, OnUnknown.Refuse);
                if (threshold is not null) guards[key] = new Guard.OfReading(key, threshold, onUnknown);
            }
        }
        return guards;
    }

    static Guard.Staff Staff(PolicyReader reader, YamlNode node, string path)
    {
        var keys = reader.Keys(node, path, ["onQueue", "free", "onUnknown"]);
        var onQueue = keys.TryGetValue("onQueue", out var members) ? reader.Whole(members, $"{path}.onQueue", 0, 10_000) : 0;
        var free = keys.TryGetValue("free", out var idle) ? reader.Whole(idle, $"{path}.free", 0, 10_000) : 0;
        if (onQueue == 0 && free == 0) reader.Fault(node, path, $"{path} asks for nobody; give onQueue or free, 1 or more");
        return new Guard.Staff(onQueue ?? 0, free ?? 0, Unknown(reader, keys, path, OnUnknown.Pass));
    }

    static OnUnknown Unknown(PolicyReader reader, Dictionary<string, YamlNode> keys, string path, OnUnknown otherwise) =>
        keys.TryGetValue("onUnknown", out var node) && reader.OneOf(node, $"{path}.onUnknown", "refuse", "pass") is { } given
            ? given == "refuse" ? OnUnknown.Refuse : OnUnknown.Pass
            : otherwise;
}
