using Baton.Core.Assist;
using Baton.Core.Assist.Knowledge;

namespace Baton.Tests.Assist.Knowledge;

public sealed class ArticleIndexTests
{
    const string Filler = "Open the page and look at the list beside the table.";

    [Fact]
    public void What_is_about_it_comes_before_what_mentions_it()
    {
        var index = The.Index(
            ("mention.md", $"# Opening hours\n\n{Filler} Some ask for a refund there. {Filler} {Filler}"),
            ("about.md", "# Money back\n\nA refund is paid to the card. Refunds take three days. The refund has a reference."),
            ("other.md", $"# Passwords\n\n{Filler}"));

        index.Found("how do I get refunded?").ShouldBe(["about.md", "mention.md"]);
    }

    [Fact]
    public void A_rare_word_weighs_more_than_a_common_one()
    {
        var index = The.Index(("a.md", "order modem"), ("b.md", "order order parcel"), ("c.md", "order letter"), ("d.md", "order invoice"));

        index.Found("the order of a modem")[0].ShouldBe("a.md");
    }

    [Fact]
    public void A_score_is_bm25_as_one_computes_it_by_hand()
    {
        var index = The.Index(new KnowledgeOptions { LeastConfidence = 0, TitleBoost = 0 }, ("a.md", "# x\nmodem modem cable"), ("b.md", "# x\ncable plug wall socket house"));

        // Three words and five, so four in the mean (the title's single letter is none); modem stands in one of two.
        var idf = Math.Log(1 + (2 - 1 + 0.5) / (1 + 0.5));
        var part = 2 / (2 + 1.2 * (1 - 0.75 + 0.75 * 3 / 4));
        var found = index.Find(["modem"], 5).Single();
        found.Score.ShouldBe(idf * part * 2.2, 1e-6);
        found.Confidence.ShouldBe(part, 1e-6);
    }

    [Fact]
    public void Title_and_heading_and_tag_weigh_more_than_the_text()
    {
        (string, string)[] articles =
        [
            ("1-text.md", $"# Things\n\nmodem. {Filler}"), ("2-heading.md", $"# Things\n\n## Modem\n\n{Filler}"), ("3-title.md", $"# Modem\n\n{Filler} things"), ("4-tag.md", $"tags: modem\n# Things\n\n{Filler}"),
        ];

        The.Index(articles).Found("modem").ShouldBe(["3-title.md", "2-heading.md", "4-tag.md", "1-text.md"]);
        The.Index(The.Options with { TitleBoost = 0, HeadingBoost = 0 }, articles).Found("modem").ShouldBe(["1-text.md"]);
    }

    [Fact]
    public void B_says_how_much_length_counts()
    {
        (string, string)[] articles = [("long.md", $"modem {string.Concat(Enumerable.Repeat(Filler, 10))}"), ("short.md", "modem cable")];

        The.Index(articles).Found("modem").ShouldBe(["short.md", "long.md"]);
        // Without it they are equal, and equals go by their id.
        The.Index(The.Options with { B = 0 }, articles).Found("modem").ShouldBe(["long.md", "short.md"]);
    }

    [Fact]
    public void K1_says_how_much_saying_it_again_counts()
    {
        (string, string)[] articles = [("a-once.md", "modem cable plug"), ("b-often.md", "modem modem modem")];

        The.Index(articles).Found("modem").ShouldBe(["b-often.md", "a-once.md"]);
        The.Index(The.Options with { K1 = 0 }, articles).Found("modem").ShouldBe(["a-once.md", "b-often.md"]);
    }

    [Fact]
    public void Equals_come_by_id_in_whatever_order_they_were_given()
    {
        The.Index(("c.md", "modem"), ("a.md", "modem"), ("b.md", "modem")).Found("modem").ShouldBe(["a.md", "b.md", "c.md"]);
        The.Index(("b.md", "modem"), ("c.md", "modem"), ("a.md", "modem")).Find(["modem"], 2).Select(m => m.Article.Id).ShouldBe(["a.md", "b.md"]);
    }

    [Fact]
    public void The_last_turn_weighs_most_and_earlier_ones_still_count()
    {
        var index = The.Index(("modem.md", "# Modem\n\nmodem"), ("parcel.md", "# Parcel\n\nparcel"));

        index.Found("my parcel is lost", "the modem is broken").ShouldBe(["parcel.md", "modem.md"]);
        index.Found("and the second one?", "the modem is broken").ShouldBe(["modem.md"]);
    }

    [Fact]
    public void Confidence_is_the_share_of_the_question_that_is_covered()
    {
        var index = The.Index(("a.md", "# Refund a payment\n\nA refund of a payment."), ("b.md", "# Invoices\n\nAn invoice."), ("c.md", "# Doors\n\nA door."));

        var whole = index.Find(["refund payment"], 1)[0].Confidence;
        var half = index.Find(["refund door"], 1)[0].Confidence;
        var partly = index.Find(["refund payment zebra unicorn"], 1)[0].Confidence;

        whole.ShouldBeInRange(0.7, 1);
        half.ShouldBe(whole / 2, 0.1);
        partly.ShouldBeLessThan(whole);
        // A number is an order's: no article could have it.
        index.Find(["refund payment 4711 AB99123"], 1)[0].Confidence.ShouldBe(whole);
    }

    [Fact]
    public void A_higher_score_is_a_higher_confidence()
    {
        var index = The.Index([.. Enumerable.Range(0, 40).Select(i => ($"{i:D2}.md", $"# Article {i}\n\n{string.Concat(Enumerable.Repeat("modem ", i % 7))}{string.Concat(Enumerable.Repeat("cable ", i % 5))}{Filler}"))]);

        var found = index.Find(["modem cable plug"], 40);

        found.Count.ShouldBeGreaterThan(20);
        found.Select(m => m.Score).ShouldBe(found.Select(m => m.Score).OrderDescending());
        found.Select(m => m.Confidence).ShouldBe(found.Select(m => m.Confidence).OrderDescending());
        found.ShouldAllBe(m => m.Confidence > 0 && m.Confidence <= 1);
    }

