using Baton.Core.Assist;

namespace Baton.Server.Console.Desk;

/// <summary>A source of suggestions and how it does in a request, in words.</summary>
/// <param name="Tone">The class that colors it.</param>
public sealed record SourceView(string Name, string Words, string Tone, string? Why)
{
    /// <param name="all">The sources that are asked: until they have answered the request does not name them.</param>
    public static IReadOnlyList<SourceView> Of(AssistRequest request, IReadOnlyList<string> all) =>
        request.State == AssistState.Asking ? [.. all.Select(name => new SourceView(NameOf(name), "is being asked", "going", null))] : [.. request.Sources.Select(Of)];

    static SourceView Of(SourceReport report) => report.State switch
    {
        SourceState.Answered => new(NameOf(report.Name), $"{report.Count} in {Took(report)}", "good", report.Sentence),
        SourceState.Empty => new(NameOf(report.Name), "has nothing on this", "over", report.Sentence),
        SourceState.Pending => new(NameOf(report.Name), "still working", "going", "Its answer comes by callback and will stand behind what is here."),
        SourceState.Late => new(NameOf(report.Name), "late", "warn", report.Sentence),
        _ => new(NameOf(report.Name), "failed", "bad", report.Sentence),
    };

    public static string NameOf(string source) => source switch
    {
        "local" => "Articles",
        "knowledge" => "Genesys knowledge",
        "platform" => "Genesys Agent Assist",
        "guide" => "Agent Assist",
        _ => Wording.Sentence(source),
    };

    static string Took(SourceReport report) => report.Milliseconds < 1000 ? $"{report.Milliseconds:0} ms" : Wording.Of(TimeSpan.FromMilliseconds(report.Milliseconds));
}
