using Baton.Core.Assist;
using Baton.Core.Conversations;

namespace Baton.Tests.Assist;

public sealed class AssistQuestionTests
{
    static readonly AssistQuestion good = new("c-1", "Customer: Where is my parcel?") { KnowledgeSourceIds = ["local"] };

    static IReadOnlyList<string> Faults(AssistQuestion question) => [.. question.Check(_ => null).Select(f => f.Field)];

    [Fact]
    public void A_question_in_order_has_no_fault() => Faults(good).ShouldBeEmpty();

    [Fact]
    public void Every_fault_is_named_at_once()
    {
        var question = new AssistQuestion(" ", "") { KnowledgeSourceIds = [], Show = 0, CallbackUrl = "http://example.com", AgentSkills = [.. Enumerable.Repeat("s", 51)] };

        var faults = question.Check(url => $"{url} is not https.");

        faults.Select(f => f.Field).ShouldBe(["conversationId", "transcript", "knowledgeSourceIds", "agentSkills", "show", "callbackUrl"]);
        faults.ShouldAllBe(f => f.Sentence.EndsWith('.'));
    }

    [Theory]
    [InlineData(5_000, true)]
    [InlineData(5_001, false)]
    [InlineData(6_000, false)]
    public void A_transcript_has_at_most_5000_characters(int length, bool isGood)
    {
        var faults = good with { Transcript = new string('x', length) };

        Faults(faults).ShouldBe(isGood ? [] : ["transcript"]);
        if (!isGood) faults.Check(_ => null)[0].Sentence.ShouldContain($"{length} characters");
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public void One_to_ten_sources_are_asked(int count, bool isGood) =>
        Faults(good with { KnowledgeSourceIds = [.. Enumerable.Range(0, count).Select(i => $"ks-{i}")] }).ShouldBe(isGood ? [] : ["knowledgeSourceIds"]);

    [Fact]
    public void An_empty_source_id_and_an_endless_conversation_id_are_faults()
    {
        Faults(good with { KnowledgeSourceIds = ["ks-1", " "] }).ShouldBe(["knowledgeSourceIds"]);
        Faults(good with { ConversationId = new string('c', 101) }).ShouldBe(["conversationId"]);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(50, true)]
    [InlineData(51, false)]
    [InlineData(-1, false)]
    public void One_to_fifty_are_shown(int show, bool isGood) => Faults(good with { Show = show }).ShouldBe(isGood ? [] : ["show"]);

    [Fact]
    public void A_transcript_that_fits_is_its_own_tail() => good.Tail().ShouldBe((good, 0));

    [Fact]
    public void The_tail_begins_with_a_whole_turn()
    {
        var turns = Enumerable.Range(0, 120).Select(i => $"Customer: {i:D3} {new string('x', 50)}").ToList();
        var transcript = string.Join('\n', turns);

        var (tail, leftOut) = (good with { Transcript = transcript }).Tail();

        tail.Transcript.Length.ShouldBeInRange(5_000 - turns[0].Length, 5_000);
        tail.Transcript.ShouldBe(string.Join('\n', turns.TakeLast(tail.Transcript.Split('\n').Length)));
        leftOut.ShouldBe(transcript.Length - tail.Transcript.Length);
        Faults(tail).ShouldBeEmpty();
    }

    [Fact]
    public void A_turn_that_begins_exactly_where_the_tail_does_is_kept_whole()
    {
        var last = $"Customer: {new string('x', 4_990)}";

        (good with { Transcript = $"Agent: hello\n{last}" }).Tail().ShouldBe((good with { Transcript = last }, "Agent: hello\n".Length));
    }

    [Fact]
    public void A_single_turn_that_is_too_long_is_cut_but_not_within_a_character()
    {
        var text = string.Concat(Enumerable.Repeat("😀", 2_600)) + "x";

        var (tail, leftOut) = (good with { Transcript = text }).Tail();

        tail.Transcript.Length.ShouldBe(4_999);
        char.IsLowSurrogate(tail.Transcript[0]).ShouldBeFalse();
        leftOut.ShouldBe(text.Length - 4_999);
    }

    [Fact]
    public void A_conversation_is_written_a_line_a_turn()
    {
        var talk = new Conversation
        {
            Id = "c-1",
            Turns = [Said(Speaker.Customer, "Hi\nthere"), Said(Speaker.System, "joined"), Said(Speaker.Bot, ""), Said(Speaker.Agent, "Hello.")],
        };

        AssistQuestion.TranscriptOf(talk).ShouldBe("Customer: Hi there\nAgent: Hello.");
    }

    static Turn Said(Speaker from, string text) => new($"{from}-{text}", from, text, DateTimeOffset.UnixEpoch);
}
