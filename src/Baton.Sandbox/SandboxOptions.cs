namespace Baton.Sandbox;

public sealed record SandboxOptions
{
    public SandboxFlavor Flavor { get; init; }

    /// <summary>0 takes a free port.</summary>
    public int Port { get; init; }
    public int Seed { get; init; } = 1;
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Calls a token may make in a fixed window of 60 seconds, unless its client has a limit of its own.</summary>
    public int CallsPerMinute { get; init; } = 300;

    /// <summary>Suggestions a client may ask for in a fixed window of 60 seconds, beside its other calls. Guide flavor.</summary>
    public int SuggestionsPerMinute { get; init; } = 100;

    /// <summary>From the 200 of an asynchronous suggestions query to its first callback. Guide flavor.</summary>
    public TimeSpan SuggestionDelay { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>A transfer happens this long after its 202, drawn by the seed. On the guide flavor only those of others: what a client asks for happens at once.</summary>
    public TimeSpan TransferDelayMin { get; init; } = TimeSpan.FromMilliseconds(50);
    public TimeSpan TransferDelayMax { get; init; } = TimeSpan.FromMilliseconds(2000);

    /// <summary>
    /// The platform refuses to transfer a leg that has left. Without that fence whoever sends twice moves twice: not what the platform does, but the only way to measure
    /// what a client's own care is worth. Platform flavor.
    /// </summary>
    public bool LegFence { get; init; } = true;

    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromSeconds(86400);

    /// <summary>How far analytics and bot-flow reports trail what happened.</summary>
    public TimeSpan AnalyticsLag { get; init; } = TimeSpan.Zero;

    /// <summary>Every event is posted to each of these, in an EventBridge envelope, at least once.</summary>
    public IReadOnlyList<Uri> EventTargets { get; init; } = [];

    /// <summary>The header that goes with each event, name and value, as the connection of an API destination adds one.</summary>
    public KeyValuePair<string, string>? EventKey { get; init; }

    /// <summary>The page that stands beside a conversation on the agent's screen, as an interaction widget does: <c>{{gcConversationId}}</c> in it is the conversation's id. Null: none.</summary>
    public string? Widget { get; init; }

    /// <summary>How long a guest's session lasts from its beginning.</summary>
    public TimeSpan GuestSessionLifetime { get; init; } = TimeSpan.FromHours(72);

    /// <summary>Messages a guest may send in a fixed window of 60 seconds; typing counts.</summary>
    public int GuestMessagesPerMinute { get; init; } = 60;

    /// <summary>False starts with an organization that has nothing in it: no queue, no agent, no client.</summary>
    public bool SeedOrganization { get; init; } = true;
}
