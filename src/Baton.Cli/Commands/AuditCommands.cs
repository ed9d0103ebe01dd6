using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Baton.Core;
using Baton.Core.Audit;

namespace Baton.Cli.Commands;

static class AuditCommands
{
    public static Command Create() => new("audit", "The trail of everything decided and done: hash-chained, without a word of what was said.") { VerifyTrail(), Export(), Tail() };

    static readonly Argument<string?> Conversation = new("CONVERSATION") { Description = "One conversation's chain; all when absent", Arity = ArgumentArity.ZeroOrOne };

    static Command VerifyTrail()
    {
        var file = new Option<FileInfo?>("--file") { Description = "Verify an exported file instead of the store" };
        return Verb.WithSettings("verify", "Recompute every hash. A changed, missing or reordered entry is named.", async (parsed, settings, output, ct) =>
        {
            var report = parsed.GetValue(file) is { } exported ? await VerifyFileAsync(exported.FullName, ct) : await VerifyStoreAsync(settings.StorePath, ct);
            output.Answer(new JsonObject
            {
                ["valid"] = report.IsSound,
                ["entries"] = report.Entries,
                ["chains"] = report.Chains,
                ["problems"] = new JsonArray([.. report.Problems.Select(p => new JsonObject { ["chain"] = p.Chain, ["sequence"] = p.Sequence, ["what"] = p.Sentence })]),
            }, () =>
            {
                foreach (var problem in report.Problems) Console.Error.WriteLine($"{problem.Chain} entry {problem.Sequence}: {problem.Sentence}");
                output.Line(report.IsSound ? $"{report.Entries} entries in {report.Chains} chain{(report.Chains == 1 ? "" : "s")} verify." : $"{report.ProblemCount} problems in {report.Entries} entries.");
            });
            return report.IsSound ? ExitCodes.Done : ExitCodes.RefusedOrFailed;
        }, file);
    }

    static async Task<AuditReport> VerifyFileAsync(string path, CancellationToken ct)
    {
        using var reader = File.OpenText(path);
        return await AuditFile.VerifyAsync(reader, null, null, ct);
    }

    static async Task<AuditReport> VerifyStoreAsync(string path, CancellationToken ct)
    {
        if (!File.Exists(path)) throw new StoreException($"There is no store {path} yet; there is nothing to verify.");
        await using var store = await Storage.Sqlite.SqliteStore.OpenAsync(path, null, ct);
        using var key = File.Exists(AuditKey.PathBeside(path)) ? AuditKey.OpenOrCreate(AuditKey.PathBeside(path)) : null;
        return await AuditVerifier.VerifyAsync(store, key, null, ct);
    }

    static Command Export() => Verb.WithStore("export", "Write the trail as JSON lines; 'baton audit verify --file' checks them anywhere.", async (parsed, store, settings, _, ct) =>
    {
        if (parsed.GetValue(Conversation) is not { } one) await AuditFile.ExportAsync(store, Console.Out, ct);
        else await foreach (var entry in store.ReadAuditAsync(one, ct)) Console.Out.WriteLine(AuditFile.LineOf(entry));
        return ExitCodes.Done;
    }, Conversation);

    static Command Tail()
    {
        var count = new Option<int>("--count", "-n") { Description = "How many", DefaultValueFactory = _ => 20 };
        return Verb.WithStore("tail", "The newest entries, newest last.", async (parsed, store, settings, output, ct) =>
        {
            var entries = await store.TailAuditAsync(parsed.GetValue(count), ct);
            output.Answer(new JsonArray([.. entries.Select(e => JsonNode.Parse(AuditFile.LineOf(e)))]),
                () =>
                {
                    foreach (var e in entries) output.Line($"{e.At:yyyy-MM-dd HH:mm:ss}Z  {e.Chain}  #{e.Sequence,-3} {e.Kind,-28} {e.Facts}");
                });
            return ExitCodes.Done;
        }, count);
    }
}
