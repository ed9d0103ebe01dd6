using System.Text.Json;
using Baton.Core;
using Baton.Core.Access;
using Baton.Core.Assist;
using Baton.Core.Conversations;
using Baton.Core.Policies;
using Baton.Genesys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Api;

static class PolicyEndpoints
{
    const string FileName = "policy.yaml";
    const int UsuallyPreviewed = 100;
    const int MostPreviewed = 500;

    public static void MapPolicies(this IEndpointRouteBuilder app)
    {
        var policies = app.MapPart("/v1/policies", "Policies", Role.Supervisor);
        policies.MapGet("/current", Current).Answers<PolicyShown>("getPolicy", "The policy in force, with its preset filled in.");
        policies.MapPost("/check", Check).Answers<PolicyChecked>("checkPolicy", "Check a policy's text as a whole: every error with its line and key.", 400);
        policies.MapPost("/preview", Preview).Answers<PolicyPreview>("previewPolicy", "What an edited policy would have decided of recent conversations, beside the one in force.", 400);
    }

    static IResult Current(BatonSystem system)
    {
        var policy = system.Policy.Current;
        using var rules = JsonDocument.Parse(policy.ToJson());
        return Results.Ok(new PolicyShown(policy.Version, policy.Mode.ToString(), system.Settings.Policy, rules.RootElement.Clone()));
    }

    static IResult Check(PolicyText body, BatonSystem system)
    {
        if (body.Text is null) return NoText();
        var (policy, errors) = Read(body.Text, system);
        return Results.Ok(new PolicyChecked(errors.Count == 0, policy?.Version, errors));
    }

    static async Task<IResult> Preview(PolicyPreviewAsked body, BatonSystem system, CancellationToken ct)
    {
        if (body.Text is null) return NoText();
        if (body.Conversations is < 1 or > MostPreviewed) return Problems.Of(StatusCodes.Status400BadRequest, "invalid.limit", $"conversations is {body.Conversations}; allowed is 1 to {MostPreviewed}.");
        var (edited, errors) = Read(body.Text, system);
        if (edited is null || errors.Count > 0) return Problems.Of(StatusCodes.Status400BadRequest, "invalid.policy", [.. errors.Select(e => new FieldFault(e.Key.Length == 0 ? "text" : e.Key, $"Line {e.Line}: {e.Sentence}."))]);

        var current = system.Policy.Current;
        var differences = new List<PolicyDifference>();
        int compared = 0, now = 0, then = 0;
        foreach (var summary in await system.Store.ListConversationsAsync(new ConversationFilter { Limit = body.Conversations ?? UsuallyPreviewed }, ct))
        {
            if (await system.Store.FindConversationAsync(summary.Id, ct) is not { Turns.Count: > 0 } conversation) continue;
            compared++;
            var (before, after) = (AtItsBest(current, conversation), AtItsBest(edited, conversation));
            if (before.Outcome == DecisionOutcome.HandOff) now++;
            if (after.Outcome == DecisionOutcome.HandOff) then++;
            if (!IsSame(before, after)) differences.Add(new PolicyDifference(conversation.Id, Outcome.Of(before), Outcome.Of(after)));
        }
        return Results.Ok(new PolicyPreview(current.Version, edited.Version, compared, now, then, differences));
    }

    /// <summary>The first decision to hand off as the conversation went on, as the watch would have come to it; else the last decision.</summary>
    static Decision AtItsBest(Policy policy, Conversation conversation)
    {
        var heard = conversation with { Turns = [] };
        var readings = new Core.Readings.ConversationReadings(conversation.StartedAt);
        Decision? last = null;
        foreach (var turn in conversation.Turns)
        {
            heard = heard.Hear(turn);
            readings.Hear(turn);
            last = policy.Decide(readings, heard, RoutingSnapshot.Unknown, turn.At);
            if (last.Outcome == DecisionOutcome.HandOff) break;
        }
        return last!;
    }

    static bool IsSame(Decision a, Decision b) => a.Outcome == b.Outcome && a.At == b.At && a.Plan?.Steps[0].Queue == b.Plan?.Steps[0].Queue && a.Reasons.Select(r => r.Code).SequenceEqual(b.Reasons.Select(r => r.Code));

    static (Policy? Policy, IReadOnlyList<PolicyError> Errors) Read(string text, BatonSystem system)
    {
        var document = PolicyDocument.Parse(text, FileName);
        var unsupported = document.Policy?.CheckAgainst(feature => GenesysContactCenter.UnsupportedFeature(system.Settings.Genesys.Flavor, feature, Media.Message)) ?? [];
        return (document.Policy, [.. document.Errors, .. unsupported]);
    }

    static IResult NoText() => Problems.Of(StatusCodes.Status400BadRequest, "invalid.policy", "text is missing; send the policy's YAML.");
}

/// <param name="Source">The file or preset of the settings.</param>
sealed record PolicyShown(PolicyVersion Version, string Mode, string Source, JsonElement Rules);

/// <param name="Text">The policy as YAML.</param>
sealed record PolicyText(string? Text);

sealed record PolicyChecked(bool Valid, PolicyVersion? Version, IReadOnlyList<PolicyError> Errors);

/// <param name="Conversations">How many of the newest are looked at.</param>
sealed record PolicyPreviewAsked(string? Text, int? Conversations);

/// <param name="HandOffsNow">Of the compared, how many the policy in force hands off.</param>
sealed record PolicyPreview(PolicyVersion Current, PolicyVersion Edited, int Compared, int HandOffsNow, int HandOffsThen, IReadOnlyList<PolicyDifference> Differences);

sealed record PolicyDifference(string ConversationId, Outcome Current, Outcome Edited);

/// <param name="At">The turn at which it was decided.</param>
/// <param name="Reasons">Codes.</param>
sealed record Outcome(DecisionOutcome Decided, DateTimeOffset At, string? Queue, IReadOnlyList<string> Reasons)
{
    public static Outcome Of(Decision d) => new(d.Outcome, d.At, d.Plan?.Steps[0].Queue, [.. d.Reasons.Select(r => r.Code)]);
}
