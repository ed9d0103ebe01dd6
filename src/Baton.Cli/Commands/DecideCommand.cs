using System.CommandLine;
using System.Text.Json.Nodes;
using Baton.Core;
using Baton.Core.Policies;
using Baton.Server;

namespace Baton.Cli.Commands;

static class DecideCommand
{
    public static Command Create()
    {
        var conversation = new Argument<string?>("CONVERSATION") { Description = "The conversation's id (else GENESYS_CONVERSATION_ID)", Arity = ArgumentArity.ZeroOrOne };
        var preset = new Option<string?>("--preset") { Description = $"Decide by a preset: {string.Join(", ", PolicyPresets.Names)}" };
        return Verb.WithSystem("decide", "Read a conversation and say what the policy makes of it, and why. Nothing is sent, nothing is stored.", async (parsed, system, output, ct) =>
        {
            var policy = parsed.GetValue(preset) is { } name ? PolicyFiles.Load(name) : system.Policy.Current;
            var id = Configuration.Given(parsed.GetValue(conversation), "CONVERSATION", "GENESYS_CONVERSATION_ID");
            var read = await Patience.OutAsync(system, () => system.Center.ReadTranscriptAsync(id, CallFor.Nobody, ct), ct);
            var decision = policy.Decide(read, RoutingSnapshot.Unknown, system.Time.GetUtcNow());
            var json = JsonNode.Parse(decision.ToJson())!.AsObject();
            foreach (var (field, value) in GateFields.Of(decision)) json[field] = value;
            output.Answer(json, () => output.Line(decision.Explain()));
            return ExitCodes.Done;
        }, conversation, preset);
    }
}

/// <summary>The answer of guide 000 in its own words, for a decision that a policy with the gate's three guards made. What is not known is null, and does not pass.</summary>
static class GateFields
{
    public static IReadOnlyList<(string Field, JsonNode? Value)> Of(Decision decision)
    {
        if (Find("handoffDepth") is not { } depth || Find("intentConfidence") is not { } confidence || Find("sentiment") is not { } sentiment) return [];
        return
        [
            ("handoff_depth", (int?)depth.Reading.Value),
            ("max_depth_exceeded", depth.Fired),
            ("intent_confidence", confidence.Reading.Value),
            ("meets_confidence_threshold", !confidence.Fired),
            // The guide's scale is 0..1, Baton's -1..1.
            ("sentiment_score", sentiment.Reading.Value is { } s ? Math.Round((s + 1) / 2, 4) : null),
            ("sentiment_decay_exceeded", sentiment.Fired),
            ("evaluation_passed", decision.Outcome == DecisionOutcome.HandOff),
        ];

        ReadingCheck? Find(string guard) => decision.Readings.FirstOrDefault(r => r.Rule == $"guards.{guard}");
    }
}

static class PolicyFiles
{
    /// <exception cref="SettingsException">The policy has errors: all of them.</exception>
    public static Policy Load(string nameOrFile)
    {
        var errors = new List<string>();
        return PolicyHolder.Read(nameOrFile, errors) ?? throw new SettingsException(errors);
    }
}
