using Baton.Core;
using Baton.Core.Conversations;

namespace Baton.Genesys.Platform;

/// <summary>Reads the platform's conversation as Baton's: who is in it, who speaks, what is under way.</summary>
static class PlatformView
{
    public static ConversationView Of(WireConversation wire, string id)
    {
        var transfers = wire.RecentTransfers ?? [];
        return new ConversationView(wire.Id ?? id, MediaOf(wire), wire.EndTime, Participants(wire))
        {
            TransferInProgress = transfers.Any(IsUnderWay),
            TransfersUnderWay = [.. transfers.Where(IsUnderWay).Select(t => t.Id).OfType<string>()],
            TransferFailedAt = transfers.Where(t => IsState(t, "failed") || IsState(t, "timeout")).Max(t => t.DateIssued),
        };
    }

    public static IReadOnlyList<Participant> Participants(WireConversation wire) => [.. (wire.Participants ?? []).Where(p => p.Id is not null).Select(ParticipantOf)];

    public static Media MediaOf(WireConversation wire) => (wire.Participants ?? []).Any(p => p.Calls is { Count: > 0 }) ? Media.Voice : Media.Message;

    static Participant ParticipantOf(WireParticipant wire)
    {
        var communications = wire.Messages is { Count: > 0 } messages ? messages : wire.Calls ?? [];
        // A leg whose every communication has ended is gone, even while its own end time is still to come.
        var gone = communications.Count > 0 && communications.All(c => IsOver(c.State));
        return new Participant(wire.Id!, RoleOf(wire.Purpose))
        {
            Name = wire.Name,
            UserId = wire.UserId,
            QueueId = wire.QueueId,
            // A call carries no text: there is nothing to speak through.
            CommunicationId = wire.Messages is { Count: > 0 } texts ? texts[^1].Id : null,
            StartedAt = wire.StartTime,
            EndedAt = wire.EndTime ?? (gone ? wire.StartTime ?? DateTimeOffset.UnixEpoch : null),
            Connected = communications.Any(c => string.Equals(c.State, "connected", StringComparison.OrdinalIgnoreCase)),
        };
    }

    public static ParticipantRole RoleOf(string? purpose) => purpose?.ToLowerInvariant() switch
    {
        "customer" or "external" => ParticipantRole.Customer,
        "workflow" or "botflow" or "ivr" or "api" => ParticipantRole.Bot,
        "acd" => ParticipantRole.Queue,
        "agent" or "user" => ParticipantRole.Agent,
        _ => ParticipantRole.Other,
    };

    static bool IsOver(string? state) => state?.ToLowerInvariant() is "disconnected" or "terminated";
    static bool IsUnderWay(WireTransfer transfer) => IsState(transfer, "pending") || IsState(transfer, "active");
    static bool IsState(WireTransfer transfer, string state) => string.Equals(transfer.State, state, StringComparison.OrdinalIgnoreCase);
}
