using System.Text.Json;
using Baton.Core;
using Baton.Core.Conversations;

namespace Baton.Tests.Conversations;

/// <summary>What was told, in whatever order and however often, is one conversation.</summary>
public sealed class LiveConversationTests
{
    static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);
    static DateTimeOffset At(double seconds) => Start + TimeSpan.FromSeconds(seconds);

    static LiveNews Began(string id, ParticipantRole role, double at, string? queue = null, string? user = null) => new("c")
    {
        IsEvent = true,
        Media = Media.Message,
        Legs = [new LiveLeg(id, role) { StartedAt = At(at), CommunicationId = id + "-line", QueueId = queue, UserId = user, Connected = role != ParticipantRole.Agent }],
    };

    static LiveNews Ended(string id, ParticipantRole role, double at, string? answeredBy = null) => new("c")
    {
        IsEvent = true,
        Media = Media.Message,
        Legs = [new LiveLeg(id, role) { EndedAt = At(at), AnsweredBy = answeredBy, Connected = role != ParticipantRole.Agent }],
    };

    // To the queue, missed by one agent and taken by another, back to the bot, to the queue again, and away.
    static readonly IReadOnlyList<LiveNews> Story =
    [
        Began("customer", ParticipantRole.Customer, 0), Began("bot", ParticipantRole.Bot, 0),
        Ended("bot", ParticipantRole.Bot, 30), Began("acd", ParticipantRole.Queue, 30, "q"),
        Began("ada", ParticipantRole.Agent, 31, "q", "u-ada"), Ended("ada", ParticipantRole.Agent, 41),
        Began("ben", ParticipantRole.Agent, 42, "q", "u-ben"), Ended("acd", ParticipantRole.Queue, 45, "u-ben"),
        // As a notification tells the whole of it.
        new LiveNews("c")
        {
            Media = Media.Message,
            Legs =
            [
                new LiveLeg("customer", ParticipantRole.Customer) { StartedAt = At(0), CommunicationId = "customer-line", Connected = true },
                new LiveLeg("acd", ParticipantRole.Queue) { Name = "Support", QueueId = "q", StartedAt = At(30), EndedAt = At(45), CommunicationId = "acd-line" },
                new LiveLeg("ben", ParticipantRole.Agent) { UserId = "u-ben", StartedAt = At(42), CommunicationId = "ben-line", Connected = true },
            ],
            Transfers = [new LiveTransfer("t", LiveTransferState.Over, At(29))],
        },
        new LiveNews("c") { Media = Media.Message, Transfers = [new LiveTransfer("t", LiveTransferState.Pending, At(29))] },
        Began("bot-2", ParticipantRole.Bot, 100), Ended("ben", ParticipantRole.Agent, 100),
        Ended("bot-2", ParticipantRole.Bot, 130), Began("acd-2", ParticipantRole.Queue, 130, "q"),
        Ended("acd-2", ParticipantRole.Queue, 150), Ended("customer", ParticipantRole.Customer, 150),
    ];

    static LiveConversation Fold(IEnumerable<LiveNews> news) => news.Aggregate(new LiveConversation("c"), (known, told) => known.Fold(told));

    static string Shown(LiveConversation conversation) => JsonSerializer.Serialize(conversation, CoreJson.Default.LiveConversation);

    [Fact]
    public void A_thousand_orders_of_the_same_news_with_repetitions_give_the_same_conversation()
    {
        var random = new Random(7);
        for (var length = 1; length <= Story.Count; length++)
        {
            var told = Story.Take(length).ToArray();
            var ordered = Fold(told);
            for (var run = 0; run < 1_000 / Story.Count + 1; run++)
            {
                var mixed = told.Concat(told.Where(_ => random.Next(3) == 0)).ToArray();
                random.Shuffle(mixed);
                Fold(mixed).IsSameAs(ordered).ShouldBeTrue();
                Shown(Fold(mixed)).ShouldBe(Shown(ordered));
            }
        }
    }

    [Fact]
    public void The_same_again_is_nothing_new()
    {
        var whole = Fold(Story);
        foreach (var news in Story) whole.Fold(news).IsSameAs(whole).ShouldBeTrue();
        Fold(Story.Take(5)).IsSameAs(whole).ShouldBeFalse();
    }

    [Fact]
    public void It_shows_what_a_reading_would_at_each_step()
    {
        View(2).Live(ParticipantRole.Bot)!.Id.ShouldBe("bot");
        View(4).Live(ParticipantRole.Queue)!.Id.ShouldBe("acd");
        View(5).ConnectedAgent.ShouldBeNull();
        View(7).ConnectedAgent.ShouldBeNull();
        // Nothing but the end of the queue's leg says that the second one has answered.
        View(8).ConnectedAgent!.UserId.ShouldBe("u-ben");
        View(12).Live(ParticipantRole.Bot)!.Id.ShouldBe("bot-2");
        View(12).ConnectedAgent.ShouldBeNull();
        View(16).CustomerIsGone.ShouldBeTrue();
        View(10).TransferInProgress.ShouldBeFalse();

        static ConversationView View(int told) => Fold(Story.Take(told)).View();
    }

    [Fact]
    public void Who_holds_it_is_said_only_when_it_is_sure()
    {
        Fold([Began("bot", ParticipantRole.Bot, 0)]).Holder()!.Kind.ShouldBe(OwnerKind.Bot);
        Fold(Story.Take(4)).Holder().ShouldBe(new Owner(OwnerKind.Queue) { QueueId = "q" });
        Fold(Story.Take(8)).Holder().ShouldBe(new Owner(OwnerKind.Agent) { AgentId = "u-ben" });
        Fold(Story).Holder().ShouldBe(Owner.Nobody);
        // An alert is no answer, and a bot whose end was not told of is not the holder when somebody came after it.
        Fold(Story.Take(7).Where(n => n.Legs[0].Id is not "acd")).Holder().ShouldBeNull();
        Fold(Story.Take(8).Where(n => n.Legs[0] is not { Id: "bot", EndedAt: not null }).Append(Ended("ben", ParticipantRole.Agent, 99))).Holder().ShouldBeNull();
    }

    [Fact]
    public void It_keeps_no_name_of_a_person()
    {
        var view = new ConversationView("c", Media.Message, null, [new Participant("p", ParticipantRole.Customer) { Name = "Gina" }, new Participant("a", ParticipantRole.Agent) { Name = "Ada" }, new Participant("q", ParticipantRole.Queue) { Name = "Support" }]);
        var kept = Shown(Fold([LiveNews.Of(view)]));
        kept.ShouldNotContain("Gina");
        kept.ShouldNotContain("Ada");
        kept.ShouldContain("Support");
    }
}
