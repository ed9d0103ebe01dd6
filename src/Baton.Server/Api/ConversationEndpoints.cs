using System.Text;
using Baton.Core;
using Baton.Core.Access;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Api;

static class ConversationEndpoints
{
    public const int LongestId = 100;
    const string List = "conversations";
    const int MostTurns = 500;
    const int MostText = 20_000;

    public static void MapConversations(this IEndpointRouteBuilder app)
    {
        var conversations = app.MapPart("/v1/conversations", "Conversations", Role.Agent);
        conversations.MapGet("/", Browse).Answers<Page<ConversationSummary>>("listConversations", "Conversations, newest first.", 400);
        conversations.MapGet("/{id}", Show).Answers<ConversationShown>("getConversation", "A conversation with what was said, decided and handed off.", 404);
        conversations.MapGet("/{id}/decision", Decided).ForOwnBot().Answers<DecisionShown>("getDecision", "What was decided last of a conversation.", 404);
        conversations.MapGet("/{id}/owner", GetOwner).ForOwnBot().Answers<OwnerShown>("getOwner", "Who may speak to the customer, and the number of the change that made it so.", 404);
        conversations.MapPost("/{id}/turns", Hear).ForOwnBot().Answers<DecisionAnswer>("tellTurns", "Tell what was said; answers with the decision as it stands now.", 400, 409);
    }

    static async Task<IResult> Browse(string? cursor, int? limit, string? state, BatonSystem system, CancellationToken ct)
    {
        if (Paging.Fault(limit) is { } fault) return fault;
        if (state is not (null or "open" or "ended")) return Problems.Of(StatusCodes.Status400BadRequest, "invalid.state", $"state is '{state}'; allowed is open or ended.");
        ConversationMark? before = null;
        if (cursor is not null)
        {
            if (Paging.PartsOf(cursor, List, 2) is not [var ticks, var id] || !long.TryParse(ticks, out var at) || at < 0 || at > DateTimeOffset.MaxValue.UtcTicks) return Paging.InvalidCursor();
            before = new ConversationMark(new DateTimeOffset(at, TimeSpan.Zero), id);
        }
        var size = limit ?? Paging.Usual;
        var read = await system.Store.ListConversationsAsync(new ConversationFilter { Ended = state is null ? null : state == "ended", Before = before, Limit = size + 1 }, ct);
        return Results.Ok(Paging.PageOf(read, size, c => c, c => Paging.Cursor(List, $"{c.StartedAt.UtcTicks}", c.Id)));
    }

    static async Task<IResult> Show(string id, BatonSystem system, CancellationToken ct)
    {
        if (id.Length > LongestId || await system.Store.FindConversationAsync(id, ct) is not { } conversation) return Unknown(id);
        var decisions = await system.Store.ListDecisionsAsync(id, ct);
        var handoffs = await system.Store.ListHandoffsAsync(new HandoffFilter { ConversationId = id }, ct);
        return Results.Ok(new ConversationShown(
            conversation.Id, conversation.Media, conversation.Language, conversation.StartedAt, conversation.EndedAt, conversation.GuestId, conversation.Attributes,
            conversation.Participants, conversation.Turns, [.. decisions.Select(DecisionShown.Of)], [.. handoffs.Select(HandoffShown.Of)]));
    }

    static async Task<IResult> Decided(string id, BatonSystem system, CancellationToken ct) =>
        id.Length <= LongestId && await system.Store.ListDecisionsAsync(id, ct) is [.., var last]
            ? Results.Ok(DecisionShown.Of(last))
            : Problems.Of(StatusCodes.Status404NotFound, "unknown.decision", $"Nothing has been decided of a conversation '{id}'.");

    public static IResult Unknown(string id) => Problems.Of(StatusCodes.Status404NotFound, "unknown.conversation", $"There is no conversation '{id}' here.");

    /// <summary>Who may speak to the customer, and the number of the change that made it so.</summary>
    static async Task<IResult> GetOwner(string id, BatonSystem system, CancellationToken ct) =>
        await system.Store.FindOwnerAsync(id, ct) is { } owner ? Results.Ok(OwnerShown.Of(owner)) : Unknown(id);

    /// <summary>A bot's own turns come in, the decision goes out. Turns already known change nothing, so a bot may repeat what it is not sure of.</summary>
    static async Task<IResult> Hear(string id, TurnsPushed body, Caller caller, BatonSystem system, CancellationToken ct)
    {
        if (Wrong(id, body) is { } sentence) return Problems.Of(StatusCodes.Status400BadRequest, "invalid.turns", sentence);
        // Whose first turn is taken has the conversation from then on; a turn that is refused claims nothing.
        if (caller.Role == Role.Bot && await system.Store.ClaimForBotAsync(id, caller.Name, ct) != caller.Name) return AccessGate.AnotherBots(caller);
        if (body.Epoch is { } epoch && await system.Store.FindOwnerAsync(id, ct) is var known && (known?.Epoch ?? 1) != epoch) return Changed(known, epoch);
        var heard = await system.Watch.HearAsync(new ConversationUpdate(id, [.. body.Turns!.Select(t => t.ToTurn())]) { Language = body.Language, GuestId = body.GuestId, Media = body.Media, Attributes = body.Attributes }, ct);
        var decision = heard.Decision;
        var owner = await system.Store.FindOwnerAsync(id, ct);
        return Results.Ok(new DecisionAnswer(decision.Outcome, [.. decision.Reasons], [.. decision.WouldFlip], decision.Policy, heard.Handoff?.Handoff.Id, heard.Handoff?.Outcome, owner?.Owner.Kind, owner?.Epoch));
    }

