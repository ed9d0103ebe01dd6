namespace Baton.Sandbox;

public sealed record SandboxOptions
{
    /// <summary>0 takes a free port.</summary>
    public int Port { get; init; }
    public int Seed { get; init; } = 1;
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Calls a token may make in a fixed window of 60 seconds, unless its client has a limit of its own.</summary>
    public int CallsPerMinute { get; init; } = 300;

    /// <summary>A transfer happens this long after its 202, drawn by the seed.</summary>
    public TimeSpan TransferDelayMin { get; init; } = TimeSpan.FromMilliseconds(50);
    public TimeSpan TransferDelayMax { get; init; } = TimeSpan.FromMilliseconds(2000);

    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromSeconds(86400);

    /// <summary>How far analytics and bot-flow reports trail what happened.</summary>
    public TimeSpan AnalyticsLag { get; init; } = TimeSpan.Zero;

    /// <summary>Every event is posted to each of these, in an EventBridge envelope, at least once.</summary>
    public IReadOnlyList<Uri> EventTargets { get; init; } = [];

    /// <summary>False starts with an organization that has nothing in it: no queue, no agent, no client.</summary>
    public bool SeedOrganization { get; init; } = true;
}
