using System.Text.Json;
using Baton.Core;
using Baton.Core.Access;
using Baton.Core.Assist;
using Baton.Core.Policies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Api;

static class PolicyEndpoints
{
    const string List = "policies";

    public static void MapPolicies(this IEndpointRouteBuilder app)
    {
        var policies = app.MapPart("/v1/policies", "Policies", Role.Supervisor);
        policies.MapGet("/current", Current).Answers<PolicyShown>("getPolicy", "The policy in force, with its preset filled in.");
        policies.MapGet("/versions", Versions).Answers<Page<PolicyEditionShown>>("listPolicyVersions", "Every version of the policy, newest first: who entered it, when, and from where.", 400);
        policies.MapGet("/versions/{number}", Version).Answers<PolicyEditionDetail>("getPolicyVersion", "One version with its text.", 404);
        policies.MapPost("/", Save).Answers<PolicyEditionShown>("savePolicy", "Put an edited text in force, on every node. basedOn is the number of the version that was edited; when a newer one has come meanwhile, nothing is saved.", 400, 409);
        policies.MapPost("/{number}/restore", Restore).Answers<PolicyEditionShown>("restorePolicy", "Put an old version's text in force again, as a new version.", 400, 404, 409);
        policies.MapPost("/check", Check).Answers<PolicyChecked>("checkPolicy", "Check a policy's text as a whole: every error with its line and key.", 400);
        policies.MapPost("/preview", Preview).Answers<PolicyPreview>("previewPolicy", "What an edited policy would have decided of recent conversations, beside the one in force.", 400);
    }

    static IResult Current(BatonSystem system)
    {
        var policy = system.Policy.Current;
        using var rules = JsonDocument.Parse(policy.ToJson());
        return Results.Ok(new PolicyShown(policy.Version, policy.Mode.ToString(), system.Settings.Policy, rules.RootElement.Clone(), system.Policies.InForce.Number, system.Policies.Trouble));
    }

    static async Task<IResult> Versions(int? limit, string? cursor, BatonSystem system, CancellationToken ct)
    {
        if (Paging.Fault(limit) is { } fault) return fault;
        long? before = null;
        if (cursor is not null)
        {
            if (Paging.PartsOf(cursor, List, 1) is not [var number] || !long.TryParse(number, out var known)) return Paging.InvalidCursor();
            before = known;
        }
        var size = limit ?? Paging.Usual;
        return Results.Ok(Paging.PageOf(await system.Store.ListPoliciesAsync(before, size + 1, ct), size, PolicyEditionShown.Of, last => Paging.Cursor(List, $"{last.Number}")));
    }

    static async Task<IResult> Version(long number, BatonSystem system, CancellationToken ct) =>
        await system.Store.FindPolicyAsync(number, ct) is { } edition ? Results.Ok(new PolicyEditionDetail(PolicyEditionShown.Of(edition), edition.Text)) : NotKnown(number);

    static async Task<IResult> Save(PolicySaved body, Caller caller, BatonSystem system, CancellationToken ct)
    {
        if (body.Text is null) return NoText();
        if (body.BasedOn is not { } basedOn) return Problems.Of(StatusCodes.Status400BadRequest, "invalid.policy", "basedOn is missing; it is the number of the version you edited, as GET /v1/policies/current gives it.");
        if (body.Note is { Length: > PolicyDesk.LongestNote }) return Problems.Of(StatusCodes.Status400BadRequest, "invalid.policy", $"note is longer than {PolicyDesk.LongestNote} characters.");
        return Answer(await new PolicyDesk(system).SaveAsync(body.Text, body.Note, basedOn, caller.Name, ct));
    }

    static async Task<IResult> Restore(long number, Caller caller, BatonSystem system, CancellationToken ct) =>
        Answer(await new PolicyDesk(system).RestoreAsync(number, null, caller.Name, ct));

    static IResult Answer(PolicyReply reply) => reply switch
    {
        PolicyReply.Saved { Edition: var edition } => Results.Ok(PolicyEditionShown.Of(edition)),
        PolicyReply.Wrong { Errors: var errors } => Wrong(errors),
        PolicyReply.Overtaken { By: var newer } => Problems.Of(StatusCodes.Status409Conflict, "policy.overtaken", $"{newer.By} has entered version {newer.Number} meanwhile; nothing was saved. Look at it, then save on top of it."),
        PolicyReply.NotKnown { Number: var number } => NotKnown(number),
        _ => throw new InvalidOperationException($"{reply.GetType().Name} has no answer."),
    };

    static IResult Check(PolicyText body, BatonSystem system)
    {
        if (body.Text is null) return NoText();
        var (policy, errors) = new PolicyDesk(system).Check(body.Text);
        return Results.Ok(new PolicyChecked(errors.Count == 0, policy?.Version, errors));
    }

    static async Task<IResult> Preview(PolicyPreviewAsked body, BatonSystem system, CancellationToken ct)
    {
        if (body.Text is null) return NoText();
        if (body.Conversations is < 1 or > PolicyDesk.MostTried) return Problems.Of(StatusCodes.Status400BadRequest, "invalid.limit", $"conversations is {body.Conversations}; allowed is 1 to {PolicyDesk.MostTried}.");
        var desk = new PolicyDesk(system);
        var (edited, errors) = desk.Check(body.Text);
        return edited is null ? Wrong(errors) : Results.Ok(await desk.TryAsync(edited, body.Conversations ?? PolicyDesk.UsuallyTried, ct));
    }

    static IResult Wrong(IReadOnlyList<PolicyError> errors) =>
        Problems.Of(StatusCodes.Status400BadRequest, "invalid.policy", [.. errors.Select(e => new FieldFault(e.Key.Length == 0 ? "text" : e.Key, $"Line {e.Line}: {e.Sentence}."))]);

    static IResult NoText() => Problems.Of(StatusCodes.Status400BadRequest, "invalid.policy", "text is missing; send the policy's YAML.");

    static IResult NotKnown(long number) => Problems.Of(StatusCodes.Status404NotFound, "unknown.policy", $"There is no version {number} of the policy.");
}

/// <param name="Source">The file or preset of the settings.</param>
/// <param name="Number">The version in force; 0 while it is in no store.</param>
/// <param name="Trouble">Why a newer version, or the edited file, is not in force.</param>
sealed record PolicyShown(PolicyVersion Version, string Mode, string Source, JsonElement Rules, long Number, string? Trouble);

/// <param name="Text">The policy as YAML.</param>
sealed record PolicyText(string? Text);

sealed record PolicyChecked(bool Valid, PolicyVersion? Version, IReadOnlyList<PolicyError> Errors);

/// <param name="Conversations">How many of the newest are looked at.</param>
sealed record PolicyPreviewAsked(string? Text, int? Conversations);

/// <param name="Text">The policy as YAML.</param>
/// <param name="BasedOn">The number of the version that was edited.</param>
/// <param name="Note">Why, for those who look at the versions later.</param>
sealed record PolicySaved(string? Text, long? BasedOn, string? Note);

/// <param name="By">Who entered it; for a file its name in the settings.</param>
sealed record PolicyEditionShown(long Number, PolicyVersion Version, PolicySource Source, string By, DateTimeOffset At, string? Note)
{
    public static PolicyEditionShown Of(PolicyEdition edition) => new(edition.Number, edition.Version, edition.Source, edition.By, edition.At, edition.Note);
}

/// <param name="Text">As it was entered.</param>
sealed record PolicyEditionDetail(PolicyEditionShown Entered, string Text);
