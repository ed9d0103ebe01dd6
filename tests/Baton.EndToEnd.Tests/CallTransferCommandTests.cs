using System.Text.Json.Nodes;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

/// <summary><c>baton transfer</c> by the real executable, on both flavors.</summary>
public sealed class CallTransferCommandTests : IDisposable
{
    readonly BatonFolder folder = new();

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    async Task<GenesysSandbox> KnowsAsync(SandboxFlavor flavor)
    {
        var sandbox = await GenesysSandbox.StartAsync(new SandboxOptions { Flavor = flavor }, Ct);
        sandbox.Organization.AddQueue("Overflow");
        folder.Knows(sandbox);
        folder.IsQuick();
        folder.Environment["BATON__GENESYS__FLAVOR"] = flavor.ToString().ToLowerInvariant();
        return sandbox;
    }

    static string Queue(GenesysSandbox sandbox, string name) => sandbox.Organization.Queues.Single(q => q.Name == name).Id;

    static string Ana(GenesysSandbox sandbox) => sandbox.Organization.Agents.Single(a => a.Name == "Ana Alvarez").Id;

    [Theory]
    [InlineData(SandboxFlavor.Guide)]
    [InlineData(SandboxFlavor.Platform)]
    public async Task The_guides_environment_is_enough(SandboxFlavor flavor)
    {
        await using var sandbox = await KnowsAsync(flavor);
        var call = sandbox.Organization.StartCall(new GuestProfile("Carla"), Ana(sandbox), "Support").ConversationId;
        folder.Environment["TARGET_USER_ID"] = Ana(sandbox);
        folder.Environment["TARGET_QUEUE_ID"] = Queue(sandbox, "Overflow");
        var answer = await folder.RunAsync("transfer", "--reason", "Wants a refund", "--json");
        answer.ExitCode.ShouldBe(0, answer.Error);
        var json = JsonNode.Parse(answer.Output)!.AsObject();
        (json["result"]!.GetValue<string>(), json["is_verified"]!.GetValue<bool>(), json["conversation_id"]!.GetValue<string>(), json["queue_id"]!.GetValue<string>(), json["original_queue_id"]!.GetValue<string>())
            .ShouldBe(("Transferred", true, call, Queue(sandbox, "Overflow"), Queue(sandbox, "Support")));
        sandbox.Ledger.TransfersApplied(call).ShouldHaveSingleItem();
        File.Exists(Path.Combine(folder.Path, "handoff_audit.log")).ShouldBe(flavor == SandboxFlavor.Guide);
        var again = await folder.RunAsync("transfer", "--conversation", call);
        (again.ExitCode, again.Output.Contains("already; nothing was sent", StringComparison.Ordinal)).ShouldBe((0, true), again.Error);
        (await folder.RunAsync("audit", "verify")).ExitCode.ShouldBe(0);
        var list = await folder.RunAsync("audit", "tail");
        list.Output.ShouldContain("call.transferEnded");
    }

    [Theory]
    [InlineData("transfer --queue Q", 2, "--user (or --conversation) is missing; give it, or set TARGET_USER_ID.")]
    [InlineData("transfer --user U", 2, "--queue is missing; give it, or set TARGET_QUEUE_ID.")]
    [InlineData("transfer --user U --queue Q --skill english --clear-skills", 2, "contradict each other")]
    [InlineData("transfer --user U --conversation C --queue Q", 2, "give one of them")]
    [InlineData("transfer --user U --queue Q", 1, "is not on a call. Check the user's id")]
    [InlineData("transfer --conversation not-an-id --queue Q", 1, "cannot be a conversation id here")]
    [InlineData("transfer --conversation C --queue Q", 1, "is not a call")]
    [InlineData("transfer --user U --queue no-such-queue", 1, "There is no queue 'no-such-queue'.")]
    public async Task What_cannot_be_done_is_said_in_a_sentence(string command, int exitCode, string sentence)
    {
        await using var sandbox = await KnowsAsync(SandboxFlavor.Platform);
        var chat = sandbox.Organization.StartConversation(new GuestProfile("Gina")).ConversationId;
        var answer = await folder.RunAsync([.. command.Split(' ').Select(w => w switch { "Q" => "Overflow", "U" => Ana(sandbox), "C" => chat, _ => w })]);
        (answer.ExitCode, answer.Output).ShouldBe((exitCode, ""), answer.Error);
        answer.Error.ShouldContain(sentence);
    }

    [Theory]
    [InlineData(SandboxFlavor.Guide)]
    [InlineData(SandboxFlavor.Platform)]
    public async Task Wrong_credentials_are_one_sentence(SandboxFlavor flavor)
    {
        await using var sandbox = await KnowsAsync(flavor);
        folder.Environment["BATON__GENESYS__CLIENTSECRET"] = "wrong";
        var answer = await folder.RunAsync("transfer", "--user", Ana(sandbox), "--queue", Queue(sandbox, "Overflow"));
        (answer.ExitCode, answer.Error.Contains("baton doctor", StringComparison.Ordinal)).ShouldBe((1, true), answer.Error);
    }

    public void Dispose() => folder.Dispose();
}
