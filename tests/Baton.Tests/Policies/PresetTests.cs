using Baton.Core.Conversations;
using Baton.Core.Policies;
using Baton.Core.Readings;
using Baton.Tests.Conversations;
using Shouldly;
using Xunit;

namespace Baton.Tests.Policies;

public sealed class PresetTests
{
    [Fact]
    public void Every_preset_loads_and_none_is_named_that_does_not_exist()
    {
        foreach (var name in PolicyPresets.Names) PolicyPresets.Load(name).Version.Name.ShouldBe(name);
        Should.Throw<ArgumentException>(() => PolicyPresets.Text("nope")).Message.ShouldContain("default, gate, escalate");
    }

    static DecisionOutcome Gate(int depth = 0, double confidence = 0.9, double sentimentOnGuideScale = 0.5)
    {
        var talk = new Talk().Customer("hello", sentiment: (sentimentOnGuideScale * 2) - 1).Bot("hi", confidence);
        var legs = Enumerable.Range(0, depth).Select(number => new Participant($"q{number}", ParticipantRole.Queue) { EndedAt = Talk.Start });
        return PolicyPresets.Load("gate").Decide(talk.Conversation with { Participants = [.. legs] }, RoutingSnapshot.Unknown, talk.Now).Outcome;
    }

    [Fact]
    public void Gate_passes_and_refuses_exactly_where_guide_000_does()
    {
        Gate(confidence: 0.75).ShouldBe(DecisionOutcome.HandOff);
        Gate(confidence: 0.7499).ShouldBe(DecisionOutcome.Refused);
        Gate(depth: 2).ShouldBe(DecisionOutcome.HandOff);
        Gate(depth: 3).ShouldBe(DecisionOutcome.Refused);
        Gate(sentimentOnGuideScale: 0.3).ShouldBe(DecisionOutcome.HandOff);
        Gate(sentimentOnGuideScale: 0.2999).ShouldBe(DecisionOutcome.Refused);
    }

    [Fact]
    public void Gate_speaks_the_guides_scale()
    {
        var talk = new Talk().Customer("hello", sentiment: -0.5).Bot("hi", 0.9);
        var decision = PolicyPresets.Load("gate").Decide(talk.Conversation, RoutingSnapshot.Unknown, talk.Now);
        decision.Reasons[0].Sentence.ShouldBe("Sentiment 0.25 (platform, customer turn 1); the policy hands off only at 0.3 or more (of 0..1).");
        decision.WouldFlip.ShouldContain("Sentiment 0.25 would have to be at least 0.3 (of 0..1) to be handed off.");
        decision.Explain().ShouldContain("   0.25  >= 0.3 (0..1)  refuses");
    }

    [Theory]
    [InlineData(0.70, DecisionOutcome.Stay)]
    [InlineData(0.6999, DecisionOutcome.HandOff)]
    public void Escalate_hands_off_exactly_where_guide_003_does(double confidence, DecisionOutcome outcome)
    {
        var talk = new Talk().Customer("hello").Bot("hi", confidence);
        PolicyPresets.Load("escalate").Decide(talk.Conversation, RoutingSnapshot.Unknown, talk.Now).Outcome.ShouldBe(outcome);
    }

    [Fact]
    public void Escalate_without_a_confidence_stays_and_says_it_could_not_check()
    {
        var talk = new Talk().Customer("hello");
        var decision = PolicyPresets.Load("escalate").Decide(talk.Conversation, RoutingSnapshot.Unknown, talk.Now);
        decision.Outcome.ShouldBe(DecisionOutcome.Stay);
        decision.Readings.ShouldHaveSingleItem().Fired.ShouldBeNull();
    }

    [Fact]
    public void A_plain_conversation_that_goes_well_stays_with_the_default_policy()
    {
        var talk = new Talk().Customer("Hi, I'd like to change my address").Bot("Sure, what is the new one?", 0.92).Customer("5 Long Road, Leeds").Bot("Done. Anything else?", 0.95).Customer("No, thank you!");
        PolicyPresets.Load("default").Decide(talk.Conversation, RoutingSnapshot.Unknown, talk.Now).Outcome.ShouldBe(DecisionOutcome.Stay);
    }

    [Fact]
    public void The_default_looks_at_every_reading_there_is() =>
        PolicyPresets.Load("default").Decide(new Talk().Conversation, RoutingSnapshot.Unknown, Talk.Start).Readings.Select(check => check.Reading.Kind).Distinct().Count().ShouldBe(Enum.GetValues<ReadingKind>().Length);
}
