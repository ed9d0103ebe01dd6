using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Baton.Core;
using Baton.Core.Assist;
using Baton.Core.Handoffs;
using Baton.EndToEnd.Tests.Assist;
using Baton.EndToEnd.Tests.Handoffs;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests.Console;

/// <summary>The agent's desktop as a browser without scripts has it: pages and forms.</summary>
[Collection(OnVirtualTime.Name)]
public sealed partial class DeskTests
{
    const string Asks = "I was charged twice and want a refund of the payment.";
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task The_desk_shows_where_a_conversation_is_from_the_bot_to_its_end()
    {
        await using var assist = await StartAsync();
        (await PageAsync(assist, "/desk")).ShouldContain("Nobody waits and nobody is being helped.");
        var conversation = assist.Converse();
        using (var unknown = await assist.World.Client.GetAsync(Address(conversation), Ct))
        {
            unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await unknown.Content.ReadAsStringAsync(Ct)).ShouldContain("Nothing is known of this conversation.");
        }
        await TellAsync(assist, conversation, Asks);
        (await PageAsync(assist, Address(conversation))).ShouldContain("nobody asked for a person yet");
        var handoff = await assist.World.RequestAsync(conversation, "Night Desk");
        await assist.World.UntilAsync(handoff, HandoffState.Queued);
        (await PageAsync(assist, Address(conversation))).ShouldContain("The customer waits for somebody.");
        (await PageAsync(assist, "/desk")).ShouldContain($"data-conversation=\"{conversation}\"");
        assist.World.Organization.GuestLeaves(conversation);
        await assist.World.UntilAsync(handoff, HandoffState.Abandoned);
        var ended = await PageAsync(assist, Address(conversation));
        ended.ShouldContain("The conversation has ended.");
        ended.ShouldNotContain("id=\"ask\"");
    }

    [Fact(Timeout = 120_000)]
    public async Task An_agent_asks_sees_what_it_is_from_and_inserts_it_once_however_often_the_form_is_sent()
    {
        await using var assist = await StartAsync();
        var conversation = await WithAgentAsync(assist);
        var fresh = await PageAsync(assist, Address(conversation));
        fresh.ShouldContain("id=\"ask-unasked\"");
        fresh.ShouldContain(Asks);
        fresh.ShouldContain("The test asked for it.");

        var asked = await SendAsync(assist, "/desk/ask", ("conversationId", conversation), ("unasked", "true"));
        asked.ShouldNotContain("id=\"ask-unasked\"");
        asked.ShouldContain(AssistWorld.Refund);
        asked.ShouldContain("<b>Articles</b>");
        // A second desk that opens in the same moment asks nothing again.
        await SendAsync(assist, "/desk/ask", ("conversationId", conversation), ("unasked", "true"));
        var request = (await assist.World.Baton.Store.ListAssistAsync(new AssistFilter { ConversationId = conversation }, Ct)).ShouldHaveSingleItem();
        request.AgentSkills.ShouldBe(["refunds"]);

        var id = IdOf(asked, AssistWorld.Refund);
        using (var displayed = await assist.World.Client.PostAsync($"/desk/suggestions/{id}/displayed", null, Ct)) displayed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        StateOf(await PageAsync(assist, Address(conversation)), id).ShouldBe("Displayed");
        var inserted = await SendAsync(assist, $"/desk/suggestions/{id}/inserted");
        inserted.ShouldContain("Copy this into your answer");
        StateOf(await SendAsync(assist, $"/desk/suggestions/{id}/inserted"), id).ShouldBe("Inserted");
        (await SendAsync(assist, $"/desk/suggestions/{id}/dismissed")).ShouldContain("It was inserted; it cannot be dismissed any more.");
        (await assist.World.Baton.Store.EngagementsOfAsync(SuggestionId.Parse(id), Ct)).Select(e => (e.Did, e.AgentId)).ShouldBe([(SuggestionState.Displayed, "local"), (SuggestionState.Inserted, "local")]);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_comes_later_stands_behind_what_is_there_and_what_stands_there_is_not_shown_again()
    {
        await using var assist = await StartAsync();
        var conversation = await WithAgentAsync(assist);
        var first = Shown(await SendAsync(assist, "/desk/ask", ("conversationId", conversation)));
        await assist.World.PassAsync(TimeSpan.FromSeconds(5));
        var repeated = await SendAsync(assist, "/desk/ask", ("conversationId", conversation));
        Shown(repeated).ShouldBe(first);
        repeated.ShouldContain("id=\"nothing-new\"");
        await SendAsync(assist, $"/desk/suggestions/{first[0]}/dismissed");
        await TellAsync(assist, conversation, "And I forgot my password. Please send a reset link, the link for the password.");
        await assist.World.PassAsync(TimeSpan.FromSeconds(5));
        var more = Shown(await SendAsync(assist, "/desk/ask", ("conversationId", conversation)));
        more.Take(first.Count).ShouldBe(first);
        more.Count.ShouldBe(first.Count + 1);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_source_that_failed_or_is_late_is_named_and_the_others_still_answer()
    {
        await using var assist = await StartAsync(s => s with { Sources = ["knowledge", "platform", "local"] });
        var conversation = await WithAgentAsync(assist);
        assist.World.Fails(FaultKind.Status, $"/api/v2/knowledge/knowledgebases/{assist.KnowledgeBase}/documents/search", times: null, status: 400);
        assist.World.Fails(FaultKind.Hang, $"/api/v2/conversations/{conversation}/suggestions");
        // Asked in the process: a request to the server would itself be under way, and hold the clock.
        await assist.World.Baton.Assist.AskAsync(new AssistQuestion(conversation, $"Customer: {Asks}") { KnowledgeSourceIds = ["local", assist.KnowledgeBase] }, Ct);
        var page = await PageAsync(assist, Address(conversation));
        page.ShouldContain("<b>Genesys knowledge</b> failed: ");
        page.ShouldContain("<b>Genesys Agent Assist</b> late: No answer within 800 ms.");
        Shown(page).ShouldNotBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task What_a_customer_writes_is_text_and_no_other_page_may_frame_the_desk_unless_the_settings_say_so()
    {
        const string Attack = "<script>alert(1)</script><img src=x onerror=alert(2)>";
        await using var assist = await StartAsync();
        var conversation = await WithAgentAsync(assist, $"{Attack} {Asks}");
        var page = await SendAsync(assist, "/desk/ask", ("conversationId", conversation));
        page.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;");
        page.ShouldNotContain("<script>alert");
        page.ShouldNotContain("<img src=x");
        using var reply = await assist.World.Client.GetAsync(Address(conversation), Ct);
        var policy = reply.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("script-src 'self';");
        policy.ShouldEndWith("frame-ancestors 'none'");

        await using var framed = await StartAsync(null, "http://127.0.0.1:4711");
        using var allowed = await framed.World.Client.GetAsync("/desk", Ct);
        allowed.Headers.GetValues("Content-Security-Policy").Single().ShouldEndWith("frame-ancestors http://127.0.0.1:4711");
    }

    [Fact(Timeout = 120_000)]
    public async Task An_erased_conversation_says_so_and_shows_no_word_of_it()
    {
        await using var assist = await StartAsync();
        var conversation = await WithAgentAsync(assist);
        await SendAsync(assist, "/desk/ask", ("conversationId", conversation));
        assist.World.Organization.GuestLeaves(conversation);
        await assist.World.UntilAsync(() => assist.World.Baton.Store.ListHandoffsAsync(new HandoffFilter { ConversationId = conversation }, Ct).Result[0] is { Todo: Todo.None } h && h.State.IsFinal());
        (await assist.World.Baton.Store.EraseAsync(conversation, "test", assist.World.Time.GetUtcNow(), Ct)).ShouldBe(EraseOutcome.Erased);
        var page = await PageAsync(assist, Address(conversation));
        page.ShouldContain("words were erased");
        page.ShouldNotContain("charged twice");
    }

    [Fact(Timeout = 120_000)]
    public async Task Without_words_or_knowledge_the_desk_says_why_nothing_can_be_asked()
    {
        await using var assist = await StartAsync(s => s with { Sources = ["platform"], KnowledgeSourceIds = [], Local = null });
        var conversation = await WithAgentAsync(assist);
        var page = await PageAsync(assist, Address(conversation));
        page.ShouldContain("No knowledge is set up to suggest from");
        page.ShouldNotContain("id=\"ask-unasked\"");
        (await SendAsync(assist, "/desk/ask", ("conversationId", conversation))).ShouldContain("No knowledge is set up to suggest from");
    }

    static Task<AssistWorld> StartAsync(Func<Server.AssistSettings, Server.AssistSettings>? configured = null, string? framedBy = null) =>
        AssistWorld.StartAsync(SandboxFlavor.Platform, s =>
        {
            var local = s with { Sources = ["local"] };
            return configured?.Invoke(local) ?? local;
        }, framedBy: framedBy);

    static string Address(string conversation) => $"/desk?conversationId={conversation}";

    static async Task<string> WithAgentAsync(AssistWorld assist, string text = Asks)
    {
        var conversation = assist.Converse();
        await TellAsync(assist, conversation, text);
        await assist.World.UntilWithAgentAsync(await assist.World.RequestAsync(conversation, new Core.Policies.RouteStep { Queue = "Billing", Skills = ["refunds"] }));
        return conversation;
    }

    static async Task TellAsync(AssistWorld assist, string conversation, string text)
    {
        var turn = new JsonObject { ["id"] = Guid.NewGuid().ToString(), ["from"] = "Customer", ["text"] = text, ["at"] = assist.World.Time.GetUtcNow(), ["intent"] = new JsonObject { ["name"] = "refund", ["confidence"] = 0.9 } };
        using var reply = await assist.World.Client.PostAsJsonAsync($"/v1/conversations/{conversation}/turns", new JsonObject { ["turns"] = new JsonArray(turn) }, Ct);
        reply.StatusCode.ShouldBe(HttpStatusCode.OK, await reply.Content.ReadAsStringAsync(Ct));
    }

    static async Task<string> PageAsync(AssistWorld assist, string address)
    {
        using var reply = await assist.World.Client.GetAsync(address, Ct);
        reply.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await reply.Content.ReadAsStringAsync(Ct);
    }

    /// <summary>Sends a form and answers with the page that comes after it.</summary>
    static async Task<string> SendAsync(AssistWorld assist, string action, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var reply = await assist.World.Client.PostAsync(action, form, Ct);
        reply.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await reply.Content.ReadAsStringAsync(Ct);
    }

    static IReadOnlyList<string> Shown(string page) => [.. Suggestion().Matches(page).Select(m => m.Groups["id"].Value)];

    static string IdOf(string page, string title) => Suggestion().Matches(page).Single(m => page.IndexOf($">{title}<", m.Index, StringComparison.Ordinal) is > 0 and var at && at - m.Index < 600).Groups["id"].Value;

    static string StateOf(string page, string id) => Suggestion().Matches(page).Single(m => m.Groups["id"].Value == id).Groups["state"].Value;

    [GeneratedRegex("""data-suggestion="(?<id>[^"]+)" data-state="(?<state>[^"]+)" """, RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Suggestion();
}
