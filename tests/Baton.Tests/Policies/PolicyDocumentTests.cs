using Baton.Core.Briefings;
using Baton.Core.Policies;
using Shouldly;
using Xunit;

namespace Baton.Tests.Policies;

public sealed class PolicyDocumentTests
{
    static IReadOnlyList<PolicyError> Errors(string yaml) => PolicyDocument.Parse(yaml, "policy.yaml").Errors;

    static PolicyError Only(string yaml) => Errors(yaml).ShouldHaveSingleItem();

    [Fact]
    public void Five_faults_are_five_errors_each_with_its_line()
    {
        var errors = Errors("""
            name: broken
            extends: defualt
            triggers:
              askedForHuman: {atLeast: 1.4}
              sentimnt: {below: -0.5}
            hours:
              timeZone: Europe/Bärlin
              open: {mon-fri: 09:00-18:00}
            limits: {transfer: 2 minutes}
            """);
        errors.Select(error => (error.Line, error.Key)).ShouldBe([(2, "extends"), (4, "triggers.askedForHuman.atLeast"), (5, "triggers.sentimnt"), (7, "hours.timeZone"), (9, "limits.transfer")]);
        errors[1].Sentence.ShouldBe("triggers.askedForHuman.atLeast is 1.4; allowed is 0 to 1");
        errors[2].Sentence.ShouldBe("triggers.sentimnt is not known; did you mean sentiment?");
        errors[0].Sentence.ShouldBe("extends is \"defualt\"; allowed is default, gate, escalate");
        errors[4].Sentence.ShouldContain("90s, 2m or 1h");
    }

    [Theory]
    [InlineData("triggers: {noMatch: {atLeast: 1.5}}", "triggers.noMatch.atLeast is 1.5; allowed is a whole number from 0 to 1000")]
    [InlineData("triggers: {noMatch: {atLeast: often}}", "triggers.noMatch.atLeast is \"often\"; allowed is a whole number from 0 to 1000")]
    [InlineData("triggers: {sentiment: {}}", "triggers.sentiment has no bound; allowed is one of atLeast, below")]
    [InlineData("triggers: {sentiment: {atLeast: 0, below: 1}}", "has both atLeast and below")]
    [InlineData("triggers: {sentiment: 0.5}", "triggers.sentiment is \"0.5\"; allowed is a group of keys: atLeast, below, afterTurns, scale")]
    [InlineData("triggers: {sentiment: {below: 0.5}, sentiment: {below: 0.2}}", "triggers.sentiment is given twice")]
    [InlineData("triggers: {botResult: [confused]}", "allowed is understood, noMatch, noInput, agentRequested, error")]
    [InlineData("triggers: {turns: {atLeast: 5, inARow: 3}}", "triggers.turns.inARow is not known")]
    [InlineData("guards: {handoffDepth: {below: 3, onUnknown: maybe}}", "allowed is refuse, pass")]
    [InlineData("guards: {mustHaveStaff: {}}", "asks for nobody")]
    [InlineData("mode: sometimes", "mode is \"sometimes\"; allowed is live, shadow")]
    [InlineData("mode: {canary: 140%}", "mode.canary is 140; allowed is 0 to 100")]
    [InlineData("routing: [{queue: A, priority: 11}]", "routing[0].priority is 11; allowed is a whole number from 1 to 10")]
    [InlineData("routing: [{priority: 1}]", "routing[0] has no queue")]
    [InlineData("routing: [{queue: A}, {queue: B}]", "never reached")]
    [InlineData("routing: [{when: {reasons: [askdForHuman]}, queue: A}, {queue: B}]", "did you mean askedForHuman?")]
    [InlineData("fallback: [callback, {queue: A}]", "can only be the end of the list")]
    [InlineData("fallback: [Support]", "allowed is \"queue: NAME\", callback or bot")]
    [InlineData("queues: {Suport: X}", "did you mean Support?")]
    [InlineData("hours: {timeZone: UTC, open: {monday: 09:00-10:00}}", "hours.open.monday is no day")]
    [InlineData("hours: {timeZone: UTC, open: {mon: 9-10}}", "allowed is closed, or times such as 09:00-18:00")]
    [InlineData("hours: {timeZone: UTC, open: {mon: closed}, holidays: [2026-02-30]}", "hours.holidays[0] is \"2026-02-30\"; allowed is a date")]
    [InlineData("hours: {open: {mon: closed}}", "hours.timeZone is missing")]
    [InlineData("briefing: {redact: [card, mail]}", "briefing.redact has mail; allowed is card, email, phone, or off")]
    [InlineData("briefing: {hide: card}", "briefing.hide is not known")]
    [InlineData("briefing: {redact: []}", "briefing.redact is an empty list")]
    [InlineData("messages: {transfering: x}", "did you mean transferring?")]
    [InlineData("limits: {transfer: 3h}", "limits.transfer is 3h; allowed is 5s to 1h")]
    [InlineData("triggers: {intents: []}", "triggers.intents is an empty list")]
    public void A_fault_says_what_is_wrong_and_what_is_allowed(string line, string says)
    {
        var error = Only($"name: x\nextends: default\n{line}\n");
        error.Sentence.ShouldContain(says);
        error.Line.ShouldBe(3);
    }

