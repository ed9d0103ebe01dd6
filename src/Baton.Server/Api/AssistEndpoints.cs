using Baton.Core.Access;
using Baton.Core.Assist;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Api;

static class AssistEndpoints
{
    public static void MapAssist(this IEndpointRouteBuilder app)
    {
        var assist = app.MapPart("/v1/assist", "Assist", Role.Agent);
        assist.MapPost("/suggestions", Ask).Answers<AssistAnswered>("askForSuggestions", "Suggestions for the agent who has a conversation.", 400);
        assist.MapGet("/requests/{id}", Show).Answers<AssistAnswered>("getSuggestions", "What was asked for, with what has come in by now.", 404);
        assist.MapPost("/suggestions/{id}/engagements", Engage).Answers<SuggestionShown>("tellEngagement", "Tell what an agent did with a suggestion.", 400, 404, 409);
        assist.MapGet("/report", Report).Answers<AssistReport>("getAssistReport", "How suggestions do.", 400);
    }

    static async Task<IResult> Ask(AssistAsked body, BatonSystem system, CancellationToken ct)
    {
        var transcript = body.Transcript;
        if (transcript is null && body.ConversationId is { Length: > 0 } id && await system.Store.FindConversationAsync(id, ct) is { } heard) transcript = AssistQuestion.TranscriptOf(heard);
        var question = new AssistQuestion(body.ConversationId ?? "", transcript ?? "")
        {
            AgentSkills = body.AgentSkills ?? [],
            KnowledgeSourceIds = body.KnowledgeSourceIds ?? system.Settings.Assist.KnowledgeSourceIds,
            CallbackUrl = body.CallbackUrl,
            IsAsync = body.Async ?? true,
            QueueId = body.QueueId,
            AgentId = body.AgentId,
            Show = body.Show ?? AssistQuestion.UsuallyShown,
        };
        var leftOut = 0;
        if (body.Tail == true) (question, leftOut) = question.Tail();
        try
        {
            return Results.Ok(AssistAnswered.Of(await system.Assist.AskAsync(question, ct)) with { TranscriptLeftOut = leftOut > 0 ? leftOut : null });
        }
        catch (AssistRefusedException e)
        {
            return Problems.Of(StatusCodes.Status400BadRequest, "invalid.question", e.Faults);
        }
    }

    static async Task<IResult> Show(string id, BatonSystem system, CancellationToken ct) =>
        AssistRequestId.TryParse(id, null, out var known) && await system.Store.FindAssistAsync(known, ct) is { } request
            ? Results.Ok(AssistAnswered.Of(new AssistAnswer(request, await system.Store.SuggestionsOfAsync(known, ct))))
            : Problems.Of(StatusCodes.Status404NotFound, "unknown.request", $"There is no request for suggestions '{id}'.");

    /// <summary>What an agent did with a suggestion. Repeating it changes nothing.</summary>
    static async Task<IResult> Engage(string id, EngagementTold body, BatonSystem system, CancellationToken ct)
    {
        if (body.Action is not { } action || action is SuggestionState.Offered or SuggestionState.Expired)
            return Problems.Of(StatusCodes.Status400BadRequest, "invalid.engagement", "action is missing or not an agent's; allowed is displayed, inserted, edited, sent or dismissed.");
        if (string.IsNullOrWhiteSpace(body.AgentId) || body.AgentId.Length > 100) return Problems.Of(StatusCodes.Status400BadRequest, "invalid.engagement", "agentId is missing or longer than 100 characters.");
        var now = system.Time.GetUtcNow();
        var at = body.At?.ToUniversalTime() ?? now;
        if (at > now + TimeSpan.FromMinutes(5)) return Problems.Of(StatusCodes.Status400BadRequest, "invalid.engagement", $"at is {at:u}, which is still to come.");
        if (!SuggestionId.TryParse(id, null, out var known) || await system.Assist.EngageAsync(known, new Engagement(action, body.AgentId, at), ct) is not { } engaged)
            return Problems.Of(StatusCodes.Status404NotFound, "unknown.suggestion", $"There is no suggestion '{id}'.");
        return engaged.Rejection is { } why ? Problems.Of(StatusCodes.Status409Conflict, "suggestion.state", why) : Results.Ok(SuggestionShown.Of(engaged.Suggestion));
    }

    static async Task<IResult> Report(DateTimeOffset? since, BatonSystem system, CancellationToken ct) => Results.Ok(await AssistReports.ReadAsync(system.Store, since, ct));
}

/// <param name="Transcript">Null: what has been heard of the conversation.</param>
/// <param name="KnowledgeSourceIds">Null: the configured ones.</param>
/// <param name="Tail">True: a longer transcript is cut to its newest turns, and the answer says so.</param>
sealed record AssistAsked(
    string? ConversationId, string? Transcript, IReadOnlyList<string>? AgentSkills, IReadOnlyList<string>? KnowledgeSourceIds, string? CallbackUrl, bool? Async, bool? Tail, string? QueueId, string? AgentId, int? Show);

sealed record EngagementTold(SuggestionState? Action, string? AgentId, DateTimeOffset? At);

sealed record AssistAnswered(AssistRequestId RequestId, string ConversationId, AssistState State, DateTimeOffset AskedAt, IReadOnlyList<SourceReport> Sources, IReadOnlyList<SuggestionShown> Suggestions)
{
    /// <summary>The platform's name for the request.</summary>
    public string? VendorRequestId { get; init; }

    /// <summary>Characters of the transcript that were not asked with.</summary>
    public int? TranscriptLeftOut { get; init; }

    public static AssistAnswered Of(AssistAnswer answer) => new(
        answer.Request.Id, answer.Request.ConversationId, answer.Request.State, answer.Request.AskedAt, answer.Request.Sources, [.. answer.Suggestions.Select(SuggestionShown.Of)])
    { VendorRequestId = answer.Request.VendorId };
}

sealed record SuggestionShown(
    SuggestionId Id, string ConversationId, string Title, string Content, string? Link, SuggestionState State, Score Score, IReadOnlyList<string> Sources, string KnowledgeSourceId, string SourceId, DateTimeOffset OfferedAt)
{
    public static SuggestionShown Of(Suggestion s) => new(s.Id, s.ConversationId, s.Title, s.Content, s.Link, s.State, s.Score, s.Sources, s.KnowledgeSourceId, s.SourceId, s.OfferedAt);
}
