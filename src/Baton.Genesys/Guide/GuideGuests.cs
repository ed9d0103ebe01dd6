using System.Text.Json;
using Baton.Core;
using Baton.Core.Conversations;
using Baton.Genesys.Http;

namespace Baton.Genesys.Guide;

/// <summary>
/// The guest's record (row 003 b of the contract). Its history is whatever the bot has written there, so nothing of its form is relied on: a history that is no list,
/// an entry that is no object or has no text, a sender that is missing are passed over or named, never a fault.
/// </summary>
sealed class GuideGuests(GenesysApi api)
{
    const string NobodyNamed = "unknown";

    /// <exception cref="ContactCenterException"><see cref="FailureKind.GuestNotFound"/>: there is no such guest, or its session is over.</exception>
    public async Task<IReadOnlyList<GuestLine>> ReadAsync(string guestId, CallFor call, CancellationToken ct)
    {
        var segment = GuidePath.Segment(guestId) ?? throw new ContactCenterException(FailureKind.GuestNotFound, $"'{guestId}' is not a guest's id.");
        try
        {
            var guest = await api.GetAsync($"conversations/guests/{segment}", $"Reading guest {guestId}", GuideJson.Default.JsonElement, CallPurpose.Brief, call, ct);
            return Lines(guest);
        }
        catch (ContactCenterException e) when (e.Kind == FailureKind.ConversationNotFound)
        {
            throw new ContactCenterException(FailureKind.GuestNotFound, e.Message, e);
        }
    }

    static IReadOnlyList<GuestLine> Lines(JsonElement guest) =>
        [.. guest.Member("customAttributes").Member("conversationHistory").Items().Select(LineOf).OfType<GuestLine>()];

    static GuestLine? LineOf(JsonElement entry) =>
        entry.Member("text").Text() is { } text ? new GuestLine(entry.Member("from").Text() ?? NobodyNamed, text) : null;
}
