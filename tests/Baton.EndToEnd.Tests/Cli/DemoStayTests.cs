using System.Net;
using System.Text.RegularExpressions;
using Baton.Cli.Demo;
using Baton.Core;
using Baton.Core.Handoffs;
using Baton.EndToEnd.Tests.Handoffs;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests.Cli;

/// <summary>What a person does who stays after the demo, done over HTTP: the agent's screen of the sandbox, and the desk that stands in it.</summary>
[Collection(OnVirtualTime.Name)]
public sealed partial class DemoStayTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(SandboxFlavor.Platform)]
    [InlineData(SandboxFlavor.Guide)]
    public async Task Who_stays_accepts_a_conversation_uses_a_suggestion_answers_and_is_answered(SandboxFlavor flavor)
    {
        var folder = Directory.CreateTempSubdirectory("baton-stay-");
        try
        {
            await using var world = await DemoWorld.StartAsync(1, flavor, wholeDay: false, verbose: false, withYou: true, folder.FullName, Ct);
            using var browser = new HttpClient(world.Network, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            var lines = new List<string>();
            var staying = new DemoStay(world, 1).RunAsync(line => { lock (lines) lines.Add(line); }, stop.Token);
            world.Time.Start();

            var alerting = await UntilAsync(world, async () => await browser.GetStringAsync(world.AgentScreen, Ct), page => page.Contains("data-state=\"Alerting\"", StringComparison.Ordinal));
            var conversation = Interaction().Match(alerting).Groups["id"].Value;
            var connected = await DoAsync(world, browser, "accept", conversation);
            connected.ShouldContain("id=\"answering\" data-state=\"Connected\"");
            connected.ShouldContain($"src=\"{world.Server.Address}desk?conversationId={conversation}\"");
            var desk = new Uri(world.Server.Address, $"desk?conversationId={conversation}");
            var shown = await UntilAsync(world, () => browser.GetStringAsync(desk, Ct), page => page.Contains("data-stage=\"WithAgent\"", StringComparison.Ordinal));
            if (flavor == SandboxFlavor.Platform) await UntilAsync(world, () => browser.GetStringAsync(desk, Ct), page => page.Contains("<span>You</span>", StringComparison.Ordinal));
            shown.ShouldContain("charged me twice");

            var asked = await PostAsync(browser, new Uri(world.Server.Address, "desk/ask"), ("conversationId", conversation));
            var suggestion = Suggestion().Match(asked).Groups["id"].Value;
            (await PostAsync(browser, new Uri(world.Server.Address, $"desk/suggestions/{suggestion}/inserted"))).ShouldContain($"data-suggestion=\"{suggestion}\" data-state=\"Inserted\"");

            await DoAsync(world, browser, "answer", conversation, ("text", "I refund the second payment now. <b>Done</b>"));
            var answered = await UntilAsync(world, () => browser.GetStringAsync(new Uri(world.AgentScreen, $"{world.AgentScreen.Query}&conversation={conversation}"), Ct), page => page.Contains("Thank you for taking over.", StringComparison.Ordinal));
            answered.ShouldContain("I refund the second payment now. &lt;b&gt;Done&lt;/b&gt;");
            (await DoAsync(world, browser, "end", conversation)).ShouldContain("Wrap-up");
            (await DoAsync(world, browser, "wrapup", conversation, ("code", "Resolved"))).ShouldNotContain($"data-interaction=\"{conversation}\"");
            await UntilAsync(world, () => world.Baton.Store.ListHandoffsAsync(new HandoffFilter { ConversationId = conversation }, Ct), h => h[0].State == HandoffState.Completed);
            lock (lines) lines[0].ShouldEndWith("-> Front Desk");
            (await world.Baton.Store.NewestPolicyAsync(null, Ct)).ShouldNotBeNull().By.ShouldBe("demo", "the console names what is in force");

            await stop.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(staying);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Declining_lets_it_ring_at_the_next_and_what_is_no_longer_possible_is_said()
    {
        await using var world = await HandoffWorld.StartAsync(o => o with { Widget = "http://127.0.0.1:1/{{gcConversationId}}" });
        using var browser = world.AtSandbox();
        var nils = world.Organization.Agents.Single(a => a.Name == "Nils");
        var conversation = world.Converse("<script>alert(1)</script>");
        await world.RequestAsync(conversation, "Night Desk");
        await world.UntilAsync(() => world.Organization.Interactions(nils.Id).Count == 1);
        var alerting = await browser.GetStringAsync($"/agent?user={nils.Id}&conversation={conversation}", Ct);
        alerting.ShouldContain("&lt;script&gt;");
        alerting.ShouldNotContain("<script>alert");
        var declined = await PostAsync(browser, new Uri(world.Sandbox.BaseAddress, "agent/decline"), ("user", nils.Id), ("conversation", conversation));
        declined.ShouldContain("Nothing alerts you.");
        world.Organization.Agents.Single(a => a.Id == nils.Id).RoutingStatus.ShouldBe("NOT_RESPONDING");
        (await PostAsync(browser, new Uri(world.Sandbox.BaseAddress, "agent/accept"), ("user", nils.Id), ("conversation", conversation))).ShouldContain("alerts this agent no longer");
    }

    static async Task<T> UntilAsync<T>(DemoWorld world, Func<Task<T>> read, Func<T, bool> holds)
    {
        while (true)
        {
            var now = await read();
            if (holds(now)) return now;
            await Task.Delay(TimeSpan.FromMilliseconds(250), world.Time, Ct);
        }
    }

    static Task<string> DoAsync(DemoWorld world, HttpClient browser, string deed, string conversation, params (string Name, string Value)[] more) =>
        PostAsync(browser, new Uri(world.Sandbox.BaseAddress, $"agent/{deed}"), [("user", world.Sandbox.Organization.Agents.Single(a => a.Name == DemoWorld.You).Id), ("conversation", conversation), .. more]);

    static async Task<string> PostAsync(HttpClient browser, Uri address, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var reply = await browser.PostAsync(address, form, Ct);
        reply.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await reply.Content.ReadAsStringAsync(Ct);
    }

    [GeneratedRegex("""data-interaction="(?<id>[^"]+)" """, RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Interaction();

    [GeneratedRegex("""data-suggestion="(?<id>[^"]+)" """, RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Suggestion();
}
