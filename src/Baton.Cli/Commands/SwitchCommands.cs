using System.CommandLine;
using System.Text.Json.Nodes;
using Baton.Core;
using Baton.Core.Handoffs;

namespace Baton.Cli.Commands;

/// <summary>The stop switch, and how things stand.</summary>
static class SwitchCommands
{
    public static Command CreatePause()
    {
        var why = new Option<string?>("--why") { Description = "Shown to everybody who asks why nothing is handed off" };
        return Verb.WithStore("pause", "Stop beginning handoffs, everywhere. Those already sent are still confirmed and followed.", async (parsed, store, _, output, ct) =>
        {
            var pause = new Pause(Environment.UserName, TimeProvider.System.GetUtcNow(), parsed.GetValue(why));
            await store.PauseAsync(pause, ct);
            output.Answer(new JsonObject { ["paused"] = true, ["by"] = pause.By, ["why"] = pause.Why }, () => output.Line("Paused: no handoff is begun until 'baton resume'. Requests are kept."));
            return ExitCodes.Done;
        }, why);
    }

    public static Command CreateResume() => Verb.WithStore("resume", "Begin handoffs again after 'baton pause'.", async (_, store, _, output, ct) =>
    {
        var was = await store.PausedAsync(ct);
        await store.ResumeAsync(Environment.UserName, TimeProvider.System.GetUtcNow(), ct);
        output.Answer(new JsonObject { ["paused"] = false }, () => output.Line(was is null ? "It was not paused." : "Resumed."));
        return ExitCodes.Done;
    });

    public static Command CreateStatus() => Verb.WithStore("status", "Who runs the handoffs, what is under way, and whether all is paused.", async (_, store, _, output, ct) =>
    {
        var owner = await store.OwnerAsync(ct);
        var pause = await store.PausedAsync(ct);
        var live = await store.ListHandoffsAsync(new HandoffFilter { LiveOnly = true, Limit = 1000 }, ct);
        var json = new JsonObject
        {
            ["runner"] = owner is null ? null : new JsonObject { ["process"] = owner.Process, ["address"] = owner.Address },
            ["paused"] = pause is not null,
            ["pausedBy"] = pause?.By,
            ["pausedBecause"] = pause?.Why,
            ["live"] = new JsonObject(live.GroupBy(h => h.State).Select(g => KeyValuePair.Create(g.Key.ToString(), (JsonNode?)g.Count()))),
        };
        output.Answer(json, () =>
        {
            output.Line(owner is null ? "Runner:    none; 'baton serve' starts one" : $"Runner:    process {owner.Process}{(owner.Address is null ? "" : $" at {owner.Address}")}");
            output.Line(pause is null ? "Paused:    no" : $"Paused:    since {pause.Since:u} by {pause.By}{(pause.Why is null ? "" : $": {pause.Why}")}");
            output.Line($"Handoffs:  {live.Count} live{(live.Count == 0 ? "" : " (" + string.Join(", ", live.GroupBy(h => h.State).Select(g => $"{g.Count()} {g.Key}")) + ")")}");
        });
        return ExitCodes.Done;
    });
}
