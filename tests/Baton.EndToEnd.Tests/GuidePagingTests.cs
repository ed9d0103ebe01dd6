using System.Net;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

public sealed class GuidePagingTests : GuideFixture
{
    const string EventsPath = "/api/v2/conversations/*/events";

    [Fact]
    public async Task Ten_thousand_events_are_forty_pages_and_a_page_that_fails_can_be_asked_for_again()
    {
        while (await CountAsync() is var there && there < 10_000)
            for (var i = there; i < 10_000; i++) Organization.GuestSays(Id, $"message {i}");
        Sandbox.Faults.Add(new() { Kind = FaultKind.Status, Status = 503, Path = EventsPath, Skip = 20, Times = 1 });

        var (ids, pages, failed) = (new HashSet<string>(), 0, new List<int>());
        string? cursor = null;
        do
        {
            var reply = await Client.GetAsync($"/conversations/{Id}/events?pageSize=250{(cursor is null ? "" : $"&cursor={cursor}")}");
            if (reply.Status != HttpStatusCode.OK)
            {
                failed.Add(pages + 1);
                continue;
            }
            foreach (var what in reply.Json["events"]!.AsArray()) ids.Add(what!["id"]!.GetValue<string>());
            pages++;
            cursor = reply.Json["nextPageCursor"]?.GetValue<string>();
        }
        while (cursor is not null);
        (ids.Count, pages).ShouldBe((10_000, 40));
        failed.ShouldBe([21]);
    }

    [Fact]
    public async Task A_cursor_that_repeats_leads_back_to_its_own_page()
    {
        for (var i = 0; i < 7; i++) Organization.GuestSays(Id, $"message {i}");
        Sandbox.Faults.Add(new() { Kind = FaultKind.CursorRepeats, Path = EventsPath, Skip = 1, Times = 1 });
        var first = (await Client.GetAsync($"/conversations/{Id}/events?pageSize=4")).Json;
        var cursor = first["nextPageCursor"]!.GetValue<string>();
        var stuck = (await Client.GetAsync($"/conversations/{Id}/events?pageSize=4&cursor={cursor}")).Json;
        stuck["nextPageCursor"]!.GetValue<string>().ShouldBe(cursor);
        var free = (await Client.GetAsync($"/conversations/{Id}/events?pageSize=4&cursor={cursor}")).Json;
        free["events"]!.ToJsonString().ShouldBe(stuck["events"]!.ToJsonString());
        free["nextPageCursor"]!.GetValue<string>().ShouldNotBe(cursor);
    }

    [Fact]
    public async Task Active_conversations_are_walked_by_a_cursor_in_the_body()
    {
        for (var i = 0; i < 29; i++) Organization.StartCall(new GuestProfile($"Caller {i}"));
        var first = (await Client.PostAsync("/conversations/query", """{"state":"active"}""")).Json;
        first["conversations"]!.AsArray().Count.ShouldBe(25);
        var rest = (await Client.PostAsync("/conversations/query", $$"""{"state":"active","cursor":"{{first["nextPageCursor"]}}"}""")).Json;
        (rest["conversations"]!.AsArray().Count, rest["nextPageCursor"]).ShouldBe((5, null));
        var all = first["conversations"]!.AsArray().Concat(rest["conversations"]!.AsArray()).Select(c => c!["id"]!.GetValue<string>());
        all.ShouldBe(Organization.ConversationIds);
    }

    [Fact]
    public async Task Analytics_is_walked_by_page_numbers_up_to_the_page_count()
    {
        for (var i = 0; i < 4; i++) Organization.StartConversation(new GuestProfile($"Guest {i}"));
        Organization.StartCall(new GuestProfile("Caller"));
        Task<SandboxReply> PageAsync(int page) => Client.PostAsync("/analytics/conversations/details/query", $$"""
            {"dateRange":{"startDate":"2026-08-20T10:00:00Z","endDate":"2026-08-20T10:00:00Z"},"groupBy":["conversationId"],"view":"conversationDetails","filter":{"type":"webchat"},"pageSize":2,"page":{{page}}}
            """);
        var pages = new List<string>();
        for (var page = 1; page <= 4; page++)
        {
            var reply = (await PageAsync(page)).Json;
            reply["pageCount"]!.GetValue<int>().ShouldBe(3);
            pages.Add(string.Join(' ', reply["entities"]!.AsArray().Select(e => e!["entityName"]!.GetValue<string>())));
        }
        pages.ShouldBe(["webchat webchat", "webchat webchat", "webchat", ""]);
    }

    [Fact]
    public async Task The_platforms_cursors_can_repeat_as_well()
    {
        await using var platform = await GenesysSandbox.StartAsync(new() { Time = Time }, TestContext.Current.CancellationToken);
        using var client = await SandboxClient.LoggedInAsync(platform);
        var started = platform.Organization.StartConversation(new GuestProfile("Gina"));
        for (var i = 0; i < 3; i++) platform.Organization.BotTurn(started.ConversationId, $"turn {i}", []);
        platform.Faults.Add(new() { Kind = FaultKind.CursorRepeats, Times = 1 });
        var path = $"/analytics/botflows/{platform.Organization.BotFlows[0].Id}/divisions/reportingturns?pageSize=2";
        var first = (await client.GetAsync(path)).Json;
        var again = (await client.GetAsync(first["nextUri"]!.GetValue<string>()["/api/v2".Length..])).Json;
        again["entities"]!.ToJsonString().ShouldBe(first["entities"]!.ToJsonString());
        again["nextUri"]!.GetValue<string>().ShouldNotBe(first["nextUri"]!.GetValue<string>());
    }

    async Task<int> CountAsync()
    {
        var (count, cursor) = (0, "");
        while (cursor is not null)
        {
            var page = (await Client.GetAsync($"/conversations/{Id}/events{(cursor.Length == 0 ? "" : $"?cursor={cursor}")}")).Json;
            count += page["events"]!.AsArray().Count;
            cursor = page["nextPageCursor"]?.GetValue<string>();
        }
        return count;
    }
}
