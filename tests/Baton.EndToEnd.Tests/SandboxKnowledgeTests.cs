using System.Net;
using System.Text.Json.Nodes;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

/// <summary>Knowledge bases: what is loaded, listed and found.</summary>
public sealed class SandboxKnowledgeTests : SandboxFixture
{
    const string Nobody = "00000000-0000-4000-8000-000000000000";

    [Fact]
    public async Task Knowledge_bases_are_listed_and_paged()
    {
        ShouldBeGolden(await Client.GetAsync("/knowledge/knowledgebases?pageSize=1"), """
            {"entities":[{"id":"BASE(Billing)","name":"Billing","coreLanguage":"en-US","dateCreated":"TIME","articleCount":5,"published":true,
               "selfUri":"/api/v2/knowledge/knowledgebases/BASE(Billing)"}],
             "nextUri":"/api/v2/knowledge/knowledgebases?after=MQ&pageSize=1","selfUri":"/api/v2/knowledge/knowledgebases?pageSize=1"}
            """);
        var rest = (await Client.GetAsync("/knowledge/knowledgebases?after=MQ&pageSize=1")).Json;
        (rest["entities"]![0]!["name"]!.GetValue<string>(), rest["nextUri"]).ShouldBe(("Service", null));
        (await Client.GetAsync("/knowledge/knowledgebases?name=serv*")).Json["entities"]!.AsArray().Count.ShouldBe(1);
        (await Client.GetAsync("/knowledge/knowledgebases?pageSize=101")).Code.ShouldBe("invalid.query.param.value");
    }

    [Fact]
    public async Task Documents_are_found_by_the_words_they_share()
    {
        ShouldBeGolden(await SearchAsync("BASE(Billing)", """{"query":"how do I get a refund of my payment","pageSize":1,"queryType":"ManualSearch"}"""), """
            {"query":"how do I get a refund of my payment","pageSize":1,"pageNumber":1,"searchId":"ID","total":1,"pageCount":1,"queryType":"ManualSearch","results":[
              {"confidence":1,"document":{"id":"refund","title":"Refund a payment","visible":true,"state":"Published","dateModified":"TIME",
                "documentVersion":{"id":"ID","selfUri":"/api/v2/knowledge/knowledgebases/BASE(Billing)/documents/refund/versions/ID"},
                "labels":[{"name":"refunds"},{"name":"billing_tier_2"}],
                "knowledgeBase":{"id":"BASE(Billing)","languageCode":"en-US","selfUri":"/api/v2/knowledge/knowledgebases/BASE(Billing)"},
                "variations":[{"id":"ID","contexts":[],"body":{"blocks":[{"type":"Paragraph","paragraph":{"blocks":[{"type":"Text","text":
                  {"text":"A payment can be refunded within 30 days. Open the order, then Refund. The money is back within five days."}}]}}]},
                  "selfUri":"/api/v2/knowledge/knowledgebases/BASE(Billing)/documents/refund/variations/ID"}],
                "answer":"A payment can be refunded within 30 days.","selfUri":"/api/v2/knowledge/knowledgebases/BASE(Billing)/documents/refund"}}]}
            """);
    }

    [Fact]
    public async Task Results_are_paged_kept_above_a_threshold_and_stay_in_their_base()
    {
        var first = (await SearchAsync("BASE(Billing)", """{"query":"plan and invoice","pageSize":2}""")).Json;
        (first["total"]!.GetValue<int>(), first["pageCount"]!.GetValue<int>(), first["results"]!.AsArray().Count).ShouldBe((4, 2, 2));
        var second = (await SearchAsync("BASE(Billing)", $$"""{"query":"plan and invoice","pageSize":2,"pageNumber":2,"searchId":"{{first["searchId"]}}"}""")).Json;
        second["searchId"]!.GetValue<string>().ShouldBe(first["searchId"]!.GetValue<string>());
        Found(first).Concat(Found(second)).Distinct().Count().ShouldBe(4);
        (await SearchAsync("BASE(Billing)", """{"query":"plan and invoice","pageNumber":2147483647,"pageSize":30}""")).Json["results"]!.AsArray().ShouldBeEmpty();
        Found((await SearchAsync("BASE(Billing)", """{"query":"plan and invoice","confidenceThreshold":0.35}""")).Json).ShouldBe(["current-plan", "invoice-copy"], ignoreOrder: true);
        (await SearchAsync("BASE(Service)", """{"query":"plan and invoice"}""")).Json["total"]!.GetValue<int>().ShouldBe(0);
    }

    [Theory]
    [InlineData("BASE(Billing)", "{}", 400, "required.field.missing")]
    [InlineData("BASE(Billing)", """{"query":" "}""", 400, "required.field.missing")]
    [InlineData("BASE(Billing)", """{"query":7}""", 400, "bad.request")]
    [InlineData("BASE(Billing)", """{"query":"a","pageSize":31}""", 400, "bad.request")]
    [InlineData("BASE(Billing)", """{"query":"a","pageNumber":0}""", 400, "bad.request")]
    [InlineData("BASE(Billing)", """{"query":"a","queryType":"Guess"}""", 400, "invalid.value")]
    [InlineData("BASE(Billing)", """{"query":"a","confidenceThreshold":7}""", 400, "bad.request")]
    [InlineData("BASE(Billing)", """{"query":""", 400, "bad.request")]
    [InlineData(Nobody, """{"query":"a"}""", 404, "not.found")]
    [InlineData("seven", """{"query":"a"}""", 400, "bad.request")]
    public async Task Searches_that_cannot_be_are_refused(string knowledgeBase, string body, int status, string code)
    {
        var reply = await SearchAsync(knowledgeBase, body);
        ((int)reply.Status, reply.Code).ShouldBe((status, code), reply.Text);
    }

