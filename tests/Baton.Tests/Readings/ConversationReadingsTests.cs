using System.Diagnostics;
using Baton.Core.Conversations;
using Baton.Core.Readings;
using Baton.Tests.Conversations;
using Shouldly;
using Xunit;

namespace Baton.Tests.Readings;

public sealed class ConversationReadingsTests
{
    static Reading Read(Talk talk, ReadingKind kind) => ConversationReadings.Of(talk.Conversation).Read(talk.Now)[(int)kind];

    static double? Value(Talk talk, ReadingKind kind) => Read(talk, kind).Value;

    [Fact]
    public void Readings_come_by_kind_and_every_kind_is_there() =>
        ConversationReadings.Of(new Talk().Conversation).Read(Talk.Start).Select(reading => reading.Kind).ShouldBe(Enum.GetValues<ReadingKind>());

    [Fact]
    public void What_an_empty_conversation_cannot_tell_is_unknown_and_says_why()
    {
        var readings = ConversationReadings.Of(new Conversation { Id = "c" }).Read(Talk.Start);
        var unknown = readings.Where(reading => !reading.IsKnown).ToDictionary(reading => reading.Kind, reading => reading.Source);
        unknown[ReadingKind.IntentConfidence].ShouldBe("no intent confidence seen");
        unknown[ReadingKind.Sentiment].ShouldBe("no customer turn yet");
        unknown[ReadingKind.SentimentDecay].ShouldBe("no customer turn yet");
        unknown[ReadingKind.AskedForHuman].ShouldBe("no customer turn yet");
        unknown[ReadingKind.NoMatch].ShouldBe("the bot has not answered yet");
        unknown.ShouldContainKey(ReadingKind.Repetition);
        unknown.ShouldContainKey(ReadingKind.Minutes);
        readings.Where(reading => reading.IsKnown).Select(reading => (reading.Kind, reading.Value)).ShouldBe([(ReadingKind.HandoffDepth, 0), (ReadingKind.Turns, 0)]);
    }

    [Fact]
    public void The_newest_intent_confidence_counts_and_names_its_turn()
    {
        var reading = Read(new Talk().Customer("a").Bot("b", confidence: 0.9).Customer("c").Bot("d", confidence: 0.41).Customer("e"), ReadingKind.IntentConfidence);
        reading.Value.ShouldBe(0.41);
        reading.Source.ShouldBe("bot turn 4");
        reading.At.ShouldBe(Talk.Start.AddSeconds(30));
    }

    [Fact]
    public void The_platforms_report_stands_in_until_a_newer_turn_has_a_confidence()
    {
        var talk = new Talk().Customer("a").Bot("b");
        var reported = talk.Conversation with { IntentReport = new IntentReport(0.62, Talk.Start.AddSeconds(5), "analytics metric") };
        ConversationReadings.Of(reported).Read(Talk.Start)[0].ShouldSatisfyAllConditions(reading => reading.Value.ShouldBe(0.62), reading => reading.Source.ShouldBe("analytics metric"));
        ConversationReadings.Of(reported.Hear(new Turn("late", Speaker.Bot, "c", Talk.Start.AddSeconds(30)) { Intent = new Intent("x", 0.8) })).Read(Talk.Start)[0].Value.ShouldBe(0.8);
    }

    [Fact]
    public void Sentiment_is_the_platforms_when_there_and_smoothed()
    {
        var reading = Read(new Talk().Customer("I hate this", sentiment: 0.8).Bot("ok").Customer("I hate this", sentiment: -0.4), ReadingKind.Sentiment);
        reading.Value!.Value.ShouldBe(0.2, 1e-9);
        reading.Source.ShouldBe("platform, customer turn 3");
    }

    [Fact]
    public void Sentiment_without_the_platform_is_scored_here() =>
        Read(new Talk().Customer("This is a ridiculous waste of time!"), ReadingKind.Sentiment).ShouldSatisfyAllConditions(
            reading => reading.Value!.Value.ShouldBeLessThan(-0.5), reading => reading.Source.ShouldBe("own scorer, customer turn 1"));

    [Fact]
    public void What_the_bot_says_is_no_sentiment_of_the_customer() =>
        Value(new Talk().Bot("What a wonderful, great day!"), ReadingKind.Sentiment).ShouldBeNull();

    [Fact]
    public void Sentiment_decay_is_the_fall_from_the_best_value()
    {
        var talk = new Talk().Customer("a", 0).Customer("b", 1).Customer("c", -1);
        Value(talk, ReadingKind.Sentiment)!.Value.ShouldBe(-0.25, 1e-9);
        Value(talk, ReadingKind.SentimentDecay)!.Value.ShouldBe(0.75, 1e-9);
    }

    [Fact]
    public void A_wish_for_a_human_holds_for_the_next_customer_turn_and_is_then_over()
    {
        var talk = new Talk().Customer("agent please").Bot("Of course.").Customer("thanks");
        Value(talk, ReadingKind.AskedForHuman).ShouldBe(0.9);
        Value(talk.Customer("my order is late"), ReadingKind.AskedForHuman).ShouldBe(0);
    }

    [Fact]
    public void The_bots_report_of_the_wish_is_certain() =>
        Value(new Talk().Customer("hm").Bot("ok", result: BotResult.AgentRequested), ReadingKind.AskedForHuman).ShouldBe(1);

