using Baton.Core.Assist.Knowledge;

namespace Baton.Tests.Assist.Knowledge;

public sealed class ArticleTests
{
    [Theory]
    [InlineData("tags: refunds, billing\n# Title\ntext")]
    [InlineData("Tags : [refunds, billing]\r\n# Title\r\ntext")]
    [InlineData("---\ntags: [refunds, billing]\n---\n# Title\ntext")]
    [InlineData("---\ntags: refunds, \"billing\"\nauthor: x\n---\n\n# Title\n\ntext")]
    [InlineData("---\ntags:\n  - refunds\n  - billing\ntitle: Title\n---\ntext")]
    [InlineData("---\ntitle: 'Title'\ntags: ['refunds', billing, refunds]\n---\ntext")]
    public void Tags_and_title_are_read_from_what_stands_in_front(string markdown)
    {
        var article = Article.Read("a.md", markdown);

        article.Tags.ShouldBe(["refunds", "billing"]);
        article.Title.ShouldBe("Title");
        article.Sections.Single().ShouldBe(new ArticleSection("", "text"));
    }

    [Fact]
    public void A_front_matter_that_never_ends_is_text()
    {
        var article = Article.Read("a.md", "---\ntags: [refunds]\nand so on");

        article.Tags.ShouldBeEmpty();
        article.Sections.Single().Text.ShouldContain("and so on");
    }

    [Fact]
    public void Without_a_heading_the_file_names_it() => Article.Read("billing/late-fees_2.md", "text").Title.ShouldBe("late fees 2");

    [Fact]
    public void Sections_begin_at_headings_and_lose_their_markup()
    {
        var article = Article.Read("a.md", """
            # The *title*

            Before. See [the page](https://example.com/x), `order_id` and **this**.

            ## Steps ##

            1. Open it.
            2. Choose ![icon](i.png) Refund.

            ```
            # no heading
            ```
            ### Empty

            # Another
            End.
            """);

        article.Title.ShouldBe("The title");
        article.Sections.ShouldBe([
            new("", "Before. See the page, order_id and this."),
            new("Steps", "1. Open it. 2. Choose icon Refund. # no heading"),
            new("Empty", ""),
            new("Another", "End."),
        ]);
    }

    [Theory]
    [InlineData("](")]
    [InlineData("<!--")]
    [InlineData("![")]
    [InlineData("_a")]
    public void A_megabyte_of_beginnings_is_read_to_its_end(string beginning)
    {
        var article = Article.Read("a.md", string.Concat(Enumerable.Repeat(beginning, 500_000 / beginning.Length)) + "\nend");

        article.Sections.Single().Text.ShouldEndWith("end");
    }

    [Fact]
    public void What_stands_before_the_title_is_kept() => Article.Read("a.md", "before\n# Title\nafter").ShouldSatisfyAllConditions(
        a => a.Title.ShouldBe("Title"), a => a.Sections.Single().Text.ShouldBe("before after"));

    [Theory]
    [InlineData("")]
    [InlineData("---")]
    [InlineData("---\n---")]
    [InlineData("#")]
    [InlineData("tags:")]
    [InlineData("[](")]
    [InlineData("```")]
    [InlineData("<!-- open")]
    [InlineData("# \n\n## ")]
    public void Odd_texts_are_articles_too(string markdown) => Article.Read("odd.md", markdown).Title.ShouldNotBeEmpty();
}
