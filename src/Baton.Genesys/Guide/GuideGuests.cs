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

    static IReadOnlyList<GuestLine> Lines(JsonElement guest)
    {
        if (Member(guest, "customAttributes") is not { } attributes || Member(attributes, "conversationHistory") is not { ValueKind: JsonValueKind.Array } history) return [];
        return [.. history.EnumerateArray().Select(LineOf).OfType<GuestLine>()];
    }

    static GuestLine? LineOf(JsonElement entry) =>
        Text(Member(entry, "text")) is { } text ? new GuestLine(Text(Member(entry, "from")) ?? NobodyNamed, text) : null;

    static JsonElement? Member(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var member) ? member : null;

    static string? Text(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.String } text when text.GetString() is { } said && !string.IsNullOrWhiteSpace(said) => said,
        { ValueKind: JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False } plain => plain.GetRawText(),
        _ => null,
    };
}
