using Baton.Core.Briefings;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Tests.Conversations;

namespace Baton.Tests.Briefings;

public sealed class BriefingTests
{
    static readonly Handoff handoff = Handoff.Request(
        HandoffId.Parse("ho_0195a1b2c3d47e5f8a9b0c1d2e3f4a5b"), "c1", new HandoffPlan { Steps = [new RouteStep { Queue = "Support" }] },
        new HandoffOrigin("policy", [new Reason("askedForHuman", "The customer asked for a human."), new Reason("noMatch", "Three no-matches.")], new PolicyVersion("default", "3", "abc")), Talk.Start);

    static IReadOnlyDictionary<string, string> Write(Conversation? conversation) => Briefing.Write(handoff, conversation);
    static string Transcript(Talk talk) => Write(talk.Conversation)["baton.transcript"];

    [Theory]
    [InlineData("my card is 4111 1111 1111 1111 ok", "my card is [card] ok")]
    [InlineData("4111-1111-1111-1111", "[card]")]
    [InlineData("378282246310005", "[card]")]
    [InlineData("call +49 (30) 1234-5678 please", "call [phone] please")]
    [InlineData("030/123456789", "[phone]")]
    [InlineData("٠٣٠١٢٣٤٥٦٧٨٩", "[phone]")]
    [InlineData("write to ada.l+x@mail.example.co.uk now", "write to [email] now")]
    [InlineData("ada@example.com, bob@example.com", "[email], [email]")]
    [InlineData("order 123456", "order 123456")]
    [InlineData("order 123456, please", "order 123456, please")]
    [InlineData("in 2 days at 10:30", "in 2 days at 10:30")]
    [InlineData("", "")]
    public void What_does_not_belong_in_a_report_is_taken_out(string text, string expected) => Briefing.Redact(text).ShouldBe(expected);

    [Fact]
    public void The_agent_reads_first_why()
    {
        var briefing = Write(null);
        briefing["baton.reason"].ShouldBe("The customer asked for a human.");
        briefing["baton.reasonCodes"].ShouldBe("askedForHuman,noMatch");
        briefing["baton.policy"].ShouldBe("default 3 abc");
        briefing["baton.handoffId"].ShouldBe(handoff.Id.ToString());
        briefing.Keys.ShouldAllBe(key => key.StartsWith(Briefing.Prefix));
    }

    [Fact]
    public void A_handoff_a_person_asked_for_says_who()
    {
        var briefing = Briefing.Write(handoff with { Origin = new HandoffOrigin("ada", [], null) }, null);
        briefing["baton.reason"].ShouldBe("Requested by ada.");
        briefing.Keys.ShouldNotContain("baton.policy");
    }

    [Fact]
    public void What_the_customer_wants_is_the_last_intent()
    {
        Write(new Talk().Bot("?", 0.9, intent: "greeting").Bot("?", 0.456, intent: "refund").Customer("hm").Conversation)["baton.intent"].ShouldBe("refund (0.46)");
        Write(new Talk().Customer("hm").Conversation).Keys.ShouldNotContain("baton.intent");
    }

    [Fact]
    public void A_conversation_without_turns_has_no_transcript() => Write(new Talk().Conversation).Keys.ShouldNotContain("baton.transcript");

    [Fact]
    public void The_transcript_is_redacted_and_a_line_a_turn() =>
        Transcript(new Talk().Customer("I am ada@example.com\nand waiting").Bot("One moment")).ShouldBe("[customer] I am [email] and waiting\n[bot] One moment");

    [Fact]
    public void The_transcript_is_the_newest_twelve_turns_oldest_first()
    {
        var talk = new Talk();
        for (var n = 1; n <= 30; n++) talk.Customer($"turn {n}.");
        Transcript(talk).Split('\n').ShouldBe(Enumerable.Range(19, 12).Select(n => $"[customer] turn {n}."));
    }

    [Fact]
    public void Long_turns_are_cut_and_the_whole_fits_an_attribute()
    {
        var talk = new Talk();
        for (var n = 0; n < 12; n++) talk.Customer(new string('x', 10_000));
        var briefing = Write(talk.Conversation);
        briefing["baton.transcript"].Length.ShouldBeInRange(1600, 2000);
        briefing["baton.transcript"].Split('\n').ShouldAllBe(line => line.Length <= 420 && line.EndsWith('…'));
        briefing["baton.lastCustomerMessage"].Length.ShouldBe(500);
    }

    [Fact]
    public void A_number_is_taken_out_before_the_text_is_cut() =>
        Write(new Talk().Customer(new string('x', 490) + " 4111111111111111").Conversation)["baton.lastCustomerMessage"].ShouldNotContain("4111");

    [Fact]
    public void A_cut_never_leaves_half_a_character()
    {
        for (var length = 495; length < 503; length++)
        {
            var message = Write(new Talk().Customer(new string('x', length) + "😀😀😀").Conversation)["baton.lastCustomerMessage"];
            message.EnumerateRunes().ShouldAllBe(rune => rune.Value != 0xFFFD, $"at {length}");
            message.Length.ShouldBeLessThanOrEqualTo(500);
        }
    }
}
