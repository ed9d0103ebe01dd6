using System.CommandLine;
using System.Text.Json.Nodes;
using Baton.Core.Policies;
using Baton.Genesys;
using Baton.Server;

namespace Baton.Cli.Commands;

static class PolicyCommands
{
    public static Command Create() => new("policy", "Check, show and test the policy: when to hand off, and where to.") { Check(), Show(), Presets(), Test(), Versions() };

    static Command Check()
    {
        var file = new Argument<string>("FILE") { Description = "A policy file, or a preset's name" };
        var flavor = new Option<GenesysFlavor>("--flavor") { Description = "Check against what this flavor can do: platform or guide" };
        return Verb.Plain("check", "Check a policy as a whole: every error with its line, its key and what is allowed.", (parsed, output, _) =>
        {
            var name = parsed.GetValue(file)!;
            var errors = new List<string>();
            var policy = PolicyHolder.Read(name, errors);
            if (policy is not null) errors.AddRange(PolicyHolder.CheckAgainst(policy, name, parsed.GetValue(flavor)));
            output.Answer(new JsonObject { ["valid"] = errors.Count == 0, ["name"] = policy?.Version.Name, ["hash"] = policy?.Version.Hash, ["errors"] = new JsonArray([.. errors]) }, () =>
            {
                if (errors.Count == 0) output.Line($"{policy!.Version.Name} {policy.Version.Version} ({policy.Version.Hash}) is in order.");
                foreach (var error in errors) Console.Error.WriteLine(error);
            });
            return Task.FromResult(errors.Count == 0 ? ExitCodes.Done : ExitCodes.RefusedOrFailed);
        }, file, flavor);
    }

    static Command Show()
    {
        var file = new Argument<string>("FILE") { Description = "A policy file, or a preset's name", DefaultValueFactory = _ => "default" };
        return Verb.Plain("show", "Show a policy as it is after its preset was filled in.", (parsed, output, _) =>
        {
            var name = parsed.GetValue(file)!;
            var policy = PolicyFiles.Load(name);
            var whole = JsonNode.Parse(policy.ToJson());
            output.Answer(new JsonObject { ["version"] = policy.Version.Version, ["hash"] = policy.Version.Hash, ["policy"] = whole }, () => output.Line(YamlText.Of(whole)));
            return Task.FromResult(ExitCodes.Done);
        }, file);
    }

    static Command Presets()
    {
        var name = new Argument<string?>("NAME") { Description = "Print this preset's text, ready to be saved and changed", Arity = ArgumentArity.ZeroOrOne };
        return Verb.Plain("presets", "The policies that come with Baton.", (parsed, output, _) =>
        {
            if (parsed.GetValue(name) is { } one)
            {
                if (!PolicyPresets.Names.Contains(one)) throw new UsageException($"There is no preset '{one}'; there are {string.Join(", ", PolicyPresets.Names)}.");
                output.Answer(new JsonObject { ["name"] = one, ["text"] = PolicyPresets.Text(one) }, () => output.Line(PolicyPresets.Text(one)));
                return Task.FromResult(ExitCodes.Done);
            }
            output.Answer(new JsonArray([.. PolicyPresets.Names]), () =>
            {
                foreach (var preset in PolicyPresets.Names) output.Line($"{preset,-10} {FirstComment(PolicyPresets.Text(preset))}");
                output.Line();
                output.Line("'baton policy presets NAME > policy.yaml' gives you one to change.");
            });
            return Task.FromResult(ExitCodes.Done);
        }, name);
    }

    static string FirstComment(string yaml) => yaml.Split('\n').FirstOrDefault(l => l.StartsWith('#'))?.TrimStart('#', ' ') ?? "";

    static Command Versions()
    {
        const int Most = 200;
        var number = new Argument<long?>("NUMBER") { Description = "Print this version's text", Arity = ArgumentArity.ZeroOrOne };
        return Verb.WithStore("versions", "Every version of the policy that was in force: from the file, from the console. The newest is.", async (parsed, store, _, output, ct) =>
        {
            if (parsed.GetValue(number) is { } one)
            {
                if (await store.FindPolicyAsync(one, ct) is not { } edition) throw new UsageException($"There is no version {one}; 'baton policy versions' lists them.");
                output.Answer(Of(edition, edition.Text), () => output.Line(edition.Text.TrimEnd('\n')));
                return ExitCodes.Done;
            }
            var versions = await store.ListPoliciesAsync(null, Most, ct);
            output.Answer(new JsonArray([.. versions.Select(v => Of(v, null))]), () =>
            {
                if (versions.Count == 0) output.Line("None yet: 'baton serve' enters the first.");
                foreach (var v in versions) output.Line($"{v.Number,4}  {v.At:yyyy-MM-dd HH:mm:ss}  {v.Version.Name} {v.Version.Version} {v.Version.Hash}  {v.Source.ToString().ToLowerInvariant(),-8}  {v.By}{(v.Note is { } note ? $": {note}" : "")}");
            });
            return ExitCodes.Done;
        }, number);
    }

    static JsonObject Of(PolicyEdition edition, string? text) => new()
    {
        ["number"] = edition.Number,
        ["name"] = edition.Version.Name,
        ["version"] = edition.Version.Version,
        ["hash"] = edition.Version.Hash,
        ["source"] = edition.Source.ToString(),
        ["by"] = edition.By,
        ["at"] = edition.At,
        ["note"] = edition.Note,
        ["text"] = text,
    };

    static Command Test()
    {
        var folder = new Argument<DirectoryInfo>("FOLDER") { Description = "A case (policy.yaml, facts.json, decision.json), or a folder of cases" };
        return Verb.Plain("test", "Run policy cases: each a folder with a policy, the facts and the decision expected of them.", (parsed, output, _) =>
        {
            var root = parsed.GetValue(folder)!;
            if (!root.Exists) throw new UsageException($"There is no folder {root}.");
            var folders = File.Exists(Path.Combine(root.FullName, "facts.json")) ? [root.FullName] : Directory.GetFiles(root.FullName, "facts.json", SearchOption.AllDirectories).Select(f => Path.GetDirectoryName(f)!).Order().ToArray();
            if (folders.Length == 0) throw new UsageException($"{root} holds no case; a case is a folder with policy.yaml, facts.json and decision.json.");
            var results = folders.Select(f => (Name: Path.GetRelativePath(root.FullName, f), Difference: Run(f))).ToList();
            var failed = results.Count(r => r.Difference is not null);
            output.Answer(new JsonObject
            {
                ["passed"] = results.Count - failed,
                ["failed"] = failed,
                ["cases"] = new JsonArray([.. results.Select(r => new JsonObject { ["case"] = r.Name, ["difference"] = r.Difference })]),
            }, () =>
            {
                foreach (var (name, difference) in results) output.Line(difference is null ? $"ok      {name}" : $"FAILED  {name}{Environment.NewLine}        {difference.ReplaceLineEndings(Environment.NewLine + "        ")}");
                output.Line($"{results.Count - failed} passed, {failed} failed");
            });
            return Task.FromResult(failed == 0 ? ExitCodes.Done : ExitCodes.RefusedOrFailed);
        }, folder);
    }

    static string? Run(string folder)
    {
        var result = PolicyCase.Load(folder).Run();
        return result.Passed ? null : string.Join(Environment.NewLine, result.Differences);
    }
}
