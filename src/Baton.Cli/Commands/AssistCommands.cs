using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Baton.Core;
using Baton.Core.Assist;
using Baton.Server;

namespace Baton.Cli.Commands;

static class AssistCommands
{
    public static Command Create() => new("assist", "Suggestions for agents: ask, rank, record what was used, report.") { Ask(), Use(), AssistRankCommand.Create(), Report(), AssistScoreCommand.Create() };

    static Command Ask()
    {
        var conversation = new Argument<string?>("CONVERSATION") { Description = "The conversation's id (or --conversation, or GENESYS_CONVERSATION_ID)", Arity = ArgumentArity.ZeroOrOne };
        var named = new Option<string?>("--conversation") { Description = "The same as CONVERSATION" };
        var transcript = new Option<string?>("--transcript") { Description = "A file with the transcript ('-': standard input); without it the conversation is read" };
        var tail = new Option<bool>("--tail") { Description = "Of a transcript over 5,000 characters take the newest turns, and say so" };
        var skills = List("--skills", "What the agent can do, separated by commas");
        var sources = List("--sources", "Knowledge sources to ask, 1 to 10, separated by commas (default: Assist:KnowledgeSourceIds)");
        var callback = new Option<string?>("--callback") { Description = "Where the platform answers; 'baton serve' listens at /agentassist/callback" };
        var isAsync = new Option<bool>("--async") { Description = "Ask the platform to answer by callback, and wait for it" };
        var agent = new Option<string?>("--agent") { Description = "The agent's id" };
        var queue = new Option<string?>("--queue") { Description = "The queue's id, for the report (default: that of the conversation's handoff)" };
        var show = new Option<int>("--show") { Description = "How many suggestions at most", DefaultValueFactory = _ => AssistQuestion.UsuallyShown };
        return Verb.WithSystem("ask", "Ask for suggestions for the agent who has a conversation.", async (parsed, system, output, ct) =>
        {
            var id = Configuration.Given(parsed.GetValue(conversation) ?? parsed.GetValue(named), "CONVERSATION", "GENESYS_CONVERSATION_ID");
            var text = parsed.GetValue(transcript) is { } file ? await ReadAsync(file, ct) : AssistQuestion.TranscriptOf(await system.Center.ReadTranscriptAsync(id, CallFor.Nobody, ct));
            var question = new AssistQuestion(id, text)
            {
                AgentSkills = parsed.GetValue(skills)!,
                KnowledgeSourceIds = parsed.GetValue(sources) is { Length: > 0 } chosen ? chosen : system.Settings.Assist.KnowledgeSourceIds,
                CallbackUrl = parsed.GetValue(callback),
                IsAsync = parsed.GetValue(isAsync),
                QueueId = parsed.GetValue(queue),
                AgentId = parsed.GetValue(agent),
                Show = parsed.GetValue(show),
            };
            if (question.IsAsync && (question.CallbackUrl ?? system.Settings.Assist.Options.CallbackUrl) is null) throw new UsageException("--async needs an address the platform can call: --callback URL, or Assist:CallbackUrl. 'baton serve' listens at /agentassist/callback.");
            if (parsed.GetValue(tail))
            {
                (question, var leftOut) = question.Tail();
                if (leftOut > 0) Console.Error.WriteLine($"The transcript is longer than {AssistQuestion.MostCharacters} characters; its oldest {leftOut} were left out.");
            }
            try
            {
                var answer = await system.Assist.AskAsync(question, ct);
                if (answer.Request.State == AssistState.Waiting) answer = await WaitAsync(system, answer, ct);
                Print(answer, output);
                return answer.Suggestions.Count > 0 ? ExitCodes.Done : ExitCodes.RefusedOrFailed;
            }
            catch (AssistRefusedException e)
            {
                throw new UsageException(string.Join(Environment.NewLine, e.Faults.Select(f => f.Sentence)));
            }
        }, conversation, named, transcript, tail, skills, sources, callback, isAsync, agent, queue, show);
    }