    [Fact]
    public void What_hardly_fits_is_not_suggested()
    {
        (string, string)[] articles = [("a.md", "modem"), ("b.md", "parcel invoice contract password")];

        The.Index(The.Options with { LeastConfidence = 0.12 }, articles).Found("modem parcel zebra unicorn").ShouldBe(["a.md"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("hello, can you help me please?")]
    [InlineData("12345")]
    [InlineData("😀")]
    [InlineData("zebra")]
    public void A_question_that_says_nothing_finds_nothing(string turn) => The.Index(("a.md", "modem"), ("b.md", "parcel")).Found(turn).ShouldBeEmpty();

    [Fact]
    public void Nothing_asked_and_nothing_known_find_nothing()
    {
        The.Index(("a.md", "modem")).Found().ShouldBeEmpty();
        ArticleIndex.Empty.Found("modem").ShouldBeEmpty();
        The.Index(("a.md", "modem")).Find(["modem"], 0).ShouldBeEmpty();
        ArticleIndex.Empty.Find(AssistQuery.Of("Customer: modem"), 3).ShouldBeEmpty();
    }

    [Fact]
    public void Other_scripts_and_accents_are_found()
    {
        var index = The.Index(("ja.md", "# 返品の方法\n\n返品はこちら。"), ("ru.md", "# Возврат денег\n\nДеньги вернутся."), ("fr.md", "# Numéro égaré\n\nUn numéro perdu."));

        index.Found("返品したい").ShouldBe(["ja.md"]);
        index.Found("возврат").ShouldBe(["ru.md"]);
        index.Found("numero").ShouldBe(["fr.md"]);
    }

    [Fact]
    public void A_question_of_thousands_of_words_is_answered_by_those_that_weigh_most()
    {
        var index = The.Index(("a.md", "modem"), ("b.md", "parcel"));
        var babble = string.Join(' ', Enumerable.Range(0, 2_000).Select(i => $"word{(char)('a' + i % 26)}{(char)('a' + i / 26 % 26)}"));

        index.Find([$"modem {babble}"], 3).ShouldAllBe(m => m.Confidence < 0.2);
    }

    [Fact]
    public void Many_threads_get_the_same_answer()
    {
        var index = The.Index([.. Enumerable.Range(0, 200).Select(i => ($"{i:D3}.md", $"# Article {i}\n\nmodem number{(char)('a' + i % 26)} {Filler}"))]);
        var alone = index.Found("the modem numberc");

        Parallel.For(0, 64, new ParallelOptions { CancellationToken = TestContext.Current.CancellationToken }, _ => index.Found("the modem numberc").ShouldBe(alone));
    }

    [Fact]
    public void The_passage_is_the_section_that_answers()
    {
        var index = The.Index(("a.md", $"""
            # Refunds

            {Filler} {Filler} {Filler} {Filler} {Filler} {Filler} {Filler}

            ## How long it takes

            Cards show the money after five days. Bank accounts after two.

            ## Limits

            Over 500 somebody else approves.
            """));

        index.Find(["how long does it take on a card?"], 1)[0].Passage.ShouldBe("Cards show the money after five days. Bank accounts after two.");
        // The heading speaks for its section.
        index.Find(["what are the limits"], 1)[0].Passage.ShouldBe("Over 500 somebody else approves.");
        // Only the title: the article's beginning.
        index.Find(["refunds"], 1)[0].Passage.ShouldStartWith(Filler);
    }

    [Fact]
    public void A_passage_begins_with_a_sentence_and_ends_with_a_word()
    {
        var text = string.Concat(Enumerable.Range(0, 40).Select(i => $"Sentence {(char)('a' + i % 26)} speaks of other things. ")) + "The modem blinks when it is on. " + string.Concat(Enumerable.Repeat("And so it goes on and on. ", 40));
        var passage = The.Index(("a.md", text)).Find(["why does the modem blink?"], 1)[0].Passage;

        passage.ShouldStartWith("The modem blinks when it is on. And so");
        passage.ShouldEndWith("…");
        passage.Length.ShouldBeInRange(200, 300);
        text.ShouldContain(passage.TrimEnd('…') + " ");
    }

    [Fact]
    public void A_passage_of_one_endless_sentence_is_cut_around_what_matters()
    {
        var text = string.Concat(Enumerable.Repeat("other things and ", 200)) + "the modem blinks " + string.Concat(Enumerable.Repeat("and yet more of it ", 200));
        var passage = The.Index(("a.md", text)).Find(["modem blinks"], 1)[0].Passage;

        passage.ShouldContain("modem blinks and yet more");
        passage.ShouldStartWith("…");
        passage.Length.ShouldBeLessThanOrEqualTo(300);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(900)]
    [InlineData(100_000)]
    public void Even_a_text_without_spaces_is_cut_between_characters(int length)
    {
        var passage = The.Index(("a.md", $"# Modem\n\n{string.Concat(Enumerable.Repeat("😀", length / 2))}x")).Find(["modem"], 1)[0].Passage;

        passage.Length.ShouldBeLessThanOrEqualTo(300);
        passage.TrimEnd('…').EnumerateRunes().ShouldAllBe(r => r.Value == 0x1F600);
    }

    [Fact]
    public void An_article_of_headings_alone_has_an_empty_passage() => The.Index(("a.md", "# Modem\n\n## Cable")).Find(["modem"], 1)[0].Passage.ShouldBe("");
}
