using Baton.Core;
using Baton.Core.Conversations;
using Baton.Genesys.Platform;

namespace Baton.Genesys.Guide;

/// <summary>Reads a guide's conversation as Baton's. Only who is in it now is told, so every participant counts as connected.</summary>
static class GuideView
{
    /// <param name="now">Stands for the end of a conversation that is over: when it ended is not told.</param>
    public static ConversationView Of(GuideConversation wire, string id, DateTimeOffset now) => new(wire.Id ?? id, MediaOf(wire), IsOver(wire) ? now : null, Participants(wire))
    {
        TransferInProgress = Is(wire.State, "transferring"),
    };

    public static IReadOnlyList<Participant> Participants(GuideConversation wire) =>
        [.. (wire.Participants ?? []).Where(p => p.Id is not null).Select(p => new Participant(p.Id!, RoleOf(p.Purpose)) { UserId = p.UserId, QueueId = p.QueueId, CommunicationId = MediaOf(wire) == Media.Message ? p.Id : null, Connected = true })];

    public static Media MediaOf(GuideConversation wire) => MediaOf(wire.Type);

    public static Media MediaOf(string? type) => Is(type, "voice") || Is(type, "callback") ? Media.Voice : Media.Message;

    public static bool IsOver(GuideConversation wire) => Is(wire.State, "terminated");

    static ParticipantRole RoleOf(string? purpose) => Is(purpose, "bot") ? ParticipantRole.Bot : PlatformView.RoleOf(purpose);

    static bool Is(string? text, string value) => string.Equals(text, value, StringComparison.OrdinalIgnoreCase);
}
