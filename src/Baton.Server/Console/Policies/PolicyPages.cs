using Baton.Core.Access;
using Baton.Core.Policies;
using Baton.Server.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Console.Policies;

static class PolicyPages
{
    public static void MapPolicyPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/policy", ShowAsync).For(Role.Supervisor);
        pages.MapPost("/policy", SaveAsync).For(Role.Supervisor).DisableAntiforgery();
        pages.MapPost("/policy/check", CheckAsync).For(Role.Supervisor).DisableAntiforgery();
        pages.MapPost("/policy/preview", TryAsync).For(Role.Supervisor).DisableAntiforgery();
        pages.MapGet("/policy/versions/{number}", ShowVersionAsync).For(Role.Supervisor);
        pages.MapPost("/policy/versions/{number}/restore", RestoreAsync).For(Role.Supervisor).DisableAntiforgery();
    }

    static async Task<IResult> ShowAsync(long? saved, HttpContext context, BatonSystem system, CancellationToken ct)
    {
        var view = await PageView.ReadAsync(context, system, ct);
        var shown = await PolicyPageView.ReadAsync(system, null, ct);
        return Page(StatusCodes.Status200OK, view, shown with { Editing = shown.Editing with { Saved = saved == shown.InForce.Number ? saved : null } });
    }

    static async Task<IResult> CheckAsync(PolicyForm form, HttpContext context, BatonSystem system, CancellationToken ct)
    {
        var view = await PageView.ReadAsync(context, system, ct);
        var editing = Checked(form, system).Editing;
        return view.IsFragment
            ? ConsolePages.Render<PolicyCheckCard>((nameof(PolicyCheckCard.Errors), editing.Errors), (nameof(PolicyCheckCard.Version), editing.Version))
            : Page(StatusCodes.Status200OK, view, await PolicyPageView.ReadAsync(system, editing, ct));
    }

    static async Task<IResult> TryAsync(PolicyForm form, HttpContext context, BatonSystem system, CancellationToken ct)
    {
        var view = await PageView.ReadAsync(context, system, ct);
        var (editing, policy) = Checked(form, system);
        editing = editing with { IsTried = true, Tried = policy is null ? null : await new PolicyDesk(system).TryAsync(policy, editing.Conversations, ct) };
        return view.IsFragment
            ? ConsolePages.Render<PolicyPreviewCard>((nameof(PolicyPreviewCard.Tried), editing.Tried))
            : Page(StatusCodes.Status200OK, view, await PolicyPageView.ReadAsync(system, editing, ct));
    }

    static async Task<IResult> SaveAsync(PolicyForm form, Caller caller, HttpContext context, BatonSystem system, CancellationToken ct)
    {
        var editing = form.Editing;
        switch (await new PolicyDesk(system).SaveAsync(editing.Text, editing.Note, editing.BasedOn, caller.Name, ct))
        {
            case PolicyReply.Saved { Edition.Number: var number }: return Results.LocalRedirect($"/policy?saved={number}");
            case PolicyReply.Wrong { Errors: var errors }: return await AgainAsync(StatusCodes.Status400BadRequest, editing with { Errors = errors });
            case PolicyReply.Overtaken { By: var newer }: return await AgainAsync(StatusCodes.Status409Conflict, editing with { Overtaken = newer });
            case var other: throw new InvalidOperationException($"{other.GetType().Name} has no answer.");
        }

        async Task<IResult> AgainAsync(int status, PolicyEditing kept) => Page(status, await PageView.ReadAsync(context, system, ct), await PolicyPageView.ReadAsync(system, kept, ct));
    }

    static Task<IResult> ShowVersionAsync(long number, HttpContext context, BatonSystem system, CancellationToken ct) => VersionAsync(StatusCodes.Status200OK, number, [], context, system, ct);

    static async Task<IResult> RestoreAsync(long number, [FromForm] long? basedOn, Caller caller, HttpContext context, BatonSystem system, CancellationToken ct) =>
        await new PolicyDesk(system).RestoreAsync(number, basedOn, caller.Name, ct) switch
        {
            PolicyReply.Saved { Edition.Number: var made } => Results.LocalRedirect($"/policy?saved={made}"),
            PolicyReply.Wrong { Errors: var errors } => await VersionAsync(StatusCodes.Status400BadRequest, number, errors, context, system, ct),
            PolicyReply.Overtaken { By: var newer } => ConsolePages.Message(StatusCodes.Status409Conflict, await PageView.ReadAsync(context, system, ct), "Somebody was quicker",
                $"{newer.By} has entered version {newer.Number} meanwhile, so version {number} was not taken again. Look at the newest first."),
            _ => await NotKnownAsync(number, context, system, ct),
        };

    static async Task<IResult> VersionAsync(int status, long number, IReadOnlyList<PolicyError> errors, HttpContext context, BatonSystem system, CancellationToken ct)
    {
        if (await system.Store.FindPolicyAsync(number, ct) is not { } edition || await system.Store.NewestPolicyAsync(null, ct) is not { } newest) return await NotKnownAsync(number, context, system, ct);
        return ConsolePages.Render<PolicyVersionPage>(status, (nameof(PolicyVersionPage.View), await PageView.ReadAsync(context, system, ct)), (nameof(PolicyVersionPage.Edition), edition),
            (nameof(PolicyVersionPage.Newest), newest), (nameof(PolicyVersionPage.Before), await system.Store.ListPoliciesAsync(number, 1, ct) is [var before] ? before : null), (nameof(PolicyVersionPage.Errors), errors));
    }

    static async Task<IResult> NotKnownAsync(long number, HttpContext context, BatonSystem system, CancellationToken ct) =>
        ConsolePages.NotFound(await PageView.ReadAsync(context, system, ct), "There is no such version", $"The policy has no version {number} in this store.");

    static IResult Page(int status, PageView view, PolicyPageView shown) => ConsolePages.Render<PolicyPage>(status, (nameof(PolicyPage.View), view with { Path = "/policy" }), (nameof(PolicyPage.Shown), shown));

    static (PolicyEditing Editing, Policy? Policy) Checked(PolicyForm form, BatonSystem system)
    {
        var (policy, errors) = new PolicyDesk(system).Check(form.Editing.Text);
        return (form.Editing with { Errors = errors, Version = policy?.Version }, policy);
    }
}

/// <summary>The editor's fields as a browser sends them; what is missing or cannot be read is as if left alone.</summary>
sealed record PolicyForm(PolicyEditing Editing)
{
    public static async ValueTask<PolicyForm> BindAsync(HttpContext context)
    {
        var fields = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
        return new PolicyForm(new PolicyEditing(fields["text"].ToString().ReplaceLineEndings("\n"), long.TryParse(fields["basedOn"], out var number) ? number : 0)
        {
            Note = fields["note"],
            Conversations = int.TryParse(fields["conversations"], out var asked) ? Math.Clamp(asked, 1, PolicyDesk.MostTried) : PolicyDesk.UsuallyTried,
        });
    }
}
