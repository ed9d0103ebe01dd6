using System.Net;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

public sealed class SandboxAnalyticsTests : SandboxFixture
{
    public override SandboxOptions Options => new() { AnalyticsLag = TimeSpan.FromMinutes(1) };

    [Fact]
    public async Task Analytics_trails_what_happened()
    {
        (await Client.GetAsync($"/analytics/conversations/{Id}/details")).Status.ShouldBe(HttpStatusCode.NotFound);
        Organization.BotTurn(Id, "money back", ["Could you rephrase?"], "refund", 0.4, "NoMatchCollection");
        await HandOffAsync("Empty");
        var turns = $"/analytics/botflows/{Organization.BotFlows[0].Id}/divisions/reportingturns";
        (await Client.GetAsync(turns)).Json["entities"]!.AsArray().ShouldBeEmpty();

        Time.Advance(TimeSpan.FromSeconds(58));
        var early = (await Client.GetAsync($"/analytics/conversations/{Id}/details")).Json;
        early["participants"]!.AsArray().Select(p => p!["purpose"]!.GetValue<string>()).ShouldBe(["customer", "botflow"]);
        (await Client.GetAsync(turns)).Json["entities"]![0]!["intent"]!["confidence"]!.GetValue<double>().ShouldBe(0.4);

        Time.Advance(TimeSpan.FromSeconds(2));
        var late = (await Client.GetAsync($"/analytics/conversations/{Id}/details")).Json["participants"]!.AsArray();
        late[1]!["sessions"]![0]!["flow"]!["transferTargetAddress"]!.GetValue<string>().ShouldBe(Queue("Empty"));
        late[1]!["sessions"]![0]!["metrics"]!.AsArray().Select(m => m!["name"]!.GetValue<string>()).ShouldContain("nTransferred");
    }

    [Fact]
    public async Task Days_touched_by_the_interval_count_as_a_whole()
    {
        Time.Advance(TimeSpan.FromHours(2));
        var sameDay = await Client.PostAsync("/analytics/conversations/details/query", """{"interval":"2026-08-20T11:00:00Z/2026-08-20T11:30:00Z"}""");
        sameDay.Json["totalHits"]!.GetValue<int>().ShouldBe(1);
        var nextDay = await Client.PostAsync("/analytics/conversations/details/query", """{"interval":"2026-08-21T00:00:00Z/2026-08-22T00:00:00Z"}""");
        nextDay.Json["totalHits"]!.GetValue<int>().ShouldBe(0);
        nextDay.Json["conversations"].ShouldBeNull();
    }
}
