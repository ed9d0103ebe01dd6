using System.Diagnostics;
using System.Net;
using Baton.Core;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.EndToEnd.Tests.Api;
using Baton.Server;
using static Baton.EndToEnd.Tests.Console.ConsoleClient;

namespace Baton.EndToEnd.Tests.Console;

public sealed class InsightPageTests
{
    static readonly PolicyVersion Mine = new("acme", "7", "aaaabbbbcccc");

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>As it would be stored after it ended.</summary>
    static Handoff Ended(DateTimeOffset at, string conversation, HandoffState state, double? agentAfter = null, string queue = "Support", string reason = "askedForHuman", PolicyVersion? policy = null) =>
        Handoff.Request(HandoffId.New(at), conversation, new HandoffPlan { Steps = [new RouteStep { Queue = queue }] }, new HandoffOrigin("policy", [new Reason(reason, "A sentence.")], policy ?? Mine), at) with
        {
            State = state,
            QueueName = queue,
            AgentAt = agentAfter is { } seconds ? at.AddSeconds(seconds) : null,
            EndedAt = at.AddMinutes(5),
            Todo = Todo.None,
            DueAt = null,
        };

    [Fact(Timeout = 120_000)]
    public async Task The_numbers_are_those_that_were_put_in_also_filtered_and_as_csv()
    {
        await using var world = await ApiWorld.StartAsync();
        var day = new DateTimeOffset(2026, 5, 4, 0, 0, 0, TimeSpan.Zero);
        Handoff[] handoffs =
        [
            Ended(day.AddHours(9), "c1", HandoffState.Completed, 10), Ended(day.AddHours(9.5), "c2", HandoffState.Completed, 30), Ended(day.AddHours(9.6), "c3", HandoffState.Abandoned),
            Ended(day.AddHours(11), "c4", HandoffState.Completed, 200, "Billing", "noMatch", new PolicyVersion("acme", "8", "ddddeeeeffff")), Ended(day.AddHours(23), "c5", HandoffState.Failed, queue: "Billing"),
            Ended(day.AddDays(1), "outside", HandoffState.Completed, 1),
        ];
        foreach (var handoff in handoffs) await world.Baton.Store.StartHandoffAsync(handoff, null, Ct);

        const string Span = "since=2026-05-04T00:00&until=2026-05-05T00:00";
        var page = (await PageAsync(world.Supervisor, $"insights?{Span}")).ShouldShow(HttpStatusCode.OK, "id=\"figure-outcomes\"", "data-chart=\"time\"", "<details open", "<b>5</b>", "<b>60 %</b>", "<b>30 s</b>", "id=\"figure-suggestions\"", "No agent dealt with a suggestion");
        page.Text.ShouldNotContain("<script>");
        var outcomes = await CsvAsync(world, "outcomes", Span);
        outcomes.Length.ShouldBe(25);
        outcomes[0].ShouldBe("From,asked for,agent came,customer left,stayed with the bot,refused,failed,called off,under way");
        outcomes[10].ShouldBe("2026-05-04T09:00:00Z,3,2,1,0,0,0,0,0");
        outcomes[11].ShouldBe("2026-05-04T10:00:00Z,0,0,0,0,0,0,0,0");
        outcomes[24].ShouldBe("2026-05-04T23:00:00Z,1,0,0,0,0,1,0,0");
        (await CsvAsync(world, "waits", Span))[10].ShouldBe("2026-05-04T09:00:00Z,10,30,2");
        (await CsvAsync(world, "reasons", Span))[1..].ShouldBe(["Asked for human,4,2,1,0,0,1,0,0", "No match,1,1,0,0,0,0,0,0"]);
        (await CsvAsync(world, "queues", Span))[1..].ShouldBe(["Support,3,2,1,0,0,0,0,0,10,30,0,0", "Billing,2,1,0,0,0,1,0,0,200,200,0,0"]);
        (await CsvAsync(world, "policies", Span))[1..].ShouldBe(["acme 7 aaaabbbbcccc,4,2,1,0,0,1,0,0,10,30,0,0", "acme 8 ddddeeeeffff,1,1,0,0,0,0,0,0,200,200,0,0"]);

        (await CsvAsync(world, "reasons", $"{Span}&queue=Billing"))[1..].ShouldBe(["Asked for human,1,0,0,0,0,1,0,0", "No match,1,1,0,0,0,0,0,0"]);
        (await CsvAsync(world, "queues", $"{Span}&policy=ddddeeeeffff"))[1..].ShouldBe(["Billing,1,1,0,0,0,0,0,0,200,200,0,0"]);
        (await PageAsync(world.Supervisor, $"insights?{Span}&queue=Billing")).ShouldShow(HttpStatusCode.OK, "<b>2</b>", "queue=Billing");
        (await PageAsync(world.Supervisor, "insights?span=7d")).ShouldShow(HttpStatusCode.OK, "No handoff was asked for in this time.");
        (await PageAsync(world.Supervisor, "insights?span=x&since=yesterday&until=&queue=%20")).ShouldShow(HttpStatusCode.OK, "id=\"insight-filters\"");
        (await PageAsync(world.Supervisor, "insights?since=0001-01-01T00:00")).ShouldShow(HttpStatusCode.OK, "id=\"insight-filters\"");
        (await PageAsync(world.Supervisor, "insights/nothing.csv")).ShouldShow(HttpStatusCode.NotFound, "There is no such table");
        (await PageAsync(world.Agent, "insights")).ShouldShow(HttpStatusCode.Forbidden);
        (await PageAsync(world.Agent, "insights/queues.csv")).ShouldShow(HttpStatusCode.Forbidden);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_queues_name_is_text_in_the_page_and_no_formula_in_the_csv()
    {
        await using var world = await ApiWorld.StartAsync();
        var now = world.Baton.Time.GetUtcNow();
        await world.Baton.Store.StartHandoffAsync(Ended(now.AddMinutes(-9), "c1", HandoffState.Completed, 1, "<script>alert(1)</script>"), null, Ct);
        await world.Baton.Store.StartHandoffAsync(Ended(now.AddMinutes(-8), "c2", HandoffState.Completed, 1, "=HYPERLINK(\"http://x\",1)"), null, Ct);
        var page = (await PageAsync(world.Supervisor, "insights")).ShouldShow(HttpStatusCode.OK, "&lt;script&gt;alert(1)");
        page.Text.ShouldNotContain("<script>alert");
        (await CsvAsync(world, "queues", "span=24h"))[1..].Order(StringComparer.Ordinal).ShouldBe(["\"'=HYPERLINK(\"\"http://x\"\",1)\",1,1,0,0,0,0,0,0,1,1,0,0", "<script>alert(1)</script>,1,1,0,0,0,0,0,0,1,1,0,0"]);
    }

    [Fact(Timeout = 180_000)]
    public async Task Ten_thousand_handoffs_are_counted_and_how_long_the_page_takes_is_said()
    {
        const int Many = 10_000;
        await using var world = await ApiWorld.StartAsync();
        var now = world.Baton.Time.GetUtcNow();
        string[] queues = ["Support", "Billing", "VIP", "Night"], reasons = ["askedForHuman", "noMatch", "sentiment"];
        HandoffState[] states = [HandoffState.Completed, HandoffState.Completed, HandoffState.Completed, HandoffState.Abandoned, HandoffState.Failed];
        await Task.WhenAll(Enumerable.Range(0, Many).Select(i => world.Baton.Store.StartHandoffAsync(
            Ended(now.AddMinutes(-4 * i - 1), $"c{i}", states[i % 5], i % 5 < 3 ? 1 + i % 120 : null, queues[i % 4], reasons[i % 3]), null, Ct)));
        (await PageAsync(world.Supervisor, "insights?span=30d")).ShouldShow(HttpStatusCode.OK, "<b>10000</b>", "<b>60 %</b>");
        var times = new List<double>();
        for (var i = 0; i < 11; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            (await PageAsync(world.Supervisor, "insights?span=30d")).ShouldShow(HttpStatusCode.OK, "<b>10000</b>");
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }
        times.Sort();
        TestContext.Current.TestOutputHelper!.WriteLine($"insights over {Many} handoffs: p50 {times[5]:0} ms, worst {times[^1]:0} ms");
        (await CsvAsync(world, "queues", "span=30d"))[1..].Sum(l => int.Parse(l.Split(',')[1])).ShouldBe(Many);
    }

    static async Task<string[]> CsvAsync(ApiWorld world, string table, string query)
    {
        var reply = await ApiWorld.GetAsync(world.Supervisor, $"insights/{table}.csv?{query}");
        (reply.Status, reply.Type).ShouldBe((HttpStatusCode.OK, "text/csv"), reply.Text);
        reply.Text.ShouldEndWith("\r\n");
        return reply.Text.TrimEnd().Split("\r\n");
    }
}
