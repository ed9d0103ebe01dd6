using Baton.Cli.Demo;
using Baton.Core;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests.Cli;

/// <summary>The demo's last sentence is worth something only if it can be withheld: each invariant, broken.</summary>
public sealed class DemoJudgeTests
{
    const string Promise = "You are being transferred.";
    static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    readonly ManualTime time = new(Start);
    readonly Ledger ledger;

    public DemoJudgeTests() => ledger = new Ledger(time);

    [Fact]
    public void One_transfer_and_then_the_message_is_as_it_should_be()
    {
        Transfer("q1");
        Tell();
        Judge(Done()).ShouldBeEmpty();
    }

    [Fact]
    public void Two_transfers_to_one_queue_are_a_violation()
    {
        Transfer("q1");
        Transfer("q1");
        Judge(Done()).ShouldHaveSingleItem().ShouldContain("2 times");
    }

    [Fact]
    public void A_transfer_after_the_handoff_ended_is_a_violation()
    {
        Transfer("q1");
        var done = Done();
        time.Advance(TimeSpan.FromSeconds(1));
        Transfer("q1");
        Judge(done).ShouldHaveSingleItem().ShouldContain("without a handoff");
    }

    [Fact]
    public void A_transfer_of_a_conversation_that_was_to_stay_is_a_violation()
    {
        Transfer("q1");
        Judge().ShouldHaveSingleItem().ShouldContain("without a handoff");
    }

    [Fact]
    public void A_message_before_the_transfer_is_a_violation()
    {
        Tell();
        Transfer("q1");
        Judge(Done()).ShouldHaveSingleItem().ShouldContain("before it was true");
    }

    [Fact]
    public void A_handoff_that_says_it_is_confirmed_and_was_not_transferred_is_a_violation() => Judge(Done()).ShouldContain(v => v.Contains("has not transferred it"));

    [Fact]
    public void A_handoff_that_has_not_ended_is_lost() => Judge(Requested()).ShouldHaveSingleItem().ShouldContain("still Requested");

    void Transfer(string queue) => ledger.Append(new() { Kind = LedgerKind.TransferApplied, ConversationId = "c", QueueId = queue, By = "client" });

    void Tell() => ledger.Append(new() { Kind = LedgerKind.MessageSent, ConversationId = "c", From = "api", Text = Promise });

    Handoff Requested() => Handoff.Request(HandoffId.New(Start), "c",
        new HandoffPlan { Steps = [new RouteStep { Queue = "Support" }], Messages = new HandoffMessages { Transferring = Promise } }, new HandoffOrigin("policy", [], null), Start);

    Handoff Done() => Requested() with { State = HandoffState.Completed, ConfirmedAt = time.GetUtcNow(), EndedAt = time.GetUtcNow() };

    List<string> Judge(params Handoff[] handoffs)
    {
        var histories = handoffs.ToDictionary(h => h.Id, h => (IReadOnlyList<HandoffStep>)(h.ConfirmedAt is null ? [] : [new HandoffStep(h.Id, 2, Start, HandoffState.Queued, "transferConfirmed", null)]));
        var decision = handoffs.Length == 0 ? DecisionOutcome.Stay : DecisionOutcome.HandOff;
        return [.. new DemoJudge(ledger, histories).Judge([new Played(new Scenario("scenario", []), "c", decision, null, handoffs)])];
    }
}
