using System.Text.Json;
using System.Text.Json.Serialization;
using Baton.Core;
using Baton.Core.Assist;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Server.Inbound;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Api;

static class ConversationEndpoints
{
    const int MostTurns = 500;
    const int MostText = 20_000;

    public static void MapConversations(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/conversations/{id}/turns", Hear);
        app.MapGet("/v1/conversations/{id}/owner", GetOwner);
    }

    /// <summary>Who may speak to the customer, and the number of the change that made it so.</summary>
    static async Task<IResult> GetOwner(string id, BatonSystem system, CancellationToken ct) =>
        await system.Store.FindOwnerAsync(id, ct) is { } owner ? Results.Ok(OwnerShown.Of(owner)) : Problems.Of(StatusCodes.Status404NotFound, "conversation.unknown", $"Nothing is known of conversation '{id}'.");

    /// <summary>A bot's own turns come in, the decision goes out. Turns already known change nothing, so a bot may repeat what it is not sure of.</summary>
    static async Task<IResult> Hear(string id, TurnsPushed body, BatonSystem system, CancellationToken ct)
    {
        if (Wrong(id, body) is { } sentence) return Problems.Of(StatusCodes.Status400BadRequest, "invalid.turns", sentence);
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

    static string? Wrong(string id, TurnsPushed body)
    {
        if (id.Length > 100) return "The conversation's id is longer than 100 characters.";
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

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TurnsPushed))]
[JsonSerializable(typeof(DecisionAnswer))]
[JsonSerializable(typeof(OwnerShown))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(AssistAsked))]
[JsonSerializable(typeof(AssistAnswered))]
[JsonSerializable(typeof(EngagementTold))]
[JsonSerializable(typeof(SuggestionShown))]
[JsonSerializable(typeof(AssistReport))]
[JsonSerializable(typeof(CallbackAnswer))]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
sealed partial class ApiJson : JsonSerializerContext;
