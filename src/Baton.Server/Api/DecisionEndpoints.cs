using Baton.Core.Access;
using Baton.Core.Conversations;
using Baton.Core.Policies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Api;

static class DecisionEndpoints
{
    const string Posted = "posted";

    public static void MapDecisions(this IEndpointRouteBuilder app) => app.MapPart("/v1/decisions", "Decisions", Role.Agent)
        .MapPost("/", Evaluate).Answers<Decision>("evaluate", "What the policy in force makes of a conversation. Nothing is sent, nothing is stored.", 400, 404);

    static async Task<IResult> Evaluate(DecisionAsked body, BatonSystem system, CancellationToken ct)
    {
        if (body.Conversation is null == body.ConversationId is null)
            return Problems.Of(StatusCodes.Status400BadRequest, "invalid.decision", "Give conversationId, for one that is known here, or conversation, with its turns.");
        if (body.ConversationId is { } id)
        {
            if (id.Length > ConversationEndpoints.LongestId || await system.Store.FindConversationAsync(id, ct) is not { } known) return ConversationEndpoints.Unknown(id);
            return Decided(known, system);
        }
        var posted = body.Conversation!;
        if (ConversationEndpoints.Wrong(Posted, posted) is { } sentence) return Problems.Of(StatusCodes.Status400BadRequest, "invalid.turns", $"conversation: {sentence}");
        var conversation = Conversation.Of(Posted, posted.Turns!.Select(t => t.ToTurn())) with
        {
            Language = posted.Language,
            GuestId = posted.GuestId,
            Media = posted.Media ?? Media.Message,
            Attributes = posted.Attributes ?? [],
        };
        return Decided(conversation, system);
    }

    static IResult Decided(Conversation conversation, BatonSystem system) => Results.Ok(system.Policy.Current.Decide(conversation, RoutingSnapshot.Unknown, system.Time.GetUtcNow()));
}

/// <param name="ConversationId">One that is known here.</param>
/// <param name="Conversation">Or one that is not.</param>
sealed record DecisionAsked(string? ConversationId, TurnsPushed? Conversation);
