using Baton.Core.Access;
using Baton.Core.Assist;
using Baton.Core.Transfers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Api;

static class TransferEndpoints
{
    const int LongestName = 200;

    public static void MapTransfers(this IEndpointRouteBuilder app) => app.MapPart("/v1/transfers", "Transfers", Role.Supervisor)
        .MapPost("/", Move).Answers<CallTransferOutcome>("transferCall", "Move a call to another queue (guide 002), and believe it only when the platform shows it there.", 400, 404, 409, 502, 503, 504)
        .Produces<CallTransferOutcome>(StatusCodes.Status202Accepted);

    static async Task<IResult> Move(TransferAsked body, Caller caller, BatonSystem system, CancellationToken ct)
    {
        var faults = Faults(body);
        if (faults.Count > 0) return Problems.Of(StatusCodes.Status400BadRequest, "invalid.transfer", faults);
        var request = new CallTransferRequest(body.Queue!) { UserId = body.UserId, ConversationId = body.ConversationId, Skills = body.Skills, Reason = body.Reason, By = caller.Name };
        var outcome = await new CallTransfer(system.Center, system.Center.CallTransfers, system.Store, system.Settings.Runner.Pace, system.Time).RunAsync(request, ct);
        // Accepted by the platform, and not seen in the queue yet.
        return Results.Json(outcome, ApiJson.Default.CallTransferOutcome, statusCode: outcome.IsVerified ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
    }

    static IReadOnlyList<FieldFault> Faults(TransferAsked body)
    {
        var faults = new List<FieldFault>();
        if (body.Queue is not { Length: > 0 and <= LongestName }) faults.Add(new FieldFault("queue", $"queue is missing or longer than {LongestName} characters."));
        if (body.UserId is null == body.ConversationId is null) faults.Add(new FieldFault("conversationId", "Give conversationId or userId: the call itself, or whose newest call it is."));
        return faults;
    }
}

/// <param name="Queue">Name or id.</param>
/// <param name="UserId">The user whose newest active call is moved.</param>
/// <param name="ConversationId">The call itself, in place of the user.</param>
/// <param name="Skills">Absent: what was asked for before is kept; empty: none any more.</param>
sealed record TransferAsked(string? Queue, string? UserId, string? ConversationId, IReadOnlyList<string>? Skills, string? Reason);
