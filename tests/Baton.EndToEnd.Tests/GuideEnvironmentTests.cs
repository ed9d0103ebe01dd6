using System.Text.Json.Nodes;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

/// <summary>The guides' environment names: each is honored, BATON__... wins over it, and a flag over both.</summary>
public sealed class GuideEnvironmentTests : IAsyncLifetime
{
    readonly BatonFolder folder = new();
    GenesysSandbox sandbox = null!;
    StartedConversation started = null!;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        sandbox = await GenesysSandbox.StartAsync(new SandboxOptions { Flavor = SandboxFlavor.Guide }, Ct);
        started = sandbox.Organization.StartConversation(new GuestProfile("Gina"), "I was charged twice");
        sandbox.Organization.BotTurn(started.ConversationId, "I was charged twice", ["I see"], "refund", 0.85);
        sandbox.Organization.SetSentiment(started.ConversationId, 0.2);
        folder.IsQuick();
        folder.Environment["BATON__GENESYS__FLAVOR"] = "guide";
        // The sandbox signs in elsewhere than any region does.
        folder.Environment["BATON__GENESYS__LOGINBASEURL"] = sandbox.LoginBaseUrl.ToString();
        folder.Environment["GENESYS_BASE_URL"] = sandbox.ApiBaseUrl.ToString();
        folder.Environment["GENESYS_CLIENT_ID"] = "baton-sandbox";
        folder.Environment["GENESYS_CLIENT_SECRET"] = "sandbox-secret";
    }

    public async ValueTask DisposeAsync()
    {
        await sandbox.DisposeAsync();
        folder.Dispose();
    }

    string Queue(string name) => sandbox.Organization.Queues.Single(q => q.Name == name).Id;

    [Fact]
    public async Task The_guides_names_are_enough()
    {
        folder.Environment["GENESYS_CONVERSATION_ID"] = started.ConversationId;
        (await folder.RunAsync("decide")).ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("GENESYS_CLIENT_ID", "BATON__GENESYS__CLIENTID", "baton-sandbox")]
    [InlineData("GENESYS_CLIENT_SECRET", "BATON__GENESYS__CLIENTSECRET", "sandbox-secret")]
    [InlineData("GENESYS_BASE_URL", "BATON__GENESYS__APIBASEURL", "API")]
    [InlineData("GENESYS_REGION", "BATON__GENESYS__REGION", "eu-central-1")]
    [InlineData("GENESYS_ENVIRONMENT", "BATON__GENESYS__REGION", "mypurecloud.de")]
    [InlineData("WFM_WEBHOOK_URL", "BATON__DELIVERIES__WFMURL", "https://wfm.example.com/events")]
    [InlineData("ANALYTICS_ENDPOINT", "BATON__DELIVERIES__ANALYTICSURL", "https://analytics.example.com/events")]
    public async Task The_guides_name_is_read_and_Batons_own_wins(string guides, string batons, string good)
    {
        folder.Environment[guides] = "not-this";
        (await folder.RunAsync("decide", started.ConversationId)).ExitCode.ShouldNotBe(0);
        folder.Environment[batons] = good == "API" ? sandbox.ApiBaseUrl.ToString() : good;
        var answer = await folder.RunAsync("decide", started.ConversationId);
        answer.ExitCode.ShouldBe(0, answer.Error);
    }

    [Fact]
    public async Task The_guides_name_wins_over_the_file()
    {
        folder.Write("baton.json", """{"Genesys":{"ClientSecret":"not-this"}}""");
        (await folder.RunAsync("decide", started.ConversationId)).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Without_a_region_all_of_them_are_listed_and_nothing_is_sent()
    {
        folder.Environment.Remove("BATON__GENESYS__LOGINBASEURL");
        folder.Environment.Remove("GENESYS_BASE_URL");
        var answer = await folder.RunAsync("decide", started.ConversationId);
        answer.ExitCode.ShouldBe(2);
        answer.Error.ShouldContain("set GENESYS_REGION to one of us-east-1, eu-west-1, ");
        answer.Error.ShouldContain("It is not guessed");
    }

    [Theory]
    [InlineData("GENESYS_CONVERSATION_ID", "decide --preset gate", "decide CONVERSATION --preset gate")]
    [InlineData("GENESYS_QUEUE_ID", "queue check", "queue check QUEUE")]
    [InlineData("GENESYS_PARTICIPANT_ID", "handoff start CONVERSATION", "handoff start CONVERSATION --participant BOT")]
    [InlineData("GENESYS_QUEUE_ID", "handoff start CONVERSATION", "handoff start CONVERSATION --queue QUEUE")]
    [InlineData("GENESYS_GUEST_ID", "handoff start CONVERSATION --queue QUEUE --anyway", "handoff start CONVERSATION --queue QUEUE --anyway --guest GUEST")]
    public async Task A_flag_wins_over_the_guides_name(string name, string without, string with)
    {
        folder.Environment["BATON__GENESYS__QUEUES__SUPPORT"] = Queue("Support");
        folder.Environment[name] = "not-this";
        var wrong = await folder.RunAsync(Words(without));
        wrong.ExitCode.ShouldBe(1, wrong.Error);
        (wrong.Output + wrong.Error).ShouldContain("not-this");
        sandbox.Ledger.TransfersApplied(started.ConversationId).ShouldBeEmpty();
        var right = await folder.RunAsync(Words(with));
        right.ExitCode.ShouldBe(0, right.Error);
    }

    string[] Words(string command) => [.. command.Split(' ').Select(w => w switch { "CONVERSATION" => started.ConversationId, "QUEUE" => Queue("Billing"), "BOT" => started.WorkflowParticipantId, "GUEST" => started.GuestId, _ => w })];

    [Theory]
    [InlineData(0.85, 0)]
    [InlineData(0.5, 1)]
    public async Task Guide_000_is_one_command_of_its_own_environment(double confidence, int exitCode)
    {
        sandbox.Organization.BotTurn(started.ConversationId, "I was charged twice", ["I see"], "refund", confidence);
        folder.Environment["GENESYS_CONVERSATION_ID"] = started.ConversationId;
        folder.Environment["GENESYS_PARTICIPANT_ID"] = started.WorkflowParticipantId;
        folder.Environment["GENESYS_QUEUE_ID"] = Queue("Billing");
        var answer = await folder.RunAsync("handoff", "start", "--json");
        answer.ExitCode.ShouldBe(exitCode, answer.Error);
        // The gate says whether, the environment only where.
        sandbox.Ledger.TransfersApplied(started.ConversationId).Select(t => t.QueueId).ShouldBe(exitCode == 0 ? [Queue("Billing")] : []);
        if (exitCode == 0) JsonNode.Parse(answer.Output)!["origin"]!["policy"]!["name"]!.GetValue<string>().ShouldBe("gate");
    }

    [Fact]
    public async Task A_leg_that_has_left_is_not_exchanged_for_another()
    {
        folder.Environment["GENESYS_PARTICIPANT_ID"] = started.CustomerParticipantId;
        var answer = await folder.RunAsync("handoff", "start", started.ConversationId, "--queue", Queue("Billing"));
        answer.ExitCode.ShouldBe(1);
        answer.Error.ShouldContain($"the bot's leg is {started.WorkflowParticipantId}");
        sandbox.Ledger.TransfersApplied(started.ConversationId).ShouldBeEmpty();
    }
}
