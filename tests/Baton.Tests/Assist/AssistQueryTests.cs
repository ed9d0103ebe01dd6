using Baton.Core.Assist;

namespace Baton.Tests.Assist;

public sealed class AssistQueryTests
{
    static IReadOnlyList<string> Turns(string transcript) => AssistQuery.Of(transcript).CustomerTurns;

    [Fact]
    public void The_customers_turns_come_newest_first() =>
        Turns("Customer: I have two contracts.\nBot: Which one?\nCustomer: The first one ends.\nAgent: I see.\nCustomer: And the second one?").ShouldBe(["And the second one?", "The first one ends", "I have two contracts"]);

    [Fact]
    public void The_guides_single_line_is_read_as_turns() =>
        Turns("Agent: Thank you for calling. How can I help you today? Customer: I need to update my billing address and check my current plan details.")
            .ShouldBe(["I need to update my billing address and check my current plan details."]);

    [Fact]
    public void Guests_and_brackets_and_any_case_are_read() => Turns("[GUEST]: hello\nbot: hi\n  guest: my bill").ShouldBe(["my bill", "hello"]);

    [Fact]
    public void Only_the_last_four_count() => Turns(string.Join('\n', Enumerable.Range(1, 9).Select(i => $"Customer: turn {i}"))).ShouldBe(["turn 9", "turn 8", "turn 7", "turn 6"]);

    [Fact]
    public void A_transcript_without_names_is_its_lines() => Turns("first\n\n second \r\nthird").ShouldBe(["third", "second", "first"]);

    [Fact]
    public void A_name_in_the_middle_of_a_sentence_starts_no_turn() => Turns("Customer: I told your agent: it is broken").ShouldBe(["I told your agent: it is broken"]);

    [Theory]
    [InlineData("")]
    [InlineData(" \n ")]
    [InlineData("Agent: Hello?\nBot: Anybody?")]
    [InlineData("Customer:   \nAgent: Hello")]
    public void Nothing_said_by_the_customer_asks_nothing(string transcript)
    {
        Turns(transcript).ShouldBeEmpty();
        AssistQuery.Of(transcript).Text.ShouldBe("");
    }

    [Fact]
    public void The_text_is_the_newest_whole_turns_in_the_order_said() => AssistQuery.Of("Customer: one\nCustomer: two\nBot: x\nCustomer: three").Text.ShouldBe("one two three");

    [Fact]
    public void The_text_has_at_most_500_characters()
    {
        AssistQuery.Of($"Customer: {new string('a', 450)}\nCustomer: newest").Text.ShouldBe($"{new string('a', 450)} newest");
        AssistQuery.Of($"Customer: {new string('a', 495)}\nCustomer: newest").Text.ShouldBe("newest");
        AssistQuery.Of($"Customer: {new string('a', 300)}{new string('b', 500)}").Text.ShouldBe(new string('b', 500));
    }
}
