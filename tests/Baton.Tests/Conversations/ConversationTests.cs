using Baton.Core.Conversations;
using Shouldly;
using Xunit;

namespace Baton.Tests.Conversations;

public sealed class ConversationTests
{
    static Turn At(int second, string? id = null) => new(id ?? $"t{second}", Speaker.Customer, "hello", Talk.Start.AddSeconds(second));

    [Fact]
    public void A_late_turn_goes_to_its_place_in_time()
    {
        var conversation = Conversation.Of("c", [At(1), At(3), At(2)]);
        conversation.Turns.Select(turn => turn.Id).ShouldBe(["t1", "t2", "t3"]);
    }

    [Fact]
    public void A_turn_heard_twice_changes_nothing()
    {
        var once = Conversation.Of("c", [At(1), At(2)]);
        once.Hear(At(9, id: "t1")).ShouldBeSameAs(once);
    }

    [Fact]
    public void Hearing_leaves_the_earlier_conversation_as_it_was()
    {
        var before = Conversation.Of("c", [At(1)]);
        var after = before.Hear(At(2));
        before.Turns.Count.ShouldBe(1);
        after.Turns.Count.ShouldBe(2);
    }

    [Fact]
    public void Turns_given_as_a_plain_list_are_folded_too()
    {
        var conversation = new Conversation { Id = "c", Turns = [At(1), At(2)] };
        conversation.Hear(At(2)).Turns.Count.ShouldBe(2);
        conversation.Hear(At(3)).Turns.Count.ShouldBe(3);
    }

    [Fact]
    public void Ten_thousand_turns_fold_one_by_one_without_copying_those_before()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var conversation = new Conversation { Id = "c" };
        for (var second = 0; second < 10_000; second++) conversation = conversation.Hear(At(second));
        conversation.Turns.Count.ShouldBe(10_000);
        conversation.Turns[9_999].Id.ShouldBe("t9999");
        // Copying every time takes 400 MB.
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(40_000_000);
    }
}
