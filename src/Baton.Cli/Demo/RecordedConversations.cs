using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baton.Cli.Demo;

/// <summary>Conversations from a file: JSON lines with <c>turns[{from: customer|bot, text}]</c>. What else a line has is left alone.</summary>
static class RecordedConversations
{
    const int MostText = 2000;

    /// <exception cref="UsageException">The file cannot be read, or a line is not a conversation; the sentence names the line.</exception>
    public static IReadOnlyList<Scenario> Read(string path)
    {
        var scenarios = new List<Scenario>();
        var number = 0;
        try
        {
            foreach (var line in File.ReadLines(path))
            {
                number++;
                if (string.IsNullOrWhiteSpace(line)) continue;
                var recorded = JsonSerializer.Deserialize(line, RecordedJson.Default.Recorded);
                if (recorded?.Turns is not { Count: > 0 } turns) throw new UsageException($"{path}, line {number}: a conversation needs turns, each with from and text.");
                scenarios.Add(new Scenario(recorded.Id ?? $"line {number}", [.. turns.Select(t => Step(t, path, number))]));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new UsageException($"{path} could not be read: {e.Message}"); }
        catch (JsonException e) { throw new UsageException($"{path}, line {number}: not JSON ({e.Message.Split(" Path:")[0].TrimEnd('.')})."); }
        if (scenarios.Count == 0) throw new UsageException($"{path} holds no conversation.");
        return scenarios;
    }

    static DemoStep Step(RecordedTurn turn, string path, int line)
    {
        var text = turn.Text ?? "";
        // The platform takes 2,000 characters a message.
        if (text.Length > MostText) text = text[..MostText];
        return turn.From switch
        {
            "customer" => new DemoStep.Customer(text),
            "bot" or "agent" => new DemoStep.Bot(text),
            _ => throw new UsageException($"{path}, line {line}: from is '{turn.From}'; allowed is customer or bot."),
        };
    }
}

sealed record Recorded(string? Id, IReadOnlyList<RecordedTurn>? Turns);
sealed record RecordedTurn(string? From, string? Text);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Recorded))]
sealed partial class RecordedJson : JsonSerializerContext;
