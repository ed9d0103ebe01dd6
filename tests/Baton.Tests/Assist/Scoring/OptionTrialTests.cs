using Baton.Core.Assist.Scoring;

namespace Baton.Tests.Assist.Scoring;

public sealed class OptionTrialTests
{
    static RecordedTurn Customer(string text) => new(true, text);

    static RecordedTurn Agent(string text, string? query, string picked, params string[] options) => new(false, text, new RecordedChoice(query, options, picked));

    static OptionTrialWay Way(OptionTrialReport report, string name) => report.Ways.Single(w => w.Name == name);

    static OptionTrialReport Run(params RecordedTurn[][] conversations) => OptionTrial.Run(conversations);

    [Fact]
    public void Stored_order_and_chance_are_counted_as_they_are()
    {
        var report = Run([
            Customer("hello"), Agent("a", null, "x_one", "x_one", "x_two"),
            Customer("hello"), Agent("b", null, "x_two", "x_one", "x_two"),
        ]);

        (report.Conversations, report.Choices).ShouldBe((1, 2));
        (Way(report, "stored").First.Value, Way(report, "stored").ReciprocalRank.Value).ShouldBe((0.5, 0.75));
        (Way(report, "chance").First.Value, Way(report, "chance").ReciprocalRank.Value).ShouldBe((0.5, 0.75));
    }

    [Fact]
    public void Equal_scores_do_not_profit_from_the_order_stored() =>
        Way(Run([Customer("zebra"), Agent("a", "zebra", "x_one", "x_one", "x_two", "x_three")]), "query").First.Value.ShouldBe(1.0 / 3, 1e-9);

    [Theory]
    [InlineData("pin", "bank_ask_pin")]
    [InlineData("What is your date of birth?", "bank_ask_dob")]
    [InlineData("account numb", "bank_ask_account_number")]
    [InlineData("Your report was submitted", "bank_inform_fraud_report_submitted")]
    [InlineData("bye", "goodbye_1")]
    public void A_query_finds_the_option_named_like_it(string query, string expected)
    {
        string[] options = ["hello", "bank_ask_dob", "bank_ask_pin", "bank_ask_account_number", "bank_inform_fraud_report_submitted", "goodbye_1"];

        Way(Run([Customer("..."), Agent("...", query, expected, options)]), "query").First.Value.ShouldBe(1);
    }

    [Fact]
    public void The_customers_words_count_without_a_query() =>
        Way(Run([Customer("What is the weather in Rome?"), Agent("Sunny.", null, "weather_inform_forecast", "hotel_ask_price", "weather_inform_forecast", "plane_ask_date")]), "conversation").First.Value.ShouldBe(1);

    [Fact]
    public void A_conversation_teaches_those_after_it_and_not_itself()
    {
        RecordedTurn[] talk = [Customer("so it goes"), Agent("Everything is arranged.", "everything is arranged", "x_done", "x_failed", "x_done", "x_waits")];

        Way(Run(talk), "queryLearned").First.Value.ShouldBeLessThan(0.5);
        Way(Run(talk, talk), "queryLearned").First.Value.ShouldBe((Way(Run(talk), "queryLearned").First.Value + 1) / 2, 1e-9);
    }

    [Fact]
    public void A_choice_of_one_and_one_outside_the_options_are_told_apart()
    {
        var report = Run([Agent("a", null, "only", "only"), Agent("b", null, "other", "x_one", "x_two"), Agent("c", null, "x_one", "x_one", "x_one")]);

        (report.Choices, report.Single, report.Missing).ShouldBe((0, 2, 1));
    }

    [Fact]
    public void The_interval_narrows_with_more_conversations_and_not_with_more_of_the_same_one()
    {
        RecordedTurn[] good = [Agent("a", null, "x_one", "x_one", "x_two")];
        RecordedTurn[] bad = [Agent("a", null, "x_two", "x_one", "x_two")];
        RecordedTurn[] longer = [.. good, .. good, .. good, .. good];

        var few = Way(Run(good, bad, good, bad), "stored").First;
        var many = Way(Run([.. Enumerable.Repeat(good, 20), .. Enumerable.Repeat(bad, 20)]), "stored").First;

        (few.Value, many.Value).ShouldBe((0.5, 0.5));
        (many.High - many.Low).ShouldBeLessThan((few.High - few.Low) / 2);
        few.Low.ShouldBeGreaterThanOrEqualTo(0);
        var one = Way(Run(longer), "stored").First;
        (one.Value, one.Low, one.High).ShouldBe((1, 0, 1));
    }

    [Fact]
    public void Nothing_is_counted_as_nothing() => Run().Ways.ShouldAllBe(w => w.First.Value == 0);
}