    [Theory]
    [InlineData("name: x\ntriggers: [\n", 3)]
    [InlineData("name: x\n  bad: y\n", 2)]
    [InlineData("name: &a x\n", 1)]
    [InlineData("", 1)]
    [InlineData("- a\n- b\n", 1)]
    [InlineData("just text", 1)]
    public void Broken_yaml_is_one_error_with_its_line(string yaml, int line) => Only(yaml).Line.ShouldBeInRange(line - 1, line);

    [Fact]
    public void A_policy_that_could_never_hand_off_is_refused() =>
        Errors("name: x\nguards:\n  handoffDepth: {below: 3}\n").Select(error => error.Key).ShouldBe(["triggers", "routing"], ignoreOrder: true);

    [Fact]
    public void A_rule_of_a_preset_can_be_replaced_and_switched_off()
    {
        var policy = PolicyDocument.Parse("name: x\nextends: default\ntriggers:\n  minutes: off\n  noMatch: {atLeast: 7}\nmessages: {stillLooking: off}\n", "p").Policy!;
        policy.Triggers.ShouldNotContain(trigger => trigger.Code == "minutes");
        policy.Triggers.OfType<Trigger.OfReading>().Single(trigger => trigger.Code == "noMatch").Threshold.Bound.ShouldBe(7);
        policy.Messages.StillLooking.ShouldBeNull();
        policy.Messages.Transferring.ShouldNotBeNull();
    }

    [Fact]
    public void The_hash_follows_the_rules_not_the_layout()
    {
        string Hash(string yaml) => PolicyDocument.Parse(yaml, "p").Policy!.Version.Hash;
        var hash = Hash("name: x\nextends: default\n");
        Hash("# why\nextends: 'default'\n\nname: x # me\n").ShouldBe(hash);
        Hash("name: x\nextends: default\ntriggers: {noMatch: {atLeast: 3}}\n").ShouldNotBe(hash);
        hash.ShouldMatch("^[0-9a-f]{12}$");
    }

    [Theory]
    [InlineData("shadow", "shadow")]
    [InlineData("{canary: 10%}", "canary: 10%")]
    [InlineData("'canary: 10%'", "canary: 10%")]
    public void Modes_are_read(string given, string mode) => PolicyDocument.Parse($"name: x\nextends: default\nmode: {given}\n", "p").Policy!.Mode.ToString().ShouldBe(mode);

    [Fact]
    public void What_a_flavor_cannot_do_is_told_with_line_and_key()
    {
        var policy = PolicyDocument.Parse("""
            name: x
            extends: escalate
            routing:
              - queue: A
                skills: [x]
            fallback:
              - queue: B
              - callback
            """, "p").Policy!;
        policy.CheckAgainst(_ => null).ShouldBeEmpty();
        policy.CheckAgainst(feature => feature is PolicyFeature.Callback or PolicyFeature.Skills ? "voice has none" : null).Select(error => (error.Line, error.Sentence))
            .ShouldBe([(5, "routing[0].skills cannot be done here: voice has none"), (8, "fallback[1] cannot be done here: voice has none")]);
    }

    [Fact]
    public void What_a_preset_asks_for_is_told_at_the_line_that_extends_it() =>
        PolicyDocument.Parse("name: x\nextends: default\n", "p").Policy!.CheckAgainst(feature => feature == PolicyFeature.Priority ? "no" : null)
            .ShouldHaveSingleItem().ShouldSatisfyAllConditions(error => error.Line.ShouldBe(2), error => error.Key.ShouldBe("routing[0].priority"));

    [Theory]
    [InlineData("", Redactions.All)]
    [InlineData("briefing: {redact: card}", Redactions.Card)]
    [InlineData("briefing: {redact: [email, phone]}", Redactions.Email | Redactions.Phone)]
    [InlineData("briefing: {redact: off}", Redactions.None)]
    public void What_is_taken_out_of_a_briefing_is_the_policys_to_say(string section, Redactions expected)
    {
        var usual = PolicyDocument.Parse("name: x\nextends: default\n", "p").Policy!;
        var policy = PolicyDocument.Parse($"name: x\nextends: default\n{section}\n", "p").Policy!;
        policy.Redact.ShouldBe(expected);
        (policy.Version.Hash == usual.Version.Hash).ShouldBe(expected == Redactions.All);
    }
}
