using System.Net;
using System.Text.Json.Nodes;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

public sealed class SandboxTests : SandboxFixture
{
    [Fact]
    public async Task A_guest_is_met_by_the_workflow()
    {
        var conversation = (await Client.GetAsync($"/conversations/{Id}")).Json;
        var participants = conversation["participants"]!.AsArray();
        participants.Select(p => p!["purpose"]!.GetValue<string>()).ShouldBe(["customer", "workflow"]);
        participants[0]!["attributes"]!["context.order"]!.GetValue<string>().ShouldBe("42");
        participants[1]!["messages"]![0]!["peerId"]!.GetValue<string>().ShouldBe(Started.CustomerCommunicationId);
        conversation["recentTransfers"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Transfer_is_accepted_before_it_happens()
    {
        var reply = await Client.ReplaceQueueAsync(Id, Started.WorkflowParticipantId, Queue("Empty"));
        reply.Status.ShouldBe(HttpStatusCode.Accepted);
        reply.Text.ShouldBeEmpty();
        View.Transfers.Single().State.ShouldBe("Pending");
        View.Holder!.Purpose.ShouldBe("workflow");

        Time.Advance(SlowestTransfer);
        View.Transfers.Single().State.ShouldBe("Active");
        View.Holder!.Purpose.ShouldBe("acd");
        View.Holder!.QueueId.ShouldBe(Queue("Empty"));
        var left = View.Participants[1];
        (left.State, left.DisconnectType).ShouldBe(("disconnected", "transfer"));
        Sandbox.Ledger.TransfersApplied(Id).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Transfer_takes_as_long_as_the_seed_says_and_not_longer_than_the_slowest()
    {
        await Client.ReplaceQueueAsync(Id, Started.WorkflowParticipantId, Queue("Empty"));
        Time.Advance(TimeSpan.FromMilliseconds(49));
        Sandbox.Ledger.TransfersApplied(Id).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromMilliseconds(1951));
        Sandbox.Ledger.TransfersApplied(Id).Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_agent_accepts_and_the_transfer_is_complete()
    {
        await HandOffAsync("Billing");
        Sandbox.Ledger.Of(LedgerKind.AgentAlerted, Id).Count.ShouldBe(1);
        Time.Advance(TimeSpan.FromSeconds(2));
        Sandbox.Ledger.Of(LedgerKind.AgentAccepted, Id).Count.ShouldBe(1);
        View.Holder!.Purpose.ShouldBe("agent");
        View.Participants.Single(p => p.Purpose == "acd").DisconnectType.ShouldBe("transfer");
        View.Transfers.Select(t => t.State).ShouldBe(["Complete", "Complete"]);
        Sandbox.Ledger.MessagesTo(Id).Select(m => m.Text).ShouldBe(["Hello, how can I help?"]);

        var flattened = (await Client.GetAsync($"/conversations/messages/{Id}")).Json["participants"]!.AsArray();
        flattened.Select(p => p!["state"]!.GetValue<string>()).ShouldBe(["connected", "disconnected", "disconnected", "connected"]);
        flattened[3]!["user"]!["id"]!.GetValue<string>().ShouldBe(View.Holder!.UserId);
    }

    [Fact]
    public async Task An_agent_who_does_not_answer_is_passed_over()
    {
        var queue = Organization.AddQueue("Short", alertingTimeout: TimeSpan.FromSeconds(10)).Id;
        var absent = Organization.AddAgent("Abel Absent", [queue], behavior: new() { Answers = false });
        Time.Advance(TimeSpan.FromSeconds(1));
        var present = Organization.AddAgent("Petra Present", [queue]);
        await HandOffAsync("Short");
        Time.Advance(TimeSpan.FromSeconds(13));
        Sandbox.Ledger.Of(LedgerKind.AgentMissed, Id).Single().UserId.ShouldBe(absent.Id);
        Sandbox.Ledger.Of(LedgerKind.AgentAccepted, Id).Single().UserId.ShouldBe(present.Id);
        View.Participants.First(p => p.UserId == absent.Id).DisconnectType.ShouldBe("transfer.noanswer");
        (await Client.GetAsync($"/users/{absent.Id}/routingstatus")).Json["status"]!.GetValue<string>().ShouldBe("NOT_RESPONDING");
    }

    [Fact]
    public async Task A_leg_that_left_cannot_be_transferred_again()
    {
        await HandOffAsync("Empty");
        var again = await Client.ReplaceQueueAsync(Id, Started.WorkflowParticipantId, Queue("Billing"));
        (again.Status, again.Code).ShouldBe((HttpStatusCode.BadRequest, "conversations.error.transfer.not.connected"));
        Sandbox.Ledger.TransfersApplied(Id).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Two_transfers_of_one_leg_are_both_accepted_and_one_happens()
    {
        var first = await Client.ReplaceQueueAsync(Id, Started.WorkflowParticipantId, Queue("Empty"));
        var second = await Client.ReplaceQueueAsync(Id, Started.WorkflowParticipantId, Queue("Night Desk"));
        (first.Status, second.Status).ShouldBe((HttpStatusCode.Accepted, HttpStatusCode.Accepted));
        Time.Advance(SlowestTransfer);
        Sandbox.Ledger.TransfersApplied(Id).Count.ShouldBe(1);
        View.Transfers.Select(t => t.State).Order().ShouldBe(["Active", "Failed"]);
    }

    [Fact]
    public async Task A_waiting_conversation_moves_on_from_its_queue_leg()
    {
        await HandOffAsync("Empty");
        var waiting = View.Holder!;
        var same = await Client.ReplaceQueueAsync(Id, waiting.Id, Queue("Empty"));
        same.Code.ShouldBe("conversations.error.transfer.same.party");
        (await Client.ReplaceQueueAsync(Id, waiting.Id, Queue("Night Desk"))).Status.ShouldBe(HttpStatusCode.Accepted);
        Time.Advance(SlowestTransfer);
        View.Holder!.QueueId.ShouldBe(Queue("Night Desk"));
        View.Participants.Count(p => p.Purpose == "acd").ShouldBe(2);
    }

    [Fact]
    public async Task Whoever_transfers_attended_stays_until_the_recipient_accepts()
    {
        var path = $"/conversations/{Id}/participants/{Started.WorkflowParticipantId}/replace/queue";
        await Client.PostAsync(path, $$"""{"queueId":"{{Queue("Billing")}}","transferType":"Attended"}""");
        Time.Advance(SlowestTransfer);
        View.Participants.Single(p => p.Purpose == "workflow").State.ShouldBe("connected");
        (await Client.ReplaceQueueAsync(Id, Started.WorkflowParticipantId, Queue("Sales"))).Code.ShouldBe("conversations.error.transfer.not.connected");
        Time.Advance(TimeSpan.FromSeconds(2));
        View.Participants.Single(p => p.Purpose == "workflow").DisconnectType.ShouldBe("transfer");
        View.Holder!.Purpose.ShouldBe("agent");
    }

    [Fact]
    public async Task A_person_who_does_not_take_a_transfer_leaves_it_to_the_queue()
    {
        var queue = Organization.AddQueue("Team", alertingTimeout: TimeSpan.FromSeconds(10)).Id;
        var absent = Organization.AddAgent("Abel Absent", [queue], behavior: new() { Answers = false });
        var agentPath = $"/conversations/{Id}/participants/{Started.WorkflowParticipantId}/replace/agent";
        (await Client.PostAsync(agentPath, $$"""{"userId":"{{absent.Id}}"}""")).Status.ShouldBe(HttpStatusCode.Accepted);
        Time.Advance(TimeSpan.FromSeconds(33));
        View.Transfers.Single().State.ShouldBe("Timeout");
        (View.Holder!.Purpose, View.Holder!.QueueId).ShouldBe(("acd", queue));
    }

    [Fact]
    public async Task Guests_who_leave_while_an_agent_is_alerted_free_the_agent()
    {
        await HandOffAsync("Billing");
        Organization.GuestLeaves(Id);
        Time.Advance(TimeSpan.FromMinutes(1));
        Sandbox.Ledger.Of(LedgerKind.AgentAccepted).ShouldBeEmpty();
        Sandbox.Ledger.Of(LedgerKind.AgentMissed).ShouldBeEmpty();
        Organization.Agents.ShouldAllBe(a => a.Load == 0);
    }

    [Fact]
    public async Task A_guest_who_leaves_while_waiting_ends_the_conversation()
    {
        await HandOffAsync("Empty");
        Organization.GuestLeaves(Id);
        View.EndTime.ShouldNotBeNull();
        View.Customer.DisconnectType.ShouldBe("client");
        View.Transfers.Single().State.ShouldBe("Canceled");
        Should.Throw<InvalidOperationException>(() => Organization.GuestSays(Id, "still there?"));
    }

    [Fact]
    public async Task An_agent_is_busy_until_the_wrap_up_is_posted()
    {
        var queue = Organization.AddQueue("Careful").Id;
        var agent = Organization.AddAgent("Wanda", [queue], behavior: new() { WrapUpAfter = Timeout.InfiniteTimeSpan });
        await HandOffAsync("Careful");
        Time.Advance(TimeSpan.FromSeconds(2));
        var leg = View.Holder!;
        Organization.AgentEnds(Id);
        View.EndTime.ShouldNotBeNull();
        Organization.Agents.Single(a => a.Id == agent.Id).RoutingStatus.ShouldBe("INTERACTING");

        var codes = (await Client.GetAsync($"/conversations/{Id}/participants/{leg.Id}/wrapupcodes")).Json.AsArray();
        var wrapup = $"/conversations/messages/{Id}/participants/{leg.Id}/communications/{leg.CommunicationId}/wrapup";
        (await Client.PostAsync(wrapup, $$"""{"code":"{{codes[0]!["id"]}}","notes":"done"}""")).Status.ShouldBe(HttpStatusCode.Accepted);
        Organization.Agents.Single(a => a.Id == agent.Id).RoutingStatus.ShouldBe("IDLE");
        (await Client.GetAsync(wrapup)).Json["wrapup"]!["notes"]!.GetValue<string>().ShouldBe("done");
    }

    [Fact]
    public async Task Priority_and_skills_decide_while_the_conversation_waits()
    {
        var queue = Organization.AddQueue("Skilled").Id;
        var refunds = Organization.Skills.Single(s => s.Name == "refunds").Id;
        (await Client.PatchAsync($"/routing/conversations/{Id}", """{"priority":3}""")).Status.ShouldBe(HttpStatusCode.BadRequest);
        await HandOffAsync("Skilled");
        var patched = await Client.PatchAsync($"/routing/conversations/{Id}", $$"""{"priority":3,"skillIds":["{{refunds}}"]}""");
        (patched.Status, patched.Json["priority"]!.GetValue<int>()).ShouldBe((HttpStatusCode.OK, 3));

        Organization.AddAgent("Nora Novice", [queue]);
        Sandbox.Ledger.Of(LedgerKind.AgentAlerted, Id).ShouldBeEmpty();
        var expert = Organization.AddAgent("Rafa Refunds", [queue], ["refunds"]);
        Sandbox.Ledger.Of(LedgerKind.AgentAlerted, Id).Single().UserId.ShouldBe(expert.Id);
    }

    [Fact]
    public async Task The_conversation_with_the_higher_priority_is_served_first()
    {
        var queue = Organization.AddQueue("Ranked").Id;
        await HandOffAsync("Ranked");
        var later = Organization.StartConversation(new GuestProfile("Late"));
        await Client.ReplaceQueueAsync(later.ConversationId, later.WorkflowParticipantId, queue);
        Time.Advance(TimeSpan.FromSeconds(30));
        await Client.PatchAsync($"/routing/conversations/{later.ConversationId}", """{"priority":2}""");
        Organization.AddAgent("Solo", [queue]);
        Sandbox.Ledger.Of(LedgerKind.AgentAlerted).Single().ConversationId.ShouldBe(later.ConversationId);
    }

    [Fact]
    public async Task Somebody_elses_transfer_shows_before_it_happens()
    {
        Organization.OtherSystemTransfers(Id, "Empty");
        var seen = (await Client.GetAsync($"/conversations/{Id}")).Json["recentTransfers"]!.AsArray();
        seen.Single()!["state"]!.GetValue<string>().ShouldBe("Pending");
        Time.Advance(SlowestTransfer);
        View.Holder!.Purpose.ShouldBe("acd");
        Sandbox.Ledger.TransfersApplied(Id).ShouldBeEmpty();
        Sandbox.Ledger.Of(LedgerKind.TransferApplied, Id).Single().By.ShouldBe("other");
    }

    [Fact]
    public async Task Messages_tell_bot_from_human()
    {
        Organization.BotSays(Id, "How can I help?");
        await HandOffAsync("Billing");
        Time.Advance(TimeSpan.FromSeconds(2));
        var ids = (await Client.GetAsync($"/conversations/{Id}")).Json["participants"]!.AsArray()
            .SelectMany(p => p!["messages"]![0]!["messages"]!.AsArray())
            .Select(m => m!["messageId"]!.GetValue<string>());
        var bulk = await Client.PostAsync($"/conversations/messages/{Id}/messages/bulk", new JsonArray([.. ids.Select(i => JsonValue.Create(i))]).ToJsonString());
        bulk.Json["entities"]!.AsArray().Select(m => $"{m!["normalizedMessage"]!["originatingEntity"]} {m["normalizedMessage"]!["direction"]} {m["textBody"]}")
            .ShouldBe(["Human Inbound Hello", "Bot Outbound How can I help?", "Human Outbound Hello, how can I help?"]);
    }

    [Fact]
    public async Task Conversations_side_by_side_are_each_transferred_once()
    {
        var started = Enumerable.Range(0, 60).Select(i => Organization.StartConversation(new GuestProfile($"Guest {i}"))).ToList();
        var billing = Queue("Billing");
        await Task.WhenAll(started.SelectMany(s => Enumerable.Range(0, 3).Select(_ => Client.ReplaceQueueAsync(s.ConversationId, s.WorkflowParticipantId, billing))));
        Time.Advance(SlowestTransfer);
        started.ShouldAllBe(s => Sandbox.Ledger.TransfersApplied(s.ConversationId).Count == 1);
        Sandbox.Ledger.Of(LedgerKind.TransferFailed).Count.ShouldBe(120);

        var billingAgents = Organization.Agents.Where(a => a.Load > 0).ToList();
        billingAgents.Sum(a => a.Load).ShouldBe(8);
        (await Client.GetAsync($"/routing/queues/{billing}/estimatedwaittime")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Agents_with_room_take_what_waits_when_they_are_done()
    {
        var queue = Organization.AddQueue("Busy", wrapupRequired: false).Id;
        Organization.AddAgent("Quick Quinn", [queue], behavior: new() { AcceptAfter = TimeSpan.FromSeconds(1), HandleTime = TimeSpan.FromMinutes(1) });
        var started = Enumerable.Range(0, 5).Select(i => Organization.StartConversation(new GuestProfile($"Guest {i}"))).ToList();
        foreach (var s in started) (await Client.ReplaceQueueAsync(s.ConversationId, s.WorkflowParticipantId, queue)).Status.ShouldBe(HttpStatusCode.Accepted);
        Time.Advance(TimeSpan.FromMinutes(6));
        started.ShouldAllBe(s => Organization.Conversation(s.ConversationId).EndTime != null);
        Sandbox.Ledger.Of(LedgerKind.AgentAccepted).Count.ShouldBe(5);
        Organization.Agents.Single(a => a.Name == "Quick Quinn").RoutingStatus.ShouldBe("IDLE");
    }

    [Fact]
    public async Task Same_seed_and_same_calls_give_the_same_ledger()
    {
        var other = new ManualTime();
        await using var twin = await GenesysSandbox.StartAsync(new() { Time = other }, TestContext.Current.CancellationToken);
        using var client = await SandboxClient.LoggedInAsync(twin);
        var started = twin.Organization.StartConversation(new GuestProfile("Gina", new Dictionary<string, string> { ["order"] = "42" }, "en-us"));
        started.ShouldBe(Started);
        foreach (var (caller, clock) in new[] { (Client, Time), (client, other) })
        {
            await caller.ReplaceQueueAsync(Id, Started.WorkflowParticipantId, Queue("Sales"));
            clock.Advance(TimeSpan.FromMinutes(5));
        }
        twin.Ledger.ToJsonLines().ShouldBe(Sandbox.Ledger.ToJsonLines());
        twin.Ledger.Entries.Count.ShouldBeGreaterThan(8);
    }
}
