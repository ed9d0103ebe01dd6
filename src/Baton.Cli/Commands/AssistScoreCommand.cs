using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Baton.Core.Assist.Scoring;

namespace Baton.Cli.Commands;

/// <summary>How good an order of suggestions is, measured on conversations in which agents were offered some and took one.</summary>
static class AssistScoreCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "JSON lines with turns[{from, text, suggestions{query, options[], picked}}]" };
        return Verb.Plain("score", "How often the option that the agent took comes first, by several ways to order options, with 95 % intervals.", (parsed, output, ct) =>
        {
            var report = OptionTrial.Run(Read(parsed.GetValue(file)!.FullName, ct));
            if (report.Choices == 0) throw new UsageException($"{parsed.GetValue(file)} holds no choice among two options and more.");
            output.Answer(new JsonObject
            {
                ["conversations"] = report.Conversations,
                ["choices"] = report.Choices,
                ["single"] = report.Single,
                ["missing"] = report.Missing,
                ["ways"] = new JsonArray([.. report.Ways.Select(w => new JsonObject { ["name"] = w.Name, ["first"] = Of(w.First), ["meanReciprocalRank"] = Of(w.ReciprocalRank) })]),
            }, () => Show(report, output));
            return Task.FromResult(ExitCodes.Done);
        }, file);
    }

    static JsonObject Of(Share share) => new() { ["value"] = Math.Round(share.Value, 4), ["low"] = Math.Round(share.Low, 4), ["high"] = Math.Round(share.High, 4) };

    static void Show(OptionTrialReport report, Out output)
    {
        output.Line($"{report.Choices:N0} choices in {report.Conversations:N0} conversations{Besides()}.");
        Out.Table(["ordered by", "taken one first", "95 %", "mean reciprocal rank", "95 %"], report.Ways.Select(w => (IReadOnlyList<string>)
            [w.Text, $"{w.First.Value * 100:F1} %", $"{w.First.Low * 100:F1}-{w.First.High * 100:F1}", $"{w.ReciprocalRank.Value:F3}", $"{w.ReciprocalRank.Low:F3}-{w.ReciprocalRank.High:F3}"]));

        string Besides()
        {
            var parts = new List<string>();
            if (report.Single > 0) parts.Add($"{report.Single:N0} with one option only");
            if (report.Missing > 0) parts.Add($"{report.Missing:N0} in which something else was taken");
            return parts.Count == 0 ? "" : $"; not counted: {string.Join(", ", parts)}";
        }
    }

    /// <exception cref="UsageException">The file cannot be read, or a line is not a conversation; the sentence names the line.</exception>
    internal static List<IReadOnlyList<RecordedTurn>> Read(string path, CancellationToken ct)
    {
        var conversations = new List<IReadOnlyList<RecordedTurn>>();
        var number = 0;
        try
        {
            foreach (var line in File.ReadLines(path))
            {
                ct.ThrowIfCancellationRequested();
                number++;
                if (string.IsNullOrWhiteSpace(line)) continue;
                if (JsonSerializer.Deserialize(line, ScoredJson.Default.ScoredConversation)?.Turns is not { } turns) throw new UsageException($"{path}, line {number}: a conversation needs turns, each with from and text.");
                conversations.Add([.. turns.Select(t => Turn(t, path, number))]);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new UsageException($"{path} could not be read: {e.Message}"); }
        catch (JsonException e) { throw new UsageException($"{path}, line {number}: not JSON ({e.Message.Split(" Path:")[0].TrimEnd('.')})."); }
        return conversations;
    }

    static RecordedTurn Turn(ScoredTurn? turn, string path, int line)
    {
        if (turn?.From is not ("customer" or "agent" or "bot")) throw new UsageException($"{path}, line {line}: from is '{turn?.From}'; allowed is customer, agent or bot.");
        if (turn.Suggestions is not { } given) return new RecordedTurn(turn.From == "customer", turn.Text ?? "");
        if (given.Options is not { Count: > 0 } options || options.Any(string.IsNullOrEmpty) || string.IsNullOrEmpty(given.Picked)) throw new UsageException($"{path}, line {line}: suggestions need options and picked, none of them empty.");
        return new RecordedTurn(turn.From == "customer", turn.Text ?? "", new RecordedChoice(given.Query, options, given.Picked));
    }
}

sealed record ScoredConversation(IReadOnlyList<ScoredTurn>? Turns);
sealed record ScoredTurn(string? From, string? Text, ScoredSuggestions? Suggestions);
sealed record ScoredSuggestions(string? Query, IReadOnlyList<string>? Options, string? Picked);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ScoredConversation))]
sealed partial class ScoredJson : JsonSerializerContext;
