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
        var conversation = new Argument<string>("CONVERSATION") { Description = "The conversation's id" };
        var preset = new Option<string?>("--preset") { Description = $"Decide by a preset: {string.Join(", ", PolicyPresets.Names)}" };
        return Verb.WithSystem("decide", "Read a conversation and say what the policy makes of it, and why. Nothing is sent, nothing is stored.", async (parsed, system, output, ct) =>
        {
            var policy = parsed.GetValue(preset) is { } name ? PolicyFiles.Load(name) : system.Policy.Current;
            var read = await system.Center.ReadTranscriptAsync(parsed.GetValue(conversation)!, CallFor.Nobody, ct);
            var decision = policy.Decide(read, RoutingSnapshot.Unknown, system.Time.GetUtcNow());
            output.Answer(JsonNode.Parse(decision.ToJson()), () => output.Line(decision.Explain()));
            return ExitCodes.Done;
        }, conversation, preset);
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
