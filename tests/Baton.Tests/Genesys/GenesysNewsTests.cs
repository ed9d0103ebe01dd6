using System.Text;
using System.Text.Json;
using Baton.Core.Conversations;
using Baton.Genesys.Events;

namespace Baton.Tests.Genesys;

/// <summary>Bodies as genesys-api 8.3 and 8.4 give them, and such as nobody would give.</summary>
public sealed class GenesysNewsTests
{
    const string Detail = "v2.detail.events.conversation.{id}.";

    static LiveNews? Read(string topic, string body)
    {
        using var document = JsonDocument.Parse(body);
        return GenesysNews.Read(topic, document.RootElement.Clone(), isEvent: true);
    }

    static LiveNews Step(string name, string more = "") => Read(Detail + name,
        $$"""{"eventTime":1787220120000,"conversationId":"c","participantId":"p","sessionId":"s","mediaType":"MESSAGE","queueId":"q","userId":"u"{{more}}}""")!;

    [Fact]
    public void A_step_is_a_leg_that_began_or_ended()
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(1787220120000);
        Step("acd.start").Legs.ShouldBe([new LiveLeg("p", ParticipantRole.Queue) { CommunicationId = "s", QueueId = "q", StartedAt = at, Connected = true }]);
        Step("flow.end").Legs.ShouldBe([new LiveLeg("p", ParticipantRole.Bot) { CommunicationId = "s", EndedAt = at, Connected = true }]);
        Step("user.start").Legs.ShouldBe([new LiveLeg("p", ParticipantRole.Agent) { CommunicationId = "s", QueueId = "q", UserId = "u", StartedAt = at }]);
        Step("customer.end").Legs.ShouldBe([new LiveLeg("p", ParticipantRole.Customer) { CommunicationId = "s", EndedAt = at, Connected = true }]);
        Step("acd.end", ""","acdOutcome":"ANSWERED","answeredUserId":"u1" """).Legs[0].AnsweredBy.ShouldBe("u1");
        Step("acd.end", ""","acdOutcome":"ABANDON","answeredUserId":"u1" """).Legs[0].AnsweredBy.ShouldBeNull();
        Step("attributes").Legs.ShouldBeEmpty();
        Step("attributes").IsEvent.ShouldBeTrue();
    }

    [Theory]
    [InlineData("acw", """{"eventTime":1,"conversationId":"c","participantId":"p","mediaType":"MESSAGE"}""")]
    [InlineData("acd.start", """{"eventTime":1,"conversationId":"c","participantId":"p","mediaType":"EMAIL"}""")]
    [InlineData("acd.start", """{"eventTime":1,"conversationId":"","participantId":"p","mediaType":"MESSAGE"}""")]
    [InlineData("acd.start", """{"eventTime":1,"conversationId":"c","participantId":7,"mediaType":"MESSAGE"}""")]
    [InlineData("acd.start", """{"eventTime":"soon","conversationId":"c","participantId":"p","mediaType":"MESSAGE"}""")]
    [InlineData("acd.start", """{"eventTime":9e99,"conversationId":"c","participantId":"p","mediaType":"MESSAGE"}""")]
    [InlineData("acd.start.more", """{"eventTime":1,"conversationId":"c","participantId":"p","mediaType":"MESSAGE"}""")]
    [InlineData("acd.start", "[]")]
    [InlineData("acd.start", "null")]
    public void What_is_none_of_ours_or_cannot_be_read_tells_nothing(string name, string body) => Read(Detail + name, body).ShouldBeNull();

    [Fact]
    public void A_whole_conversation_tells_every_leg_and_transfer()
    {
        var news = Read("v2.routing.queues.q.conversations", """
            {"id":"c","startTime":"2026-08-20T10:00:00.000Z","participants":[
              {"id":"p1","purpose":"customer","name":"Gina","startTime":"2026-08-20T10:00:00.000Z","messages":[{"id":"s1","state":"connected"}]},
              {"id":"p2","purpose":"workflow","startTime":"2026-08-20T10:00:00.000Z","messages":[{"id":"s2","state":"disconnected","disconnectedTime":"2026-08-20T10:01:00.000Z"}]},
              {"id":"p3","purpose":"acd","name":"Support","queueId":"q","startTime":"2026-08-20T10:01:00.000Z","messages":[{"id":"s3","state":"connected"}]},
              {"id":"p4","purpose":"agent","userId":"u","startTime":"2026-08-20T10:01:05.000Z","messages":[{"id":"s4","state":"alerting"}]}],
             "recentTransfers":[{"id":"t1","state":"active","dateIssued":"2026-08-20T10:01:00.000Z"},{"id":"t0","state":"timeout"}]}
            """)!;
        news.Legs.Select(l => (l.Id, l.Role, l.CommunicationId, l.Connected, l.EndedAt is null)).ShouldBe([
            ("p1", ParticipantRole.Customer, "s1", true, true), ("p2", ParticipantRole.Bot, "s2", false, false), ("p3", ParticipantRole.Queue, "s3", true, true), ("p4", ParticipantRole.Agent, "s4", false, true)]);
        news.Legs[2].Name.ShouldBe("Support");
        news.Legs[0].Name.ShouldBeNull();
        news.Transfers.Select(t => t.State).ShouldBe([LiveTransferState.Active, LiveTransferState.Failed]);
    }

    [Fact]
    public void A_flattened_conversation_tells_the_same_but_for_the_communications()
    {
        var news = Read("v2.users.u.conversations.messages", """
            {"id":"c","participants":[
              {"id":"p3","purpose":"acd","state":"disconnected","queue":{"id":"q","name":"Support"},"startTime":"2026-08-20T10:01:00.000Z","endTime":"2026-08-20T10:02:00.000Z","messages":[{"message":{"id":"m"}}]},
              {"id":"p4","purpose":"agent","state":"connected","user":{"id":"u"},"startTime":"2026-08-20T10:01:05.000Z"}]}
            """)!;
        news.Legs.Select(l => (l.Id, l.QueueId, l.UserId, l.Connected, l.CommunicationId)).ShouldBe([("p3", "q", null, false, null), ("p4", null, "u", true, null)]);
    }

    [Fact]
    public void Frames_are_told_apart()
    {
        Frame("""{"topicName":"channel.metadata","eventBody":{"message":"WebSocket Heartbeat"}}""").ShouldBeOfType<NotificationFrame.Alive>();
        Frame("""{"topicName":"v2.system.socket_closing","eventBody":{"channelId":"x"}}""").ShouldBeOfType<NotificationFrame.Closing>();
        Frame("""{"topicName":"v2.system.no_longer_subscribed.streaming-1","eventBody":{}}""").ShouldBeOfType<NotificationFrame.Gone>();
        Frame("""{"topicName":"v2.system.token_revoked.streaming-1","eventBody":{}}""").ShouldBeOfType<NotificationFrame.Gone>();
        Frame("""{"result":"404","status":"failure"}""").ShouldBeOfType<NotificationFrame.Gone>();
        Frame("""{"result":"200","status":"subscribed"}""").ShouldBeOfType<NotificationFrame.Alive>();
        Frame("""{"topicName":"v2.routing.queues.q.conversations","eventBody":{"id":"c","participants":[]}}""").ShouldBeOfType<NotificationFrame.News>().Told.ConversationId.ShouldBe("c");
        Frame("""{"topicName":"v2.routing.queues.q.conversations","eventBody":7}""").ShouldBeOfType<NotificationFrame.Alive>();
        foreach (var odd in (string[])["", "null", "[]", "{", "ping", "\"x\""]) Frame(odd).ShouldBeOfType<NotificationFrame.Unreadable>();

        static NotificationFrame Frame(string text) => NotificationFrame.Read(Encoding.UTF8.GetBytes(text));
    }

    [Fact]
    public void Those_that_were_cut_off_together_do_not_come_back_together()
    {
        var random = new Random(3);
        var pauses = Enumerable.Range(0, 1000).Select(_ => NotificationChannel.Pause(4, random).TotalSeconds).ToList();
        pauses.ShouldAllBe(p => p >= 0.05 && p <= 8);
        Enumerable.Range(0, 8).ShouldAllBe(second => pauses.Count(p => p >= second && p < second + 1) > 60);
        NotificationChannel.Pause(1000, random).ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(60));
    }
}
