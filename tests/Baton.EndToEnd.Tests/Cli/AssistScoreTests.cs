using System.CommandLine;
using Baton.Cli;
using Baton.Cli.Commands;
using Baton.Core.Assist.Scoring;

namespace Baton.EndToEnd.Tests.Cli;

public sealed class AssistScoreTests : IDisposable
{
    const string Talk = """
        {"id":"t-1","turns":[{"from":"customer","text":"Somebody stole my card.","at":1},{"from":"agent","text":"What is your PIN?","at":2,"suggestions":{"query":"pin","askedAt":2,"options":["bank_ask_dob","bank_ask_pin"],"picked":"bank_ask_pin"}}]}

        {"id":"t-2","turns":[{"from":"customer","text":"bye"},{"from":"agent","text":"Goodbye.","suggestions":{"query":null,"options":["goodbye","hello"],"picked":"goodbye"}}]}
        """;

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("baton-score-");

    public void Dispose() => folder.Delete(recursive: true);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    string Write(string text)
    {
        var path = Path.Combine(folder.FullName, "talks.jsonl");
        File.WriteAllText(path, text);
        return path;
    }

    static Task<int> RunAsync(params string[] arguments) => new RootCommand { AssistScoreCommand.Create() }.Parse(["score", .. arguments]).InvokeAsync(cancellationToken: Ct);

    [Fact]
    public async Task A_file_is_scored()
    {
        var path = Write(Talk);

        var report = OptionTrial.Run(AssistScoreCommand.Read(path, Ct));

        (report.Conversations, report.Choices).ShouldBe((2, 2));
        report.Ways.Single(w => w.Name == "query").First.Value.ShouldBe(1);
        report.Ways.Single(w => w.Name == "stored").First.Value.ShouldBe(0.5);
        (await RunAsync(path)).ShouldBe(ExitCodes.Done);
        (await RunAsync(path, "--json")).ShouldBe(ExitCodes.Done);
    }

    [Theory]
    [InlineData("", "talks.jsonl")]
    [InlineData("{\"talk\":[]}", "line 1")]
    [InlineData("{\"turns\":[{\"from\":\"customer\",\"text\":\"x\"}]}\nno json", "line 2")]
    [InlineData("{\"turns\":[{\"from\":\"nobody\",\"text\":\"x\"}]}", "nobody")]
    [InlineData("{\"turns\":[null]}", "line 1")]
    [InlineData("{\"turns\":[{\"from\":\"agent\",\"text\":\"x\",\"suggestions\":{\"options\":[],\"picked\":\"a\"}}]}", "options")]
    [InlineData("{\"turns\":[{\"from\":\"agent\",\"text\":\"x\",\"suggestions\":{\"options\":[\"a\",null],\"picked\":\"a\"}}]}", "options")]
    public async Task A_file_that_cannot_be_scored_is_wrong_use(string text, string named)
    {
        var path = Write(text);

        (await RunAsync(path)).ShouldBe(ExitCodes.WrongUse);
        if (text.Length > 0) Should.Throw<UsageException>(() => AssistScoreCommand.Read(path, Ct)).Message.ShouldContain(named);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_wrong_use() => (await RunAsync(Path.Combine(folder.FullName, "none.jsonl"))).ShouldBe(ExitCodes.WrongUse);

    [Fact]
    public void Real_choices_are_ordered_far_better_than_by_chance_and_with_the_stored_order_better_than_by_it()
    {
        var recorded = RecordedData.Find("star-suggestions.dev.jsonl");
        if (recorded is null) Assert.Skip("No folder above this one holds shared/data/star-suggestions.dev.jsonl.");

        var report = OptionTrial.Run(AssistScoreCommand.Read(recorded, Ct));

        double First(string name) => report.Ways.Single(w => w.Name == name).First.Value;
        report.Choices.ShouldBeGreaterThan(3_000);
        First("query").ShouldBeGreaterThan(2 * First("chance"));
        First("conversation").ShouldBeGreaterThan(First("chance"));
        First("queryLearned").ShouldBeGreaterThan(First("query"));
        First("queryLearnedStored").ShouldBeGreaterThan(First("stored"));
    }
}
