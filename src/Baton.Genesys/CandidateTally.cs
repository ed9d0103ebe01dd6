using System.Text.Json;
using Baton.Core.Assist;
using Baton.Genesys.Http;

namespace Baton.Genesys;

/// <summary>What a source gave, and what of it cannot be used. Reasons name ids, and never what was written.</summary>
sealed class CandidateTally
{
    const int LongestId = 200;
    readonly List<Candidate> candidates = [];
    readonly HashSet<string> ids = new(StringComparer.Ordinal);
    readonly List<string> notes = [];
    string? reason;
    int passed;

    /// <summary>In the order they came.</summary>
    public SourceAnswer.Found Found => new(candidates, passed, Why);

    /// <summary>The surest first; equals in the order they came.</summary>
    public SourceAnswer.Found SurestFirst => new([.. candidates.OrderByDescending(c => c.Confidence)], passed, Why);

    string? Why => notes.Count == 0 ? reason : string.Join(' ', [.. notes, .. reason is null ? Array.Empty<string>() : [reason]]);

    /// <summary>Reads the entries of a list one by one: one that cannot be read costs no other.</summary>
    /// <param name="name">What the list is called, for its reasons.</param>
    public void Each(JsonElement? list, string name, Action<JsonElement, string> read)
    {
        if (list is null) return;
        if (list is not { ValueKind: JsonValueKind.Array })
        {
            Pass($"{name} is not a list.");
            return;
        }
        var number = 0;
        foreach (var entry in list.Items())
        {
            var entryName = $"{name} {++number}";
            if (entry.ValueKind != JsonValueKind.Object) Pass($"{entryName} is not an object.");
            else read(entry, entryName);
        }
    }

    public void Take(Candidate candidate, string name)
    {
        if (candidate.Id.Length > LongestId) Pass($"{name} has an id of {candidate.Id.Length} characters.");
        else if (!ids.Add(candidate.Id)) Pass($"{name} has the id of another one.");
        else candidates.Add(candidate);
    }

    /// <summary>An entry that cannot be used. The first reason stands for all.</summary>
    public void Pass(string why)
    {
        passed++;
        reason ??= why;
    }

    /// <summary>Something to be said besides; nothing was passed over.</summary>
    public void Note(string sentence) => notes.Add(sentence);

    /// <summary>Said of the first entry that gives cause to it.</summary>
    public void NoteOnce(string sentence)
    {
        if (notes.Count == 0) notes.Add(sentence);
    }
}
