namespace Baton.Core.Policies;

/// <summary>The key <c>mode</c>: <c>live</c>, <c>shadow</c>, or a canary, as a group (<c>canary: 10%</c> on its own line) or in quotes.</summary>
static class ModeSection
{
    public static PolicyMode? Read(PolicyReader reader, YamlNode node)
    {
        if (node is { Kind: YamlKind.Map })
            return reader.Keys(node, "mode", ["canary"]).TryGetValue("canary", out var share) ? Canary(reader, share, share.Text) : null;
        switch (node.Text)
        {
            case "live": return PolicyMode.Live;
            case "shadow": return PolicyMode.Shadow;
            case var text when text.StartsWith("canary", StringComparison.Ordinal): return Canary(reader, node, text["canary".Length..].TrimStart(':', ' '));
            default:
                reader.Fault(node, "mode", $"mode is {(node.IsEmpty ? "empty" : node.Shown)}; allowed is live, shadow or {{canary: 10%}}");
                return null;
        }
    }

    static PolicyMode? Canary(PolicyReader reader, YamlNode node, string share)
    {
        var percent = reader.Number(new YamlNode(YamlKind.Scalar, node.Line, node.Column) { Text = share.TrimEnd('%', ' ') }, "mode.canary", 0, 100);
        return percent is { } given ? new PolicyMode(PolicyModeKind.Canary, given) : null;
    }
}
