using System.Net;
using System.Text.Json.Nodes;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

/// <summary>The rows of the guide flavor's contract: each request as the guides print it, each answer to the letter.</summary>
public sealed class GuideContractTests : GuideFixture
{
    [Fact]
    public async Task Row_000_a_events()
    {
        Organization.BotSays(Id, "How can I help?");
        Organization.GuestSays(Id, "Money back, now", sentiment: 0.4, intentName: "refund", confidence: 0.85);
        await TransferAsync(BotLeg, "Empty");
        Organization.GuestLeaves(Id);
        var acd = View.Participants[2].Id;
        var reply = await Client.GetAsync($"/conversations/{Id}/events?pageSize=250");
        ShouldBeGolden(reply with { Text = reply.Text.Replace(acd, "WAITING", StringComparison.Ordinal) }, """
            {"events":[
              {"id":"CONVERSATION-1","type":"participantJoined","timestamp":"TIME","from":{"id":"CUSTOMER","role":"customer"}},
              {"id":"CONVERSATION-2","type":"participantJoined","timestamp":"TIME","from":{"id":"BOT","role":"bot"}},
              {"id":"ID","type":"message","timestamp":"TIME","from":{"id":"CUSTOMER","role":"customer"},"text":"Hello"},
              {"id":"ID","type":"message","timestamp":"TIME","from":{"id":"BOT","role":"bot"},"text":"How can I help?"},
              {"id":"ID","type":"message","timestamp":"TIME","from":{"id":"CUSTOMER","role":"customer"},"text":"Money back, now","sentiment":0.4,"intent":{"name":"refund","confidence":0.85}},
              {"id":"CONVERSATION-6","type":"transfer","timestamp":"TIME","from":{"id":"BOT","role":"bot"},"queueId":"QUEUE(Empty)"},
              {"id":"CONVERSATION-7","type":"participantLeft","timestamp":"TIME","from":{"id":"BOT","role":"bot"}},
              {"id":"CONVERSATION-8","type":"participantJoined","timestamp":"TIME","from":{"id":"WAITING","role":"system"},"queueId":"QUEUE(Empty)"},
              {"id":"CONVERSATION-9","type":"participantLeft","timestamp":"TIME","from":{"id":"CUSTOMER","role":"customer"}},
              {"id":"CONVERSATION-10","type":"participantLeft","timestamp":"TIME","from":{"id":"WAITING","role":"system"},"queueId":"QUEUE(Empty)"},
              {"id":"CONVERSATION-11","type":"disconnect","timestamp":"TIME","from":{"id":"CUSTOMER","role":"customer"}}
            ],"nextPageCursor":null}
            """);
    }

    [Fact]
    public async Task What_the_bot_understood_and_how_the_guest_felt_show_with_the_guests_latest_message()
    {
        Organization.GuestSays(Id, "I want my money back");
        Organization.BotTurn(Id, "I want my money back", ["Could you rephrase?"], "refund", 0.4);
        Organization.SetSentiment(Id, -0.5);
        var events = (await Client.GetAsync($"/conversations/{Id}/events")).Json["events"]!.AsArray();
        events[^1]!["intent"]!["confidence"]!.GetValue<double>().ShouldBe(0.4);
        events[^1]!["sentiment"]!.GetValue<double>().ShouldBe(0.25);
        events[^2]!["sentiment"].ShouldBeNull();
    }

    [Fact]
    public async Task Row_000_b_conversation() => ShouldBeGolden(await Client.GetAsync($"/conversations/{Id}"), """
        {"id":"CONVERSATION","state":"active","type":"webchat","startTime":"TIME",
         "participants":[{"id":"CUSTOMER","purpose":"customer"},{"id":"BOT","purpose":"workflow"}],
         "attributes":{"context.order":"42"}}
        """);

