using System.Text.Json.Nodes;

namespace Baton.EndToEnd.Tests.Cli;

/// <summary>The main job on real recorded conversations, where this machine has them.</summary>
public sealed class RecordedDemoTests
{
    [Fact(Timeout = 600_000)]
    public async Task Real_conversations_are_handed_off_exactly_once()
    {
        var recorded = RecordedData.Find("tau-airline.dev.jsonl");
        if (recorded is null) Assert.Skip("No folder above this one holds shared/data/tau-airline.dev.jsonl.");
        using var folder = new BatonFolder();
        var answer = await folder.RunAsync("demo", "--once", "--json", "--from", recorded);
        answer.ExitCode.ShouldBe(0, answer.Error);
        var summary = JsonNode.Parse(answer.LastLine)!;
        summary["violations"]!.AsArray().ShouldBeEmpty();
        summary["rateLimited"]!.GetValue<int>().ShouldBe(0);
        summary["conversations"]!.GetValue<int>().ShouldBe(File.ReadLines(recorded).Count(l => !string.IsNullOrWhiteSpace(l)));
    }
}
