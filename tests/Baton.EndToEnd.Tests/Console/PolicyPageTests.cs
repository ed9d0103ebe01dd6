using System.Net;
using System.Text.Json.Nodes;
using Baton.Core.Policies;
using Baton.EndToEnd.Tests.Api;
using static Baton.EndToEnd.Tests.Api.ApiWorld;
using static Baton.EndToEnd.Tests.Console.ConsoleClient;

namespace Baton.EndToEnd.Tests.Console;

public sealed class PolicyPageTests
{
    const string Quieter = "name: acme\nextends: default\ntriggers:\n  askedForHuman: off\n";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task The_text_in_force_is_in_the_editor_and_only_supervisors_see_it()
    {
        await using var world = await ApiWorld.StartAsync();
        var page = (await PageAsync(world.Supervisor, "policy")).ShouldShow(HttpStatusCode.OK, "id=\"policy-text\"", "hx-post=\"/policy/check\"", "name=\"basedOn\" value=\"1\"");
        page.Read().ShouldContain(PolicyPresets.Text("default"));
        page.Read().ShouldContain("the settings: preset default");
        (await PageAsync(world.Agent, "policy")).ShouldShow(HttpStatusCode.Forbidden, "This is not for you");
        (await FormAsync(world.Agent, "policy", false, ("text", Quieter), ("basedOn", "1"))).ShouldShow(HttpStatusCode.Forbidden);
    }

    [Fact(Timeout = 120_000)]
    public async Task Errors_are_told_while_one_types_each_with_its_line_and_without_scripts_with_the_text_kept()
    {
        await using var world = await ApiWorld.StartAsync();
        const string Wrong = "name: <script>alert(1)</script>\nextends: default\ntriggers:\n  askedForHuman: {atLeast: 7}\n  minute: {atLeast: 3}\n";
        var fragment = (await FormAsync(world.Supervisor, "policy/check", true, ("text", Wrong))).ShouldShow(HttpStatusCode.OK, "data-line=\"4\"", "data-line=\"5\"", "triggers.askedForHuman.atLeast", "errors");
        fragment.Text.ShouldNotContain("<html");
        var page = (await FormAsync(world.Supervisor, "policy/check", false, ("text", Wrong.ReplaceLineEndings("\r\n")), ("basedOn", "1"))).ShouldShow(HttpStatusCode.OK, "<html", "data-line=\"4\"");
        page.Text.ShouldNotContain("<script>alert");
        page.Read().ShouldContain(Wrong);
        (await FormAsync(world.Supervisor, "policy/check", true, ("text", Quieter))).ShouldShow(HttpStatusCode.OK, "In order", "acme");
        (await FormAsync(world.Supervisor, "policy/check", true)).ShouldShow(HttpStatusCode.OK, "data-line=\"1\"");
    }

    [Fact(Timeout = 120_000)]
    public async Task An_edit_is_tried_on_what_was_said_before_it_is_saved()
    {
        await using var world = await ApiWorld.StartAsync();
        (await FormAsync(world.Supervisor, "policy/preview", true, ("text", Quieter))).ShouldShow(HttpStatusCode.OK, "No conversation is stored yet");
        (await world.TellAsync("c1", "Hello.")).ShouldBeOk();
        (await world.TellAsync("c2", "I want to talk to a human.")).ShouldBeOk();
        var tried = (await FormAsync(world.Supervisor, "policy/preview", true, ("text", Quieter), ("conversations", "50"))).ShouldShow(HttpStatusCode.OK,
            "newest 2 conversations", "<b class=\"now\">1</b>", "<b class=\"then\">0</b>", "href=\"/desk?conversationId=c2\"", "asked for human");
        tried.Text.ShouldNotContain("conversationId=c1");
        (await FormAsync(world.Supervisor, "policy/preview", true, ("text", "name: ["))).ShouldShow(HttpStatusCode.OK, "The text has errors");
        (await FormAsync(world.Supervisor, "policy/preview", false, ("text", Quieter), ("basedOn", "1"))).ShouldShow(HttpStatusCode.OK, "<html", "<b class=\"then\">0</b>");
        (await GetAsync(world.Supervisor, "v1/policies/current")).ShouldBeOk()["number"]!.GetValue<long>().ShouldBe(1, "trying saves nothing");
    }

