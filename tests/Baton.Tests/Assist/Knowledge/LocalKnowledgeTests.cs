using Baton.Core;
using Baton.Core.Assist;
using Baton.Core.Assist.Knowledge;
using Baton.Tests.Conventions;

namespace Baton.Tests.Assist.Knowledge;

public sealed class LocalKnowledgeTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static readonly KnowledgeOptions demo = new() { Folder = Path.Combine(Tree.Root, "src/Baton.Cli/Demo/Articles") };

    static (LocalKnowledge Source, KnowledgeFolder Folder) Open(KnowledgeOptions options)
    {
        var folder = new KnowledgeFolder(options, new ManualTime());
        return (new LocalKnowledge(folder, options), folder);
    }

    static SourceQuestion Ask(string transcript, params string[] sources) =>
        new(AssistRequestId.New(DateTimeOffset.UnixEpoch), new AssistQuestion("c-1", transcript) { KnowledgeSourceIds = sources.Length == 0 ? ["local"] : sources }, AssistQuery.Of(transcript), null);

    static async Task<SourceAnswer.Found> AnswerAsync(string transcript, params string[] sources)
    {
        var (source, folder) = Open(demo);
        folder.RunOnce();
        return (await source.AskAsync(Ask(transcript, sources), Ct)).ShouldBeOfType<SourceAnswer.Found>();
    }

    [Fact]
    public void The_demo_has_thirty_articles_and_none_is_passed_over()
    {
        var (_, folder) = Open(demo);
        folder.RunOnce();

        (folder.Index.Count, folder.Passed.Count, folder.State.Fault).ShouldBe((30, 0, null));
    }

    [Theory]
    [InlineData("Customer: You charged me twice last month and I want the money back.\nBot: I can see two payments. I cannot refund them myself.\nCustomer: Then let me talk to somebody who can.", "refund-a-double-charge.md")]
    [InlineData("Customer: Hello, my parcel has not arrived.\nBot: It shows as delivered on Monday.\nCustomer: That is wrong. I was home all day and nobody came.", "parcel-says-delivered.md")]
    [InlineData("Customer: My thingy does the blinking again\nCustomer: the blinking. orange. since the storm\nCustomer: modem I mean", "modem-light-blinks.md")]
    [InlineData("Customer: How do I change the address on my contract?\nCustomer: The page has no button for it.", "change-address-on-contract.md")]
    [InlineData("Customer: I need to talk to an agent about my portfolio.", "talk-to-a-portfolio-adviser.md")]
    [InlineData("Customer: What are your opening hours on Saturday?", "opening-hours.md")]
    [InlineData("Customer: No, the other one, with the blue seal\nCustomer: It came with the registered mail\nCustomer: The seal says something about metering", "smart-meter-letter.md")]
    [InlineData("Customer: I forgot my password and the email never comes", "password-reset.md")]
    [InlineData("Customer: I want to cancel my flight and get a refund", "flight-change-or-cancellation.md")]
    [InlineData("Customer: why is my bill higher than usual?", "explain-an-invoice.md")]
    public async Task The_demos_customers_find_the_article_about_their_matter(string transcript, string expected)
    {
        var found = await AnswerAsync(transcript);

        found.Candidates[0].Id.ShouldBe(expected);
        found.Candidates.ShouldAllBe(c => c.Source == "local" && c.KnowledgeSourceId == "local" && c.Confidence > 0 && c.Confidence <= 1 && c.Content.Length > 0 && c.Content.Length <= 300 && c.Tags.Count > 0);
        found.Candidates.Select(c => c.Confidence).ShouldBe(found.Candidates.Select(c => c.Confidence).OrderDescending());
    }

    [Theory]
    [InlineData("Customer: I want to talk to a human.")]
    [InlineData("Customer: Please connect me with an agent.\nBot: I am back. Is there anything else?\nCustomer: Yes. I need to talk to an agent again, please.")]
    [InlineData("Customer: Get me an agent.")]
    [InlineData("Customer: Give me a human agent")]
    [InlineData("Customer: A person, please.")]
    public async Task Who_only_asks_for_a_person_has_named_no_matter(string transcript) => (await AnswerAsync(transcript)).Candidates.ShouldBeEmpty();

    [Fact]
    public async Task A_candidate_says_which_article_it_is()
    {
        var candidate = (await AnswerAsync("Customer: You charged me twice")).Candidates[0];

        (candidate.Title, candidate.Subject).ShouldBe(("Refund a payment that was charged twice", "local/refund-a-double-charge.md"));
        candidate.Tags.ShouldBe(["refunds", "billing"]);
    }

    [Fact]
    public async Task A_question_to_other_sources_is_not_answered()
    {
        var found = await AnswerAsync("Customer: You charged me twice", "ks-1");

        (found.Candidates.Count, found.Why).ShouldBe((0, "The question does not name local."));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_fails_with_its_sentence()
    {
        var (source, folder) = Open(new KnowledgeOptions { Folder = Path.Combine(Path.GetTempPath(), "baton-no-such-folder") });
        (await Should.ThrowAsync<ContactCenterException>(() => source.AskAsync(Ask("Customer: modem"), Ct))).Message.ShouldContain("have not been read yet");
        folder.RunOnce();
        (await Should.ThrowAsync<ContactCenterException>(() => source.AskAsync(Ask("Customer: modem"), Ct))).Message.ShouldContain("does not exist");
    }

    [Fact]
    public void Settings_that_cannot_work_are_named_at_once()
    {
        new KnowledgeOptions().Check().ShouldBeEmpty();
        new KnowledgeOptions { Folder = "", Id = " ", K1 = -1, B = 1.5, TitleBoost = double.NaN, HeadingBoost = -1, TurnDecay = 2, LeastConfidence = -0.1 }.Check().Count.ShouldBe(8);
    }
}
