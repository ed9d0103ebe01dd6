using System.Net;
using System.Text.Json.Nodes;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

/// <summary>Row 002 b beyond its shape: a value that is set, skills that are kept or reset, calls that move.</summary>
public sealed class GuideRoutingTests : GuideFixture
{
    int Applied(string conversationId) => Sandbox.Ledger.TransfersApplied(conversationId).Count;

    ParticipantView Holder(string conversationId) => Organization.Conversation(conversationId).Holder!;

    [Fact]
    public async Task A_call_moves_from_the_agent_who_has_it_to_a_queue()
    {
        var call = Organization.StartCall(new GuestProfile("Carla"), "Ana Alvarez").ConversationId;
        Holder(call).QueueId.ShouldBe(Queue("Billing"));
        var moved = (await RouteAsync(call, "Empty", $$""","attributes":{"transferReason":"wrong desk","originalQueueId":"{{Queue("Billing")}}"}""")).Json;
        moved["attributes"]!["routingData"]!["attributes"]!["transferReason"]!.GetValue<string>().ShouldBe("wrong desk");
        (Holder(call).Purpose, Holder(call).QueueId).ShouldBe(("acd", Queue("Empty")));
        (await Client.GetAsync($"/conversations/{call}")).Json["participants"]!.AsArray().ShouldNotContain(p => p!["userId"] != null);
    }

    [Fact]
    public async Task The_same_value_moves_nothing_a_second_time_not_even_after_an_agent_answered()
    {
        var call = Organization.StartCall(new GuestProfile("Carla"), "Grace Chen", "Support").ConversationId;
        (await RouteAsync(call, "Billing")).Status.ShouldBe(HttpStatusCode.OK);
        (await RouteAsync(call, "Billing")).Status.ShouldBe(HttpStatusCode.OK);
        Time.Advance(TimeSpan.FromSeconds(12));
        Holder(call).Purpose.ShouldBe("agent");
        (await RouteAsync(call, "Billing")).Json["state"]!.GetValue<string>().ShouldBe("active");
        (Holder(call).Purpose, Applied(call)).ShouldBe(("agent", 1));
    }

    [Fact]
    public async Task The_same_value_moves_again_what_somebody_took_elsewhere()
    {
        var call = Organization.StartCall(new GuestProfile("Carla")).ConversationId;
        await RouteAsync(call, "Empty");
        Organization.OtherSystemTransfers(call, "Support");
        Time.Advance(SlowestTransfer);
        await RouteAsync(call, "Empty");
        (Holder(call).QueueId, Applied(call)).ShouldBe((Queue("Empty"), 2));
    }

    [Fact]
    public async Task Skills_are_kept_unless_given_and_reset_by_an_empty_list()
    {
        Organization.AddQueue("First");
        Organization.AddQueue("Second");
        Organization.AddQueue("Third");
        var expert = Organization.AddAgent("Rafa Refunds", ["First"], ["refunds"]);
        var call = Organization.StartCall(new GuestProfile("Carla")).ConversationId;
        await RouteAsync(call, "First", ",\"skillRequirements\":[\"refunds\"]");
        Time.Advance(TimeSpan.FromSeconds(2));
        Holder(call).UserId.ShouldBe(expert.Id);

        await RouteAsync(call, "Second");
        Organization.AddAgent("Nora Novice", ["Second", "Third"]);
        Time.Advance(TimeSpan.FromSeconds(2));
        Holder(call).Purpose.ShouldBe("acd");

        await RouteAsync(call, "Third", ",\"skillRequirements\":[]");
        Time.Advance(TimeSpan.FromSeconds(2));
        Holder(call).Purpose.ShouldBe("agent");
    }

    [Fact]
    public async Task Skills_of_a_waiting_call_change_in_place()
    {
        Organization.AddQueue("Skilled");
        var call = Organization.StartCall(new GuestProfile("Carla"), queue: "Skilled").ConversationId;
        await RouteAsync(call, "Skilled", ",\"skillRequirements\":[\"refunds\"]");
        Organization.AddAgent("Nora Novice", ["Skilled"]);
        Sandbox.Ledger.Of(LedgerKind.AgentAlerted, call).ShouldBeEmpty();
        await RouteAsync(call, "Skilled", ",\"skillRequirements\":[]");
        Sandbox.Ledger.Of(LedgerKind.AgentAlerted, call).Count.ShouldBe(1);
        (Applied(call), Sandbox.Ledger.Of(LedgerKind.RoutingChanged, call).Count).ShouldBe((0, 2));
    }