    [Fact(Timeout = 120_000)]
    public async Task What_is_saved_is_in_force_at_once_with_who_and_why_and_there_is_a_way_back()
    {
        await using var world = await ApiWorld.StartAsync();
        (await FormAsync(world.Supervisor, "policy", false, ("text", Quieter), ("basedOn", "1"), ("note", "Nobody is <b>there</b> at night"))).ShouldShow(HttpStatusCode.OK, "Version 2 is saved and in force", "Nobody is &lt;b&gt;there");
        (await world.TellAsync("c1", "I want to talk to a human.")).ShouldBeOk();
        (await world.Baton.Store.ListDecisionsAsync("c1", Ct)).ShouldHaveSingleItem().Outcome.ShouldBe(DecisionOutcome.Stay);
        var versions = (await GetAsync(world.Supervisor, "v1/policies/versions")).ShouldBeOk()["items"]!.AsArray();
        versions.Select(v => (v!["number"]!.GetValue<int>(), v["source"]!.GetValue<string>(), v["by"]!.GetValue<string>())).ShouldBe([(2, "Console", "Sue"), (1, "File", "preset default")]);

        var second = (await PageAsync(world.Supervisor, "policy/versions/2")).ShouldShow(HttpStatusCode.OK, "What changed from version 1", "class=\"added\"", "class=\"removed\"");
        second.Text.ShouldNotContain("policy-restore");
        (await PageAsync(world.Supervisor, "policy/versions/1")).ShouldShow(HttpStatusCode.OK, "policy-restore", "The first version", "What would change from version 2");
        (await PageAsync(world.Supervisor, "policy/versions/9")).ShouldShow(HttpStatusCode.NotFound, "There is no such version");

        (await FormAsync(world.Supervisor, "policy/versions/1/restore", false, ("basedOn", "2"))).ShouldShow(HttpStatusCode.OK, "Version 3 is saved and in force", "Version 1 again");
        world.Baton.Policy.Current.Version.Hash.ShouldBe(PolicyPresets.Load("default").Version.Hash);
        (await FormAsync(world.Supervisor, "policy/versions/2/restore", false, ("basedOn", "2"))).ShouldShow(HttpStatusCode.Conflict, "Somebody was quicker");
        (await world.Baton.Store.TailAuditAsync(20, Ct)).Where(e => e.Kind == "policy.entered").Select(e => JsonNode.Parse(e.Facts)!["by"]!.GetValue<string>()).ShouldBe(["preset default", "Sue", "Sue"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_text_with_errors_is_not_saved_and_stays_in_the_editor()
    {
        await using var world = await ApiWorld.StartAsync();
        const string Wrong = "name: mine\nextends: nothing\n";
        var page = (await FormAsync(world.Supervisor, "policy", false, ("text", Wrong), ("basedOn", "1"), ("note", "my reason"))).ShouldShow(HttpStatusCode.BadRequest, "data-line=\"2\"", "value=\"my reason\"");
        page.Read().ShouldContain(Wrong);
        world.Baton.Policies.InForce.Number.ShouldBe(1);
    }

    [Fact(Timeout = 120_000)]
    public async Task Of_two_who_edit_at_once_the_second_sees_both_texts_and_saves_on_top()
    {
        await using var world = await ApiWorld.StartAsync();
        var bob = await world.ClientAsync("Bob", Core.Access.Role.Supervisor);
        (await FormAsync(bob, "policy", false, ("text", Quieter), ("basedOn", "1"))).ShouldShow(HttpStatusCode.OK);
        const string Mine = "name: mine\nextends: default\ntriggers:\n  minutes: off\n";
        var told = (await FormAsync(world.Supervisor, "policy", false, ("text", Mine), ("basedOn", "1"), ("note", "my reason"))).ShouldShow(HttpStatusCode.Conflict,
            "Bob has saved version 2 meanwhile", "name=\"basedOn\" value=\"2\"", "Save on top of version 2", "value=\"my reason\"", "askedForHuman: off");
        told.Read().ShouldContain(Mine);
        world.Baton.Policies.InForce.Text.ShouldBe(Quieter);
        (await FormAsync(world.Supervisor, "policy", false, ("text", Mine), ("basedOn", "2"))).ShouldShow(HttpStatusCode.OK, "Version 3 is saved");

        (await PostAsync(world.Supervisor, "v1/policies", new JsonObject { ["text"] = Quieter, ["basedOn"] = 2 })).ShouldBe(HttpStatusCode.Conflict, "policy.overtaken", "Sue has entered version 3");
        (await PostAsync(world.Supervisor, "v1/policies", new JsonObject { ["text"] = Quieter })).ShouldBe(HttpStatusCode.BadRequest, "invalid.policy", "basedOn");
        (await PostAsync(world.Supervisor, "v1/policies", new JsonObject { ["text"] = "name: [", ["basedOn"] = 3 })).ShouldBe(HttpStatusCode.BadRequest, "invalid.policy", "Line");
        (await PostAsync(world.Supervisor, "v1/policies", new JsonObject { ["text"] = Mine, ["basedOn"] = 1 })).ShouldBeOk()["number"]!.GetValue<int>().ShouldBe(3, "that text is in force already");
        (await PostAsync(world.Supervisor, "v1/policies/2/restore")).ShouldBeOk()["source"]!.GetValue<string>().ShouldBe("Restored");
        (await PostAsync(world.Supervisor, "v1/policies/77/restore")).ShouldBe(HttpStatusCode.NotFound, "unknown.policy");
        (await GetAsync(world.Supervisor, "v1/policies/versions/2")).ShouldBeOk()["text"]!.GetValue<string>().ShouldBe(Quieter);
        (await GetAsync(world.Supervisor, "v1/policies/versions/77")).ShouldBe(HttpStatusCode.NotFound, "unknown.policy");
    }

    [Fact(Timeout = 120_000)]
    public async Task Versions_come_by_page()
    {
        await using var world = await ApiWorld.StartAsync();
        for (var i = 1; i <= 4; i++) (await PostAsync(world.Supervisor, "v1/policies", new JsonObject { ["text"] = $"{Quieter}# {i}\n", ["basedOn"] = i })).ShouldBeOk();
        var first = (await GetAsync(world.Supervisor, "v1/policies/versions?limit=3")).ShouldBeOk();
        var second = (await GetAsync(world.Supervisor, $"v1/policies/versions?limit=3&cursor={first["next"]}")).ShouldBeOk();
        first["items"]!.AsArray().Concat(second["items"]!.AsArray()).Select(v => v!["number"]!.GetValue<int>()).ShouldBe([5, 4, 3, 2, 1]);
        second["next"].ShouldBeNull();
        (await GetAsync(world.Supervisor, "v1/policies/versions?cursor=x")).ShouldBe(HttpStatusCode.BadRequest, "invalid.cursor");
    }

    [Fact(Timeout = 120_000)]
    public async Task What_cannot_be_taken_is_said_where_people_and_programs_look()
    {
        var folder = Directory.CreateTempSubdirectory("baton-policy-");
        try
        {
            var file = Path.Combine(folder.FullName, "policy.yaml");
            await File.WriteAllTextAsync(file, Quieter, Ct);
            await using var world = await ApiWorld.StartAsync(s => s with { Policy = file, IsPolicyGiven = true });
            await File.WriteAllTextAsync(file, "name: [", Ct);
            await world.Baton.Policies.RunOnceAsync(Ct);
            await world.Baton.Policies.RunOnceAsync(Ct);
            (await GetAsync(world.Client(null), "healthz")).ShouldBeOk()["policyWarning"]!.GetValue<string>().ShouldContain("policy.yaml: line");
            (await GetAsync(world.Supervisor, "v1/policies/current")).ShouldBeOk()["trouble"]!.GetValue<string>().ShouldContain("stays");
            (await PageAsync(world.Supervisor, "policy")).ShouldShow(HttpStatusCode.OK, "id=\"policy-trouble\"");
            (await PageAsync(world.Supervisor, "")).ShouldShow(HttpStatusCode.OK, "The policy file cannot be used", "href=\"/policy\"");
            world.Baton.Policy.Current.Version.Name.ShouldBe("acme");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
