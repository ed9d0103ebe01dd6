using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Baton.Sandbox;

namespace Baton.Cli.Demo;

/// <summary>The desk of an agent who has accepted a handoff: asks Baton for suggestions, reads them, uses one or none.</summary>
sealed class DemoDesk(DemoWorld world, Random random)
{
    /// <summary>An agent puts a suggestion into the answer when its source is at least this sure of it; the others are dismissed.</summary>
    const double SureFrom = 0.25;

    static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Reading = TimeSpan.FromSeconds(6);

    public async Task<DeskVisit> AssistAsync(string conversation, string agent, CancellationToken ct)
    {
        var asked = await SendAsync(HttpMethod.Post, "v1/assist/suggestions", new JsonObject { ["conversationId"] = conversation, ["agentSkills"] = new JsonArray("refunds"), ["agentId"] = agent, ["tail"] = true }, ct);
        // What comes by callback stands behind what is there; the agent has begun to read.
        while (asked.GetProperty("state").GetString() is "Waiting" or "Asking")
        {
            await Task.Delay(Glance, world.Time, ct);
            asked = await SendAsync(HttpMethod.Get, $"v1/assist/requests/{asked.GetProperty("requestId").GetString()}", null, ct);
        }
        var seen = new List<DeskSuggestion>();
        var used = false;
        foreach (var suggestion in asked.GetProperty("suggestions").EnumerateArray())
        {
            var id = suggestion.GetProperty("id").GetString()!;
            await EngageAsync(id, "displayed", agent, ct);
            await Task.Delay(Reading * (0.5 + random.NextDouble()), world.Time, ct);
            var score = suggestion.GetProperty("score");
            var isSure = score.GetProperty("fromConfidence").GetDouble() >= SureFrom * 0.6;
            string[] did = used || !isSure ? ["dismissed"] : random.Next(10) < 3 ? ["inserted", "edited", "sent"] : ["inserted", "sent"];
            foreach (var deed in did) await EngageAsync(id, deed, agent, ct);
            used |= did[0] == "inserted";
            seen.Add(new DeskSuggestion(suggestion.GetProperty("title").GetString()!, score.GetProperty("final").GetDouble(), [.. suggestion.GetProperty("sources").EnumerateArray().Select(s => s.GetString()!)], did[^1]));
        }
        return new DeskVisit(conversation, seen);
    }

    Task<JsonElement> EngageAsync(string id, string action, string agent, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, $"v1/assist/suggestions/{id}/engagements", new JsonObject { ["action"] = action, ["agentId"] = agent }, ct);

    async Task<JsonElement> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var reply = await world.Bot.SendAsync(request, ct);
        if (!reply.IsSuccessStatusCode) throw new InvalidOperationException($"Baton answered {(int)reply.StatusCode}: {await reply.Content.ReadAsStringAsync(ct)}");
        return await reply.Content.ReadFromJsonAsync<JsonElement>(ct);
    }
}

sealed record DeskVisit(string ConversationId, IReadOnlyList<DeskSuggestion> Seen);

sealed record DeskSuggestion(string Title, double Score, IReadOnlyList<string> Sources, string Did);