    [Fact]
    public async Task A_conversation_is_transferring_while_somebody_is_at_it_and_active_once_it_waits()
    {
        Organization.OtherSystemTransfers(Id, "Billing");
        (await StateAsync()).ShouldBe("transferring");
        Time.Advance(SlowestTransfer);
        (await StateAsync()).ShouldBe("active");
        var waiting = (await Client.GetAsync($"/conversations/{Id}")).Json["participants"]!.AsArray();
        waiting.Select(p => $"{p!["purpose"]} {p["queueId"]}").ShouldBe(["customer ", $"acd {Queue("Billing")}"]);
        Time.Advance(TimeSpan.FromSeconds(12));
        var talking = (await Client.GetAsync($"/conversations/{Id}")).Json["participants"]!.AsArray();
        talking.Select(p => $"{p!["purpose"]} {p["userId"]}").ShouldBe(["customer ", $"agent {View.Holder!.UserId}"]);
        Organization.AgentEnds(Id);
        (await StateAsync()).ShouldBe("terminated");
        (await Client.GetAsync($"/conversations/{Id}")).Json["participants"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Row_000_c_queue()
    {
        ShouldBeGolden(await Client.GetAsync($"/routing/queues/{Queue("Billing")}"), """
            {"id":"QUEUE(Billing)","name":"Billing","status":"active","membersCount":3,"capacity":8,"mediaTypes":["voice","webchat"]}
            """);
        Organization.AddQueue("Letters", media: [Media.Message], capacity: 12);
        Organization.SetQueueActive("Letters", active: false);
        ShouldBeGolden(await Client.GetAsync($"/routing/queues/{Queue("Letters")}"), """
            {"id":"QUEUE(Letters)","name":"Letters","status":"inactive","membersCount":0,"capacity":12,"mediaTypes":["webchat"]}
            """);
    }

    [Fact]
    public async Task Row_000_d_members()
    {
        var ben = Organization.Agents.Single(a => a.Name == "Ben Okafor").Id;
        Organization.SetRoutingStatus(ben, "NOT_RESPONDING");
        Organization.SetRoutingStatus(Organization.Agents.Single(a => a.Name == "Farid Aziz").Id, "OFF_QUEUE");
        ShouldBeGolden(await Client.GetAsync($"/routing/queues/{Queue("Billing")}/members?pageSize=100"), """
            {"entities":[
              {"id":"USER(Ana Alvarez)","name":"Ana Alvarez","status":"available","skills":["english","spanish","refunds"]},
              {"id":"USER(Ben Okafor)","name":"Ben Okafor","status":"away","skills":["english","refunds","cards"]},
              {"id":"USER(Farid Aziz)","name":"Farid Aziz","status":"offline","skills":["english","cards"]}
            ],"pageSize":100,"pageNumber":1,"pageCount":1,"total":3}
            """);
        ShouldBeGolden(await Client.GetAsync($"/routing/queues/{Queue("Empty")}/members"), """{"entities":[],"pageSize":100,"pageNumber":1,"pageCount":0,"total":0}""");
    }

    [Fact]
    public async Task Members_are_busy_while_they_talk_and_away_where_they_have_not_joined()
    {
        await TransferAsync(BotLeg, "VIP");
        Time.Advance(TimeSpan.FromSeconds(2));
        Organization.SetJoined(User("Chloe Martin"), Queue("VIP"), joined: false);
        var members = (await Client.GetAsync($"/routing/queues/{Queue("VIP")}/members")).Json["entities"]!.AsArray();
        members.Select(m => $"{m!["name"]} {m["status"]}").ShouldBe(["Ana Alvarez busy", "Chloe Martin away"]);
        var second = (await Client.GetAsync($"/routing/queues/{Queue("VIP")}/members?pageSize=1&pageNumber=2")).Json;
        second["entities"]!.AsArray().Single()!["name"]!.GetValue<string>().ShouldBe("Chloe Martin");
        (second["pageCount"]!.GetValue<int>(), second["total"]!.GetValue<int>()).ShouldBe((2, 2));
    }

    [Fact]
    public async Task Row_000_e_transfer()
    {
        var reply = await Client.PostAsync(Filled("/conversations/CONVERSATION/participants/BOT/transfer"), Filled("""{"transferType":"queue","queueId":"QUEUE(Empty)"}"""));
        reply.Status.ShouldBe(HttpStatusCode.OK);
        ShouldBeGolden(reply, """{"id":"ID","conversationId":"CONVERSATION","queueId":"QUEUE(Empty)","status":"transferred"}""");
        (View.Holder!.Purpose, View.Holder!.QueueId).ShouldBe(("acd", Queue("Empty")));
        Sandbox.Ledger.TransfersApplied(Id).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_transfer_by_skill_waits_for_somebody_who_has_it()
    {
        Organization.AddQueue("Experts");
        var path = Filled("/conversations/CONVERSATION/participants/BOT/transfer");
        (await Client.PostAsync(path, Filled("""{"transferType":"skill","queueId":"QUEUE(Experts)","skills":["refunds"]}"""))).Status.ShouldBe(HttpStatusCode.OK);
        Organization.AddAgent("Nora Novice", ["Experts"]);
        Sandbox.Ledger.Of(LedgerKind.AgentAlerted, Id).ShouldBeEmpty();
        var expert = Organization.AddAgent("Rafa Refunds", ["Experts"], ["refunds"]);
        Sandbox.Ledger.Of(LedgerKind.AgentAlerted, Id).Single().UserId.ShouldBe(expert.Id);
    }

    [Fact]
    public async Task A_second_transfer_of_the_same_participant_is_a_conflict()
    {
        (await TransferAsync(BotLeg, "Empty")).Status.ShouldBe(HttpStatusCode.OK);
        var again = await TransferAsync(BotLeg, "Empty");
        (again.Status, again.Code).ShouldBe((HttpStatusCode.Conflict, "general.conflict"));
        again.Json["message"]!.GetValue<string>().ShouldContain("has left");
        Sandbox.Ledger.TransfersApplied(Id).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_transfer_while_somebody_else_transfers_is_a_conflict_and_moves_nothing()
    {
        Organization.OtherSystemTransfers(Id, "Empty");
        (await TransferAsync(BotLeg, "Billing")).Json["message"]!.GetValue<string>().ShouldContain("already in transfer state");
        (await RouteAsync(Id, "Billing")).Status.ShouldBe(HttpStatusCode.Conflict);
        (await EnqueueAsync("Billing")).Status.ShouldBe(HttpStatusCode.Conflict);
        Time.Advance(SlowestTransfer);
        View.Holder!.QueueId.ShouldBe(Queue("Empty"));
        Sandbox.Ledger.TransfersApplied(Id).ShouldBeEmpty();
    }

    [Fact]
    public async Task Row_002_a_conversations()
    {
        var call = Organization.StartCall(new GuestProfile("Carla"), "Ana Alvarez");
        var reply = await Client.PostAsync("/conversations/query", """{"expand":["user"],"state":"active"}""");
        ShouldBeGolden(reply with { Text = reply.Text.Replace(call.ConversationId, "CALL", StringComparison.Ordinal).Replace(call.CustomerParticipantId, "CALLER", StringComparison.Ordinal).Replace(call.HolderParticipantId, "TALKING", StringComparison.Ordinal) }, """
            {"conversations":[
              {"id":"CONVERSATION","state":"active","type":"webchat","startTime":"TIME",
               "participants":[{"id":"CUSTOMER","purpose":"customer"},{"id":"BOT","purpose":"workflow"}],"attributes":{"context.order":"42"}},
              {"id":"CALL","state":"active","type":"voice","startTime":"TIME",
               "participants":[{"id":"CALLER","purpose":"customer"},{"id":"TALKING","userId":"USER(Ana Alvarez)","purpose":"agent","queueId":"QUEUE(Billing)"}],"attributes":{}}
            ],"nextPageCursor":null}
            """);
        Organization.HangUp(call.ConversationId);
        (await Client.PostAsync("/conversations/query", """{"state":"active"}""")).Json["conversations"]!.AsArray().Count.ShouldBe(1);
        (await Client.PostAsync("/conversations/query", """{"state":"terminated"}""")).Json["conversations"]![0]!["id"]!.GetValue<string>().ShouldBe(call.ConversationId);
        (await Client.PostAsync("/conversations/query", "{}")).Json["conversations"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Row_002_b_routing_data()
    {
        var reply = await Client.PatchAsync($"/conversations/{Id}", Filled("""
            {"attributes":{"routingData":{"queueId":"QUEUE(Empty)","skillRequirements":[],"attributes":{"transferReason":"Programmatic Transfer via API","originalQueueId":"previous-queue-uuid"}}}}
            """));
        ShouldBeGolden(reply, """
            {"id":"CONVERSATION","state":"active","type":"webchat","startTime":"TIME",
             "participants":[{"id":"CUSTOMER","purpose":"customer"},{"id":"ID","purpose":"acd","queueId":"QUEUE(Empty)"}],
             "attributes":{"context.order":"42","routingData":{"queueId":"QUEUE(Empty)","skillRequirements":[],"attributes":{"transferReason":"Programmatic Transfer via API","originalQueueId":"previous-queue-uuid"}}}}
            """);
    }

    [Fact]
    public async Task Row_003_a_intent_confidence()
    {
        Organization.BotTurn(Id, "money", ["Sorry?"], "billing", 0.31);
        Organization.BotTurn(Id, "money back", ["Could you rephrase?"], "refund", 0.62);
        ShouldBeGolden(await AnalyticsAsync(), """
            {"entities":[{"id":"CONVERSATION","entityName":"webchat","metrics":{"intentConfidence":{"value":0.62}},"conversationData":{"direction":"both","channel":"webchat"}}],
             "pageSize":10,"pageCount":1}
            """);
    }

    [Fact]
    public async Task No_entity_and_no_metric_are_two_answers()
    {
        const string Bare = """
            {"entities":[{"id":"CONVERSATION","entityName":"webchat","metrics":{},"conversationData":{"direction":"both","channel":"webchat"}}],"pageSize":10,"pageCount":1}
            """;
        ShouldBeGolden(await AnalyticsAsync(), Bare);
        Organization.BotTurn(Id, "money back", ["Sorry?"], "refund", 0.62);
        Organization.SetQuirks(Id, new() { NoIntentConfidence = true });
        ShouldBeGolden(await AnalyticsAsync(), Bare);
        ShouldBeGolden(await AnalyticsAsync("2024-01-01T00:00:00Z", "2024-12-31T23:59:59Z"), """{"entities":[],"pageSize":10,"pageCount":0}""");
    }

    [Fact]
    public async Task Row_003_b_guest()
    {
        Organization.BotSays(Id, "I can help you with billing questions.");
        ShouldBeGolden(await Client.GetAsync($"/conversations/guests/{Started.GuestId}"), """
            {"id":"GUEST","name":"Gina","phoneNumbers":[],"skills":[],
             "customAttributes":{"lastBotResponse":"I can help you with billing questions.","conversationHistory":[{"from":"guest","text":"Hello"},{"from":"bot","text":"I can help you with billing questions."}]},
             "self":"https://HOST/api/v2/conversations/guests/GUEST"}
            """);
        var known = Organization.StartConversation(new GuestProfile("Max") { Email = "user@example.com", PhoneNumbers = ["+15550111"] }, firstMessage: null);
        var guest = (await Client.GetAsync($"/conversations/guests/{known.GuestId}")).Json;
        (guest["email"]!.GetValue<string>(), guest["phoneNumbers"]![0]!.GetValue<string>()).ShouldBe(("user@example.com", "+15550111"));
        guest["customAttributes"]!.ToJsonString().ShouldBe("""{"conversationHistory":[]}""");
    }

    [Fact]
    public async Task A_guest_may_lack_anything_and_have_a_history_that_is_no_list()
    {
        Organization.SetQuirks(Id, new() { GuestOmits = ["name", "phoneNumbers", "skills", "self"], ConversationHistory = "\"lost\"" });
        ShouldBeGolden(await Client.GetAsync($"/conversations/guests/{Started.GuestId}"), """{"id":"GUEST","customAttributes":{"conversationHistory":"lost"}}""");
        await Client.AdminAsync(HttpMethod.Put, $"/conversations/{Id}/quirks", """{"guestOmits":["customAttributes"]}""");
        (await Client.GetAsync($"/conversations/guests/{Started.GuestId}")).Json["customAttributes"].ShouldBeNull();
        Organization.GuestLeaves(Id);
        (await Client.GetAsync($"/conversations/guests/{Started.GuestId}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Row_003_c_enqueue()
    {
        const string Request = """
            {"conversationId":"CONVERSATION","welcomeMessage":"Agent, the guest requires assistance. Chat history follows:\n[guest] Hello","initialMessage":"Transferring to human support. Please wait.","priority":5}
            """;
        var reply = await Client.PostAsync($"/routing/conversations/queue/{Queue("Empty")}", Filled(Request));
        ShouldBeGolden(reply, """
            {"id":"transfer-req-ID","conversationId":"CONVERSATION","queueId":"QUEUE(Empty)","status":"queued",
             "welcomeMessage":"Agent, the guest requires assistance. Chat history follows:\n[guest] Hello","initialMessage":"Transferring to human support. Please wait.","priority":5,
             "self":"https://HOST/api/v2/routing/conversations/queue/QUEUE(Empty)"}
            """);
        View.Holder!.QueueId.ShouldBe(Queue("Empty"));
        View.Customer.Attributes["welcomeMessage"].ShouldStartWith("Agent, the guest");
        var said = (await Client.GetAsync($"/conversations/{Id}/events")).Json["events"]!.AsArray()[^1]!;
        (said["from"]!.ToJsonString(), said["text"]!.GetValue<string>()).ShouldBe(("""{"id":"system","role":"system"}""", "Transferring to human support. Please wait."));

        var again = await Client.PostAsync($"/routing/conversations/queue/{Queue("Empty")}", Filled(Request));
        (again.Status, again.Code).ShouldBe((HttpStatusCode.Conflict, "general.conflict"));
        Sandbox.Ledger.TransfersApplied(Id).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Enqueuing_again_takes_the_conversation_from_the_agent_who_has_it()
    {
        await EnqueueAsync("Billing");
        Time.Advance(TimeSpan.FromSeconds(12));
        View.Holder!.Purpose.ShouldBe("agent");
        (await EnqueueAsync("Billing")).Json["status"]!.GetValue<string>().ShouldBe("queued");
        View.Holder!.Purpose.ShouldBe("acd");
        Sandbox.Ledger.TransfersApplied(Id).Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_priority_of_an_enqueued_conversation_counts()
    {
        Organization.AddQueue("Ranked");
        await EnqueueAsync("Ranked", ",\"priority\":1");
        Time.Advance(TimeSpan.FromSeconds(30));
        var later = Organization.StartConversation(new GuestProfile("Late"));
        await Client.PostAsync($"/routing/conversations/queue/{Queue("Ranked")}", $$"""{"conversationId":"{{later.ConversationId}}","priority":2}""");
        Organization.AddAgent("Solo", ["Ranked"]);
        Sandbox.Ledger.Of(LedgerKind.AgentAlerted).Single().ConversationId.ShouldBe(later.ConversationId);
    }

    [Theory]
    [InlineData("rejected")]
    [InlineData("failed")]
    public async Task A_status_other_than_queued_moves_nothing(string status)
    {
        Organization.SetQuirks(Id, new() { EnqueueStatus = status });
        (await EnqueueAsync("Billing", ",\"initialMessage\":\"Please wait.\"")).Json["status"]!.GetValue<string>().ShouldBe(status);
        View.Holder!.Purpose.ShouldBe("workflow");
        Sandbox.Ledger.MessagesTo(Id).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_inactive_queue_rejects()
    {
        Organization.SetQueueActive(Queue("Billing"), active: false);
        (await EnqueueAsync("Billing")).Json["status"]!.GetValue<string>().ShouldBe("rejected");
        View.Holder!.Purpose.ShouldBe("workflow");
    }

    [Fact]
    public async Task Row_004_a_suggestions_at_once()
    {
        var reply = await Client.PostAsync("/agentassist/suggestions/query", Filled("""
            {"conversationId":"CONVERSATION",
             "transcript":"Agent: Thank you for calling. How can I help you today? Customer: I need to update my billing address and check my current plan details.",
             "agentSkills":["billing_tier_2","account_management"],"knowledgeSourceIds":["ks-12345","ks-67890"],"async":false}
            """));
        ShouldBeGolden(reply, """
            {"id":"sug-req-ID","status":"completed","suggestions":[
              {"id":"sug-billing-address","title":"Update a billing address","content":"Open Account, then Billing, then Address. The change applies from the next invoice.",
               "confidence":0.8,"knowledgeSourceId":"ks-12345","metadata":{"tags":["billing_tier_2","account_management"]}},
              {"id":"sug-current-plan","title":"Read the details of a plan","content":"Account, then Plan lists the price, the renewal date and what is included.",
               "confidence":0.53,"knowledgeSourceId":"ks-67890","metadata":{"tags":["account_management"]}},
              {"id":"sug-refund","title":"Refund a payment","content":"A payment can be refunded within 30 days. Open the order, then Refund. The money is back within five days.",
               "confidence":0.07,"knowledgeSourceId":"ks-12345","metadata":{"tags":["refunds","billing_tier_2"]}},
              {"id":"sug-cancel","title":"Cancel a subscription","content":"Account, then Plan, then Cancel. It ends with the paid period.",
               "confidence":0.07,"knowledgeSourceId":"ks-12345","metadata":{"tags":["retention"]}},
              {"id":"sug-invoice-copy","title":"Send a copy of an invoice","content":"Billing, then Invoices, then Send. Any invoice of the last seven years can be sent.",
               "confidence":0.07,"knowledgeSourceId":"ks-67890","metadata":{"tags":["billing_tier_2"]}}
            ]}
            """);
    }

    [Fact]
    public async Task Row_004_a_suggestions_later()
    {
        var reply = await Client.PostAsync("/agentassist/suggestions/query", Filled("""
            {"conversationId":"CONVERSATION","transcript":"I need to update my billing address","agentSkills":["billing_tier_2"],"knowledgeSourceIds":["ks-12345"],
             "callbackUrl":"https://your-webhook-endpoint/agentassist/callback","async":true}
            """));
        ShouldBeGolden(reply, """{"id":"sug-req-ID","status":"queued","callbackUrl":"https://your-webhook-endpoint/agentassist/callback","createdTimestamp":"TIME"}""");
    }

    Task<SandboxReply> AnalyticsAsync(string from = "2026-08-20T00:00:00Z", string to = "2026-08-20T23:59:59Z") => Client.PostAsync("/analytics/conversations/details/query", Filled($$"""
        {"dateRange":{"startDate":"{{from}}","endDate":"{{to}}"},"groupBy":["conversationId"],"view":"conversationDetails",
         "filter":{"type":"webchat","conversationId":"CONVERSATION"},"pageSize":10}
        """));

    async Task<string> StateAsync() => (await Client.GetAsync($"/conversations/{Id}")).Json["state"]!.GetValue<string>();
}
