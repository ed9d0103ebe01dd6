using System.Text.Json;
using Baton.Core;
using Baton.Core.Conversations;
using Baton.Genesys.Platform;

namespace Baton.Tests.Genesys;

/// <summary>The platform's conversation as Baton reads it.</summary>
public sealed class PlatformViewTests
{
    static ConversationView View(string json) => PlatformView.Of(JsonSerializer.Deserialize(json, PlatformJson.Default.WireConversation)!, "asked");
    static Participant Only(string participant) => View($$"""{"participants":[{{participant}}]}""").Participants.ShouldHaveSingleItem();

    [Theory]
    [InlineData("customer", ParticipantRole.Customer)]
    [InlineData("external", ParticipantRole.Customer)]
    [InlineData("workflow", ParticipantRole.Bot)]
    [InlineData("botflow", ParticipantRole.Bot)]
    [InlineData("ivr", ParticipantRole.Bot)]
    [InlineData("api", ParticipantRole.Bot)]
    [InlineData("acd", ParticipantRole.Queue)]
    [InlineData("ACD", ParticipantRole.Queue)]
    [InlineData("agent", ParticipantRole.Agent)]
    [InlineData("user", ParticipantRole.Agent)]
    [InlineData("somethingNew", ParticipantRole.Other)]
    public void A_purpose_is_a_role(string purpose, ParticipantRole role) => Only($$"""{"id":"p","purpose":"{{purpose}}"}""").Role.ShouldBe(role);

    [Theory]
    [InlineData("connected", true, false)]
    [InlineData("Connected", true, false)]
    [InlineData("alerting", false, false)]
    [InlineData("somethingNew", false, false)]
    [InlineData("disconnected", false, true)]
    [InlineData("terminated", false, true)]
    public void A_communications_state_says_who_speaks_and_who_is_gone(string state, bool connected, bool gone)
    {
        var participant = Only($$"""{"id":"p","purpose":"agent","startTime":"2026-03-02T10:00:00Z","messages":[{"id":"m","state":"{{state}}"}]}""");
        (participant.Connected, participant.EndedAt is not null, participant.CommunicationId).ShouldBe((connected, gone, "m"));
    }

    [Fact]
    public void A_leg_whose_communications_have_ended_is_gone_also_without_any_time() =>
        View("""{"participants":[{"id":"p","purpose":"acd","messages":[{"id":"m","state":"disconnected"}]}]}""").Live(ParticipantRole.Queue).ShouldBeNull();

    [Fact]
    public void A_leg_that_was_disconnected_and_is_connected_again_is_there() =>
        Only("""{"id":"p","purpose":"customer","messages":[{"id":"m1","state":"disconnected"},{"id":"m2","state":"connected"}]}""")
            .ShouldSatisfyAllConditions(p => p.EndedAt.ShouldBeNull(), p => p.Connected.ShouldBeTrue(), p => p.CommunicationId.ShouldBe("m2"));

    [Fact]
    public void A_legs_own_end_counts() => Only("""{"id":"p","purpose":"acd","endTime":"2026-03-02T10:05:00Z"}""").EndedAt.ShouldBe(The.Start.AddMinutes(5));

    [Fact]
    public void Everything_may_be_missing()
    {
        var view = View("{}");
        (view.ConversationId, view.Media, view.EndedAt, view.TransferInProgress, view.TransferFailedAt, view.CustomerIsGone).ShouldBe(("asked", Media.Message, null, false, null, false));
        view.Participants.ShouldBeEmpty();
        View("""{"participants":[{},{"id":"p"}]}""").Participants.ShouldHaveSingleItem().Role.ShouldBe(ParticipantRole.Other);
        View("""{"participants":null,"recentTransfers":null,"somethingNew":[1]}""").Participants.ShouldBeEmpty();
    }

    [Fact]
    public void A_call_is_a_call()
    {
        var view = View("""{"participants":[{"id":"p","purpose":"customer","calls":[{"id":"call-1","state":"connected"}]}]}""");
        (view.Media, view.Customer!.CommunicationId, view.CustomerIsGone).ShouldBe((Media.Voice, null, false));
    }

    [Theory]
    [InlineData("PENDING", true, false)]
    [InlineData("active", true, false)]
    [InlineData("Complete", false, false)]
    [InlineData("failed", false, true)]
    [InlineData("Timeout", false, true)]
    [InlineData("somethingNew", false, false)]
    public void Recent_transfers_tell_what_is_under_way_and_what_was_given_up(string state, bool underWay, bool failed)
    {
        var view = View($$"""{"recentTransfers":[{"id":"t","state":"{{state}}","dateIssued":"2026-03-02T10:00:00Z"}]}""");
        (view.TransferInProgress, view.TransferFailedAt).ShouldBe((underWay, failed ? The.Start : null));
    }

    [Fact]
    public void Of_several_failed_transfers_the_last_counts() =>
        View("""{"recentTransfers":[{"state":"failed","dateIssued":"2026-03-02T10:02:00Z"},{"state":"failed","dateIssued":"2026-03-02T10:01:00Z"},{"state":"failed"}]}""")
            .TransferFailedAt.ShouldBe(The.Start.AddMinutes(2));
}
