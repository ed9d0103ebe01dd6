using Baton.Core.Assist.Knowledge;

namespace Baton.Tests.Assist.Knowledge;

public sealed class WordTests
{
    static IReadOnlyList<string> Words(string text)
    {
        var words = new List<string>();
        var reader = new WordReader(text, new char[WordReader.Longest]);
        while (reader.Read()) words.Add(reader.Word.ToString());
        return words;
    }

    static string Stem(string word) => Vocabulary.Stem(word, new char[WordReader.Longest]).ToString();

    [Theory]
    [InlineData("Hello, World!", "hello world")]
    [InlineData("I don't, I didn’t", "i dont i didnt")]
    [InlineData("the customer's 'quoted' word'", "the customers quoted word")]
    [InlineData("24/7 e-mail: a_b", "24 7 e mail a b")]
    [InlineData("Größe CAFÉ", "größe café")]
    [InlineData("Cafe\u0301s", "cafes")]
    [InlineData("返品 の 方法", "返 品 の 方 法")]
    [InlineData("refund返品", "refund 返 品")]
    [InlineData("возврат Денег", "возврат денег")]
    [InlineData("😀 ok 👍🏽", "ok")]
    [InlineData("", "")]
    [InlineData(" '’ -- ", "")]
    public void A_text_is_cut_into_words(string text, string expected) => Words(text).ShouldBe(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void A_word_knows_where_it_stands()
    {
        var reader = new WordReader("  don't go", new char[WordReader.Longest]);
        reader.Read().ShouldBeTrue();
        (reader.Start, reader.End).ShouldBe((2, 7));
        reader.Read().ShouldBeTrue();
        (reader.Start, reader.End).ShouldBe((8, 10));
        reader.Read().ShouldBeFalse();
    }

    [Fact]
    public void An_endless_word_is_cut() => Words(new string('x', 1_000) + " y").ShouldBe([new string('x', WordReader.Longest), "y"]);

    [Theory]
    [InlineData("charge charges charged charging")]
    [InlineData("refund refunds refunded refunding")]
    [InlineData("delivery deliveries delivered delivering deliver")]
    [InlineData("cancel cancels canceled cancelled cancelling cancellation")]
    [InlineData("bill bills billed billing")]
    [InlineData("pay pays paying payment payments")]
    [InlineData("reserve reserved reservation")]
    [InlineData("address addresses addressed")]
    [InlineData("month monthly months")]
    [InlineData("café cafe cafés")]
    public void Forms_of_a_word_are_one_word(string forms) => forms.Split(' ').Select(Stem).Distinct().Count().ShouldBe(1, string.Join(' ', forms.Split(' ').Select(Stem)));

    [Theory]
    [InlineData("bus", "bus")]
    [InlineData("this", "this")]
    [InlineData("string", "string")]
    [InlineData("red", "red")]
    [InlineData("moment", "moment")]
    [InlineData("2024s", "2024s")]
    [InlineData("возврат", "возврат")]
    public void What_only_looks_like_an_ending_stays(string word, string expected) => Stem(word).ShouldBe(expected);

    [Theory]
    [InlineData("bill", "build")]
    [InlineData("order", "ore")]
    [InlineData("card", "care")]
    [InlineData("bank", "bench")]
    public void Words_that_mean_different_things_stay_two_words(string one, string other) => Stem(one).ShouldNotBe(Stem(other));
}
