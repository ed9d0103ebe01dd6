using System.Text.Json.Nodes;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

/// <summary>The guides' commands, by the real executable, on both flavors.</summary>
public sealed class GuideFlavorCommandTests : IDisposable
{
    static readonly string[] queueFields = ["queue_id", "queue_status", "is_active", "total_members", "available_agents", "routing_valid"];

    readonly BatonFolder folder = new();

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    async Task<GenesysSandbox> KnowsAsync(SandboxFlavor flavor)
    {
        var sandbox = await GenesysSandbox.StartAsync(new SandboxOptions { Flavor = flavor }, Ct);
        folder.Knows(sandbox);
        folder.IsQuick();
        folder.Environment["BATON__GENESYS__FLAVOR"] = flavor.ToString().ToLowerInvariant();
        return sandbox;
    }

    [Theory]
    [InlineData(SandboxFlavor.Platform)]
    [InlineData(SandboxFlavor.Guide)]
    public async Task The_gate_answers_in_the_guides_words(SandboxFlavor flavor)
    {
        await using var sandbox = await KnowsAsync(flavor);
        var id = sandbox.Organization.StartConversation(new GuestProfile("Gina"), "I was charged twice").ConversationId;
        sandbox.Organization.BotTurn(id, "I was charged twice", ["I see"], "refund", 0.85);
        sandbox.Organization.SetSentiment(id, -0.2);
        var answer = await folder.RunAsync("decide", id, "--preset", "gate", "--json");
        answer.ExitCode.ShouldBe(0, answer.Error);
        var json = JsonNode.Parse(answer.Output)!.AsObject();
        json["outcome"]!.GetValue<string>().ShouldBe("HandOff");
        new JsonObject(json.Where(f => f.Key.Contains('_', StringComparison.Ordinal)).Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone()))).ToJsonString().ShouldBe(
            """{"handoff_depth":0,"max_depth_exceeded":false,"intent_confidence":0.85,"meets_confidence_threshold":true,"sentiment_score":0.4,"sentiment_decay_exceeded":false,"evaluation_passed":true}""");
    }

    [Theory]
    [InlineData(SandboxFlavor.Platform)]
    [InlineData(SandboxFlavor.Guide)]
    public async Task A_queue_is_checked_in_the_guides_words(SandboxFlavor flavor)
    {
        await using var sandbox = await KnowsAsync(flavor);
        var support = sandbox.Organization.Queues.Single(q => q.Name == "Support").Id;
        var valid = await folder.RunAsync("queue", "check", support, "--json");
        (valid.ExitCode, JsonNode.Parse(valid.Output)!.ToJsonString()).ShouldBe((0, $$"""{"queue_id":"{{support}}","queue_status":"active","is_active":true,"total_members":3,"available_agents":3,"routing_valid":true}"""));
        folder.Environment["GENESYS_QUEUE_ID"] = support;
        (await folder.RunAsync("queue", "check", "--json")).Output.ShouldBe(valid.Output);
        var nobody = sandbox.Organization.AddQueue("Nobody's").Id;
        var empty = await folder.RunAsync("queue", "check", nobody, "--json");
        (empty.ExitCode, JsonNode.Parse(empty.Output)!.ToJsonString()).ShouldBe((1, $$"""{"queue_id":"{{nobody}}","queue_status":"active","is_active":true,"total_members":0,"available_agents":0,"routing_valid":false}"""));
        var unknown = await folder.RunAsync("queue", "check", Guid.Empty.ToString(), "--json");
        var json = JsonNode.Parse(unknown.Output)!.AsObject();
        json.Select(f => f.Key).ShouldBe([.. queueFields, "error"]);
        (unknown.ExitCode, json["routing_valid"]!.GetValue<bool>(), json["error"]!.GetValue<string>()).ShouldBe((1, false, "Queue not found"));
    }

    [Fact]
    public async Task A_handoff_is_started_once_and_written_down_in_the_folder()
    {
        await using var sandbox = await KnowsAsync(SandboxFlavor.Guide);
        var id = sandbox.Organization.StartConversation(new GuestProfile("Gina"), "I was charged twice").ConversationId;
        var queue = sandbox.Organization.Queues.Single(q => q.Name == "Billing").Id;
        var first = await folder.RunAsync("handoff", "start", id, "--queue", queue, "--json");
        first.ExitCode.ShouldBe(0, first.Error);
        var second = await folder.RunAsync("handoff", "start", id, "--queue", queue, "--json");
        second.ExitCode.ShouldBe(0, second.Error);
        JsonNode.Parse(second.Output)!["id"]!.GetValue<string>().ShouldBe(JsonNode.Parse(first.Output)!["id"]!.GetValue<string>());
        sandbox.Ledger.TransfersApplied(id).ShouldHaveSingleItem();
        File.ReadAllLines(Path.Combine(folder.Path, "handoff_audit.log")).ShouldHaveSingleItem().ShouldContain("\"status\":\"success\"");
    }

    [Theory]
    [InlineData("decide nobody", 1, "conversation nobody")]
    [InlineData("handoff start nobody", 1, "HTTP 404")]
    [InlineData("handoff start CONVERSATION", 1, "--queue QUEUE does it anyway")]
    [InlineData("handoff start CONVERSATION --queue Support --priority 8", 2, "--priority cannot be done here without --guest")]
    [InlineData("decide CONVERSATION --policy default", 2, "the guides name no call that says something to the customer")]
    [InlineData("queue check", 2, "QUEUE is missing; give it, or set GENESYS_QUEUE_ID.")]
    [InlineData("serve --url http://127.0.0.1:0", 2, "Name a policy with --policy: escalate")]
    [InlineData("policy check default --flavor guide", 1, "messages.stillLooking cannot be done here")]
    public async Task What_cannot_be_done_is_said_in_a_sentence(string command, int exitCode, string sentence)
    {
        await using var sandbox = await KnowsAsync(SandboxFlavor.Guide);
        var id = sandbox.Organization.StartConversation(new GuestProfile("Gina")).ConversationId;
        var answer = await folder.RunAsync(command.Replace("CONVERSATION", id, StringComparison.Ordinal).Split(' '));
        answer.ExitCode.ShouldBe(exitCode, answer.Error);
        answer.Error.ShouldContain(sentence);
        sandbox.Ledger.TransfersApplied(id).ShouldBeEmpty();
    }

    /// <summary>A command has nobody who goes on for it later.</summary>
    [Theory]
    [InlineData(SandboxFlavor.Guide, "decide CONVERSATION --preset gate", 1)]
    [InlineData(SandboxFlavor.Guide, "queue check QUEUE", 1)]
    [InlineData(SandboxFlavor.Guide, "queue check QUEUE", null)]
    [InlineData(SandboxFlavor.Platform, "decide CONVERSATION --preset gate", 1)]
    [InlineData(SandboxFlavor.Platform, "decide CONVERSATION --preset gate", null)]
    [InlineData(SandboxFlavor.Platform, "queue check QUEUE", 1)]
    public async Task Too_many_requests_are_waited_out_by_the_command(SandboxFlavor flavor, string command, int? retryAfter)
    {
        await using var sandbox = await KnowsAsync(flavor);
        var id = sandbox.Organization.StartConversation(new GuestProfile("Gina")).ConversationId;
        var queue = sandbox.Organization.Queues.Single(q => q.Name == "Support").Id;
        sandbox.Faults.Add(new Fault { Kind = FaultKind.TooManyRequests, Path = "/api/v2/*", RetryAfterSeconds = retryAfter, Times = 1 });
        sandbox.Faults.Add(new Fault { Kind = FaultKind.HideRateHeaders });
        var answer = await folder.RunAsync(command.Replace("CONVERSATION", id, StringComparison.Ordinal).Replace("QUEUE", queue, StringComparison.Ordinal).Split(' '));
        answer.ExitCode.ShouldBe(0, answer.Error);
        sandbox.Ledger.Requests().Count(r => r.Status == 429).ShouldBe(1);
    }

    [Theory]
    [InlineData(SandboxFlavor.Guide)]
    [InlineData(SandboxFlavor.Platform)]
    public async Task Too_many_requests_for_longer_say_when_to_run_it_again(SandboxFlavor flavor)
    {
        await using var sandbox = await KnowsAsync(flavor);
        sandbox.Faults.Add(new Fault { Kind = FaultKind.TooManyRequests, Path = "/api/v2/*", RetryAfterSeconds = 600 });
        var answer = await folder.RunAsync("queue", "check", sandbox.Organization.Queues[0].Id);
        (answer.ExitCode, answer.Output).ShouldBe((1, ""));
        answer.Error.ShouldContain("Run the command again after 20");
    }

    [Fact]
    public async Task A_flavor_nobody_speaks_is_refused_with_those_that_are_spoken()
    {
        folder.Environment["BATON__GENESYS__FLAVOR"] = "v3";
        var answer = await folder.RunAsync("queue", "list");
        (answer.ExitCode, answer.Error.Trim()).ShouldBe((2, "Genesys:Flavor is 'v3'; allowed is platform or guide."));
    }

    [Fact]
    public async Task The_sandbox_tells_its_flavor_and_its_queues_names()
    {
        await using var sandbox = await KnowsAsync(SandboxFlavor.Guide);
        folder.Environment.Clear();
        var support = sandbox.Organization.Queues.Single(q => q.Name == "Support").Id;
        folder.Write(".baton/sandbox.json", $$$"""{"apiBaseUrl":"{{{sandbox.ApiBaseUrl}}}","loginBaseUrl":"{{{sandbox.LoginBaseUrl}}}","clientId":"baton-sandbox","clientSecret":"sandbox-secret","process":1,"flavor":"guide","queues":{"Support":"{{{support}}}"}}""");
        var answer = await folder.RunAsync("queue", "check", "support", "--sandbox", "--json");
        answer.ExitCode.ShouldBe(0, answer.Error);
        JsonNode.Parse(answer.Output)!["queue_id"]!.GetValue<string>().ShouldBe(support);
        (await folder.RunAsync("doctor", "--sandbox")).ExitCode.ShouldBe(0);
    }

    public void Dispose() => folder.Dispose();
}
