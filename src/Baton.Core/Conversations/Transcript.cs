using System.Collections;
using System.Collections.Immutable;

namespace Baton.Core.Conversations;

/// <summary>
/// Turns in order of time, each id once. Immutable like the conversation that holds it, but a new turn shares all older ones:
/// a transcript of 10,000 turns folds in milliseconds, where copying an array each time would be quadratic.
/// </summary>
sealed class Transcript : IReadOnlyList<Turn>
{
    static readonly Transcript empty = new([], []);

    readonly ImmutableList<Turn> turns;
    readonly ImmutableHashSet<string> ids;

    Transcript(ImmutableList<Turn> turns, ImmutableHashSet<string> ids) => (this.turns, this.ids) = (turns, ids);

    public int Count => turns.Count;
    public Turn this[int index] => turns[index];

    public static Transcript Of(IEnumerable<Turn> turns)
    {
        if (turns is Transcript transcript) return transcript;
        var heard = empty;
        foreach (var turn in turns)
            if (!heard.Knows(turn.Id)) heard = heard.With(turn);
        return heard;
    }

    public bool Knows(string id) => ids.Contains(id);

    public Transcript With(Turn turn)
    {
        var at = turns.Count;
        while (at > 0 && turns[at - 1].At > turn.At) at--;
        return new Transcript(turns.Insert(at, turn), ids.Add(turn.Id));
    }

    public IEnumerator<Turn> GetEnumerator() => turns.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
