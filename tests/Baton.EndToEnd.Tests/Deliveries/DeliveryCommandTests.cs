using System.Text.Json.Nodes;
using Baton.Sandbox;
using Microsoft.AspNetCore.Http;

namespace Baton.EndToEnd.Tests.Deliveries;

/// <summary>Events by the real executable: told after a handoff, kept over a kill, listed, sent again.</summary>
public sealed class DeliveryCommandTests : IAsyncLifetime
{
    readonly BatonFolder folder = new();
    GenesysSandbox sandbox = null!;
    WebhookReceiver receiver = null!;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        sandbox = await GenesysSandbox.StartAsync(new SandboxOptions { TransferDelayMax = TimeSpan.FromMilliseconds(200) }, Ct);
        receiver = await WebhookReceiver.StartAsync();
        folder.Knows(sandbox);
        folder.IsQuick();
        folder.Environment["WFM_WEBHOOK_URL"] = receiver.Address.ToString();
        folder.Environment["BATON__DELIVERIES__ALLOWLOOPBACK"] = "true";
    }

    public async ValueTask DisposeAsync()
    {
        await receiver.DisposeAsync();
        await sandbox.DisposeAsync();
        folder.Dispose();
    }

    string Converse() => sandbox.Organization.StartConversation(new GuestProfile("Gina"), "I want to talk to a human.").ConversationId;

    [Fact(Timeout = 120_000)]
    public async Task A_handoff_tells_the_guides_webhook()
    {
        var id = Converse();
        var answer = await folder.RunAsync("handoff", "start", id, "--queue", "Support");
        answer.ExitCode.ShouldBe(0, answer.Error);
        await receiver.UntilAsync(1);
        receiver.All.ShouldHaveSingleItem().Json["audit"]!["conversation_id"]!.GetValue<string>().ShouldBe(id);
        answer.Output.ShouldNotContain("has not reached");
        var list = await folder.RunAsync("deliveries", "list", "--json");
        var delivery = JsonNode.Parse(list.Output)!.AsArray().ShouldHaveSingleItem()!;
        (delivery["state"]!.GetValue<string>(), delivery["target"]!.GetValue<string>(), delivery["id"]!.GetValue<string>()).ShouldBe(("Delivered", "wfm", receiver.All[0].Id));
        var shown = await folder.RunAsync("deliveries", "show", receiver.All[0].Id);
        shown.Output.ShouldContain("handoff_evaluated of conversation " + id);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_receiver_that_refuses_is_said_and_its_event_can_be_sent_again()
    {
        receiver.Answers = n => n == 0 ? Results.StatusCode(410) : Results.Ok();
        await folder.RunAsync("handoff", "start", Converse(), "--queue", "Support");
        var dead = JsonNode.Parse((await folder.RunAsync("deliveries", "list", "--state", "dead", "--json")).Output)!.AsArray().ShouldHaveSingleItem()!;
        dead["lastError"]!.GetValue<string>().ShouldBe("HTTP 410: the receiver wants nothing more.");
        (await folder.RunAsync("deliveries", "replay", "--dead")).Output.Trim().ShouldBe("1 delivery is due again.");
        await using var serving = await folder.ServeAsync();
        await receiver.UntilAsync(2);
        receiver.All.Select(r => (r.Id, r.Body)).Distinct().ShouldHaveSingleItem();
        (await folder.RunAsync("audit", "verify")).ExitCode.ShouldBe(0);
    }

    [Fact(Timeout = 120_000)]
    public async Task Killed_between_commit_and_delivery_the_event_still_gets_out()
    {
        receiver.Answers = n => n == 0 ? null : Results.Ok();
        await using (var doomed = await folder.ServeAsync())
        {
            using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = doomed.Address };
            using var told = await http.PostAsync(new Uri($"v1/conversations/{Converse()}/turns", UriKind.Relative), new StringContent("""{"turns":[{"id":"t1","from":"customer","text":"I want to talk to a human.","at":"2026-03-02T10:00:00Z"}]}""", System.Text.Encoding.UTF8, "application/json"), Ct);
            told.EnsureSuccessStatusCode();
            await receiver.UntilAsync(1);
            await doomed.KillAsync();
        }
        await using var survivor = await folder.ServeAsync();
        await receiver.UntilAsync(2);
        receiver.All.Select(r => r.Id).Distinct().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("deliveries replay", 2, "Name one delivery")]
    [InlineData("deliveries replay de_1 --dead", 2, "Name one delivery")]
    public async Task Wrong_use_is_one_sentence(string command, int exitCode, string sentence)
    {
        (await folder.RunAsync("handoff", "start", Converse(), "--queue", "Support")).ExitCode.ShouldBe(0);
        var answer = await folder.RunAsync(command.Split(' '));
        (answer.ExitCode, answer.Error.Contains(sentence, StringComparison.Ordinal)).ShouldBe((exitCode, true), answer.Error);
        (await folder.RunAsync("deliveries", "show", "de_nobody")).Error.ShouldContain("There is no delivery de_nobody");
    }

    [Fact]
    public async Task Every_fault_of_the_settings_is_told_at_once()
    {
        folder.Environment["WFM_WEBHOOK_URL"] = "http://wfm.example/events";
        folder.Environment["BATON__DELIVERIES__ALLOWLOOPBACK"] = "perhaps";
        folder.Environment["BATON__DELIVERIES__TARGETS__0__URL"] = "ftp://x";
        folder.Environment["BATON__DELIVERIES__TARGETS__1__NAME"] = "crm";
        folder.Environment["BATON__DELIVERIES__TARGETS__1__URL"] = "https://user:pw@crm.example/";
        folder.Environment["BATON__DELIVERIES__TARGETS__2__NAME"] = "bi";
        folder.Environment["BATON__DELIVERIES__TARGETS__2__URL"] = "https://bi.example/";
        folder.Environment["BATON__DELIVERIES__TARGETS__2__SECRETS__0"] = "not-a-secret";
        folder.Environment["BATON__DELIVERIES__TARGETS__2__EVENTS"] = "handoff_evaluated,handoff_begun";
        var answer = await folder.RunAsync("handoff", "start", "c", "--queue", "Support");
        answer.ExitCode.ShouldBe(2);
        foreach (var fault in (string[])["Deliveries:AllowLoopback is 'perhaps'", "Deliveries:Targets:0:Name is empty", "Deliveries:Targets:0:Url is 'ftp://x'", "Deliveries:Targets:1:Url holds a user",
            "Deliveries:Targets:2:Secrets:0 is no webhook secret", "Deliveries:Targets:2:Events has 'handoff_begun'", "Deliveries:WfmUrl is 'http://wfm.example/events'; plain http"])
            answer.Error.ShouldContain(fault);
        answer.Error.ShouldNotContain("not-a-secret");
    }
}
