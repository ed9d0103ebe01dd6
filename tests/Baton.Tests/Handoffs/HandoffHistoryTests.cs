using System.Text;
using Baton.Core;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;
using Baton.Core.Policies;

namespace Baton.Tests.Handoffs;

/// <summary>
/// What each step is called, where it leaves the handoff, when the next one is due, and the sentence that says why: people read it in the history, programs in the API. It changes only on
/// purpose, and the approved text with it.
/// </summary>
public sealed class HandoffHistoryTests
{
    static readonly ConversationView moving = The.ViewWithBot with { TransferInProgress = true };
    static readonly ConversationView backWithBot = The.View(The.Customer, The.Gone(The.Bot), The.Gone(The.Leg()), The.Bot with { Id = "bot-2" });
    static readonly ConversationView nobodyHasIt = The.View(The.Customer, The.Gone(The.Bot), The.Gone(The.Leg()));
    static readonly ConversationView alerting = The.View(The.Customer, The.Gone(The.Bot), The.Gone(The.Leg()), The.AlertedAgent);
    static readonly ConversationView empty = The.View();
    static readonly QueueCheck callsOnly = The.Support with { Media = [Media.Voice] };

    static readonly (string Name, Func<Story> Tell)[] stories =
    [
        ("the usual way", () => Story.Of().Prepared().Briefed().After(0.5).Replied(Story.Accepts).WhenDue().Looked(The.ViewInQueue).MessageDue().MessageReplied(Story.Accepts).WhenDue().Looked(The.ViewInQueue).WhenDue().Looked(The.ViewWithBot)
            .WhenDue().Looked(alerting).WhenDue().Looked(The.ViewWithAgent).WhenDue().Looked(The.ViewWithAgent).WhenDue().Looked(nobodyHasIt)),
        ("with skills", () => Story.Of(The.WithSkills).Accepted().WhenDue().Looked(The.ViewInQueue).RoutingSet().MessageDue().MessageReplied(Story.Accepts)),
        ("an agent is quicker than the skills", () => Story.Of(The.WithSkills).Accepted().WhenDue().Looked(The.ViewInQueue).RoutingSet(false)),
        ("a language alone is set too", () => Story.Of(The.OneQueue with { Steps = [new RouteStep { Queue = "Support", Language = "de" }] }).Accepted().WhenDue().Looked(The.ViewInQueue)),
        ("a priority alone is set too", () => Story.Of(The.OneQueue with { Steps = [new RouteStep { Queue = "Support", Priority = 8 }] }).Accepted().WhenDue().Looked(The.ViewInQueue)),
        ("nothing to say", () => Story.Of(The.Silent(The.OneQueue)).Accepted().WhenDue().Looked(The.ViewInQueue)),
        ("an agent before the first look, the message with nobody left to say it", () => Story.Of().Accepted().WhenDue().Looked(The.ViewWithAgent).MessageDue()),
        ("passed through", () => Story.Of().Accepted().WhenDue().Looked(The.View(The.Customer, The.Gone(The.Bot), The.Gone(The.Leg())))),
        ("enqueued with its words", () => Story.Of().Hears(new HandoffEvent.Prepared(The.ViewWithBot, The.Support) { Enqueues = true }).Hears(new HandoffEvent.Briefed("History.")).Replied(Story.Accepts).WhenDue().Looked(The.ViewInQueue)),
        ("enqueued without a history", () => Story.Of().Hears(new HandoffEvent.Prepared(The.ViewWithBot, The.Support) { Enqueues = true }).Briefed()),
        ("not told yet", () => Story.Of().Accepted().WhenDue().Hears(new HandoffEvent.NotToldYet()).WhenDue().Looked(The.ViewInQueue).Hears(new HandoffEvent.NotToldYet())),

        ("canceled, then once more", () => Story.Of().Canceled().Canceled()),
        ("too late to cancel", () => Story.Of().Accepted().Canceled().WhenDue().Looked(The.ViewInQueue).Canceled()),
        ("what cannot happen", () => Story.Of().Hears(new HandoffEvent.MessageDue()).Briefed().TransferDue()),
        ("over is over", () => Story.Of().Prepared(The.ViewWithoutCustomer).Canceled().Prepared().Faulted(FailureKind.Unavailable)),

        ("nobody shown while preparing", () => Story.Of().Prepared(empty)),
        ("the customer had left", () => Story.Of().Prepared(The.ViewWithoutCustomer)),
        ("somebody else transfers", () => Story.Of().Prepared(moving)),
        ("already in a queue", () => Story.Of().Prepared(The.ViewInQueue)),
        ("already with an agent", () => Story.Of().Prepared(The.View(The.Customer, The.Agent with { Name = "Ada" }))),
        ("no bot", () => Story.Of().Prepared(The.View(The.Customer))),
        ("no queue", () => Story.Of().Prepared(queue: The.NoQueue).MessageDue().MessageReplied(Story.Accepts)),
        ("a queue for calls", () => Story.Of().Prepared(queue: callsOnly)),
        ("a queue for messages", () => Story.Of().Prepared(The.ViewWithBot with { Media = Media.Voice }, The.Support with { Media = [Media.Message] })),
        ("nobody on queue", () => Story.Of().Prepared(queue: The.NobodyOnQueue)),
        ("nobody on queue, another queue follows", () => Story.Of(The.WithFallback).Prepared(queue: The.NobodyOnQueue).Prepared(queue: The.Backup)),

        ("refused for good", () => Story.Of().Sending().Replied(Story.Refuses(FailureKind.MissingPermission)).MessageDue()),
        ("the leg was gone", () => Story.Of().Sending().After(1).Replied(Story.Refuses(FailureKind.LegGone)).Looked(The.ViewInQueue)),
        ("the queue was gone", () => Story.Of(The.WithFallback).Sending().Replied(Story.Refuses(FailureKind.QueueNotFound))),
        ("out of quota", () => Story.Of() is var s ? s.Sending().Replied(s.NotFor(30)).WhenDue().TransferDue().Replied(new SendReply.NotNow(null, "Too many calls.")).WhenDue().TransferDue().Replied(new SendReply.NotNow(null, "Too many calls.")).After(1000).TransferDue() : s),
        ("out of quota once, and late", () => Story.Of() is var s ? s.Sending().Replied(s.NotFor(30)).After(1000).TransferDue() : s),
        ("no answer, and it had happened", () => Story.Of().Sending().After(2).Replied(Story.Loses()).WhenDue().Looked(The.ViewInQueue)),
        ("no answer, and it had not", () => Story.Of().Sending().After(2).Replied(Story.Loses()).Looked(The.ViewWithBot).WhenDue().Looked(The.ViewWithBot).TransferDue().Replied(Story.Loses()).WhenDue().Looked(The.ViewWithBot).WhenDue().TransferDue()),
        ("no answer, and late", () => Story.Of().Sending().Replied(Story.Loses()).After(1000).Looked(The.ViewWithBot)),
        ("under way for ever", () => Story.Of().Accepted().WhenDue().Looked(moving).WhenDue().Looked(moving).After(1000).Looked(moving)),
        ("given up by the platform", () => Story.Of().Accepted().After(20).Looked(The.ViewWithBot with { TransferFailedAt = The.Start.AddSeconds(5) })),
        ("accepted and never done", () => Enumerable.Range(0, 4).Aggregate(Story.Of().Accepted(), (s, _) => s.After(20).Looked(The.ViewWithBot).WhenDue().TransferDue().Replied(Story.Accepts))),
        ("an empty reading", () => Story.Of().Accepted().WhenDue().Looked(empty)),
        ("somebody else was first", () => Story.Of().Accepted().After(20).Looked(The.View(The.Customer, The.Gone(The.Bot), The.Leg("leg-x", "q-other")))),
        ("left for nowhere", () => Enumerable.Range(0, 5).Aggregate(Story.Of().Accepted().After(20), (s, _) => s.WhenDue().Looked(The.View(The.Customer, The.Gone(The.Bot))))),
        ("the customer leaves meanwhile", () => Story.Of().Accepted().WhenDue().Looked(The.View(The.Gone(The.Customer), The.Gone(The.Bot)))),
        ("the customer leaves from the queue before the first look", () => Story.Of().Accepted().WhenDue().Looked(The.View(The.Gone(The.Customer), The.Gone(The.Bot), The.Gone(The.Leg())))),

        ("nobody comes, the next queue does not either", () => Story.Of(The.WithFallback).Queued().After(130).Looked(The.ViewInQueue).Prepared(The.ViewInQueue, The.Backup).Replied(Story.Accepts).WhenDue().Looked(The.ViewInBackup).MessageDue().MessageReplied(Story.Accepts)
            .After(130).Looked(The.ViewInBackup).MessageDue().MessageReplied(Story.Accepts).WhenDue().Looked(The.ViewInBackup)),
        ("the wait ends before the next look would come", () => Enumerable.Range(0, 9).Aggregate(Story.Of(The.WithFallback).Queued(), (s, _) => s.WhenDue().Looked(The.ViewInQueue))),
        ("who is being alerted gets to answer", () => Story.Of(The.WithFallback).Queued().After(125).Looked(alerting).After(60).Looked(alerting)),
        ("the next queue cannot take it", () => Story.Of(The.WithFallback).Queued().After(130).Looked(The.ViewInQueue).Prepared(The.ViewInQueue, The.NoQueue).MessageDue()),
        ("no leg to move on", () => Story.Of(The.WithFallback).Queued().After(130).Looked(The.ViewInQueue).Prepared(alerting, The.Backup)),
        ("an agent while the next queue is looked at", () => Story.Of(The.WithFallback).Queued().After(130).Looked(The.ViewInQueue).Prepared(The.ViewWithAgent, The.Backup)),
        ("an agent was quicker than the move", () => Story.Of(The.WithFallback).Queued().After(130).Looked(The.ViewInQueue).Prepared(The.ViewInQueue, The.Backup).Replied(Story.Accepts).WhenDue().Looked(alerting)),
        ("back with the bot", () => Story.Of().Queued().WhenDue().Looked(backWithBot)),
        ("nobody has it any more", () => Enumerable.Range(0, 10).Aggregate(Story.Of().Queued(), (s, _) => s.WhenDue().Looked(nobodyHasIt))),
        ("the customer leaves while waiting", () => Story.Of().Queued().WhenDue().Looked(The.View(The.Gone(The.Customer), The.Leg()))),
        ("an agent passes it on", () => Story.Of().WithAgent().WhenDue().Looked(The.ViewInBackup).WhenDue().Looked(The.View(The.Gone(The.Customer), The.Agent))),

        ("the message: no answer, not there, no answer, there", () => Story.Of().Confirmed().MessageDue().MessageReplied(Story.Loses()).WhenDue().MessageLookedFor(false).MessageDue().MessageReplied(Story.Loses()).WhenDue().MessageLookedFor(true)),
        ("the message: out of quota, then refused", () => Story.Of().Confirmed().MessageDue().MessageReplied(new SendReply.NotNow(null, "Too many calls.")).WhenDue().MessageDue().MessageReplied(Story.Refuses(FailureKind.BadRequest))),
        ("the message: not possible here", () => Story.Of().Confirmed().MessageDue().MessageReplied(Story.Refuses(FailureKind.Unsupported))),
        ("the message: given up", () => Enumerable.Range(0, 4).Aggregate(Story.Of().Confirmed(), (s, _) => s.MessageDue().MessageReplied(Story.Loses()).WhenDue().MessageLookedFor(false)).MessageDue()),

        ("troubles while preparing", () => Story.Of().Faulted(FailureKind.Unavailable).Faulted(FailureKind.RateLimited, The.Start.AddSeconds(40)).Faulted(FailureKind.Unauthorized).After(1000).Faulted(FailureKind.Unavailable)),
        ("a fault that does not pass", () => Story.Of().Faulted(FailureKind.MissingPermission)),
        ("not briefed", () => Story.Of().Prepared().Faulted(FailureKind.Unavailable).Faulted(FailureKind.BadRequest)),
        ("briefing tried four times", () => Enumerable.Range(0, 4).Aggregate(Story.Of().Prepared(), (s, _) => s.Faulted(FailureKind.Unavailable))),
        ("skills not set", () => Story.Of(The.WithSkills).Accepted().WhenDue().Looked(The.ViewInQueue).Faulted(FailureKind.BadRequest)),
        ("looking fails", () => Story.Of().Accepted().WhenDue().Faulted(FailureKind.Unavailable).Faulted(FailureKind.Unauthorized).Faulted(FailureKind.MissingPermission).MessageDue()),
        ("following fails", () => Story.Of().Queued().WhenDue().Faulted(FailureKind.Unavailable).WhenDue().Faulted(FailureKind.ConversationNotFound)),
        ("following an agent fails", () => Story.Of().WithAgent().WhenDue().Faulted(FailureKind.ConversationEnded)),
        ("looking for the message fails", () => Story.Of().Confirmed().MessageDue().MessageReplied(Story.Loses()).WhenDue().Faulted(FailureKind.MissingPermission)),
        ("looking at the next queue fails", () => Story.Of(The.WithFallback).Queued().After(130).Looked(The.ViewInQueue).Faulted(FailureKind.MissingPermission)),
    ];

    [Fact]
    public void Every_story_reads_as_approved()
    {
        var (approved, received) = (Path.Combine(AppContext.BaseDirectory, "Handoffs", "Histories.approved.txt"), Path.Combine(AppContext.BaseDirectory, "Histories.received.txt"));
        var text = new StringBuilder();
        foreach (var (name, tell) in stories)
        {
            text.Append(name).Append('\n');
            foreach (var line in tell().Lines) text.Append("  ").Append(line).Append('\n');
        }
        File.WriteAllText(received, text.ToString());
        text.ToString().ShouldBe(File.ReadAllText(approved).ReplaceLineEndings("\n"), "The history reads otherwise now. If that is meant: cp tests/Baton.Tests/bin/Release/net10.0/Histories.received.txt tests/Baton.Tests/Handoffs/Histories.approved.txt");
    }
}
