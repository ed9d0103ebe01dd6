using Baton.Core.Assist;
using static Baton.Core.Assist.SuggestionState;

namespace Baton.Tests.Assist;

public sealed class SuggestionTests
{
    static readonly DateTimeOffset offeredAt = new(2026, 8, 20, 10, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset later = offeredAt.AddMinutes(1);
    static readonly DateTimeOffset expiresAt = offeredAt.AddMinutes(30);

    static Suggestion Offer()
    {
        var request = AssistRequestId.New(offeredAt);
        return new()
        {
            Id = SuggestionId.Of(request, "local", "a.md"),
            RequestId = request,
            ConversationId = "c-1",
            Source = "local",
            SourceId = "a.md",
            Subject = "local/a.md",
            KnowledgeSourceId = "local",
            Title = "A",
            Content = "a",
            Score = Ranking.Score(0.5, false, 0.5, new RankingWeights()),
            Sources = ["local"],
            OfferedAt = offeredAt,
            ResponseMilliseconds = 12,
            ExpiresAt = expiresAt,
        };
    }

    // As an agent gets there: shown first, and only then anything else.
    static Suggestion In(SuggestionState state, bool wasSeen = true)
    {
        var suggestion = Offer();
        if (state == Offered) return suggestion;
        if (wasSeen) suggestion = suggestion.Apply(new Engagement(Displayed, "u-1", offeredAt.AddSeconds(1))).Suggestion;
        return state == Displayed ? suggestion : suggestion.Apply(new Engagement(state, state == Expired ? null : "u-1", offeredAt.AddSeconds(2))).Suggestion;
    }

    // Rows: where it is. Columns: what is done. What becomes of it; "no": rejected; "-": nothing new; the same state: recorded, and it stays.
    static readonly SuggestionState[] deeds = [Displayed, Inserted, Edited, Sent, Dismissed, Expired];

    public static TheoryData<SuggestionState, SuggestionState, string> Table { get; } = Rows(
        (Offered, ["Displayed", "Inserted", "Edited", "Sent", "Dismissed", "Expired"]),
        (Displayed, ["Displayed", "Inserted", "Edited", "Sent", "Dismissed", "Expired"]),
        (Inserted, ["Inserted", "Inserted", "Edited", "Sent", "no", "no"]),
        (Edited, ["Edited", "Edited", "Edited", "Sent", "no", "no"]),
        (Sent, ["Sent", "Sent", "Sent", "Sent", "no", "no"]),
        (Dismissed, ["Dismissed", "Inserted", "Edited", "Sent", "Dismissed", "-"]),
        (Expired, ["Expired", "Inserted", "Edited", "Sent", "Expired", "-"]));

    static TheoryData<SuggestionState, SuggestionState, string> Rows(params (SuggestionState From, string[] Outcomes)[] rows)
    {
        var data = new TheoryData<SuggestionState, SuggestionState, string>();
        foreach (var (from, outcomes) in rows)
            for (var i = 0; i < deeds.Length; i++) data.Add(from, deeds[i], outcomes[i]);
        return data;
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void What_an_agent_does_moves_it_forward_only(SuggestionState from, SuggestionState did, string outcome)
    {
        var before = In(from);

        var step = before.Apply(new Engagement(did, did == Expired ? null : "u-1", later));

        if (outcome is "no" or "-")
        {
            step.Suggestion.ShouldBeSameAs(before);
            step.Engagement.ShouldBeNull();
            if (outcome == "no") step.Rejection.ShouldNotBeNull().ShouldContain(from.ToString().ToLowerInvariant());
            else step.Rejection.ShouldBeNull();
            return;
        }
        step.Rejection.ShouldBeNull();
        step.Engagement!.Did.ShouldBe(did);
        step.Suggestion.State.ToString().ShouldBe(outcome);
        step.Suggestion.Version.ShouldBe(before.Version + 1);
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void Used_stays_used_and_the_first_times_stay(SuggestionState from, SuggestionState did, string outcome)
    {
        var before = In(from);

        var after = before.Apply(new Engagement(did, "u-1", later)).Suggestion;

        if (before.Accepted == true) after.Accepted.ShouldBe(true, outcome);
        if (before.DisplayedAt is { } displayed) after.DisplayedAt.ShouldBe(displayed);
        if (before.UsedAt is { } used) after.UsedAt.ShouldBe(used);
        (after.UsedAt is not null).ShouldBe(after.Accepted == true);
    }

    [Fact]
    public void Nobody_offers_by_engaging()
    {
        foreach (var state in Enum.GetValues<SuggestionState>()) In(state).Apply(new Engagement(Offered, "u-1", later)).Rejection.ShouldNotBeNull();
    }

    [Fact]
    public void Seen_and_left_alone_is_not_accepted_but_never_seen_is_not_known()
    {
        In(Expired, wasSeen: true).Accepted.ShouldBe(false);
        In(Expired, wasSeen: false).Accepted.ShouldBeNull();
        In(Displayed).Accepted.ShouldBeNull();
        In(Offered).Accepted.ShouldBeNull();
        In(Dismissed, wasSeen: false).Accepted.ShouldBe(false);
    }

    [Fact]
    public void What_was_used_must_have_been_seen() => In(Inserted, wasSeen: false).DisplayedAt.ShouldBe(offeredAt.AddSeconds(2));

    [Fact]
    public void It_waits_for_an_agent_until_its_outcome_is_known()
    {
        In(Displayed).ExpiresAt.ShouldBe(expiresAt);
        foreach (var state in new[] { Inserted, Edited, Sent, Dismissed, Expired }) In(state).ExpiresAt.ShouldBeNull(state.ToString());
        In(Sent).Apply(new Engagement(Displayed, "u-1", later)).Suggestion.ExpiresAt.ShouldBeNull();
    }

    [Fact]
    public void The_same_answer_makes_the_same_id()
    {
        var request = AssistRequestId.New(offeredAt);

        SuggestionId.Of(request, "local", "a.md").ShouldBe(SuggestionId.Of(request, "local", "a.md"));
        SuggestionId.Of(request, "local", "a.md").ShouldNotBe(SuggestionId.Of(request, "guide", "a.md"));
        SuggestionId.Parse(SuggestionId.Of(request, "local", "a.md").ToString()).ShouldBe(SuggestionId.Of(request, "local", "a.md"));
        SuggestionId.TryParse("su_ABCDEF", null, out _).ShouldBeFalse();
    }
}
