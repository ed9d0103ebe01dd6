using System.Text.Json.Nodes;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests.Cli;

/// <summary>Suggestions by the real executable: asked for, used, reported; and what is wrong with a question is said before anything is called.</summary>
public sealed class AssistCommandTests : IDisposable
{
    const string Transcript = "Bot: How can I help?\nCustomer: I was charged twice and want a refund of the payment.";

    readonly BatonFolder folder = new();

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    async Task<GenesysSandbox> KnowsAsync()
    {
        var sandbox = await GenesysSandbox.StartAsync(new SandboxOptions(), Ct);
        folder.Knows(sandbox);
        var shelf = Directory.CreateDirectory(Path.Combine(folder.Path, "articles"));
        File.WriteAllText(Path.Combine(shelf.FullName, "refund.md"), "tags: refunds\n\n# Refund a payment\n\nA payment that was charged twice can be refunded within 30 days.\n");
        File.WriteAllText(Path.Combine(shelf.FullName, "password.md"), "# Reset a password\n\nSend a reset link.\n");
        folder.Environment["BATON__ASSIST__LOCAL__FOLDER"] = shelf.FullName;
        return sandbox;
    }

    /// <summary>Asked again, as it says itself, where this machine was too busy to put the question together in time.</summary>
    async Task<BatonAnswer> AskAsync(string conversation, string transcript, params string[] with)
    {
        while (true)
        {
            var answer = await folder.RunAsync(["assist", "ask", conversation, "--transcript", folder.Write("talk.txt", transcript), "--skills", "refunds", "--sources", "local", "--agent", "ana", "--json", .. with]);
            if (!answer.Error.Contains("Ask again.")) return answer;
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Suggestions_are_asked_for_used_and_reported()
    {
        await using var sandbox = await KnowsAsync();
        var conversation = sandbox.Organization.StartConversation(new GuestProfile("Gina"), "I want a refund.").ConversationId;
        var asked = await AskAsync(conversation, Transcript);
        asked.ExitCode.ShouldBe(0, asked.Error);
        var answer = JsonNode.Parse(asked.Output)!;
        var first = answer["suggestions"]![0]!;
        (first["title"]!.GetValue<string>(), first["skill"]!.GetValue<double>()).ShouldBe(("Refund a payment", 0.045));
        answer["sources"]!.AsArray().Single(s => s!["name"]!.GetValue<string>() == "local")!["state"]!.GetValue<string>().ShouldBe("answered");

        var id = first["id"]!.GetValue<string>();
        JsonNode.Parse((await folder.RunAsync("assist", "use", id, "inserted", "--agent", "ana", "--json")).Output)!["recorded"]!.GetValue<bool>().ShouldBeTrue();
        JsonNode.Parse((await folder.RunAsync("assist", "use", id, "inserted", "--agent", "ana", "--json")).Output)!["recorded"]!.GetValue<bool>().ShouldBeFalse();
        (await folder.RunAsync("assist", "use", id, "dismissed", "--agent", "ana")).ExitCode.ShouldBe(1);

        var report = JsonNode.Parse((await folder.RunAsync("assist", "report", "--since", "1h", "--json")).Output)!;
        (report["requests"]!.GetValue<int>(), report["acceptance"]!["used"]!.GetValue<int>(), report["acceptance"]!["seen"]!.GetValue<int>()).ShouldBe((1, 1, 1));
        (await folder.RunAsync("assist", "report", "--csv")).Output.ShouldContain("local/refund.md,local,Refund a payment,1,1,1,1,");
        (await folder.RunAsync("assist", "report", "--since", "yesterday")).ExitCode.ShouldBe(2);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_is_wrong_with_a_question_is_said_at_once_and_nobody_is_called()
    {
        await using var sandbox = await KnowsAsync();
        var before = sandbox.Ledger.Requests().Count;
        var wrong = await AskAsync("c-1", new string('x', 6_000), "--sources", string.Join(',', Enumerable.Range(0, 11).Select(n => $"ks-{n}")), "--callback", "http://shop.example/cb", "--show", "0");
        wrong.ExitCode.ShouldBe(2, wrong.Error);
        foreach (var words in (string[])["transcript has 6000 characters", "knowledgeSourceIds", "callbackUrl is 'http://shop.example/cb'", "show"]) wrong.Error.ShouldContain(words);
        foreach (var (transcript, words) in new[] { ("", "transcript is empty"), (" \n", "transcript is empty") })
        {
            var empty = await AskAsync("c-1", transcript);
            (empty.ExitCode, empty.Error.Contains(words)).ShouldBe((2, true), empty.Error);
        }
        sandbox.Ledger.Requests().Count.ShouldBe(before);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_file_is_ranked_by_the_guides_formula_so_that_a_number_can_be_checked_by_hand()
    {
        var file = folder.Write("ranked.json", """
            {"agentSkills": ["refunds"], "feedback": [{"suggestion_id": "b", "action": "accepted"}],
             "suggestions": [{"id": "a", "confidence": 0.92, "knowledgeSourceId": "ks-1", "metadata": {"tags": ["refunds"]}}, {"id": "b", "confidence": 0.99, "knowledgeSourceId": "ks-1"},
                             {"id": "c", "confidence": 7, "knowledgeSourceId": "ks-1"}, {"confidence": 0.5, "knowledgeSourceId": "ks-1"}, {"id": "d", "confidence": "high", "knowledgeSourceId": "ks-1"}, {"id": "e", "confidence": 0.5}]}
            """);
        var answer = await folder.RunAsync("assist", "rank", file, "--feedback", "rate", "--json");
        answer.ExitCode.ShouldBe(0, answer.Error);
        JsonNode.Parse(answer.Output)!.AsArray().Select(r => (r!["id"]!.GetValue<string>(), r["final_score"]!.GetValue<double>())).ShouldBe([("b", 0.694), ("a", 0.647)]);
        answer.ErrorLines.Count.ShouldBe(4);
    }
}
