using System.Text.Json;
using System.Text.Json.Nodes;

namespace Baton.Sandbox.Admin;

static class AdminConversations
{
    public static void MapAdminConversations(this IEndpointRouteBuilder admin, Organization organization)
    {
        var conversations = admin.MapGroup("/conversations");
        conversations.MapPost("", (HttpRequest request, CancellationToken ct) => StartAsync(organization, request, ct));
        conversations.MapGet("/{id}", (string id) => View(organization, id));
        conversations.MapPost("/{id}/guest", (string id, HttpRequest request, CancellationToken ct) => GuestAsync(organization, id, request, ct));
        conversations.MapPost("/{id}/bot", (string id, HttpRequest request, CancellationToken ct) => BotAsync(organization, id, request, ct));
        conversations.MapPost("/{id}/agent", (string id, HttpRequest request, CancellationToken ct) => AgentAsync(organization, id, request, ct));
        conversations.MapPost("/{id}/sentiment", (string id, HttpRequest request, CancellationToken ct) => SentimentAsync(organization, id, request, ct));
        conversations.MapPost("/{id}/transfer", (string id, HttpRequest request, CancellationToken ct) => TransferAsync(organization, id, request, ct));
        conversations.MapPut("/{id}/quirks", (string id, HttpRequest request, CancellationToken ct) => QuirksAsync(organization, id, request, ct));
        conversations.MapPost("/{id}/join", (string id, HttpRequest request, CancellationToken ct) => JoinAsync(organization, id, request, ct));
        conversations.MapPost("/{id}/hangup", (string id) => Done(organization, id, () => organization.HangUp(id)));
        conversations.MapPost("/{id}/leave", (string id) => Done(organization, id, () => organization.GuestLeaves(id)));
        conversations.MapPost("/{id}/agent/end", (string id) => Done(organization, id, () => organization.AgentEnds(id)));
    }

    static async Task<IResult> StartAsync(Organization organization, HttpRequest request, CancellationToken ct)
    {
        var body = await AdminBody.ReadAsync(request, ct);
        var guest = new GuestProfile(body.Text("name") ?? "Guest", body.Map("attributes"), body.Text("language")) { Email = body.Text("email"), PhoneNumbers = body.Texts("phoneNumbers") };
        if (body.Text("media") is { } media && AdminBody.Media(media) == Media.Voice) return StartCall(organization, guest, body);
        var started = organization.StartConversation(guest, body.ContainsKey("text") ? body.Text("text") : "Hello", body.Text("botFlow"));
        return AdminEndpoints.Json(Wire.Json.Object(
            ("conversationId", started.ConversationId),
            ("customerParticipantId", started.CustomerParticipantId),
            ("customerCommunicationId", started.CustomerCommunicationId),
            ("workflowParticipantId", started.WorkflowParticipantId),
            ("workflowCommunicationId", started.WorkflowCommunicationId),
            ("botSessionId", started.BotSessionId),
            ("guestId", started.GuestId)), StatusCodes.Status201Created);
    }

    static IResult StartCall(Organization organization, GuestProfile guest, JsonObject body)
    {
        var started = organization.StartCall(guest, body.Text("agent"), body.Text("queue"));
        return AdminEndpoints.Json(Wire.Json.Object(
            ("conversationId", started.ConversationId),
            ("customerParticipantId", started.CustomerParticipantId),
            ("customerCommunicationId", started.CustomerCommunicationId),
            ("holderParticipantId", started.HolderParticipantId),
            ("holderCommunicationId", started.HolderCommunicationId),
            ("guestId", started.GuestId)), StatusCodes.Status201Created);
    }

    static async Task<IResult> QuirksAsync(Organization organization, string id, HttpRequest request, CancellationToken ct)
    {
        var body = await AdminBody.ReadAsync(request, ct);
        var usual = new GuideQuirks();
        return Done(organization, id, () => organization.SetQuirks(id, new()
        {
            NoIntentConfidence = body["noIntentConfidence"]?.GetValue<bool>() ?? false,
            GuestOmits = body.Texts("guestOmits"),
            ConversationHistory = body["conversationHistory"]?.ToJsonString(),
            EnqueueStatus = body.Text("enqueueStatus") ?? usual.EnqueueStatus,
            CallbackStatuses = body.ContainsKey("callbackStatuses") ? body.Texts("callbackStatuses") : usual.CallbackStatuses,
            CallbackDelay = body.Seconds("callbackDelaySeconds"),
        }));
    }

    static async Task<IResult> JoinAsync(Organization organization, string id, HttpRequest request, CancellationToken ct)
    {
        var body = await AdminBody.ReadAsync(request, ct);
        return Done(organization, id, () => organization.JoinCall(id, body.Required("agent")));
    }

    static async Task<IResult> GuestAsync(Organization organization, string id, HttpRequest request, CancellationToken ct)
    {
        var body = await AdminBody.ReadAsync(request, ct);
        return Done(organization, id, () => organization.GuestSays(id, body.Required("text"), body.Number("sentiment"), body.Text("intentName"), body.Number("confidence")));
    }

    /// <summary>Text is said to the guest; userInput, with what the bot made of it, becomes a reporting turn.</summary>
    static async Task<IResult> BotAsync(Organization organization, string id, HttpRequest request, CancellationToken ct)
    {
        var body = await AdminBody.ReadAsync(request, ct);
        return Done(organization, id, () =>
        {
            var text = body.Text("text");
            if (text is not null) organization.BotSays(id, text, body.Texts("quickReplies"));
            if (body.Text("userInput") is not { } userInput) return;
            var prompts = body.ContainsKey("botPrompts") ? body.Texts("botPrompts") : text is null ? [] : [text];
            organization.BotTurn(id, userInput, prompts, body.Text("intentName"), body.Number("confidence"), body.Text("askActionResult") ?? "SuccessCollection");
        });
    }

    static async Task<IResult> AgentAsync(Organization organization, string id, HttpRequest request, CancellationToken ct)
    {
        var body = await AdminBody.ReadAsync(request, ct);
        return Done(organization, id, () => organization.AgentSays(id, body.Required("text")));
    }

    static async Task<IResult> SentimentAsync(Organization organization, string id, HttpRequest request, CancellationToken ct)
    {
        var body = await AdminBody.ReadAsync(request, ct);
        return Done(organization, id, () => organization.SetSentiment(id, body.Number("score") ?? 0, body.Number("trend") ?? 0));
    }

    static async Task<IResult> TransferAsync(Organization organization, string id, HttpRequest request, CancellationToken ct)
    {
        var body = await AdminBody.ReadAsync(request, ct);
        return Done(organization, id, () => organization.OtherSystemTransfers(id, body.Required("queue")));
    }

    static IResult Done(Organization organization, string id, Action act)
    {
        act();
        return View(organization, id);
    }

    static IResult View(Organization organization, string id) => Results.Text(JsonSerializer.Serialize(organization.Conversation(id), SandboxJson.Default.ConversationView), "application/json");
}