    /// <summary>The conversation has gone to somebody else since the bot last looked: nothing was taken, and the bot must not speak.</summary>
    static IResult Changed(ConversationOwner? known, long epoch)
    {
        var now = OwnerShown.Of(known ?? new ConversationOwner("", Owner.Bot, 1, null));
        return Results.Problem($"The turn was sent for epoch {epoch}; the conversation is at epoch {now.Epoch} and belongs to {Name(now)}. Nothing was taken: read the owner again before anything is said.",
            statusCode: StatusCodes.Status409Conflict, extensions: new Dictionary<string, object?> { ["code"] = "owner.changed", ["owner"] = now });
    }

    static string Name(OwnerShown owner) => owner.Kind switch { OwnerKind.Bot => "the bot", OwnerKind.Queue => "a queue", OwnerKind.Agent => "an agent", _ => "nobody" };

    public static string? Wrong(string id, TurnsPushed body)
    {
        if (id.Length > LongestId) return $"The conversation's id is longer than {LongestId} characters.";
        if (body.GuestId is { Length: 0 or > 200 }) return "guestId is empty or longer than 200 characters.";
        if (body.Turns is not { Count: > 0 }) return "turns is empty; send at least one turn.";
        if (body.Turns.Count > MostTurns) return $"turns has {body.Turns.Count} entries; at most {MostTurns} are taken at once.";
        for (var i = 0; i < body.Turns.Count; i++)
        {
            var turn = body.Turns[i];
            if (string.IsNullOrWhiteSpace(turn.Id)) return $"turns[{i}].id is missing; without it a repeated turn would count twice.";
            if (turn.From is null) return $"turns[{i}].from is missing; allowed is customer, bot, agent or system.";
            if (turn.Text is null || turn.Text.Length > MostText) return $"turns[{i}].text is missing or longer than {MostText} characters.";
            if (turn.At is null) return $"turns[{i}].at is missing; give the time of the turn with its zone.";
            if (turn.Intent?.Confidence is < 0 or > 1) return $"turns[{i}].intent.confidence is {turn.Intent.Confidence}; allowed is 0 to 1.";
            if (turn.Sentiment is < -1 or > 1) return $"turns[{i}].sentiment is {turn.Sentiment}; allowed is -1 to 1.";
        }
        return null;
    }
}

sealed record TurnsPushed(IReadOnlyList<TurnPushed>? Turns, string? Language, string? GuestId, Media? Media, Dictionary<string, string>? Attributes, long? Epoch = null);

sealed record TurnPushed(string? Id, Speaker? From, string? Text, DateTimeOffset? At, Intent? Intent, double? Sentiment, BotResult? Result)
{
    public Turn ToTurn() => new(Id!, From!.Value, Text!, At!.Value.ToUniversalTime()) { Intent = Intent, Sentiment = Sentiment, Result = Result };
}

sealed record DecisionAnswer(DecisionOutcome Outcome, IReadOnlyList<Reason> Reasons, IReadOnlyList<string> WouldFlip, PolicyVersion Policy, HandoffId? Handoff, StartOutcome? HandoffOutcome, OwnerKind? Owner, long? Epoch);

/// <param name="Kind">bot, queue, agent or nobody.</param>
sealed record OwnerShown(OwnerKind Kind, long Epoch, string? QueueId, string? AgentId, DateTimeOffset? Since)
{
    public static OwnerShown Of(ConversationOwner known) => new(known.Owner.Kind, known.Epoch, known.Owner.QueueId, known.Owner.AgentId, known.Since);
}

sealed record ConversationShown(
    string Id, Media Media, string? Language, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? GuestId, IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyList<Participant> Participants, IReadOnlyList<Turn> Turns, IReadOnlyList<DecisionShown> Decisions, IReadOnlyList<HandoffShown> Handoffs);

/// <param name="Decision">Null once the customer was erased.</param>
sealed record DecisionShown(long Id, string ConversationId, DateTimeOffset At, DecisionOutcome Outcome, Decision? Decision)
{
    const string Erased = "{}";

    public static DecisionShown Of(RecordedDecision d) => new(d.Id, d.ConversationId, d.At, d.Outcome, d.Json == Erased ? null : Decision.FromJson(Encoding.UTF8.GetBytes(d.Json)));
}
