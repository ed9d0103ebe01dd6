namespace Baton.Server;

/// <summary>The console. Configuration section <c>Console</c>.</summary>
public sealed record ConsoleSettings
{
    /// <summary>Origins whose pages may show ours inside theirs, as the vendor's agent workspace does with the desk; empty: none.</summary>
    public IReadOnlyList<string> FrameAncestors { get; init; } = [];

    internal static ConsoleSettings Read(SettingsReader read)
    {
        var origins = read.List("Console:FrameAncestors");
        foreach (var origin in origins.Where(o => !AccessSettings.IsOrigin(o))) read.Fault($"Console:FrameAncestors has '{origin}'; an origin is scheme and host, as in https://apps.mypurecloud.de.");
        return new ConsoleSettings { FrameAncestors = origins };
    }
}
