using Baton.Sandbox.Routing;

namespace Baton.Sandbox.Conversations;

/// <summary>One entry of a conversation's event stream.</summary>
/// <param name="Type">message, transfer, participantJoined, participantLeft or disconnect.</param>
/// <param name="By">The leg it came from; null for the organization itself.</param>
sealed record TimelineEvent(string Type, DateTimeOffset Time, Leg? By)
{
    public Message? Message { get; init; }
    public Queue? Queue { get; init; }
}
