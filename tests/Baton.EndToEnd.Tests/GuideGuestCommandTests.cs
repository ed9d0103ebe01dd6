using System.Text.Json.Nodes;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

/// <summary>Guide 003 by one command, on both flavors.</summary>
public sealed class GuideGuestCommandTests : IDisposable
{
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

    static string Guest(StartedConversation started, SandboxFlavor flavor) => flavor == SandboxFlavor.Guide ? started.GuestId : started.CustomerParticipantId;

    static StartedConversation Unsure(GenesysSandbox sandbox, double confidence = 0.62)
    {
        var started = sandbox.Organization.StartConversation(new GuestProfile("Gina"), "How do I reset my password?");
        sandbox.Organization.BotTurn(started.ConversationId, "How do I reset my password?", ["I will guide you."], "password", confidence);
        return started;
    }

    static string Queue(GenesysSandbox sandbox) => sandbox.Organization.Queues.Single(q => q.Name == "Support").Id;

    static IReadOnlyList<string> Told(GenesysSandbox sandbox, string id) => [.. sandbox.Ledger.MessagesTo(id).Where(m => m.From is "system" or "api").Select(m => m.Text!)];

    [Theory]
    [InlineData(SandboxFlavor.Guide)]
    [InlineData(SandboxFlavor.Platform)]
    public async Task The_whole_guide_is_one_command(SandboxFlavor flavor)
    {
        await using var sandbox = await KnowsAsync(flavor);
        var started = Unsure(sandbox);
        folder.Environment["GENESYS_CONVERSATION_ID"] = started.ConversationId;
        folder.Environment["GENESYS_GUEST_ID"] = Guest(started, flavor);
        folder.Environment["GENESYS_QUEUE_ID"] = Queue(sandbox);
        var answer = await folder.RunAsync("handoff", "start", "--json");
        answer.ExitCode.ShouldBe(0, answer.Error);
        var json = JsonNode.Parse(answer.Output)!;
        json["origin"]!["policy"]!["name"]!.GetValue<string>().ShouldBe("escalate");
        json["origin"]!["reasons"]![0]!["code"]!.GetValue<string>().ShouldBe("intentConfidence");
        sandbox.Ledger.TransfersApplied(started.ConversationId).ShouldHaveSingleItem().QueueId.ShouldBe(Queue(sandbox));
        Told(sandbox, started.ConversationId).ShouldBe(["Transferring to human support. Please wait."]);
        sandbox.Organization.Conversation(started.ConversationId).Customer.Attributes[flavor == SandboxFlavor.Guide ? "welcomeMessage" : "baton.guestHistory"]
            .ShouldStartWith("Agent, the guest requires assistance. Chat history follows:\n[guest] How do I reset my password?");
        // Said twice, done once.
        (await folder.RunAsync("handoff", "start", "--json")).ExitCode.ShouldBe(0);
        sandbox.Ledger.TransfersApplied(started.ConversationId).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(SandboxFlavor.Guide)]
    [InlineData(SandboxFlavor.Platform)]
    public async Task A_bot_that_is_sure_keeps_the_conversation(SandboxFlavor flavor)
    {
        await using var sandbox = await KnowsAsync(flavor);
        var started = Unsure(sandbox, 0.70);
        var command = (string[])["handoff", "start", started.ConversationId, "--guest", Guest(started, flavor), "--queue", Queue(sandbox)];
        var answer = await folder.RunAsync(command);
        (answer.ExitCode, answer.Error.Trim()).ShouldBe((1, "The policy does not hand this conversation off; --queue QUEUE --anyway does it anyway."));
        answer.Output.ShouldContain("0.7");
        sandbox.Ledger.TransfersApplied(started.ConversationId).ShouldBeEmpty();
        var anyway = await folder.RunAsync([.. command, "--anyway", "--message", "One moment.", "--priority", "9"]);
        anyway.ExitCode.ShouldBe(0, anyway.Error);
        Told(sandbox, started.ConversationId).ShouldBe(["One moment."]);
    }

    [Theory]
    [InlineData(SandboxFlavor.Guide, "handoff start C --guest guest-of-nobody --queue Q", 1, "guest-of-nobody")]
    [InlineData(SandboxFlavor.Platform, "handoff start C --guest guest-of-nobody --queue Q", 1, "Genesys Cloud keeps no record of guests")]
    [InlineData(SandboxFlavor.Guide, "handoff start C --guest G --queue Q --priority 11", 2, "allowed is 1 to 10")]
    [InlineData(SandboxFlavor.Guide, "handoff start C --guest G --queue Q --skill english", 2, "asks for no skills")]
    [InlineData(SandboxFlavor.Guide, "handoff start C --queue Q --message Hello", 2, "without --guest")]
    [InlineData(SandboxFlavor.Guide, "handoff start C --guest G --anyway", 2, "it needs --queue QUEUE")]
    [InlineData(SandboxFlavor.Guide, "handoff start C --guest .. --queue Q", 1, "'..' is not a guest's id")]
    [InlineData(SandboxFlavor.Guide, "handoff start C --guest G --queue no-such-queue", 1, "There is no queue 'no-such-queue'")]
    [InlineData(SandboxFlavor.Platform, "handoff start C --guest G --queue no-such-queue", 1, "There is no queue 'no-such-queue'")]
    public async Task What_cannot_be_done_is_said_in_a_sentence(SandboxFlavor flavor, string command, int exitCode, string sentence)
    {
        await using var sandbox = await KnowsAsync(flavor);
        var started = Unsure(sandbox);
        var words = command.Split(' ').Select(w => w switch { "C" => started.ConversationId, "G" => Guest(started, flavor), "Q" => Queue(sandbox), _ => w });
        var answer = await folder.RunAsync([.. words]);
        answer.ExitCode.ShouldBe(exitCode, answer.Error);
        (answer.Error + answer.Output).ShouldContain(sentence);
        sandbox.Ledger.TransfersApplied(started.ConversationId).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(SandboxFlavor.Guide)]
    [InlineData(SandboxFlavor.Platform)]
    public async Task Wrong_credentials_are_said_before_anything_is_stored(SandboxFlavor flavor)
    {
        await using var sandbox = await KnowsAsync(flavor);
        var started = Unsure(sandbox);
        folder.Environment["BATON__GENESYS__CLIENTSECRET"] = "wrong";
        var answer = await folder.RunAsync("handoff", "start", started.ConversationId, "--guest", Guest(started, flavor));
        answer.ExitCode.ShouldBe(1);
        answer.Error.ShouldContain("baton doctor");
        (await folder.RunAsync("handoff", "list", "--json")).Output.Trim().ShouldBe("[]");
    }

    [Fact]
    public async Task Skill_and_priority_also_go_where_the_policy_sends()
    {
        await using var sandbox = await KnowsAsync(SandboxFlavor.Platform);
        var started = Unsure(sandbox);
        var answer = await folder.RunAsync("handoff", "start", started.ConversationId, "--policy", "escalate", "--priority", "8", "--json");
        answer.ExitCode.ShouldBe(0, answer.Error);
        JsonNode.Parse(answer.Output)!["plan"]!["steps"]![0]!["priority"]!.GetValue<int>().ShouldBe(8);
    }

    public void Dispose() => folder.Dispose();
}
