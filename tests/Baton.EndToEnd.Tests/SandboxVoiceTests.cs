using System.Net;
using System.Text.Json.Nodes;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

/// <summary>Calls on the platform flavor. What the guide flavor makes of them is in its own tests.</summary>
public sealed class SandboxVoiceTests : SandboxFixture
{
    [Fact]
    public async Task A_caller_is_met_by_the_flow()
    {
        var call = Organization.StartCall(new GuestProfile("Carla") { PhoneNumbers = ["+15550123"] });
        var participants = await ParticipantsAsync(call.ConversationId);
        participants.Select(p => p!["purpose"]!.GetValue<string>()).ShouldBe(["customer", "ivr"]);
        participants.ShouldAllBe(p => p!["messages"]!.AsArray().Count == 0 && p["calls"]!.AsArray().Count == 1);
        participants[0]!["ani"]!.GetValue<string>().ShouldBe("tel:+15550123");
        (participants[1]!["calls"]![0]!["id"]!.GetValue<string>(), participants[1]!["calls"]![0]!["peerId"]!.GetValue<string>()).ShouldBe((call.HolderCommunicationId, call.CustomerCommunicationId));
        Organization.Conversation(call.ConversationId).Media.ShouldBe(Media.Voice);
    }

    [Fact]
    public async Task A_call_goes_from_an_agent_to_a_queue_and_is_answered_there_without_a_word_in_writing()
    {
        var call = Organization.StartCall(new GuestProfile("Carla"), "Ana Alvarez");
        (await StatesAsync(call.ConversationId)).ShouldBe(["customer connected", "ivr terminated", "acd terminated", "agent connected"]);
        (await Client.ReplaceQueueAsync(call.ConversationId, call.HolderParticipantId, Queue("Support"))).Status.ShouldBe(HttpStatusCode.Accepted);
        Time.Advance(SlowestTransfer);
        (await StatesAsync(call.ConversationId)).ShouldBe(["customer connected", "ivr terminated", "acd terminated", "agent disconnected", "acd connected", "agent alerting"]);
        Time.Advance(TimeSpan.FromSeconds(12));
        (await StatesAsync(call.ConversationId)).ShouldBe(["customer connected", "ivr terminated", "acd terminated", "agent terminated", "acd terminated", "agent connected"]);
        Sandbox.Ledger.TransfersApplied(call.ConversationId).Single().QueueId.ShouldBe(Queue("Support"));
        Sandbox.Ledger.MessagesTo(call.ConversationId).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_flow_hands_a_call_to_a_queue_whose_skills_and_priority_can_be_set_while_it_waits()
    {
        var call = Organization.StartCall(new GuestProfile("Carla"));
        await Client.ReplaceQueueAsync(call.ConversationId, call.HolderParticipantId, Queue("Empty"));
        Time.Advance(SlowestTransfer);
        var refunds = Organization.Skills.Single(s => s.Name == "refunds").Id;
        (await Client.PatchAsync($"/routing/conversations/{call.ConversationId}", $$"""{"priority":3,"skillIds":["{{refunds}}"]}""")).Status.ShouldBe(HttpStatusCode.OK);
        Organization.AddAgent("Nora Novice", ["Empty"]);
        var expert = Organization.AddAgent("Rafa Refunds", ["Empty"], ["refunds"]);
        Sandbox.Ledger.Of(LedgerKind.AgentAlerted, call.ConversationId).Single().UserId.ShouldBe(expert.Id);
    }

    [Fact]
    public async Task A_queue_takes_what_it_was_made_for()
    {
        var call = Organization.StartCall(new GuestProfile("Carla"), "Ana Alvarez");
        var refused = await Client.ReplaceQueueAsync(call.ConversationId, call.HolderParticipantId, Queue("Night Desk"));
        (refused.Status, refused.Code, refused.Json["message"]!.GetValue<string>()).ShouldBe((HttpStatusCode.BadRequest, "bad.request", "The queue does not take voice."));
        Organization.AddQueue("Phones", media: [Media.Voice]);
        (await Client.ReplaceQueueAsync(Id, Started.WorkflowParticipantId, Queue("Phones"))).Json["message"]!.GetValue<string>().ShouldBe("The queue does not take message.");
        (await MediaSettingsAsync("Phones")).ShouldBe(["call", "callback", "chat", "email"]);
        (await MediaSettingsAsync("Night Desk")).ShouldBe(["callback", "chat", "email", "message"]);
        Should.Throw<InvalidOperationException>(() => Organization.OtherSystemTransfers(call.ConversationId, "Night Desk"));
        Should.Throw<InvalidOperationException>(() => Organization.StartCall(new GuestProfile("Carl"), queue: "Night Desk"));
    }

    [Fact]
    public async Task Nobody_writes_in_a_call()
    {
        var call = Organization.StartCall(new GuestProfile("Carla"), "Ana Alvarez");
        var sent = await Client.PostAsync($"/conversations/messages/{call.ConversationId}/communications/{call.HolderCommunicationId}/messages", """{"textBody":"Hello"}""");
        (sent.Status, sent.Code).ShouldBe((HttpStatusCode.NotFound, "conversation.error.conversation.not.found"));
        (await Client.GetAsync($"/conversations/messages/{call.ConversationId}")).Status.ShouldBe(HttpStatusCode.NotFound);
        Should.Throw<InvalidOperationException>(() => Organization.GuestSays(call.ConversationId, "Hello?"));
        Should.Throw<InvalidOperationException>(() => Organization.AgentSays(call.ConversationId, "Hello?"));
        Should.Throw<InvalidOperationException>(() => Organization.HangUp(Id));
    }

    [Fact]
    public async Task Analytics_finds_the_calls_of_a_user()
    {
        var ana = Organization.Agents.Single(a => a.Name == "Ana Alvarez").Id;
        var call = Organization.StartCall(new GuestProfile("Carla"), ana);
        Organization.StartCall(new GuestProfile("Carl"), "Ben Okafor");
        await HandOffAsync("VIP");
        var found = (await Client.PostAsync("/analytics/conversations/details/query", $$"""
            {"interval":"2026-08-20T00:00:00Z/2026-08-21T00:00:00Z","segmentFilters":[{"type":"and","predicates":[
              {"type":"dimension","dimension":"mediaType","operator":"matches","value":"voice"},
              {"type":"dimension","dimension":"userId","operator":"matches","value":"{{ana}}"}]}]}
            """)).Json;
        found["totalHits"]!.GetValue<int>().ShouldBe(1);
        found["conversations"]![0]!["conversationId"]!.GetValue<string>().ShouldBe(call.ConversationId);
        var sessions = found["conversations"]![0]!["participants"]!.AsArray().Select(p => p!["sessions"]![0]!).ToList();
        sessions.ShouldAllBe(s => s["mediaType"]!.GetValue<string>() == "voice" && s["messageType"] == null);
        sessions[1]["flow"]!["flowType"]!.GetValue<string>().ShouldBe("INBOUNDCALL");
        (await Client.GetAsync($"/analytics/botflows/{Organization.BotFlows[0].Id}/sessions")).Json["entities"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Waiting_calls_and_waiting_messages_are_counted_apart()
    {
        Organization.StartCall(new GuestProfile("Carla"), queue: "Empty");
        Organization.StartCall(new GuestProfile("Carl"), queue: "Empty");
        await HandOffAsync("Empty");
        var counts = (await Client.PostAsync("/analytics/queues/observations/query", $$"""
            {"filter":{"type":"and","predicates":[{"type":"dimension","dimension":"queueId","operator":"matches","value":"{{Queue("Empty")}}"}]},"metrics":["oWaiting"]}
            """)).Json["results"]!.AsArray().Where(r => r!["group"]!["mediaType"] is not null);
        counts.Select(r => $"{r!["group"]!["mediaType"]} {r["data"]![0]!["stats"]!["count"]}").ShouldBe(["message 1", "voice 2"]);
    }

    [Fact]
    public void The_caller_hangs_up_while_waiting()
    {
        var call = Organization.StartCall(new GuestProfile("Carla"), queue: "Empty").ConversationId;
        Organization.HangUp(call);
        var view = Organization.Conversation(call);
        view.EndTime.ShouldNotBeNull();
        (view.Customer.State, view.Customer.DisconnectType, view.Participants[^1].DisconnectType).ShouldBe(("terminated", "endpoint", "peer"));
        Sandbox.Ledger.Of(LedgerKind.CustomerLeft, call).Count.ShouldBe(1);
    }

    [Fact]
    public void Nobody_is_given_a_second_call_but_messages_beside_one()
    {
        Organization.AddQueue("Desk");
        Organization.AddAgent("Solo", ["Desk"], behavior: new() { Capacity = 3 });
        var first = Organization.StartCall(new GuestProfile("Carla"), queue: "Desk").ConversationId;
        var second = Organization.StartCall(new GuestProfile("Carl"), queue: "Desk").ConversationId;
        Organization.OtherSystemTransfers(Id, "Desk");
        Time.Advance(TimeSpan.FromSeconds(10));
        (Holds(first), Holds(second), Holds(Id)).ShouldBe(("agent", "acd", "agent"));
        Organization.HangUp(first);
        Time.Advance(TimeSpan.FromSeconds(10));
        Holds(second).ShouldBe("agent");
    }

    [Fact]
    public async Task Events_of_a_call_say_so()
    {
        await using var receiver = await SandboxReceiver.StartAsync();
        await using var sandbox = await GenesysSandbox.StartAsync(new() { Time = Time, EventTargets = [receiver.Address] }, TestContext.Current.CancellationToken);
        sandbox.Organization.StartCall(new GuestProfile("Carla"));
        var (customer, flow) = (await receiver.TakeAsync(), await receiver.TakeAsync());
        (customer["detail-type"]!.GetValue<string>(), flow["detail-type"]!.GetValue<string>()).ShouldBe(("v2.detail.events.conversation.{id}.customer.start", "v2.detail.events.conversation.{id}.flow.start"));
        var body = flow["detail"]!["eventBody"]!;
        (body["mediaType"]!.GetValue<string>(), body["messageType"], body["flowType"]!.GetValue<string>()).ShouldBe(("VOICE", null, "INBOUNDCALL"));
    }

    [Theory]
    [InlineData(SandboxFlavor.Platform, "platform")]
    [InlineData(SandboxFlavor.Guide, "guide")]
    public async Task Another_process_starts_calls_on_either_flavor(SandboxFlavor flavor, string told)
    {
        await using var sandbox = await GenesysSandbox.StartAsync(new() { Flavor = flavor, Time = Time }, TestContext.Current.CancellationToken);
        using var client = await SandboxClient.LoggedInAsync(sandbox);
        (await client.AdminAsync(HttpMethod.Get, "")).Json["flavor"]!.GetValue<string>().ShouldBe(told);
        var started = await client.AdminAsync(HttpMethod.Post, "/conversations", """{"media":"voice","name":"Carla","agent":"Ana Alvarez","queue":"VIP"}""");
        started.Status.ShouldBe(HttpStatusCode.Created);
        var id = started.Json["conversationId"]!.GetValue<string>();
        (await client.GetAsync($"/conversations/{id}")).Json["participants"]!.AsArray()[^1]!["queueId"]!.GetValue<string>().ShouldBe(sandbox.Organization.Queues.Single(q => q.Name == "VIP").Id);
        (await client.AdminAsync(HttpMethod.Post, $"/conversations/{id}/join", """{"agent":"Chloe Martin"}""")).Json["participants"]!.AsArray().Count.ShouldBe(5);
        var view = (await client.AdminAsync(HttpMethod.Post, $"/conversations/{id}/hangup")).Json;
        (view["media"]!.GetValue<string>(), view["endTime"] is null).ShouldBe(("voice", false));
        (await client.AdminAsync(HttpMethod.Post, "/conversations", """{"media":"fax"}""")).Status.ShouldBe(HttpStatusCode.BadRequest);

        var queue = (await client.AdminAsync(HttpMethod.Post, "/queues", """{"name":"Phones","media":["voice"],"active":false}""")).Json["id"]!.GetValue<string>();
        (await client.AdminAsync(HttpMethod.Put, $"/queues/{queue}/active", """{"active":true}""")).Status.ShouldBe(HttpStatusCode.NoContent);
        await client.AdminAsync(HttpMethod.Post, "/clients", """{"id":"lacking","secret":"secret","scopes":["guest:read"]}""");
        using var lacking = await SandboxClient.LoggedInAsync(sandbox, "lacking", "secret");
        (await lacking.GetAsync($"/routing/queues/{queue}")).Status.ShouldBe(flavor == SandboxFlavor.Guide ? HttpStatusCode.Forbidden : HttpStatusCode.OK);
    }

    string Holds(string conversationId) => Organization.Conversation(conversationId).Holder!.Purpose;

    async Task<JsonArray> ParticipantsAsync(string conversationId) => (await Client.GetAsync($"/conversations/{conversationId}")).Json["participants"]!.AsArray();

    async Task<IEnumerable<string>> StatesAsync(string conversationId) =>
        (await ParticipantsAsync(conversationId)).Select(p => $"{p!["purpose"]} {p["calls"]![0]!["state"]}").ToList();

    async Task<IEnumerable<string>> MediaSettingsAsync(string queue) =>
        (await Client.GetAsync($"/routing/queues/{Queue(queue)}")).Json["mediaSettings"]!.AsObject().Select(m => m.Key).ToList();
}
