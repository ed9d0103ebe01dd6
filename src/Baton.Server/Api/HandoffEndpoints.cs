using System.Globalization;
using Baton.Core;
using Baton.Core.Access;
using Baton.Core.Assist;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Api;

static class HandoffEndpoints
{
    const string List = "handoffs";
    const int MostSkills = 50;
    const int LongestName = 200;
    const int LongestText = 2000;

    public static void MapHandoffs(this IEndpointRouteBuilder app)
    {
        var handoffs = app.MapPart("/v1/handoffs", "Handoffs", Role.Agent);
        handoffs.MapPost("/", Start).For(Role.Supervisor).Answers<HandoffAnswered>("startHandoff", "Hand a conversation off. One has one live handoff: a second start answers with the first.", 400, 404, 409, 422, 502, 503)
            .Produces<HandoffAnswered>(StatusCodes.Status202Accepted);
        handoffs.MapGet("/", Browse).Answers<Page<HandoffShown>>("listHandoffs", "Handoffs, newest first.", 400);
        handoffs.MapGet("/{id}", Show).Answers<HandoffDetail>("getHandoff", "A handoff with its history.", 404);
        handoffs.MapPost("/{id}/cancel", Cancel).For(Role.Supervisor).Answers<HandoffAnswered>("cancelHandoff", "Call a handoff off, as long as nothing has been sent.", 404, 409);
        handoffs.MapPost("/{id}/retry", Retry).For(Role.Supervisor).Answers<HandoffAnswered>("retryHandoff", "Start one that has ended once more, with the same plan.", 404, 409)
            .Produces<HandoffAnswered>(StatusCodes.Status202Accepted);
    }

    static async Task<IResult> Start(HandoffAsked body, HttpContext context, Caller caller, BatonSystem system, CancellationToken ct)
    {
        var faults = body.Faults();
        if (faults.Count > 0) return Problems.Of(StatusCodes.Status400BadRequest, "invalid.handoff", faults);
        // One caller's key is not another's.
        var key = context.Request.Headers[RepeatedRequests.Header].ToString() is { Length: > 0 } given ? $"{caller.Name}\n{given}" : null;
        var ask = new HandoffAsk(body.ConversationId!)
        {
            By = caller.Name,
            Guest = body.GuestId,
            Queue = body.Queue,
            Anyway = body.Anyway ?? false,
            Message = body.Message,
            Skills = body.Skills ?? [],
            Priority = body.Priority,
            Reason = body.Reason,
            IdempotencyKey = key,
        };
        if (ask.Fault(system.Settings.Genesys.Flavor, field => field) is { } fault) return Problems.Of(StatusCodes.Status400BadRequest, "invalid.handoff", [new FieldFault(fault.Field, fault.Sentence)]);
        return Answer(await new HandoffDesk(system).StartAsync(ask, ct));
    }

    static async Task<IResult> Browse(HandoffState? state, string? queue, DateTimeOffset? since, string? conversationId, string? cursor, int? limit, BatonSystem system, CancellationToken ct)
    {
        if (Paging.Fault(limit) is { } fault) return fault;
        HandoffId? before = null;
        if (cursor is not null)
        {
            if (Paging.PartsOf(cursor, List, 1) is not [var text] || !HandoffId.TryParse(text, CultureInfo.InvariantCulture, out var id)) return Paging.InvalidCursor();
            before = id;
        }
        var size = limit ?? Paging.Usual;
        var read = await system.Store.ListHandoffsAsync(new HandoffFilter { State = state, Queue = queue, Since = since, ConversationId = conversationId, Before = before, Limit = size + 1 }, ct);
        return Results.Ok(Paging.PageOf(read, size, HandoffShown.Of, h => Paging.Cursor(List, h.Id.ToString())));
    }

    static async Task<IResult> Show(string id, BatonSystem system, CancellationToken ct) =>
        await FindAsync(id, system, ct) is { } handoff ? Results.Ok(new HandoffDetail(HandoffShown.Of(handoff), await system.Store.HistoryAsync(handoff.Id, ct))) : Unknown(id);

    static async Task<IResult> Cancel(string id, Caller caller, BatonSystem system, CancellationToken ct) =>
        HandoffId.TryParse(id, null, out var known) && await HandoffDesk.CancelAsync(system.Store, system.Settings, known, caller.Name, system.Time, ct) is { } reply ? Answer(reply) : Unknown(id);

    static async Task<IResult> Retry(string id, Caller caller, BatonSystem system, CancellationToken ct) =>
        await FindAsync(id, system, ct) is { } ended ? Answer(await new HandoffDesk(system).RetryAsync(ended, caller.Name, ct)) : Unknown(id);

    static async Task<Handoff?> FindAsync(string id, BatonSystem system, CancellationToken ct) => HandoffId.TryParse(id, null, out var known) ? await system.Store.FindHandoffAsync(known, ct) : null;

