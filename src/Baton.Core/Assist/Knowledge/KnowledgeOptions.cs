namespace Baton.Core.Assist.Knowledge;

/// <summary>A folder of Markdown articles that suggestions come from. Configuration section <c>Assist:Local</c>.</summary>
public sealed record KnowledgeOptions
{
    /// <summary>Read with all folders below it; null: there is no local knowledge.</summary>
    public string? Folder { get; init; }

    /// <summary>What questions name it by, among their knowledge sources.</summary>
    public string Id { get; init; } = "local";

    /// <summary>BM25: how soon saying a word again adds nothing; 0: only whether it is said.</summary>
    public double K1 { get; init; } = 1.2;

    /// <summary>BM25: how much a long article's words count less, 0..1.</summary>
    public double B { get; init; } = 0.75;

    /// <summary>As if a word of the title stood this often in the text.</summary>
    public double TitleBoost { get; init; } = 4;

    /// <summary>The same for headings of sections, and for tags.</summary>
    public double HeadingBoost { get; init; } = 2;

    /// <summary>What a turn of the customer weighs beside the one after it.</summary>
    public double TurnDecay { get; init; } = 0.6;

    /// <summary>An article that covers less of the question than this share is not suggested.</summary>
    public double LeastConfidence { get; init; } = 0.25;

    /// <summary>What cannot work, each with the key and what is allowed.</summary>
    public IReadOnlyList<string> Check()
    {
        var faults = new List<string>();
        if (Folder is { } folder && string.IsNullOrWhiteSpace(folder)) faults.Add("Assist:Local:Folder is empty; name a folder of Markdown files, or leave the key out.");
        if (string.IsNullOrWhiteSpace(Id)) faults.Add("Assist:Local:Id is empty; it is what questions name the folder by.");
        if (!(K1 is >= 0 and <= 10)) faults.Add($"Assist:Local:K1 is {K1}; allowed is 0 to 10.");
        if (!(B is >= 0 and <= 1)) faults.Add($"Assist:Local:B is {B}; allowed is 0 to 1.");
        if (!(TitleBoost is >= 0 and <= 100)) faults.Add($"Assist:Local:TitleBoost is {TitleBoost}; allowed is 0 to 100.");
        if (!(HeadingBoost is >= 0 and <= 100)) faults.Add($"Assist:Local:HeadingBoost is {HeadingBoost}; allowed is 0 to 100.");
        if (!(TurnDecay is >= 0 and <= 1)) faults.Add($"Assist:Local:TurnDecay is {TurnDecay}; allowed is 0 to 1.");
        if (!(LeastConfidence is >= 0 and <= 1)) faults.Add($"Assist:Local:LeastConfidence is {LeastConfidence}; allowed is 0 to 1.");
        return faults;
    }
}
