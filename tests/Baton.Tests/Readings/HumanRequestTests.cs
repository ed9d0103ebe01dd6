using Baton.Core.Readings;
using Shouldly;
using Xunit;

namespace Baton.Tests.Readings;

public sealed class HumanRequestTests
{
    [Theory]
    [InlineData("Let me talk to a real person")]
    [InlineData("agent please")]
    [InlineData("Representative!")]
    [InlineData("can i speak with someone?")]
    [InlineData("get me a representative")]
    [InlineData("are you a bot? I want human")]
    [InlineData("Please transfer me to an operator")]
    [InlineData("I don't want to talk to a bot, put me through to an agent")]
    [InlineData("Why can't I talk to a human?")]
    [InlineData("i dont care, just connect me with a supervisor")]
    [InlineData("is there a real person there")]
    [InlineData("I'm tired of this stupid bot")]
    [InlineData("can you transfer me")]
    [InlineData("Can I please have a human?")]
    [InlineData("could you put somebody else on")]
    [InlineData("who can i speak to about this")]
    [InlineData("I'd like to chat to an actual member of staff")]
    [InlineData("this conversation is not working at all")]
    public void Asks_for_a_human(string text) => HumanRequest.Score(text).ShouldBeGreaterThanOrEqualTo(0.5);

    [Theory]
    [InlineData("")]
    [InlineData("I don't need an agent")]
    [InlineData("No need to transfer me to an agent")]
    [InlineData("I would rather not speak to a person")]
    [InlineData("Can we solve this without talking to a human?")]
    [InlineData("please do not connect me to an agent")]
    [InlineData("my insurance agent said it is covered")]
    [InlineData("I need to change my travel agent on the booking")]
    [InlineData("I work in human resources")]
    [InlineData("I want to transfer money to a person")]
    [InlineData("a table for one person")]
    [InlineData("I spoke to an agent yesterday")]
    [InlineData("I'd like to talk about my account")]
    [InlineData("someone stole my card")]
    [InlineData("I don't think I need an agent")]
    [InlineData("you don't have to transfer me")]
    [InlineData("Put me down for two people")]
    [InlineData("I like talking to you more than an agent")]
    public void Does_not_ask_for_a_human(string text) => HumanRequest.Score(text).ShouldBeLessThan(0.5);

    [Fact]
    public void A_pasted_wall_of_text_is_matched_in_time_linear_in_its_length()
    {
        var text = string.Concat(Enumerable.Repeat("i want to to to an an agent agent not ", 20_000));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        HeardTurn.Of(new Baton.Core.Conversations.Turn("t", Baton.Core.Conversations.Speaker.Customer, text, default)).AsksForHuman.ShouldBeInRange(0, 1);
        // Milliseconds; with the square of the length it would be hours.
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60));
    }
}