    static IResult Answer(HandoffReply reply) => reply switch
    {
        HandoffReply.Known known => Results.Json(
            new HandoffAnswered(known.Handoff.Id, known.Handoff.ConversationId, known.Outcome, HandoffShown.Of(known.Handoff)), ApiJson.Default.HandoffAnswered,
            statusCode: known.Outcome == StartOutcome.Started ? StatusCodes.Status202Accepted : StatusCodes.Status200OK),
        HandoffReply.NotDecided { Decision: var decision } => Problems.Of(StatusCodes.Status409Conflict, "policy.refused",
            $"The policy does not hand this conversation off ({decision.Outcome}{(decision.Reasons.Count == 0 ? "" : $": {decision.Reasons[0].Sentence}")}); a queue in the request sets it aside."),
        HandoffReply.Refused refused => Problems.Of(refused.Code == "idempotency.mismatch" ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status409Conflict, refused.Code, refused.Sentence),
        _ => throw new InvalidOperationException($"{reply.GetType().Name} has no answer."),
    };

    static IResult Unknown(string id) => Problems.Of(StatusCodes.Status404NotFound, "unknown.handoff", $"There is no handoff '{id}'.");

    static IReadOnlyList<FieldFault> Faults(this HandoffAsked body)
    {
        var faults = new List<FieldFault>();
        if (body.ConversationId is not { Length: > 0 and <= ConversationEndpoints.LongestId }) faults.Add(new FieldFault("conversationId", $"conversationId is missing or longer than {ConversationEndpoints.LongestId} characters."));
        foreach (var (field, text, most) in ((string, string?, int)[])[("queue", body.Queue, LongestName), ("guestId", body.GuestId, LongestName), ("reason", body.Reason, LongestText), ("message", body.Message, LongestText)])
            if (text is not null && (string.IsNullOrWhiteSpace(text) || text.Length > most)) faults.Add(new FieldFault(field, $"{field} is empty or longer than {most} characters."));
        if (body.Skills is { } skills && (skills.Count > MostSkills || skills.Any(s => string.IsNullOrWhiteSpace(s) || s.Length > LongestName)))
            faults.Add(new FieldFault("skills", $"skills has more than {MostSkills} entries, or one that is empty or longer than {LongestName} characters."));
        return faults;
    }
}

/// <param name="Queue">Name or id: hands off to it whatever the policy decides. With a guest it only says where.</param>
/// <param name="Priority">1 (low) to 10 (high).</param>
/// <param name="GuestId">The conversation's guest (guide 003): its history goes into the briefing.</param>
/// <param name="Reason">What the agent reads as the reason.</param>
/// <param name="Message">What the customer is told when it has happened, in place of the policy's message.</param>
/// <param name="Anyway">Hand off to the queue whatever the policy decides; needed with a guest.</param>
sealed record HandoffAsked(string? ConversationId, string? Queue, IReadOnlyList<string>? Skills, int? Priority, string? GuestId, string? Reason, string? Message, bool? Anyway);

sealed record HandoffAnswered(HandoffId Id, string ConversationId, StartOutcome Outcome, HandoffShown Handoff);

sealed record HandoffDetail(HandoffShown Handoff, IReadOnlyList<HandoffStep> History);

/// <param name="By"><c>policy</c>, or the name of the key or person who asked.</param>
/// <param name="Queue">Where it is or goes next: the name, else as the plan gives it.</param>
/// <param name="Step">Which step of its plan is being tried, from 0.</param>
sealed record HandoffShown(HandoffId Id, string ConversationId, HandoffState State, string By, IReadOnlyList<Reason> Reasons, string Queue, string? QueueId, int Step, int Steps, DateTimeOffset RequestedAt)
{
    public PolicyVersion? Policy { get; init; }
    public HandoffId? RetryOf { get; init; }
    public string? GuestId { get; init; }
    public DateTimeOffset? ConfirmedAt { get; init; }
    public string? AgentId { get; init; }
    public DateTimeOffset? AgentAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What went wrong, or nearly.</summary>
    public FailureKind? Failure { get; init; }
    public string? FailureSentence { get; init; }

    /// <summary>Only where somebody should.</summary>
    public string? WhatToDo { get; init; }

    public static HandoffShown Of(Handoff h) => new(h.Id, h.ConversationId, h.State, h.Origin.By, h.Origin.Reasons, h.QueueName ?? h.CurrentStep.Queue, h.Intent?.QueueId, h.Step, h.Plan.Steps.Count, h.RequestedAt)
    {
        Policy = h.Origin.Policy,
        RetryOf = h.Origin.RetryOf,
        GuestId = h.GuestId,
        ConfirmedAt = h.ConfirmedAt,
        AgentId = h.AgentId,
        AgentAt = h.AgentAt,
        EndedAt = h.EndedAt,
        Failure = h.Failure,
        FailureSentence = h.FailureSentence,
        WhatToDo = h is { Failure: { } kind, State: HandoffState.Failed or HandoffState.Refused } ? Failures.WhatToDo(kind) : null,
    };
}