    [Fact]
    public void Yes_to_the_bots_offer_is_a_wish_and_yes_to_anything_else_is_not()
    {
        Value(new Talk().Bot("Shall I connect you with an agent?").Customer("yes please"), ReadingKind.AskedForHuman)!.Value.ShouldBeGreaterThan(0.5);
        Value(new Talk().Bot("Shall I cancel the order?").Customer("yes please"), ReadingKind.AskedForHuman).ShouldBe(0);
    }

    [Fact]
    public void No_matches_count_in_a_row_and_start_again_after_an_answer()
    {
        var talk = new Talk().Customer("x").Bot("?", result: BotResult.NoMatch).Customer("y").Bot("?", result: BotResult.NoInput);
        Value(talk, ReadingKind.NoMatch).ShouldBe(2);
        Value(talk.Customer("z").Bot("!", result: BotResult.Understood), ReadingKind.NoMatch).ShouldBe(0);
    }

    [Fact]
    public void The_bots_words_count_where_it_gives_no_result_and_one_exchange_counts_once()
    {
        var talk = new Talk().Customer("x").Bot("Hm.").Bot("Sorry, I didn't understand that.").Bot("Could you rephrase it?");
        Value(talk, ReadingKind.NoMatch).ShouldBe(1);
        Value(talk.Customer("y").Bot("I'm not sure I understand."), ReadingKind.NoMatch).ShouldBe(2);
        Value(talk.Customer("z").Bot("Your parcel comes tomorrow."), ReadingKind.NoMatch).ShouldBe(0);
    }

    [Fact]
    public void Saying_nearly_the_same_again_counts_and_short_answers_do_not()
    {
        var talk = new Talk().Customer("Where is my parcel?").Bot("It is on its way.").Customer("where is my PARCEL");
        Value(talk, ReadingKind.Repetition).ShouldBe(1);
        Value(talk.Customer("So where is my parcel?!"), ReadingKind.Repetition).ShouldBe(2);
        Value(new Talk().Customer("yes").Customer("yes").Customer("ok thanks").Customer("ok thanks"), ReadingKind.Repetition).ShouldBeNull();
        Value(new Talk().Bot("Order 11 has been canceled now").Bot("Order 12 has been canceled now"), ReadingKind.Repetition).ShouldBe(0);
    }

    [Fact]
    public void Depth_counts_queue_legs_once_each()
    {
        var readings = new ConversationReadings(Talk.Start);
        readings.Hear(new Participant("q1", ParticipantRole.Queue));
        readings.Hear(new Participant("q1", ParticipantRole.Queue) { EndedAt = Talk.Start });
        readings.Hear(new Participant("q2", ParticipantRole.Queue));
        readings.Hear(new Participant("a1", ParticipantRole.Agent));
        readings.Read(Talk.Start)[(int)ReadingKind.HandoffDepth].Value.ShouldBe(2);
    }

    [Fact]
    public void Minutes_run_from_the_beginning_or_the_first_turn()
    {
        var talk = new Talk().Customer("a");
        ConversationReadings.Of(talk.Conversation).Read(Talk.Start.AddMinutes(7.5))[(int)ReadingKind.Minutes].Value.ShouldBe(7.5);
        var readings = new ConversationReadings();
        readings.Hear(talk.Turns[0]);
        readings.Read(Talk.Start.AddMinutes(3))[(int)ReadingKind.Minutes].Value.ShouldBe(3);
    }

    [Fact]
    public void Fed_turn_by_turn_in_any_order_with_duplicates_they_equal_the_rebuilt_ones()
    {
        var random = new Random(7);
        for (var round = 0; round < 50; round++)
        {
            var turns = Some.Transcript(random, length: random.Next(1, 40));
            var arriving = turns.Concat(turns.Where(_ => random.Next(3) == 0)).OrderBy(_ => random.Next()).ToList();
            var fed = new ConversationReadings(Talk.Start);
            var conversation = new Conversation { Id = "c", StartedAt = Talk.Start };
            foreach (var turn in arriving)
            {
                fed.Hear(turn);
                if (random.Next(2) == 0) fed.Read(Talk.Start); // reading in between must leave no trace
                conversation = conversation.Hear(turn);
            }
            var now = Talk.Start.AddHours(1);
            fed.Read(now).ShouldBe(ConversationReadings.Of(conversation).Read(now));
            fed.Read(now).ShouldBe(ConversationReadings.Of(Conversation.Of("c", turns) with { StartedAt = Talk.Start }).Read(now));
        }
    }

    [Fact]
    public void Ten_thousand_turns_are_heard_in_linear_time()
    {
        var turns = Some.Transcript(new Random(3), length: 10_000);
        ConversationReadings.Of(Conversation.Of("warm", turns.Take(50))).Read(Talk.Start);
        var watch = Stopwatch.StartNew();
        var readings = new ConversationReadings(Talk.Start);
        foreach (var turn in turns)
        {
            readings.Hear(turn);
            readings.Read(turn.At);
        }
        readings.Read(turns[^1].At)[(int)ReadingKind.Turns].Value.ShouldBe(turns.Count(turn => turn.From == Speaker.Customer));
        // Hearing everything again with each turn would take minutes.
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }
}
