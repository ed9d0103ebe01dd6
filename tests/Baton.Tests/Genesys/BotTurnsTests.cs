using Baton.Core.Conversations;
using Baton.Genesys.Platform;

namespace Baton.Tests.Genesys;

public sealed class BotTurnsTests
{
    static Turn Customer(int second, string text) => new($"t{second}", Speaker.Customer, text, The.Start.AddSeconds(second));
    static WireBotTurn Report(string? input, int? second, string? intent = "order", double? confidence = 0.9, string? result = null) =>
        new(input, null, null, intent is null ? null : new WireIntent(intent, confidence), result, second is { } s ? The.Start.AddSeconds(s) : null);

    [Theory]
    [InlineData("SuccessCollection", BotResult.Understood)]
    [InlineData("SuccessConfirmationYes", BotResult.Understood)]
    [InlineData("PartialCollection", BotResult.Understood)]
    [InlineData("ConfirmationRequired", BotResult.Understood)]
    [InlineData("NoMatchCollection", BotResult.NoMatch)]
    [InlineData("NoInputCollection", BotResult.NoInput)]
    [InlineData("AgentRequestedByUser", BotResult.AgentRequested)]
    [InlineData("Error", BotResult.Error)]
    [InlineData("ExpressionError", BotResult.Error)]
    [InlineData("SomethingNew", null)]
    [InlineData(null, null)]
    public void A_result_is_read_and_an_unknown_one_says_nothing(string? result, BotResult? expected) => BotTurns.ResultOf(result).ShouldBe(expected);

    [Fact]
    public void A_report_goes_to_the_message_it_quotes()
    {
        var turns = BotTurns.Attach([Customer(0, "hi"), Customer(10, "Where is my order? ")], [Report("where is my order?", 500, result: "NoMatchCollection")]);
        turns[0].Intent.ShouldBeNull();
        (turns[1].Intent, turns[1].Result).ShouldBe((new Intent("order", 0.9), BotResult.NoMatch));
    }

    [Fact]
    public void The_same_words_twice_get_a_report_each_in_order_of_time()
    {
        var turns = BotTurns.Attach([Customer(0, "yes"), Customer(60, "yes")], [Report("yes", 61, "second"), Report("yes", 1, "first")]);
        turns.Select(t => t.Intent?.Name).ShouldBe(["first", "second"]);
    }

    [Fact]
    public void A_report_without_words_goes_to_what_was_said_within_half_a_minute()
    {
        BotTurns.Attach([Customer(0, "a"), Customer(40, "b")], [Report(null, 35)]).Select(t => t.Intent is not null).ShouldBe([false, true]);
        BotTurns.Attach([Customer(0, "a")], [Report(null, 30)])[0].Intent.ShouldBeNull();
        BotTurns.Attach([Customer(0, "a")], [Report(null, null)])[0].Intent.ShouldBeNull();
    }

    [Fact]
    public void Only_what_the_customer_said_gets_a_report() =>
        BotTurns.Attach([new Turn("b", Speaker.Bot, "hi", The.Start)], [Report("hi", 0)])[0].Intent.ShouldBeNull();

    [Theory]
    [InlineData(1.7, 1.0)]
    [InlineData(-0.2, 0.0)]
    [InlineData(null, null)]
    public void A_confidence_is_kept_within_its_scale(double? confidence, double? expected) =>
        BotTurns.Attach([Customer(0, "hi")], [Report("hi", 0, confidence: confidence)])[0].Intent!.Confidence.ShouldBe(expected);
}