    /// <summary>The callback goes to the server of this store, which keeps it; whoever runs the store ranks it.</summary>
    static async Task<AssistAnswer> WaitAsync(BatonSystem system, AssistAnswer answer, CancellationToken ct)
    {
        if (await system.Store.OwnerAsync(ct) is null)
        {
            Console.Error.WriteLine("The platform answers by callback, and no 'baton serve' runs on this store to take it.");
            return answer;
        }
        var request = answer.Request;
        while (request.IsOpen)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), system.Time, ct);
            request = await system.Store.FindAssistAsync(request.Id, ct) ?? request;
        }
        return new AssistAnswer(request, await system.Store.SuggestionsOfAsync(request.Id, ct));
    }

    static void Print(AssistAnswer answer, Out output) => output.Answer(Json(answer), () =>
    {
        output.Line($"Request {answer.Request.Id}{(answer.Request.VendorId is { } vendor ? $" (the platform's {vendor})" : "")}, {answer.Request.State}");
        foreach (var source in answer.Request.Sources)
            output.Line($"  {source.Name,-10} {Word(source.State),-9} {source.Milliseconds,6:0} ms  {(source.Count == 1 ? "1 suggestion" : $"{source.Count} suggestions")}{(source.Sentence is { } said ? $"  {said}" : "")}");
        output.Line();
        if (answer.Suggestions.Count == 0) output.Line("Nothing to suggest.");
        for (var i = 0; i < answer.Suggestions.Count; i++)
        {
            var s = answer.Suggestions[i];
            output.Line($"{i + 1}. {s.Title}   {Four(s.Score.Final)}  [{string.Join(", ", s.Sources)}]");
            output.Line($"   {s.Content.ReplaceLineEndings(" ")}");
            output.Line($"   confidence {Four(s.Score.FromConfidence)} + skill {Four(s.Score.FromSkill)} + feedback {Four(s.Score.FromFeedback)}   {s.Id}");
        }
        if (answer.Suggestions.Count > 0) output.Line($"{Environment.NewLine}baton assist use {answer.Suggestions[0].Id} inserted --agent AGENT   records that it was used.");
    });

    static Command Use()
    {
        var suggestion = new Argument<string>("SUGGESTION") { Description = "The suggestion's id (su_...)" };
        var action = new Argument<SuggestionState>("ACTION") { Description = "displayed, inserted, edited, sent or dismissed" };
        action.AcceptOnlyFromAmong("displayed", "inserted", "edited", "sent", "dismissed");
        var agent = new Option<string>("--agent") { Description = "Who did it", Required = true };
        return Verb.WithSystem("use", "Record what an agent did with a suggestion; the same deed twice changes nothing.", async (parsed, system, output, ct) =>
        {
            if (!SuggestionId.TryParse(parsed.GetValue(suggestion), null, out var id)) throw new UsageException($"'{parsed.GetValue(suggestion)}' is not a suggestion's id; it looks like su_ and 32 hex digits.");
            var did = new Engagement(parsed.GetValue(action), parsed.GetValue(agent), system.Time.GetUtcNow());
            if (await system.Assist.EngageAsync(id, did, ct) is not { } engaged) throw new IOException($"There is no suggestion {id} in this store.");
            if (engaged.Rejection is { } why) throw new IOException(why);
            // Without a server on this store, the platform is told here.
            if (await system.Store.OwnerAsync(ct) is null) await system.AssistRunner.RunOnceAsync(ct);
            output.Answer(new JsonObject { ["suggestion"] = id.ToString(), ["state"] = Word(engaged.Suggestion.State), ["recorded"] = engaged.Outcome == EngageOutcome.Recorded },
                () => output.Line(engaged.Outcome == EngageOutcome.Recorded ? $"{engaged.Suggestion.Title}: {Word(did.Did)}." : $"{engaged.Suggestion.Title}: that was recorded before; it is {Word(engaged.Suggestion.State)}."));
            return ExitCodes.Done;
        }, suggestion, action, agent);
    }

    static Command Report()
    {
        var since = new Option<string?>("--since") { Description = "Only what was asked from this date or time on, or in the last 7d, 24h, 30m" };
        var csv = new Option<bool>("--csv") { Description = "The articles as comma-separated values" };
        return Verb.WithStore("report", "How suggestions do: offered, used, late.", async (parsed, store, settings, output, ct) =>
        {
            var report = await AssistReports.ReadAsync(store, Since(parsed.GetValue(since)), ct);
            if (parsed.GetValue(csv)) Csv(report);
            else output.Answer(JsonSerializer.SerializeToNode(report, CoreJson.Default.AssistReport), () => AssistReportView.Show(report));
            return ExitCodes.Done;
        }, since, csv);
    }

    static DateTimeOffset? Since(string? text)
    {
        if (text is null) return null;
        if (text.Length > 1 && double.TryParse(text[..^1], CultureInfo.InvariantCulture, out var number) && number >= 0 && text[^1] is var unit and ('d' or 'h' or 'm'))
            return TimeProvider.System.GetUtcNow() - (unit == 'd' ? TimeSpan.FromDays(number) : unit == 'h' ? TimeSpan.FromHours(number) : TimeSpan.FromMinutes(number));
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUniversalTime()
            : throw new UsageException($"--since is '{text}'; give a date (2026-03-01), a time with its zone, or 7d, 24h, 30m.");
    }

    static void Csv(AssistReport report)
    {
        Console.Out.WriteLine("subject,source,title,offered,seen,used,acceptance,low,high");
        foreach (var a in report.Articles)
            Console.Out.WriteLine(string.Join(',', Field(a.Subject), Field(a.Source), Field(a.Title), a.Offered, a.Acceptance.Seen, a.Acceptance.Used, Share(a.Acceptance.Rate), Share(a.Acceptance.Low), Share(a.Acceptance.High)));

        static string Share(double? share) => share?.ToString("0.####", CultureInfo.InvariantCulture) ?? "";
        // A spreadsheet would run what begins like a formula.
        static string Field(string text) => (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' ? "'" + text : text) is var safe && safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"")}\"";
    }

    static JsonObject Json(AssistAnswer answer) => new()
    {
        ["request"] = answer.Request.Id.ToString(),
        ["conversationId"] = answer.Request.ConversationId,
        ["state"] = Word(answer.Request.State),
        ["vendorRequestId"] = answer.Request.VendorId,
        ["sources"] = new JsonArray([.. answer.Request.Sources.Select(s => new JsonObject
        {
            ["name"] = s.Name, ["state"] = Word(s.State), ["milliseconds"] = Math.Round(s.Milliseconds, 1), ["count"] = s.Count, ["sentence"] = s.Sentence,
        })]),
        ["suggestions"] = new JsonArray([.. answer.Suggestions.Select(s => new JsonObject
        {
            ["id"] = s.Id.ToString(), ["title"] = s.Title, ["content"] = s.Content, ["score"] = s.Score.Final, ["confidence"] = s.Score.FromConfidence, ["skill"] = s.Score.FromSkill, ["feedback"] = s.Score.FromFeedback,
            ["sources"] = new JsonArray([.. s.Sources.Select(n => JsonValue.Create(n))]), ["knowledgeSourceId"] = s.KnowledgeSourceId, ["sourceId"] = s.SourceId, ["state"] = Word(s.State),
        })]),
    };

    static async Task<string> ReadAsync(string file, CancellationToken ct)
    {
        if (file == "-") return await Console.In.ReadToEndAsync(ct);
        return File.Exists(file) ? await File.ReadAllTextAsync(file, ct) : throw new UsageException($"There is no file {file}.");
    }

    static Option<string[]> List(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = r => [.. r.Tokens.SelectMany(t => t.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
        DefaultValueFactory = _ => [],
    };

    static string Four(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
    static string Word<T>(T value) where T : struct, Enum => value.ToString() is var name ? char.ToLowerInvariant(name[0]) + name[1..] : "";
}
