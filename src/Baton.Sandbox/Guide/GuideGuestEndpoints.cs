using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;
using Baton.Sandbox.Http;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Guide;

/// <summary>Row 003 b of the contract: the guest, and what the bot wrote down of the conversation. It lasts as long as the guest's session.</summary>
static class GuideGuestEndpoints
{
    const string Prefix = "guest-";

    public static void MapGuideGuests(this ApiRoutes api) => api.Scoped("GET", "/conversations/guests/{guestId}", GuideScopes.GuestRead, Get);

    static Answer Get(Call call)
    {
        var id = call.Path("guestId");
        var conversation = call.World.Conversations.Find(c => c.End is null && string.Equals(Prefix + c.Customer.Id, id, StringComparison.OrdinalIgnoreCase))
            ?? throw GuideCalls.Unknown("guest", id);
        var guest = conversation.Guest;
        var omitted = conversation.Quirks.GuestOmits;
        return Answer.Ok(Json.Object(Told([
            ("id", Prefix + conversation.Customer.Id),
            ("name", guest.Name),
            ("email", guest.Email),
            ("phoneNumbers", Json.Strings(guest.PhoneNumbers)),
            ("skills", new JsonArray()),
            ("customAttributes", Json.Object(Told([("lastBotResponse", LastOfBot(conversation)), ("conversationHistory", History(conversation))]))),
            ("self", call.Self()),
        ])));

        (string, JsonNode?)[] Told((string Name, JsonNode? Value)[] members) => [.. members.Where(m => !omitted.Contains(m.Name))];
    }

    static JsonNode? History(Conversation conversation) => conversation.Quirks.ConversationHistory is { } odd
        ? JsonNode.Parse(odd)
        : Json.Array(conversation.Messages.Where(m => m.From is "guest" or "bot" or "agent"), m => Json.Object(("from", m.From), ("text", m.Text)));

    static string? LastOfBot(Conversation conversation) => conversation.Messages.FindLast(m => m.From == "bot")?.Text;
}
