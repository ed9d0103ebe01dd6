namespace Baton.Sandbox;

/// <summary>A conversation as it stands, for tests and for the admin endpoints.</summary>
public sealed record ConversationView(
    string Id,
    DateTimeOffset StartTime,
    DateTimeOffset? EndTime,
    IReadOnlyList<ParticipantView> Participants,
    IReadOnlyList<TransferView> Transfers,
    IReadOnlyList<MessageView> Messages)
{
    public Media Media { get; init; }

    public ParticipantView Customer => Participants[0];

    /// <summary>The flow, queue or agent leg that holds the conversation now, if any does.</summary>
    public ParticipantView? Holder =>
        Participants.LastOrDefault(p => p is { Purpose: not "customer", State: "connected" });
}

public sealed record ParticipantView(
    string Id,
    string CommunicationId,
    string Purpose,
    string State,
    string? QueueId,
    string? UserId,
    DateTimeOffset StartTime,
    DateTimeOffset? ConnectedTime,
    DateTimeOffset? EndTime,
    string? DisconnectType,
    IReadOnlyDictionary<string, string> Attributes);

public sealed record TransferView(string Id, string State, string? QueueId, string? UserId);

public sealed record MessageView(string Id, string From, string Text, DateTimeOffset Time);

/// <summary>What starting a conversation gives.</summary>
public sealed record StartedConversation(
    string ConversationId,
    string CustomerParticipantId,
    string CustomerCommunicationId,
    string WorkflowParticipantId,
    string WorkflowCommunicationId,
    string BotSessionId)
{
    /// <summary>As the guide flavor knows the guest.</summary>
    public string GuestId => $"guest-{CustomerParticipantId}";
}

/// <summary>What starting a call gives.</summary>
/// <param name="HolderParticipantId">The flow's leg, the waiting leg of a queue, or the agent's.</param>
public sealed record StartedCall(
    string ConversationId,
    string CustomerParticipantId,
    string CustomerCommunicationId,
    string HolderParticipantId,
    string HolderCommunicationId)
{
    /// <summary>As the guide flavor knows the caller.</summary>
    public string GuestId => $"guest-{CustomerParticipantId}";
}

public sealed record QueueView(string Id, string Name);

public sealed record SkillView(string Id, string Name);

public sealed record LanguageView(string Id, string Name);

public sealed record AgentView(string Id, string Name, string Email, string RoutingStatus, int Load);

public sealed record ClientView(string Id, string Secret);

public sealed record BotFlowView(string Id, string Name);