    [Fact]
    public async Task Results_may_be_odd_late_or_refused()
    {
        (await OddAsync(FaultKind.SuggestionsEmpty))["results"]!.AsArray().ShouldBeEmpty();
        (await OddAsync(FaultKind.SuggestionWithoutId))["results"]![0]!["document"]!["id"].ShouldBeNull();
        (await OddAsync(FaultKind.SuggestionConfidenceTooHigh))["results"]![0]!["confidence"]!.GetValue<int>().ShouldBe(7);
        (await OddAsync(FaultKind.SuggestionConfidenceInWords))["results"]![0]!["confidence"]!.GetValue<string>().ShouldBe("high");
        (await OddAsync(FaultKind.SuggestionsHuge))["results"]![0]!["document"]!["answer"]!.GetValue<string>().Length.ShouldBe(10 * 1024 * 1024);
        (await OddAsync(FaultKind.SuggestionsTooMany))["results"]!.AsArray().Count.ShouldBe(5000);
        // A call that has no such list uses up none of these.
        Sandbox.Faults.Replace([new() { Kind = FaultKind.SuggestionsEmpty, Times = 1 }, new() { Kind = FaultKind.TooManyRequests, Path = "*/documents/search", RetryAfterSeconds = 4, Times = 1 }]);
        await Client.GetAsync("/organizations/me");
        (await SearchAsync("BASE(Billing)", """{"query":"refund"}""")).Headers["Retry-After"].ShouldBe("4");
        (await SearchAsync("BASE(Billing)", """{"query":"refund"}""")).Json["results"]!.AsArray().ShouldBeEmpty();
        Sandbox.Faults.All[0].Times.ShouldBe(0);
    }

    [Fact]
    public async Task Another_process_loads_articles_and_binds_an_assistant()
    {
        (await Client.AdminAsync(HttpMethod.Delete, "/knowledge")).Status.ShouldBe(HttpStatusCode.NoContent);
        const string Two = """
            [{"knowledgeBaseId":"ks-1","id":"kb-007","title":"Parcel tracking","text":"Track a parcel in Shipping.","tags":["logistics"]},
             {"knowledgeBaseId":"ks-2","id":"kb-008","title":"Gift cards","answer":"A gift card has no end."}]
            """;
        var loaded = await Client.AdminAsync(HttpMethod.Post, "/knowledge", Two);
        (loaded.Status, loaded.Text).ShouldBe((HttpStatusCode.Created, """{"knowledgeBases":[{"id":"ks-1","name":"ks-1","articles":1},{"id":"ks-2","name":"ks-2","articles":1}]}"""));
        Found((await SearchAsync("ks-1", """{"query":"track my parcel"}""")).Json).ShouldBe(["kb-007"]);

        await Client.AdminAsync(HttpMethod.Post, "/knowledge", """{"knowledgeBaseId":"ks-1","id":"kb-007","title":"Opening hours","text":"From nine to five."}""");
        (await SearchAsync("ks-1", """{"query":"track my parcel"}""")).Json["total"]!.GetValue<int>().ShouldBe(0);
        Found((await SearchAsync("ks-1", """{"query":"opening hours"}""")).Json).ShouldBe(["kb-007"]);

        var broken = await Client.AdminAsync(HttpMethod.Post, "/knowledge", """[{"knowledgeBaseId":"ks-3","title":"a","text":"b"},{"knowledgeBaseId":"ks-3","title":"a"}]""");
        (broken.Status, broken.Json["error"]!.GetValue<string>()).ShouldBe((HttpStatusCode.BadRequest, "\"text\" is missing in the article."));
        Organization.KnowledgeBases.Select(b => b.Id).ShouldBe(["ks-1", "ks-2"]);

        var bound = await Client.AdminAsync(HttpMethod.Put, "/queues/Sales/assistant", """{"knowledgeBaseIds":["ks-2"],"suggestsAfterSeconds":0.1,"atMost":1}""");
        bound.Json["queueId"]!.GetValue<string>().ShouldBe(Queue("Sales"));
        (await Client.AdminAsync(HttpMethod.Put, "/queues/Sales/assistant", """{"knowledgeBaseIds":["ks-9"]}""")).Status.ShouldBe(HttpStatusCode.NotFound);
        Organization.GuestSays(Id, "Do gift cards end, and when are the opening hours?");
        await HandOffAsync("Sales");
        Time.Advance(TimeSpan.FromMinutes(2));
        var suggested = (await Client.AdminAsync(HttpMethod.Get, $"/conversations/{Id}/suggestions")).Json.AsArray();
        suggested.Select(s => s!["articleId"]!.GetValue<string>()).ShouldBe(["kb-008"]);
        (await Client.AdminAsync(HttpMethod.Delete, "/queues/Sales/assistant")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await Client.AdminAsync(HttpMethod.Get, "")).Json["assistants"]!.AsArray().ShouldNotContain(a => a!["queueId"]!.GetValue<string>() == Queue("Sales"));
    }

    Task<SandboxReply> SearchAsync(string knowledgeBase, string body) => Client.PostAsync($"/knowledge/knowledgebases/{Filled(knowledgeBase)}/documents/search", body);

    async Task<JsonNode> OddAsync(FaultKind kind)
    {
        Sandbox.Faults.Replace([new() { Kind = kind, Path = "/api/v2/knowledge/*/documents/search", Times = 1 }]);
        return (await SearchAsync("BASE(Billing)", """{"query":"refund"}""")).Json;
    }

    static IEnumerable<string> Found(JsonNode search) => search["results"]!.AsArray().Select(r => r!["document"]!["id"]!.GetValue<string>());
}
