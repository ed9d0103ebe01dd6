using System.Text.Json;
using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;
using Baton.Sandbox.Routing;

namespace Baton.Sandbox.Http;

/// <summary>One request as a handler sees it: what was asked, by whom, and what is to go wrong with it.</summary>
sealed class Call(World world, HttpContext http, byte[] body, IReadOnlyList<Fault> faults)
{
    JsonNode? parsed;

    public World World { get; } = world;
    public HttpRequest Request { get; } = http.Request;
    public byte[] Bytes { get; } = body;
    public OAuthClient? Client { get; set; }
    public Token? Token { get; set; }
    public DateTimeOffset Now => World.Now;

    public Fault? Fault(FaultKind kind) => faults.FirstOrDefault(f => f.Kind == kind);

    /// <summary>Those that strike the list of suggestions in the reply. Drawn where the list is made: a fault is not used up by a call that has none.</summary>
    public IReadOnlyList<Fault> ContentFaults(string? conversationId, params string[] moreNames)
    {
        var struck = World.Faults.DrawForContent(Request.Method, conversationId, [Request.Path, .. moreNames]);
        World.NoteFaults(struck, conversationId);
        return struck;
    }

    /// <summary>Reads may be answered from the past on purpose, but not from before the conversation began.</summary>
    public DateTimeOffset AsOf(Conversation conversation)
    {
        if (Fault(FaultKind.StaleParticipants) is not { } stale) return Now;
        var past = Now.AddMilliseconds(-stale.Milliseconds);
        return past < conversation.Start ? conversation.Start : past;
    }

    public string Path(string name) => (string)Request.RouteValues[name]!;

    public string PathId(string name) => Guid.TryParseExact(Path(name), "D", out _) ? Path(name).ToLowerInvariant() : throw Refusals.BadRequest($"The value [{Path(name)}] of {name} is not a valid id.");

    public string? Query(string name) => Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    /// <summary>A list may be repeated or separated by commas: SDKs do either.</summary>
    public IReadOnlyList<string> QueryAll(string name) =>
        [.. Request.Query[name].SelectMany(v => (v ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    public int QueryInt(string name, int otherwise, int min, int max)
    {
        if (Query(name) is not { } text) return otherwise;
        return int.TryParse(text, out var value) && value >= min && value <= max ? value : throw Refusals.InvalidQuery(name, text);
    }

    public JsonNode Body => parsed ??= Parse();

    public JsonObject BodyObject => Body as JsonObject ?? throw Refusals.BadRequest();

    public string? Text(string name) => Text(BodyObject, name);

    public static string? Text(JsonObject from, string name) => from[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => throw Refusals.BadRequest($"The field {name} is not a string."),
    };

    public string? OneOf(string name, params ReadOnlySpan<string> allowed)
    {
        var value = Text(name);
        if (value is null || allowed.Contains(value)) return value;
        throw Refusals.InvalidValue(value, name, allowed.ToArray());
    }

    public bool? Flag(string name) => BodyObject[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
        _ => throw Refusals.BadRequest($"The field {name} is not a boolean."),
    };

    public int? Number(string name) => BodyObject[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<int>(out var number) => number,
        _ => throw Refusals.BadRequest($"The field {name} is not an integer."),
    };

    public IReadOnlyList<string>? TextList(string name) => BodyObject[name] is { } node ? TextList(node, name) : null;

    public static IReadOnlyList<string> TextList(JsonNode node, string name) =>
        node is JsonArray array && array.All(i => i is JsonValue value && value.TryGetValue<string>(out _))
            ? [.. array.Select(i => i!.GetValue<string>())]
            : throw Refusals.BadRequest($"The field {name} is not a list of strings.");

    /// <summary>A call is not a conversation of messages.</summary>
    public Conversation Conversation()
    {
        var conversation = World.ConversationsById.GetValueOrDefault(PathId("conversationId"));
        if (!Request.Path.StartsWithSegments("/api/v2/conversations/messages")) return conversation ?? throw Refusals.NotFound();
        return conversation is { IsCall: false } ? conversation : throw Refusals.NoConversation();
    }

    public Leg Leg(Conversation conversation)
    {
        var id = PathId("participantId");
        return conversation.Find(l => l.Id == id, Refusals.NotAParticipant);
    }

    public Queue Queue()
    {
        var id = PathId("queueId");
        return World.Queues.Find(q => q.Id == id) ?? throw Refusals.NotFound();
    }

    public Agent Agent()
    {
        var id = PathId("userId");
        return World.Agents.Find(a => a.Id == id) ?? throw Refusals.NotFound();
    }

    JsonNode Parse()
    {
        if (Bytes.Length == 0) throw Refusals.BadRequest();
        try
        {
            return JsonNode.Parse(Bytes) ?? throw Refusals.BadRequest();
        }
        catch (JsonException)
        {
            throw Refusals.BadRequest();
        }
    }
}
