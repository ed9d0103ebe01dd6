using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Baton.Core.Assist;

namespace Baton.Cli.Commands;

/// <summary>Ranks a file, so that anybody can check a number by hand.</summary>
static class AssistRankCommand
{
    static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE") { Description = """{"agentSkills": [...], "suggestions": [{"id", "title", "content", "confidence", "knowledgeSourceId", "metadata": {"tags"}}], "feedback": [{"suggestion_id", "action", "at"}]}""" };
        var kind = new Option<FeedbackKind>("--feedback") { Description = "rate (the guide's plain ratio) or smoothed (default: Assist:Feedback:Kind)" };
        return Verb.WithSettings("rank", "Rank the suggestions of a file by guide 004's formula, each score taken apart.", async (parsed, settings, output, ct) =>
        {
            var path = parsed.GetValue(file)!;
            if (!path.Exists) throw new UsageException($"There is no file {path.Name}.");
            JsonNode? root;
            try { root = JsonNode.Parse(await File.ReadAllTextAsync(path.FullName, ct), documentOptions: Lenient); }
            catch (JsonException e) { throw new UsageException($"{path.Name} is not JSON (line {e.LineNumber + 1})."); }
            if (root is not JsonObject given || given["suggestions"] is not JsonArray suggestions) throw new UsageException($"{path.Name} has no \"suggestions\": [...].");
            var passed = new List<string>();
            var candidates = suggestions.Select((s, i) => Read(s, i, passed)).OfType<Candidate>().ToList();
            var skills = (given["agentSkills"] as JsonArray ?? []).Select(s => s?.ToString() ?? "").ToList();
            var options = settings.Assist.Options.Feedback;
            if (parsed.GetResult(kind) is not null) options = options with { Kind = parsed.GetValue(kind) };
            var now = TimeProvider.System.GetUtcNow();
            var outcomes = Outcomes(given["feedback"] as JsonArray ?? [], now);
            var ranked = Ranking.Rank(candidates, skills, settings.Assist.Options.Weights, subject => options.Signal(outcomes.GetValueOrDefault(subject) ?? [], now));
            output.Answer(new JsonArray([.. ranked.Select(Json)]), () => Out.Table(["", "suggestion", "title", "score", "confidence", "skill", "feedback"],
                ranked.Select((r, i) => (IReadOnlyList<string>)[$"{i + 1}", r.Candidate.Id, r.Candidate.Title, Four(r.Score.Final), Four(r.Score.FromConfidence), $"{Four(r.Score.FromSkill)}{(r.Score.SkillMatch ? " (match)" : "")}", $"{Four(r.Score.FromFeedback)} (signal {Four(r.Score.Feedback)})"])));
            foreach (var sentence in passed) Console.Error.WriteLine(sentence);
            return ExitCodes.Done;
        }, file, kind);
    }

    static Candidate? Read(JsonNode? node, int index, List<string> passed)
    {
        if (node is not JsonObject s || s["id"]?.ToString() is not { Length: > 0 } id) return Pass($"suggestions[{index}] has no id.");
        var source = s["knowledgeSourceId"]?.ToString() ?? s["knowledge_source_id"]?.ToString();
        if (string.IsNullOrEmpty(source)) return Pass($"suggestions[{index}] ({id}) has no knowledgeSourceId; nothing without a source is shown.");
        if (s["confidence"] is not JsonValue value || !value.TryGetValue(out double confidence) || confidence is < 0 or > 1) return Pass($"suggestions[{index}] ({id}) has confidence {s["confidence"]?.ToJsonString() ?? "missing"}; it must be a number from 0 to 1.");
        var tags = (s["metadata"] as JsonObject)?["tags"] as JsonArray ?? [];
        return new Candidate("file", id, s["title"]?.ToString() ?? id, s["content"]?.ToString() ?? "", confidence, source) { Tags = [.. tags.Select(t => t?.ToString() ?? "")] };

        Candidate? Pass(string sentence)
        {
            passed.Add(sentence);
            return null;
        }
    }

    static Dictionary<string, IReadOnlyList<SubjectOutcome>> Outcomes(JsonArray feedback, DateTimeOffset now) => feedback.OfType<JsonObject>()
        .Where(f => f["suggestion_id"] is not null)
        .GroupBy(f => f["suggestion_id"]!.ToString())
        .ToDictionary(g => g.Key, g => (IReadOnlyList<SubjectOutcome>)[.. g.Select(f => new SubjectOutcome(
            f["action"]?.ToString() is "accepted" or "inserted" or "edited" or "sent",
            DateTimeOffset.TryParse(f["at"]?.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : now))]);

    static JsonObject Json(Ranked r) => new()
    {
        ["id"] = r.Candidate.Id,
        ["title"] = r.Candidate.Title,
        ["final_score"] = r.Score.Final,
        ["confidence"] = r.Score.FromConfidence,
        ["skill"] = r.Score.FromSkill,
        ["feedback"] = r.Score.FromFeedback,
        ["skill_match"] = r.Score.SkillMatch,
        ["feedback_signal"] = r.Score.Feedback,
    };

    static string Four(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
