using System.Text;
using System.Text.RegularExpressions;
using Baton.Core.Conversations;
using Baton.Core.Policies;
using Baton.Core.Readings;
using Baton.Tests.Conversations;
using Baton.Tests.Readings;
using Shouldly;
using Xunit;

namespace Baton.Tests.Policies;

public sealed partial class DecisionTests
{
    static readonly Policy preset = PolicyPresets.Load("default");

    static Policy Policy(string yaml) => PolicyDocument.Parse(yaml, "p").Policy ?? throw new InvalidOperationException(PolicyDocument.Parse(yaml, "p").Complaint());

    [Fact]
    public void The_same_input_gives_the_same_bytes_fed_or_rebuilt()
    {
        var random = new Random(11);
        for (var round = 0; round < 40; round++)
        {
            var turns = Some.Transcript(random, random.Next(0, 30));
            var conversation = Conversation.Of("c", turns) with { StartedAt = Talk.Start, Attributes = new Dictionary<string, string> { ["tier"] = "vip" } };
            var fed = new ConversationReadings(Talk.Start);
            foreach (var turn in turns) fed.Hear(turn);
            var now = Talk.Start.AddMinutes(random.Next(60));
            var rebuilt = preset.Decide(conversation, RoutingSnapshot.Unknown, now).ToJson();
            preset.Decide(fed, conversation, RoutingSnapshot.Unknown, now).ToJson().ShouldBe(rebuilt);
            var elsewhere = Conversation.Of("c", turns.Select(turn => turn with { At = turn.At.ToOffset(TimeSpan.FromHours(-3)) })) with { StartedAt = Talk.Start, Attributes = conversation.Attributes };
            PolicyPresets.Load("default").Decide(elsewhere, RoutingSnapshot.Unknown, now.ToOffset(TimeSpan.FromHours(5))).ToJson().ShouldBe(rebuilt);
        }
    }

    [Fact]
    public void A_decision_survives_its_bytes()
    {
        var talk = new Talk().Customer("agent please");
        var decision = preset.Decide(talk.Conversation, RoutingSnapshot.Unknown, talk.Now);
        var json = decision.ToJson();
        Decision.FromJson(json).ToJson().ShouldBe(json);
        Encoding.UTF8.GetString(json).ShouldContain("\"outcome\":\"HandOff\"");
        Encoding.UTF8.GetString(json).ShouldContain("\"comparison\":\">= 0.5\"");
    }

    [Fact]
    public void It_explains_itself_in_a_few_plain_lines()
    {
        var talk = new Talk().Customer("agent please");
        var lines = preset.Decide(talk.Conversation, RoutingSnapshot.Unknown, talk.Now).Explain().Split('\n');
        lines[0].ShouldBe($"Hand off to Support at priority 5 (default 1, {preset.Version.Hash})");
        lines[1].ShouldBe("  askedForHuman: Asked for a human 0.9 (customer turn 1); the policy hands off at 0.5 or more.");
        lines.ShouldContain("  Asked for a human 0.9 would have to be below 0.5 to stay with the bot.");
        lines.ShouldContain(line => line.Contains("triggers.intentConfidence") && line.EndsWith("not checked: 0 of 3 intent confidences seen"));
    }

    [Fact]
    public void Three_rules_that_fired_must_all_be_undone_to_stay()
    {
        var talk = new Talk().Bot("Sorry?", result: BotResult.NoMatch).Customer("x").Bot("Sorry?", result: BotResult.NoMatch).Customer("agent please");
        var conversation = talk.Conversation with { Attributes = new Dictionary<string, string> { ["tier"] = "vip" } };
        var decision = Policy("name: x\nextends: default\ntriggers: {attributes: {tier: vip}}\n").Decide(conversation, RoutingSnapshot.Unknown, talk.Now);
        decision.Reasons.Select(reason => reason.Code).ShouldBe(["askedForHuman", "attributes.tier", "noMatch"]);
        decision.WouldFlip.ShouldContain("Asked for a human 0.9 would have to be below 0.5 and the attribute tier would have to be other than vip and Not understood in a row 2 would have to be below 2 to stay with the bot.");
    }

