using Baton.Core;
using Baton.Core.Handoffs;

namespace Baton.Genesys.Quota;

/// <summary>
/// The arithmetic of one OAuth client's quota: a fixed window of a minute in which so many calls are allowed. Counted by ourselves as calls are sent, corrected by
/// what the platform's headers say, so that the window is not overrun in the first place. Knows no clock and no waiting: every method is given the instant.
/// <para>
/// The window's end is known only through <c>inin-ratelimit-reset</c>, whole seconds rounded up: each reply bounds it from above, and the smallest bound holds.
/// Until one has come it is guessed from the first call, which is a little early: the platform counts a call when it arrives. A reply to a call of an earlier window
/// may tell of that window, so it is not believed of this one.
/// Until the first reply has come only one call is sent, because a process that has just started does not know what was spent before.
/// </para>
/// </summary>
/// <param name="isShared">Handoffs and suggestions spend from it; false: it is for suggestions alone.</param>
sealed class QuotaWindow(int allowed, bool isShared = true)
{
    static readonly TimeSpan Length = TimeSpan.FromSeconds(60);

    // As for the setting: with fewer a minute no handoff is ever prepared. A smaller quota than that is a header gone wrong; if it were true, 429 would say so.
    const int Least = 10;

    readonly Dictionary<HandoffId, int> admitted = [];
    int reserved;
    int foreign;
    int followed;
    int suggested;
    int postponed;
    DateTimeOffset? end;
    bool isTold;
    DateTimeOffset blockedUntil;
    DateTimeOffset suggestionsBlockedUntil;

    public int Allowed { get; private set; } = allowed;
    public int Used { get; private set; }
    public int InFlight { get; private set; }

    /// <summary>Which window this is: a call is told it when it is sent, and its reply tells it back.</summary>
    public int Number { get; private set; }

    /// <summary>False until the platform has told how much of the window is spent.</summary>
    public bool IsKnown { get; private set; }
    public DateTimeOffset BlockedUntil => blockedUntil;

    /// <summary>Reserves a handoff's whole plan in this window, or says when to ask again.</summary>
    public DateTimeOffset? Admit(HandoffId handoff, int calls, DateTimeOffset now)
    {
        Roll(now);
        if (now < blockedUntil) return blockedUntil;
        if (admitted.ContainsKey(handoff)) return null;
        // A limit below one plan must not keep everything out for ever.
        calls = Math.Min(calls, Allowed);
        if (Spent + reserved + calls > Allowed) return end ?? now + Length;
        admitted[handoff] = calls;
        reserved += calls;
        // What is reserved and never used lapses with the window, so a reservation begins one.
        end ??= now + Length;
        return null;
    }

    public bool HasAdmitted(HandoffId handoff) => admitted.ContainsKey(handoff);

    /// <summary>Null: the call may be sent and is counted. Else not before the instant.</summary>
    public DateTimeOffset? Take(CallPurpose purpose, HandoffId? handoff, DateTimeOffset now)
    {
        Roll(now);
        if (now < blockedUntil) return blockedUntil;
        if (purpose == CallPurpose.Suggest && now < suggestionsBlockedUntil) return suggestionsBlockedUntil;
        if (!IsKnown && InFlight > 0) return now + TimeSpan.FromSeconds(1);
        var own = handoff is { } id && admitted.TryGetValue(id, out var left) && left > 0;
        // A reservation holds against our own calls; what a neighbor has spent is spent.
        if (Spent + (own ? 0 : reserved) >= Allowed) return end ?? now + Length;
        // Following is worth least: it never takes more than a fifth of a window (design 4).
        if (purpose == CallPurpose.Follow && followed >= FollowShare) return end ?? now + Length;
        // An agent can do without a suggestion, a customer cannot do without a transfer: agents who ask a lot leave half of it.
        if (purpose == CallPurpose.Suggest && isShared && suggested >= SuggestShare) return end ?? now + Length;

        if (own) Use(handoff!.Value);
        if (purpose == CallPurpose.Follow) followed++;
        if (purpose == CallPurpose.Suggest) suggested++;
        Used++;
        InFlight++;
        end ??= now + Length;
        return null;
    }

    /// <summary>
    /// When a call that was told <paramref name="notBefore"/> should come back. Following never ends: if all of it came back when the window opens,
    /// the same few would have its share every time. So each is given its turn, a share a window.
    /// </summary>
    public DateTimeOffset Turn(CallPurpose purpose, DateTimeOffset notBefore) =>
        purpose == CallPurpose.Follow ? notBefore + Length * (postponed++ / FollowShare) : notBefore;

    /// <summary>A reply to a call of the numbered window has come, or will not come any more.</summary>
    public void Observe(RateHeaders headers, int number, DateTimeOffset now)
    {
        InFlight = Math.Max(0, InFlight - 1);
        IsKnown = true;
        if (number != Number) return;
        if (headers.Reset is >= 0 and <= 2 * 60) Bound(now + TimeSpan.FromSeconds(headers.Reset.Value));
        if (headers.Allowed is >= Least) Allowed = headers.Allowed.Value;
        // What the platform has counted and we have not sent, somebody else has sent with the same client. More than it allows it has not served: then it also says 429 and until when.
        if (headers.Count is { } count && count >= 0 && count <= Allowed) foreign = Math.Max(foreign, count - Used);
    }

    void Bound(DateTimeOffset bound)
    {
        // The platform has begun its next window already.
        if (isTold && bound > end + Length / 2) Begin();
        if (!isTold || bound < end) end = bound;
        isTold = true;
    }

    /// <summary>The platform answered 429: nothing more before the instant.</summary>
    public void Block(DateTimeOffset until)
    {
        if (until > blockedUntil) blockedUntil = until;
    }

    /// <summary>A limit of suggestions or knowledge alone is used up: they wait, and nobody else.</summary>
    public void BlockSuggestions(DateTimeOffset until)
    {
        if (until > suggestionsBlockedUntil) suggestionsBlockedUntil = until;
    }

    int FollowShare => Math.Max(1, Allowed / 5);
    int SuggestShare => Math.Max(1, Allowed / 2);

    // While a neighbor spends from the same window, calls under way may meet its calls: leave room for as many.
    int Spent => Used + foreign + (foreign > 0 ? InFlight : 0);

    void Use(HandoffId handoff)
    {
        admitted[handoff]--;
        reserved--;
    }

    void Roll(DateTimeOffset now)
    {
        if (now >= end) Begin();
    }

    void Begin()
    {
        (end, isTold) = (null, false);
        Number++;
        // Calls sent before the end may be counted after it.
        Used = InFlight;
        foreign = followed = suggested = reserved = 0;
        postponed = Math.Max(0, postponed - FollowShare);
        admitted.Clear();
    }
}

/// <summary>The platform's three headers, each absent or odd at times.</summary>
readonly record struct RateHeaders(int? Count, int? Allowed, int? Reset);
