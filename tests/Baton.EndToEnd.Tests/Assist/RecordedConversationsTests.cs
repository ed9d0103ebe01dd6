using System.Net;
using System.Text.Json.Nodes;
using Baton.Cli.Commands;
using Baton.Core.Assist.Knowledge;
using Baton.Core.Assist.Scoring;
using Baton.EndToEnd.Tests.Handoffs;
using Baton.Sandbox;
using static Baton.EndToEnd.Tests.Assist.AssistWorld;

namespace Baton.EndToEnd.Tests.Assist;

/// <summary>
/// Conversations of real people whose agents picked answers, asked again over HTTP: what agents wrote in other recordings is the knowledge, and the agent here uses the suggestion that is what the recorded agent picked,
/// and dismisses the others.
/// </summary>
[Collection(OnVirtualTime.Name)]
public sealed class RecordedConversationsTests : IDisposable
{
    const int Played = 10;
    const int Learned = 200;
    const int FewestSaid = 3;

    readonly DirectoryInfo shelf = Directory.CreateTempSubdirectory("baton-recorded-");

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => shelf.Delete(recursive: true);

    [Theory(Timeout = 900_000)]
    [InlineData(SandboxFlavor.Platform)]
    [InlineData(SandboxFlavor.Guide)]
    public async Task Suggestions_for_recorded_conversations_are_asked_for_ranked_used_and_reported_on(SandboxFlavor flavor)
    {
        var file = RecordedData.Find("star-suggestions.dev.jsonl");
        if (file is null) Assert.Skip("No folder above this one holds shared/data/star-suggestions.dev.jsonl.");
        var recorded = AssistScoreCommand.Read(file, Ct);
        var articles = Articles(recorded.Skip(Played).Take(Learned));
        await using var assist = await StartAsync(flavor, s => s with { Local = new KnowledgeOptions { Folder = shelf.FullName } });
        foreach (var (name, said) in articles) assist.World.Organization.AddArticle(assist.KnowledgeBase, new KnowledgeArticle(Words(name), string.Join('\n', said)) { Id = name });

        int asks = 0, offered = 0;
        var (used, dismissed) = (new List<string>(), new List<string>());
        foreach (var turns in recorded.Take(Played))
        {
            var conversation = assist.World.Converse(turns.First(t => t.IsCustomer).Text);
            for (var at = 0; at < turns.Count; at++)
            {
                if (turns[at].Choice is not { } choice || !turns.Take(at).Any(t => t.IsCustomer)) continue;
                var (status, asked) = await assist.AskAsync(conversation, with => (with["transcript"], with["tail"]) = (Transcript(turns.Take(at)), true));
                status.ShouldBe(HttpStatusCode.OK, asked.ToJsonString());
                var answer = await assist.UntilSettledAsync(asked);
                answer["state"]!.GetValue<string>().ShouldBe("Done");
                ShouldBeRanked(Suggestions(asked));
                asks++;
                offered += Suggestions(answer).Count;
                foreach (var suggestion in Suggestions(answer))
                {
                    var name = suggestion["title"]!.GetValue<string>();
                    (await assist.EngageAsync(suggestion, "displayed")).Status.ShouldBe(HttpStatusCode.OK);
                    await assist.World.PassAsync(TimeSpan.FromSeconds(2));
                    var isIt = name == Words(choice.Picked);
                    foreach (var deed in isIt ? (string[])["inserted", "sent"] : ["dismissed"]) (await assist.EngageAsync(suggestion, deed)).Status.ShouldBe(HttpStatusCode.OK);
                    (isIt ? used : dismissed).Add(name);
                }
                // The guides' endpoint takes a hundred questions a minute.
                await assist.World.PassAsync(TimeSpan.FromSeconds(1));
            }
        }

        asks.ShouldBeGreaterThan(Played);
        // Three articles picked blindly would be right this often.
        ((double)used.Count / asks).ShouldBeGreaterThan(3 * 3.0 / articles.Count);
        var (_, report) = await assist.GetAsync("v1/assist/report");
        (report["requests"]!.GetValue<int>(), report["offered"]!.GetValue<int>()).ShouldBe((asks, offered));
        (report["acceptance"]!["used"]!.GetValue<int>(), report["acceptance"]!["seen"]!.GetValue<int>()).ShouldBe((used.Count, used.Count + dismissed.Count));
        var rate = report["acceptance"]!["rate"]!.GetValue<double>();
        rate.ShouldBe((double)used.Count / (used.Count + dismissed.Count), 1e-9);
        rate.ShouldBeInRange(report["acceptance"]!["low"]!.GetValue<double>(), report["acceptance"]!["high"]!.GetValue<double>());
        report["timeToUse"]!["count"]!.GetValue<int>().ShouldBe(used.Count);
        foreach (var article in report["articles"]!.AsArray().GroupBy(a => a!["title"]!.GetValue<string>()))
            article.Sum(a => a!["acceptance"]!["used"]!.GetValue<int>()).ShouldBe(used.Count(u => u == article.Key), article.Key);
        report["sources"]!.AsArray().Single(s => s!["name"]!.GetValue<string>() == "local")!["asked"]!.GetValue<int>().ShouldBe(asks);
        if (flavor == SandboxFlavor.Guide) report["responseTime"]!["count"]!.GetValue<int>().ShouldBe(asks);
        File.ReadLines(assist.AuditFile).Count().ShouldBe(offered + dismissed.Count + 2 * used.Count);
        (await assist.World.AuditAsync()).IsSound.ShouldBeTrue();
        TestContext.Current.SendDiagnosticMessage($"{flavor}: {asks} questions, {offered} suggestions, {used.Count} were what the agent had picked, of {articles.Count} articles.");
    }

    static void ShouldBeRanked(IReadOnlyList<JsonObject> suggestions)
    {
        suggestions.Count.ShouldBeLessThanOrEqualTo(3);
        double Final(JsonObject s) => s["score"]!["final"]!.GetValue<double>();
        suggestions.Select(Final).ShouldBe(suggestions.Select(Final).OrderDescending());
        foreach (var s in suggestions) ((string[])["fromConfidence", "fromSkill", "fromFeedback"]).Sum(part => s["score"]![part]!.GetValue<double>()).ShouldBe(Final(s), 0.00006);
    }

    /// <summary>What agents wrote, by the name of the answer they picked; a Markdown file each.</summary>
    Dictionary<string, List<string>> Articles(IEnumerable<IReadOnlyList<RecordedTurn>> recorded)
    {
        var said = recorded.SelectMany(turns => turns).Where(t => t.Choice is not null).GroupBy(t => t.Choice!.Picked).Where(g => g.Count() >= FewestSaid)
            .ToDictionary(g => g.Key, g => g.Select(t => t.Text.ReplaceLineEndings(" ")).Distinct().Take(5).ToList());
        foreach (var (name, texts) in said) File.WriteAllText(Path.Combine(shelf.FullName, name + ".md"), $"# {Words(name)}\n\n{string.Join("\n\n", texts)}\n");
        return said;
    }

    static string Words(string option) => option.Replace('_', ' ');

    static string Transcript(IEnumerable<RecordedTurn> turns) => string.Join('\n', turns.Select(t => $"{(t.IsCustomer ? "Customer" : "Agent")}: {t.Text.ReplaceLineEndings(" ")}"));
}
