using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Sandbox;

namespace Baton.Cli.Demo;

/// <summary>What a bot tells Baton of its conversation, turn by turn, and what Baton answers.</summary>
/// <param name="guest">Null in a call.</param>
sealed class BotReports(DemoWorld world, Scenario scenario, string conversation, string? guest)
{
    int turns;

    public async Task<BotAnswer> TellAsync(Speaker from, DemoStep.Customer said, CancellationToken ct)
    {
        var turn = new JsonObject { ["id"] = $"t{++turns}", ["from"] = from.ToString(), ["text"] = said.Text, ["at"] = world.Time.GetUtcNow() };
        if (said.Intent is not null) turn["intent"] = new JsonObject { ["name"] = said.Intent, ["confidence"] = said.Confidence };
        if (said.Result is { } result) turn["result"] = result.ToString();
        var body = new JsonObject { ["turns"] = new JsonArray(turn), ["media"] = scenario.Media.ToString() };
        if (guest is not null && world.Sandbox.Flavor == SandboxFlavor.Guide) body["guestId"] = guest;
        if (scenario.Attributes.Count > 0) body["attributes"] = new JsonObject(scenario.Attributes.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value)));
        using var reply = await world.Bot.PostAsJsonAsync($"v1/conversations/{conversation}/turns", body, ct);
        if (!reply.IsSuccessStatusCode) throw new InvalidOperationException($"Baton answered {(int)reply.StatusCode}: {await reply.Content.ReadAsStringAsync(ct)}");
        var answer = (await reply.Content.ReadFromJsonAsync<JsonElement>(ct))!;
        var handoff = answer.TryGetProperty("handoff", out var h) && HandoffId.TryParse(h.GetString(), null, out var id) ? id : (HandoffId?)null;
        return new BotAnswer(Enum.Parse<DecisionOutcome>(answer.GetProperty("outcome").GetString()!), [.. answer.GetProperty("reasons").EnumerateArray().Select(r => r.GetProperty("code").GetString()!)], handoff);
    }
}

sealed record BotAnswer(DecisionOutcome Outcome, IReadOnlyList<string> Reasons, HandoffId? Handoff);