    [Fact]
    public async Task A_queue_that_does_not_take_calls_refuses_and_the_call_stays()
    {
        var call = Organization.StartCall(new GuestProfile("Carla"), "Ana Alvarez");
        var refused = await RouteAsync(call.ConversationId, "Night Desk");
        (refused.Status, refused.Json["message"]!.GetValue<string>()).ShouldBe((HttpStatusCode.BadRequest, "Invalid routingData"));
        var direct = await Client.PostAsync($"/conversations/{call.ConversationId}/participants/{call.HolderParticipantId}/transfer", $$"""{"transferType":"queue","queueId":"{{Queue("Night Desk")}}"}""");
        direct.Json["message"]!.GetValue<string>().ShouldContain("does not take voice");
        var enqueued = await Client.PostAsync($"/routing/conversations/queue/{Queue("Night Desk")}", $$"""{"conversationId":"{{call.ConversationId}}"}""");
        enqueued.Json["message"]!.GetValue<string>().ShouldBe("Invalid routingData");
        Holder(call.ConversationId).Purpose.ShouldBe("agent");
    }

    [Fact]
    public async Task Text_to_a_call_is_refused()
    {
        var call = Organization.StartCall(new GuestProfile("Carla")).ConversationId;
        var refused = await Client.PostAsync($"/routing/conversations/queue/{Queue("Empty")}", $$"""{"conversationId":"{{call}}","initialMessage":"Please wait."}""");
        (refused.Status, refused.Json["details"]![0]!["fieldName"]!.GetValue<string>()).ShouldBe((HttpStatusCode.BadRequest, "initialMessage"));
        (await Client.PostAsync($"/routing/conversations/queue/{Queue("Empty")}", $$"""{"conversationId":"{{call}}"}""")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Two_users_in_one_call_are_both_told_and_both_leave_with_it()
    {
        var call = Organization.StartCall(new GuestProfile("Carla"), "Ana Alvarez").ConversationId;
        Organization.JoinCall(call, "Chloe Martin");
        var users = (await Client.GetAsync($"/conversations/{call}")).Json["participants"]!.AsArray().Select(p => p!["userId"]?.GetValue<string>()).OfType<string>();
        users.ShouldBe([User("Ana Alvarez"), User("Chloe Martin")]);
        await RouteAsync(call, "Empty");
        Organization.Conversation(call).Participants.Where(p => p.State == "connected").Select(p => p.Purpose).ShouldBe(["customer", "acd"]);
    }

    [Fact]
    public async Task A_call_that_was_hung_up_is_gone()
    {
        var call = Organization.StartCall(new GuestProfile("Carla"), "Ana Alvarez").ConversationId;
        Organization.HangUp(call);
        var gone = await RouteAsync(call, "Empty");
        (gone.Status, gone.Json["entityId"]!.GetValue<string>()).ShouldBe((HttpStatusCode.NotFound, call));
        Organization.Agents.Single(a => a.Name == "Ana Alvarez").Load.ShouldBe(1);
        Time.Advance(TimeSpan.FromSeconds(5));
        Organization.Agents.Single(a => a.Name == "Ana Alvarez").Load.ShouldBe(0);
    }

    [Fact]
    public async Task A_lost_reply_hides_a_transfer_and_a_late_one_shows_as_transferring()
    {
        Sandbox.Faults.Add(new() { Kind = FaultKind.ConnectionResetAfterApply, Method = "PATCH", Times = 1 });
        await Should.ThrowAsync<HttpRequestException>(() => RouteAsync(Id, "Empty"));
        View.Holder!.QueueId.ShouldBe(Queue("Empty"));
        Sandbox.Faults.Add(new() { Kind = FaultKind.ApplyLate, Milliseconds = 8000, Times = 1 });
        await Should.ThrowAsync<HttpRequestException>(() => TransferAsync(View.Holder!.Id, "Billing"));
        (await Client.GetAsync($"/conversations/{Id}")).Json["state"]!.GetValue<string>().ShouldBe("transferring");
        (await TransferAsync(View.Holder!.Id, "Billing")).Status.ShouldBe(HttpStatusCode.Conflict);
        Time.Advance(TimeSpan.FromSeconds(8));
        View.Holder!.QueueId.ShouldBe(Queue("Billing"));
    }

    [Fact]
    public async Task What_was_answered_may_not_have_happened()
    {
        Sandbox.Faults.Add(new() { Kind = FaultKind.TransferFailsAfterAccepted, Times = 1 });
        var reply = (await RouteAsync(Id, "Empty")).Json;
        reply["attributes"]!["routingData"]!["queueId"]!.GetValue<string>().ShouldBe(Queue("Empty"));
        reply["participants"]!.AsArray().Select(p => p!["purpose"]!.GetValue<string>()).ShouldBe(["customer", "workflow"]);
        (await RouteAsync(Id, "Empty")).Json["participants"]![1]!["queueId"]!.GetValue<string>().ShouldBe(Queue("Empty"));
    }
}
