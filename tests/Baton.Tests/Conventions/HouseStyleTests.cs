using System.Text.RegularExpressions;
using Baton.Core;

namespace Baton.Tests.Conventions;

/// <summary>The house style, as far as a machine can judge it. An exception is made here, with its reason, or not at all.</summary>
public sealed class HouseStyleTests
{
    static readonly Regex declaration = Pattern(@"^\s*(?<modifiers>((public|internal|private|protected|file|new|static|sealed|abstract|partial|readonly|ref|unsafe)\s+)*)(?<kind>class|record struct|record|struct|interface|enum)\s+(?<name>\w+)");
    static readonly Regex taskMethod = Pattern(@"^\s*(?<modifiers>((public|internal|private|protected|static|sealed|async|override|virtual|abstract|extern|partial)\s+)*)(Task|ValueTask)(<[^=]*?>)?\s+((?<of>\w+)\.)?(?<name>\w+)(<\w+(,\s*\w+)*>)?\((?<rest>.*)$");

    static Regex Pattern(string pattern) => new(pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));

    static IEnumerable<(Source Source, string Modifiers, string Kind, string Name, int Line)> Types(IEnumerable<Source> sources) =>
        from source in sources
        from line in source.Lines.Select((text, index) => (text, index))
        let match = declaration.Match(line.text)
        where match.Success
        select (source, match.Groups["modifiers"].Value, match.Groups["kind"].Value, match.Groups["name"].Value, line.index + 1);

    [Fact]
    public void The_scan_sees_the_code()
    {
        // A pattern that matches nothing would find nothing wrong either.
        Types(Tree.Product).Count().ShouldBeGreaterThan(300);
        TaskMethods.Count().ShouldBeGreaterThan(100);
    }

    [Fact]
    public void Every_class_is_sealed_static_or_abstract() =>
        Types(Tree.Sources).Where(t => t.Kind is "class" or "record" && !t.Modifiers.Contains("sealed") && !t.Modifiers.Contains("static") && !t.Modifiers.Contains("abstract"))
            // A base that the runtime derives from (DispatchProxy) can be neither.
            .Where(t => t.Name is not ("Passage" or "Kept"))
            // One part of a partial type says it for all.
            .Where(t => !(t.Modifiers.Contains("partial") && Types(Tree.Sources).Any(o => o.Name == t.Name && Path.GetDirectoryName(o.Source.Path) == Path.GetDirectoryName(t.Source.Path) && o.Modifiers.Contains("sealed"))))
            .Select(t => $"{t.Source.Path}:{t.Line} {t.Name}").ShouldBeEmpty();

    [Fact]
    public void A_name_says_what_it_knows_or_decides()
    {
        string[] empty = ["Manager", "Helper", "Helpers", "Service", "Services", "Utils", "Util", "Utilities"];
        Types(Tree.Sources).Where(t => empty.Any(word => t.Name.EndsWith(word, StringComparison.Ordinal))).Select(t => $"{t.Source.Path}:{t.Line} {t.Name}").ShouldBeEmpty();
        string[] homes = ["Common", "Shared", "Utils", "Helpers", "Services", "Managers", "Misc"];
        Tree.Sources.Select(s => s.Path).Where(path => path.Split('/')[..^1].Any(homes.Contains)).ShouldBeEmpty();
    }

    [Fact]
    public void A_file_is_named_for_a_type_in_it()
    {
        // Program.cs is the entry point: top-level statements have no type. XWire.cs holds the family of a flavor's bodies, which are read together.
        // A partial type's file may say which part it is (Handoff.Apply).
        Tree.Sources.Where(s => s.Name != "Program" && !s.Name.EndsWith("Wire", StringComparison.Ordinal)).Where(s => Types([s]).All(t => t.Name != s.Name.Split('.')[0])).Select(s => s.Path).ShouldBeEmpty();
    }

    [Fact]
    public void A_folder_is_a_namespace()
    {
        foreach (var source in Tree.Sources)
        {
            if (source.Lines.FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal)) is not { } line) continue;
            var expected = string.Join('.', source.Path.Split('/')[1..^1]);
            line.ShouldBe($"namespace {expected};", source.Path);
        }
    }

    static IEnumerable<(Source Source, int Line, Match Match, string Parameters)> TaskMethods =>
        from source in Tree.Product
        from line in source.Lines.Select((text, index) => (text, index))
        let match = taskMethod.Match(line.text)
        // Not a method: "Task Then(" of a return, "new", a lambda's type.
        where match.Success
        select (source, line.index + 1, match, Parameters(source, line.index, match.Groups["rest"].Index));

    // From the opening parenthesis to the one that closes it, over as many lines as that takes.
    static string Parameters(Source source, int line, int from)
    {
        var text = string.Join('\n', source.Lines.Skip(line).Take(20))[from..];
        var depth = 1;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '(' or '<' or '[') depth++;
            if (text[i] is ')' or '>' or ']' && --depth == 0) return text[..i];
        }
        return text;
    }

    // Handlers of an endpoint are named for what the caller does, pieces of middleware for what they add; the framework calls both.
    static bool IsHandler(Source source, string parameters) => source.Name.EndsWith("Endpoints", StringComparison.Ordinal) || parameters.Contains("RequestDelegate ");

    [Fact]
    public void What_returns_a_task_says_so_in_its_name() =>
        TaskMethods.Where(m => !IsHandler(m.Source, m.Parameters) && !m.Match.Groups["modifiers"].Value.Contains("override") && !m.Match.Groups["name"].Value.EndsWith("Async", StringComparison.Ordinal))
            .Select(m => $"{m.Source.Path}:{m.Line} {m.Match.Groups["name"].Value}").ShouldBeEmpty();

    [Fact]
    public void What_others_wait_for_can_be_canceled()
    {
        string[] exempt =
        [
            "DisposeAsync", // Its shape is the framework's.
        ];
        TaskMethods.Where(m => (m.Match.Groups["modifiers"].Value.Contains("public") || Types([m.Source]).Any(t => t.Kind == "interface" && t.Line < m.Line && t.Name == m.Source.Name))
                && !exempt.Contains(m.Match.Groups["name"].Value))
            // An HttpContext carries the caller's own token.
            .Where(m => !m.Parameters.Contains("HttpContext ") && !Regex.IsMatch(m.Parameters, @"CancellationToken\s+\w+(\s*=\s*default)?\s*$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)))
            .Select(m => $"{m.Source.Path}:{m.Line} {m.Match.Groups["name"].Value}({m.Parameters})").ShouldBeEmpty();
    }

    [Fact]
    public void A_silenced_warning_has_its_reason_on_the_same_line() =>
        Tree.Sources.Where(s => s.Name != nameof(HouseStyleTests))
            .SelectMany(s => s.Where(line => (line.Contains("#pragma warning disable") && !Regex.IsMatch(line, @"disable\s+\S+\s+//\s*\S{2,}", RegexOptions.None, TimeSpan.FromSeconds(1)))
                || (line.Contains("SuppressMessage(") && !line.Contains("Justification = \""))))
            .ShouldBeEmpty();

    [Fact]
    public void Nothing_is_left_for_later_in_the_sources() =>
        Tree.Sources.Where(s => s.Name != nameof(HouseStyleTests)).SelectMany(s => s.Where(line => Regex.IsMatch(line, @"\b(TODO|FIXME|HACK|XXX)\b", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)))).ShouldBeEmpty();

    [Fact]
    public void Every_failure_has_a_sentence_of_its_own_that_says_what_to_do()
    {
        var sentences = Enum.GetValues<FailureKind>().Select(kind => (kind, Says: Failures.WhatToDo(kind))).ToList();
        sentences.Select(s => s.Says).ShouldBeUnique();
        sentences.Where(s => !s.Says.EndsWith('.')).ShouldBeEmpty();
        sentences.Where(s => s.Says == Failures.WhatToDo((FailureKind)999)).ShouldBeEmpty();
    }
}