    /// <summary>Every stated change is carried out, by its words alone, and the decision made again.</summary>
    [Fact]
    public void What_it_says_would_flip_it_does_flip_it()
    {
        var random = new Random(5);
        var policies = new[]
        {
            preset, PolicyPresets.Load("gate"), PolicyPresets.Load("escalate"),
            Policy("name: x\nextends: default\nguards: {sentiment: {atLeast: -0.3}, intentConfidence: {atLeast: 0.5, onUnknown: pass}, handoffDepth: {below: 2}}\n"),
            Policy("name: y\nextends: gate\ntriggers: {always: off, turns: {atLeast: 3}, sentiment: {below: 0.1, afterTurns: 4}}\n"),
        };
        var tried = 0;
        for (var round = 0; round < 700; round++)
        {
            var policy = policies[round % policies.Length];
            // One in five is waiting in a queue: then no change of a reading can bring the handoff about.
            DateTimeOffset? ended = random.Next(5) == 0 ? null : Talk.Start;
            var legs = Enumerable.Range(0, random.Next(4)).Select(number => new Participant($"q{number}", ParticipantRole.Queue) { EndedAt = ended });
            var conversation = Conversation.Of("c", Some.Transcript(random, random.Next(0, 12))) with { StartedAt = Talk.Start, Participants = [.. legs] };
            var now = Talk.Start.AddMinutes(random.Next(40));
            var decision = policy.Decide(conversation, RoutingSnapshot.Unknown, now);
            foreach (var flip in decision.WouldFlip)
            {
                var changed = ConversationReadings.Of(conversation).Snapshot(now);
                if (Carry(flip, changed) is not { } supposed) continue;
                var then = new Judgment(policy.Parts, conversation, RoutingSnapshot.Unknown, now).Decide(supposed, policy.Version);
                then.Outcome.ShouldNotBe(decision.Outcome, $"{flip}\n{decision.Explain()}");
                (flip.EndsWith("stay with the bot.") ? DecisionOutcome.Stay : flip.EndsWith("handed off.") ? DecisionOutcome.HandOff : DecisionOutcome.Refused).ShouldBe(then.Outcome);
                tried++;
            }
        }
        tried.ShouldBeGreaterThan(1_000);
    }

    /// <summary>Null when the sentence speaks of more than readings.</summary>
    static ReadingSet? Carry(string flip, ReadingSet readings)
    {
        if (flip.Contains("attribute") || flip.Contains("result would") || flip.Contains("intent would")) return null;
        var changes = Change().Matches(flip);
        changes.Count.ShouldBe(flip.Split("would have to").Length - 1, flip);
        foreach (Match change in changes)
        {
            var scale = ReadingScale.All.Single(known => known.Title == change.Groups["title"].Value);
            var bound = double.Parse(change.Groups["bound"].Value);
            if (change.Groups["guide"].Success) bound = (bound * 2) - 1;
            var atLeast = change.Groups["how"].Value == "at least";
            var inARow = change.Groups["row"].Success ? int.Parse(change.Groups["row"].Value) : 1;
            var value = atLeast ? bound : scale.Whole ? bound - 1 : bound - 0.0001;
            readings = readings.With(scale.Kind, inARow, highest: true, value);
        }
        return readings;
    }

    [GeneratedRegex(@"(?<title>[A-Z][a-z]+(?: [a-z]+)*)(?: \((?<row>\d+) in a row\))? (?:-?[\d.E-]+ would have to be|\(unknown\) would have to be known and) (?<how>at least|below) (?<bound>-?[\d.]+)(?<guide> \(of 0..1\))?", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Change();

    [Fact]
    public void Guards_with_an_unknown_reading_refuse_or_pass_as_told()
    {
        var talk = new Talk().Customer("agent please");
        string Yaml(string onUnknown) => $"name: x\nextends: default\nguards: {{intentConfidence: {{atLeast: 0.5, onUnknown: {onUnknown}}}}}\n";
        Policy(Yaml("pass")).Decide(talk.Conversation, RoutingSnapshot.Unknown, talk.Now).Outcome.ShouldBe(DecisionOutcome.HandOff);
        var refused = Policy(Yaml("refuse")).Decide(talk.Conversation, RoutingSnapshot.Unknown, talk.Now);
        refused.Outcome.ShouldBe(DecisionOutcome.Refused);
        refused.Plan.ShouldBeNull();
        refused.Reasons[0].Sentence.ShouldBe("Intent confidence is unknown (no intent confidence seen); the policy hands off only at 0.5 or more, and refuses when it cannot tell.");
        refused.WouldFlip.ShouldContain("Intent confidence (unknown) would have to be known and at least 0.5 to be handed off.");
    }

    [Fact]
    public void Unknown_staff_passes_unless_the_policy_refuses_then()
    {
        var talk = new Talk().Customer("agent please");
        Policy("name: x\nextends: default\nguards: {mustHaveStaff: {free: 1}}\n").Decide(talk.Conversation, RoutingSnapshot.Unknown, talk.Now).Outcome.ShouldBe(DecisionOutcome.HandOff);
        var refused = Policy("name: x\nextends: default\nguards: {mustHaveStaff: {free: 1, onUnknown: refuse}}\n").Decide(talk.Conversation, RoutingSnapshot.Unknown, talk.Now);
        refused.Reasons[0].ShouldBe(new Reason("noStaff", "The policy wants at least 1 free, but Support is unknown."));
    }

    [Fact]
    public void A_canary_takes_its_share_and_always_the_same_conversations()
    {
        var canary = Policy("name: x\nextends: default\nmode: {canary: 10%}\n");
        var taken = Enumerable.Range(0, 20_000).Count(number => canary.Acts($"conversation-{number}"));
        taken.ShouldBeInRange(1_800, 2_200);
        var again = Policy("name: x\nversion: '2'\nextends: default\nmode: {canary: 10%}\n");
        Enumerable.Range(0, 1_000).ShouldAllBe(number => canary.Acts($"c{number}") == again.Acts($"c{number}"));
        preset.Acts("c").ShouldBeTrue();
        Policy("name: x\nextends: default\nmode: shadow\n").Acts("c").ShouldBeFalse();
    }
}
