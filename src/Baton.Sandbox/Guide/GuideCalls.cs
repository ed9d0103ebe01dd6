using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;
using Baton.Sandbox.Http;
using Baton.Sandbox.Routing;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Guide;

/// <summary>How the guide flavor looks things up and says no: an unknown id is a 404 that names it, whatever it looks like.</summary>
static class GuideCalls
{
    const int MaxPageSize = 250;

    public static Conversation KnownConversation(this Call call) => call.KnownConversation(call.Path("conversationId"));

    public static Conversation KnownConversation(this Call call, string id) =>
        call.World.ConversationsById.GetValueOrDefault(id.ToLowerInvariant()) ?? throw Unknown("conversation", id);

    public static Queue KnownQueue(this Call call)
    {
        var id = call.Path("queueId");
        return call.Queue(id) ?? throw Unknown("queue", id);
    }

    public static Queue? Queue(this Call call, string id) => call.World.Queues.Find(q => string.Equals(q.Id, id, StringComparison.OrdinalIgnoreCase));

    /// <summary>By id or by name: the guides write names.</summary>
    public static Skill? Skill(this Call call, string idOrName) =>
        call.World.Skills.Find(s => s.Id == idOrName) ?? call.World.Skills.Find(s => string.Equals(s.Name, idOrName, StringComparison.OrdinalIgnoreCase));

    public static Refusal Unknown(string kind, string id) =>
        new(404, "not.found", $"The requested resource was not found: {kind} {id}.") { Entity = (id, kind) };

    public static Refusal Invalid(string field, string sentence) => new(400, "bad.request", sentence) { Details = [("invalid.value", field)] };

    public static Refusal Conflict(string sentence) => new(409, "general.conflict", sentence);

    public static Refusal TransferUnderway() => Conflict("The conversation is already in transfer state.");

    /// <summary>Answers one page of a list that is walked by an opaque cursor. The next cursor is always there, null after the last page.</summary>
    public static Answer WalkByCursor<T>(this Call call, string listName, IReadOnlyList<T> all, int size, string? cursor, Func<T, JsonNode> render)
    {
        var from = cursor is null ? 0 : Cursor.Read("cursor", cursor);
        return Answer.Ok(new JsonObject
        {
            [listName] = Json.Array(all.Skip(from).Take(size), render),
            ["nextPageCursor"] = call.NextCursor(from, size, all.Count),
        });
    }

    public static int PageSize(this Call call, int otherwise) => call.QueryInt("pageSize", otherwise, 1, MaxPageSize);

    public static int PageSizeInBody(this Call call, int otherwise) => call.NumberWithin("pageSize", 1, MaxPageSize) ?? otherwise;

    public static int? NumberWithin(this Call call, string field, int min, int max)
    {
        if (call.BodyObject[field] is not { } node) return null;
        return node is JsonValue value && value.TryGetValue<int>(out var number) && number >= min && number <= max
            ? number
            : throw Invalid(field, $"The field {field} is not an integer between {min} and {max}.");
    }

    /// <summary>Text that is there and is text.</summary>
    public static string RequiredText(this Call call, string field) =>
        call.OptionalText(field) is { Length: > 0 } text ? text : throw Missing(field);

    public static string? OptionalText(this Call call, string field) => call.BodyObject[field] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => throw Invalid(field, $"The field {field} is not a string."),
    };

    public static IReadOnlyList<string>? OptionalTexts(this Call call, string field)
    {
        if (call.BodyObject[field] is not { } node) return null;
        return Texts(node) ?? throw Invalid(field, $"The field {field} is not a list of strings.");
    }

    public static IReadOnlyList<string>? Texts(JsonNode? node) =>
        node is JsonArray list && list.All(i => i is JsonValue value && value.TryGetValue<string>(out _)) ? [.. list.Select(i => i!.GetValue<string>())] : null;

    public static Refusal Missing(string field) => new(400, "required.field.missing", $"The required field {field} is missing.")
    {
        Params = new Dictionary<string, string> { ["field"] = field },
        Details = [("required.field.missing", field)],
    };

    /// <summary>The full address of a resource, on whatever host it was asked.</summary>
    public static string Self(this Call call) => $"{call.Request.Scheme}://{call.Request.Host}{call.Request.Path}";
}
