using System.Text.Json.Nodes;
using Baton.Core.Handoffs;
using Baton.Sandbox;
using Baton.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Baton.EndToEnd.Tests.Cli;

/// <summary>The real executable: exit codes, sentences, JSON.</summary>
public sealed class CliTests : IAsyncLifetime
{
    const string Secret = "a-secret-nobody-may-ever-see";

    readonly BatonFolder folder = new();
    GenesysSandbox sandbox = null!;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        sandbox = await GenesysSandbox.StartAsync(new SandboxOptions { TransferDelayMax = TimeSpan.FromMilliseconds(200), CallsPerMinute = 100_000 }, Ct);
        sandbox.Organization.AddOAuthClient("baton", Secret);
        folder.IsQuick();
    }

    public async ValueTask DisposeAsync()
    {
        await sandbox.DisposeAsync();
        folder.Dispose();
    }

    [Theory(Timeout = 300_000)]
    [InlineData("platform")]
    [InlineData("guide")]
    public async Task The_demo_keeps_its_promises_and_repeats_itself(string flavor)
    {
        using var other = new BatonFolder();
        var first = await folder.RunAsync("demo", "--once", "--json", "--seed", "7", "--flavor", flavor);
        first.ExitCode.ShouldBe(0, first.Error);
        var summary = JsonNode.Parse(first.LastLine)!;
        summary["violations"]!.AsArray().ShouldBeEmpty();
        summary["conversations"]!.GetValue<int>().ShouldBeGreaterThanOrEqualTo(15);
        // How often it is looked in between depends on which of two things at the same instant a thread comes to first.
        var again = JsonNode.Parse((await other.RunAsync("demo", "--once", "--json", "--seed", "7", "--flavor", flavor)).LastLine)!;
        foreach (var summed in (JsonNode[])[summary, again]) (_, _) = (summed["callsPerHandoff"]!.AsObject().Remove("follow"), summed.AsObject().Remove("auditEntriesVerified"));
        again.ToJsonString().ShouldBe(summary.ToJsonString());
    }

    [Fact(Timeout = 120_000)]
    public async Task The_demo_plays_recorded_conversations()
    {
        var file = folder.Write("recorded.jsonl", """
            {"id":"one","turns":[{"from":"customer","text":"Hello, when do you open?"},{"from":"bot","text":"At nine."},{"from":"customer","text":"Thanks!"}]}

            {"id":"two","turns":[{"from":"customer","text":"Let me talk to a human please"}]}
            """);
        var answer = await folder.RunAsync("demo", "--once", "--json", "--from", file);
        answer.ExitCode.ShouldBe(0, answer.Error);
        var summary = JsonNode.Parse(answer.LastLine)!;
        summary["conversations"]!.GetValue<int>().ShouldBe(2);
        summary["outcomes"]!.AsObject().Sum(o => o.Value!.GetValue<int>()).ShouldBe(1);
        summary["violations"]!.AsArray().ShouldBeEmpty();
    }

    [Theory(Timeout = 120_000)]
    [InlineData("{\"turns\":[{\"from\":\"customer\",\"text\":\"hi\"}]}\n{not json}", "line 2")]
    [InlineData("{\"turns\":[]}", "line 1")]
    [InlineData("\n{\"turns\":[{\"from\":\"robot\",\"text\":\"hi\"}]}", "'robot'")]
    [InlineData("", "no conversation")]
    public async Task A_malformed_recording_is_wrong_use_and_names_the_line(string text, string named)
    {
        var answer = await folder.RunAsync("demo", "--once", "--from", folder.Write("recorded.jsonl", text));
        answer.ExitCode.ShouldBe(2);
        answer.ErrorLines.ShouldHaveSingleItem().ShouldContain(named);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_policy_with_five_errors_has_five_lines()
    {
        var file = folder.Write("policy.yaml", """
            name: five
            mode: sometimes
            triggers:
              askedForHumman: { atLeast: 0.5 }
              noMatch: { atLeast: many }
            routing:
              - queue: Support
                priority: 11
            colour: red
            """);
        var answer = await folder.RunAsync("policy", "check", file);
        answer.ExitCode.ShouldBe(1);
        answer.ErrorLines.Count.ShouldBe(5, answer.Error);
        answer.ErrorLines.ShouldAllBe(l => l.Contains("line "));
        answer.Error.ShouldContain("askedForHuman");
    }

    [Theory(Timeout = 120_000)]
    [InlineData("handoff", "start", "0a1b2c3d-0000-4000-8000-000000000000")]
    [InlineData("decide", "0a1b2c3d-0000-4000-8000-000000000000")]
    [InlineData("serve")]
    public async Task Without_configuration_both_ways_on_are_named(params string[] verb)
    {
        var answer = await folder.RunAsync(verb);
        answer.ExitCode.ShouldBe(2);
        answer.Error.ShouldContain("baton init");
        answer.Error.ShouldContain("baton sandbox");
    }

    [Theory(Timeout = 120_000)]
    [InlineData("demo", "--sed", "1")]
    [InlineData("demo", "--seed", "one")]
    [InlineData("handoff", "start")]
    [InlineData("fly")]
    [InlineData("decide", "x", "--config", "nowhere.json")]
    [InlineData("handoff", "list", "--limit", "many")]
    public async Task Wrong_use_ends_with_two(params string[] verb)
    {
        var answer = await folder.RunAsync(verb);
        answer.ExitCode.ShouldBe(2, answer.Output);
        answer.Error.ShouldNotBeNullOrWhiteSpace();
        answer.Error.ShouldNotContain("   at ");
    }

    [Theory(Timeout = 120_000)]
    [InlineData(0, "Stay")]
    [InlineData(10_000, "HandOff")]
    public async Task A_conversation_is_decided_however_long_it_is(int turns, string outcome)
    {
        folder.Knows(sandbox, "baton", Secret);
        var conversation = sandbox.Organization.StartConversation(new GuestProfile("Gina"), null).ConversationId;
        for (var i = 0; i < turns; i++)
        {
            if (i % 2 == 0) sandbox.Organization.GuestSays(conversation, i + 2 >= turns ? "I want to talk to a human" : $"Message {i}");
            else sandbox.Organization.BotSays(conversation, $"Answer {i}");
        }
        var answer = await folder.RunAsync("decide", conversation, "--json");
        answer.ExitCode.ShouldBe(0, answer.Error);
        JsonNode.Parse(answer.Output)!["outcome"]!.GetValue<string>().ShouldBe(outcome, StringCompareShould.IgnoreCase);
        sandbox.Ledger.Requests().Count(r => r.Route!.EndsWith("/messages/bulk", StringComparison.Ordinal)).ShouldBe(turns / 1000);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("0a1b2c3d-0000-4000-8000-000000000000")]
    [InlineData("not-an-id")]
    public async Task An_unknown_conversation_is_one_sentence(string conversation)
    {
        folder.Knows(sandbox, "baton", Secret);
        foreach (var verb in (string[][])[["decide", conversation], ["handoff", "start", conversation, "--queue", "Support"]])
        {
            var answer = await folder.RunAsync(verb);
            answer.ExitCode.ShouldBe(1);
            answer.ErrorLines.ShouldHaveSingleItem().ShouldContain(conversation);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Two_starts_at_once_are_one_handoff()
    {
        folder.Knows(sandbox, "baton", Secret);
        var conversation = sandbox.Organization.StartConversation(new GuestProfile("Gina")).ConversationId;
        var answers = await Task.WhenAll(folder.RunAsync("handoff", "start", conversation, "--queue", "Billing", "--json"), folder.RunAsync("handoff", "start", conversation, "--queue", "Billing", "--json"));
        answers.ShouldAllBe(a => a.ExitCode == 0);
        answers.Select(a => JsonNode.Parse(a.Output)!["id"]!.GetValue<string>()).Distinct().Count().ShouldBe(1);
        sandbox.Ledger.TransfersApplied(conversation).Count.ShouldBe(1);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_handoff_is_started_shown_listed_and_can_no_longer_be_canceled()
    {
        folder.Knows(sandbox, "baton", Secret);
        var conversation = sandbox.Organization.StartConversation(new GuestProfile("Gina")).ConversationId;
        var started = await folder.RunAsync("handoff", "start", conversation, "--queue", "Support");
        started.ExitCode.ShouldBe(0, started.Error);
        var listed = JsonNode.Parse((await folder.RunAsync("handoff", "list", "--json")).Output)!.AsArray().ShouldHaveSingleItem()!;
        var id = listed["id"]!.GetValue<string>();
        var shown = JsonNode.Parse((await folder.RunAsync("handoff", "show", id, "--json")).Output)!;
        shown["conversationId"]!.GetValue<string>().ShouldBe(conversation);
        shown["history"]!.AsArray().Count.ShouldBeGreaterThan(4);
        var canceled = await folder.RunAsync("handoff", "cancel", id);
        canceled.ExitCode.ShouldBe(1);
        canceled.ErrorLines.ShouldHaveSingleItem();
        (await folder.RunAsync("handoff", "show", "ho_nothing")).ExitCode.ShouldBe(2);
        (await folder.RunAsync("handoff", "show", HandoffId.New(TimeProvider.System.GetUtcNow()).ToString())).ExitCode.ShouldBe(1);
    }

    [Fact(Timeout = 120_000)]
    public async Task Doctor_finds_a_healthy_system_healthy()
    {
        folder.Knows(sandbox, "baton", Secret);
        var answer = await folder.RunAsync("doctor", "--json");
        answer.ExitCode.ShouldBe(0, answer.Output + answer.Error);
        JsonNode.Parse(answer.Output)!["healthy"]!.GetValue<bool>().ShouldBeTrue();
        (answer.Output + answer.Error).ShouldNotContain(Secret);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("baton", "wrong")]
    [InlineData("elsewhere", Secret)]
    public async Task Doctor_says_that_secret_or_region_may_be_wrong(string client, string secret)
    {
        sandbox.Organization.AddOAuthClient("elsewhere", Secret, anotherRegion: true);
        folder.Knows(sandbox, client, secret);
        var answer = await folder.RunAsync("doctor", "--json");
        answer.ExitCode.ShouldBe(1);
        var wrong = JsonNode.Parse(answer.Output)!["checks"]!.AsArray().Where(c => !c!["ok"]!.GetValue<bool>()).ShouldHaveSingleItem()!;
        wrong["check"]!.GetValue<string>().ShouldBe("credentials");
        wrong["found"]!.GetValue<string>().ShouldContain("another region");
        wrong["fix"]!.GetValue<string>().ShouldContain("region");
    }

    [Fact(Timeout = 120_000)]
    public async Task Doctor_names_each_permission_that_is_missing_and_changes_nothing()
    {
        sandbox.Organization.AddOAuthClient("poor", Secret, ["routing:queue:view", "routing:skill:view", "conversation:communication:view", "analytics:queueObservation:view"]);
        folder.Knows(sandbox, "poor", Secret);
        var answer = await folder.RunAsync("doctor", "--json");
        answer.ExitCode.ShouldBe(1);
        var fixes = JsonNode.Parse(answer.Output)!["checks"]!.AsArray().Where(c => !c!["ok"]!.GetValue<bool>()).Select(c => c!["fix"]!.GetValue<string>().Split(' ')[1]).ToList();
        fixes.ShouldBe([
            "conversation:communication:blindTransferQueue", "conversation:message:view", "conversation:message:create", "routing:conversation:edit",
            "analytics:conversationDetail:view", "analytics:botFlowDivisionAwareReportingTurn:view",
        ]);
        sandbox.Ledger.Entries.Where(e => e.Kind is LedgerKind.TransferRequested or LedgerKind.MessageSent or LedgerKind.RoutingChanged).ShouldBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task The_secret_is_never_printed()
    {
        folder.Knows(sandbox, "baton", Secret);
        var conversation = sandbox.Organization.StartConversation(new GuestProfile("Gina")).ConversationId;
        foreach (var verb in (string[][])[["doctor", "-v"], ["handoff", "start", conversation, "--queue", "Billing", "-v"], ["status", "-v"], ["queue", "list", "-v"], ["audit", "export"]])
        {
            var answer = await folder.RunAsync(verb);
            (answer.Output + answer.Error).ShouldNotContain(Secret);
            answer.Error.ShouldNotContain("Bearer ");
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task A_flipped_byte_in_the_trail_is_named()
    {
        folder.Knows(sandbox, "baton", Secret);
        var conversation = sandbox.Organization.StartConversation(new GuestProfile("Gina")).ConversationId;
        (await folder.RunAsync("handoff", "start", conversation, "--queue", "Billing")).ExitCode.ShouldBe(0);
        var sound = await folder.RunAsync("audit", "verify", "--json");
        sound.ExitCode.ShouldBe(0, sound.Error);
        JsonNode.Parse(sound.Output)!["valid"]!.GetValue<bool>().ShouldBeTrue();

        // Opening it once makes SQLite known to this process.
        await using (await SqliteStore.OpenAsync(folder.StorePath, null, Ct)) { }
        using (var file = new SqliteConnection($"Data Source={folder.StorePath};Pooling=False"))
        {
            file.Open();
            using var change = file.CreateCommand();
            change.CommandText = "UPDATE audit SET kind = 'X' || substr(kind, 2) WHERE sequence = 3";
            change.ExecuteNonQuery().ShouldBe(1);
        }
        var broken = await folder.RunAsync("audit", "verify");
        broken.ExitCode.ShouldBe(1);
        broken.ErrorLines.ShouldContain(l => l.Contains($"{conversation} entry 3", StringComparison.Ordinal));
    }
}
