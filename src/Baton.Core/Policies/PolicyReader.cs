using System.Globalization;
using System.Text.RegularExpressions;

namespace Baton.Core.Policies;

/// <summary>Reads values out of a policy's YAML, and keeps every fault with its place instead of stopping at the first.</summary>
sealed class PolicyReader(List<PolicyError> errors)
{
    const NumberStyles Decimal = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;

    public void Fault(YamlNode at, string key, string sentence) => errors.Add(new PolicyError(at.Line, at.Column, key, sentence));

    /// <summary>The keys of a group, each once, none but those allowed (null: any).</summary>
    public Dictionary<string, YamlNode> Keys(YamlNode node, string path, IReadOnlyCollection<string>? allowed)
    {
        var keys = new Dictionary<string, YamlNode>();
        if (node.Kind != YamlKind.Map)
        {
            var what = allowed is null ? "names and values" : Show.List(allowed);
            if (!node.IsEmpty) Fault(node, path, $"{(path.Length == 0 ? "the policy" : path)} is {node.Shown}; allowed is a group of keys: {what}");
            return keys;
        }
        foreach (var (key, value) in node.Entries)
        {
            var full = Join(path, key.Text);
            if (key.Kind != YamlKind.Scalar) Fault(key, path, $"{path} has a key that is {key.Shown}; a key is a word");
            else if (allowed is not null && !allowed.Contains(key.Text)) Fault(key, full, $"{full} is not known; {Nearest.Suggest(key.Text, allowed)}");
            else if (!keys.TryAdd(key.Text, value)) Fault(key, full, $"{full} is given twice; the first is on line {keys[key.Text].Line}");
        }
        return keys;
    }

    public static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    public string? Text(YamlNode node, string path)
    {
        if (node.Kind == YamlKind.Scalar && !node.IsEmpty) return node.Text;
        Fault(node, path, $"{path} is {(node.IsEmpty ? "empty" : node.Shown)}; allowed is a text");
        return null;
    }

    /// <summary>One text, or a list of them.</summary>
    public IReadOnlyList<string> Texts(YamlNode node, string path)
    {
        if (node.Kind == YamlKind.List && node.Items.Count > 0) return [.. node.Items.Select((item, index) => Text(item, $"{path}[{index}]")).OfType<string>()];
        if (node.Kind == YamlKind.Scalar && !node.IsEmpty) return [node.Text];
        Fault(node, path, $"{path} is {(node.IsEmpty ? "empty" : node.Kind == YamlKind.List ? "an empty list" : node.Shown)}; allowed is a text or a list of texts");
        return [];
    }

    public double? Number(YamlNode node, string path, double least, double most, bool whole = false)
    {
        var range = $"{(whole ? "a whole number from " : "")}{least:R} to {most:R}";
        if (node.Kind != YamlKind.Scalar || !double.TryParse(node.Text, Decimal, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
            Fault(node, path, $"{path} is {(node.IsEmpty ? "empty" : node.Shown)}; allowed is {(whole ? range : $"a number from {range}")}");
        else if (number < least || number > most || (whole && number != Math.Floor(number)))
            Fault(node, path, $"{path} is {node.Text}; allowed is {range}");
        else
            return number;
        return null;
    }

    public int? Whole(YamlNode node, string path, int least, int most) => (int?)Number(node, path, least, most, whole: true);

    public string? OneOf(YamlNode node, string path, params IReadOnlyList<string> allowed)
    {
        if (node.Kind == YamlKind.Scalar && allowed.Contains(node.Text)) return node.Text;
        Fault(node, path, $"{path} is {(node.IsEmpty ? "empty" : node.Shown)}; allowed is {Show.List(allowed)}");
        return null;
    }

    public TimeSpan? Duration(YamlNode node, string path, TimeSpan least, TimeSpan most)
    {
        if (node.Kind != YamlKind.Scalar || Durations.Parse(node.Text) is not { } duration)
            Fault(node, path, $"{path} is {(node.IsEmpty ? "empty" : node.Shown)}; allowed is a duration such as 90s, 2m or 1h");
        else if (duration < least || duration > most)
            Fault(node, path, $"{path} is {node.Text}; allowed is {Durations.Text(least)} to {Durations.Text(most)}");
        else
            return duration;
        return null;
    }

    /// <summary>"off" takes out what a preset brought.</summary>
    public static bool IsOff(YamlNode node) => node is { Kind: YamlKind.Scalar, Text: "off" };
}

static partial class Durations
{
    public static TimeSpan? Parse(string text)
    {
        var match = Pattern.Match(text);
        if (!match.Success || match.Length == 0) return null;
        return TimeSpan.FromHours(Part("h")) + TimeSpan.FromMinutes(Part("m")) + TimeSpan.FromSeconds(Part("s"));

        int Part(string unit) => match.Groups[unit].Success ? int.Parse(match.Groups[unit].ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    public static string Text(TimeSpan duration) =>
        duration.TotalSeconds % 3600 == 0 ? $"{duration.TotalHours:R}h" : duration.TotalSeconds % 60 == 0 ? $"{duration.TotalMinutes:R}m" : $"{duration.TotalSeconds:R}s";

    [GeneratedRegex("^(?:(?<h>[0-9]{1,4})h)?(?:(?<m>[0-9]{1,5})m)?(?:(?<s>[0-9]{1,6})s)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    static partial Regex Pattern { get; }
}
