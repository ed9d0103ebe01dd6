using System.Text.Json;
using Baton.Core;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Core.Readings;
using Baton.Tests.Handoffs;
using Baton.Tests.Readings;

namespace Baton.Tests.Conversations;

/// <summary>Turns come from feeds that repeat, reorder and lose: what is known in the end does not depend on how it came.</summary>
public sealed class EventFeedTests
{
    const int Feeds = 1_000;
    const string TauAirline = "../shared/data/tau-airline.dev.jsonl";

    static readonly Policy policy = PolicyPresets.Load("default");

    [Fact]
    public void A_thousand_disorderly_feeds_of_a_conversation_end_in_the_same_state_and_decision()
    {
        for (var seed = 1; seed <= Feeds; seed++)
        {
            var random = new Random(seed);
            Check(Some.Transcript(random, random.Next(1, 25)), random, $"seed {seed}");
        }
    }

    [Fact]
    public void Recorded_conversations_end_in_the_same_state_and_decision_however_they_are_fed()
    {
        var path = Find(TauAirline);
        if (path is null) Assert.Skip($"{TauAirline} is not here.");
        var seed = 0;
        foreach (var line in File.ReadLines(path!).Where(l => l.Length > 0).Take(200))
        {
            using var recorded = JsonDocument.Parse(line);
            var turns = recorded.RootElement.GetProperty("turns").EnumerateArray()
                .Select((t, i) => new Turn($"t{i}", t.GetProperty("from").GetString() == "customer" ? Speaker.Customer : Speaker.Bot, t.GetProperty("text").GetString()!, Talk.Start.AddSeconds(10 * i))).ToList();
            for (var times = 0; times < 5; times++) Check(turns, new Random(++seed), $"{recorded.RootElement.GetProperty("id")} seed {seed}");
        }
    }

    static void Check(IReadOnlyList<Turn> turns, Random random, string what)
    {
        var now = turns.Max(t => t.At).AddSeconds(5);
        var inOrder = Conversation.Of("c", turns);
        var expected = policy.Decide(inOrder, RoutingSnapshot.Unknown, now).ToJson();

        var feed = Disorder(turns, random);
        Conversation.Of("c", feed).Turns.ShouldBe(inOrder.Turns, what);
        var heard = new Conversation { Id = "c", StartedAt = inOrder.StartedAt };
        var readings = new ConversationReadings(inOrder.StartedAt);
        foreach (var turn in feed)
        {
            heard = heard.Hear(turn);
            readings.Hear(turn);
            // What is measured in between must not stay.
            if (random.Next(3) == 0) readings.Read(turn.At);
        }
        heard.Turns.ShouldBe(inOrder.Turns, what);
        policy.Decide(heard, RoutingSnapshot.Unknown, now).ToJson().ShouldBe(expected, what);
        policy.Decide(readings, heard, RoutingSnapshot.Unknown, now).ToJson().ShouldBe(expected, what);
    }

    /// <summary>Each once to ten times, in any order; what a feed has lost comes at the end, when it is read.</summary>
    static List<Turn> Disorder(IReadOnlyList<Turn> turns, Random random)
    {
        var feed = turns.Where(_ => random.Next(5) > 0).SelectMany(t => Enumerable.Repeat(t, random.Next(1, 11))).ToArray();
        if (random.Next(4) > 0) random.Shuffle(feed);
        return [.. feed, .. turns];
    }

    [Fact]
    public async Task A_first_turn_that_comes_last_still_is_the_beginning()
    {
        var talk = new Talk().Customer("Hello.").Bot("How can I help?").Customer("My order is late.");
        var watch = new ConversationWatch(new TurnTable(), () => shadow, at => HandoffId.New(at, new Random(1)), new ManualTime(talk.Now.AddMinutes(1)));
        var ordered = new ConversationWatch(new TurnTable(), () => shadow, at => HandoffId.New(at, new Random(1)), new ManualTime(talk.Now.AddMinutes(1)));

        Heard late = null!, whole = null!;
        foreach (var turn in talk.Turns.Reverse()) late = await watch.HearAsync(new ConversationUpdate("c1", [turn]), TestContext.Current.CancellationToken);
        foreach (var turn in talk.Turns) whole = await ordered.HearAsync(new ConversationUpdate("c1", [turn]), TestContext.Current.CancellationToken);

        late.Decision.ToJson().ShouldBe(whole.Decision.ToJson());
    }

    [Fact]
    public void A_handoff_that_is_waked_at_any_time_and_in_any_order_ends_as_if_it_had_not_been()
    {
        ConversationView[] seen = [The.ViewWithBot, The.ViewInQueue, The.View(The.Customer, The.Gone(The.Bot), The.Gone(The.Leg()), The.AlertedAgent), The.ViewWithAgent, The.View(The.Gone(The.Customer), The.Gone(The.Bot), The.Gone(The.Leg()), The.Gone(The.Agent))];
        var undisturbed = Story.Of().Queued().WhenDue().Looked(The.ViewWithAgent).WhenDue().Looked(seen[^1]);
        for (var seed = 1; seed <= Feeds; seed++)
        {
            var random = new Random(seed);
            var story = Story.Of().Accepted();
            for (var at = 0; at < seen.Length; at++)
            {
                // Each waking is a look, and a look may trail by any number of events, or by none.
                for (var wakings = random.Next(1, 11); wakings > 0; wakings--)
                {
                    story.After(random.NextDouble()).Looked(seen[random.Next(3) == 0 ? random.Next(at + 1) : at]);
                    if (story.Todo == Todo.SendMessage) story.MessageDue().MessageReplied(Story.Accepts);
                }
                story.WhenDue().Looked(seen[at]);
                if (story.Todo == Todo.SendMessage) story.MessageDue().MessageReplied(Story.Accepts);
            }
            (story.State, story.Todo, story.Handoff.AgentId).ShouldBe((undisturbed.State, undisturbed.Todo, undisturbed.Handoff.AgentId), $"seed {seed}");
            story.Transfers.Count().ShouldBe(1, $"seed {seed}");
            story.Told.ShouldBe(undisturbed.Told, $"seed {seed}");
        }
    }

    static readonly Policy shadow = PolicyDocument.Parse("name: x\nextends: default\nmode: shadow\n", "p").Policy!;

    static string? Find(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, path) is { } there && File.Exists(there)) return there;
        return null;
    }
}
