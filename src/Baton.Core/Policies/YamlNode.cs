using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Baton.Core.Policies;

enum YamlKind { Scalar, List, Map }

/// <summary>
/// YAML as a tree in which every node has its place. Own, because YamlDotNet's tree stops at the first duplicate key, and a policy's faults are told all at once.
/// Anchors are refused: a policy needs none, and they let a small file become a huge one.
/// </summary>
sealed record YamlNode(YamlKind Kind, int Line, int Column)
{
    const int Deepest = 16;

    public string Text { get; init; } = "";
    public List<YamlNode> Items { get; } = [];
    public List<(YamlNode Key, YamlNode Value)> Entries { get; } = [];

    public bool IsEmpty => Kind == YamlKind.Scalar && Text is "" or "~" or "null";

    /// <summary>As a sentence names it.</summary>
    public string Shown => Kind switch { YamlKind.Scalar => $"\"{Text}\"", YamlKind.List => "a list", _ => "a group of keys" };

    /// <summary>The file's one document; null when it cannot be read at all, with the reason among the errors.</summary>
    public static YamlNode? Read(string yaml, List<PolicyError> errors)
    {
        try
        {
            var parser = new Parser(new StringReader(yaml));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                errors.Add(new PolicyError(1, 1, "", "the file is empty; a policy begins with its name, \"name: ...\""));
                return null;
            }
            parser.Consume<DocumentStart>();
            var root = Read(parser, 0);
            parser.Consume<DocumentEnd>();
            if (parser.TryConsume<DocumentStart>(out var second))
                errors.Add(new PolicyError((int)second.Start.Line, (int)second.Start.Column, "", "the file holds a second document; a file is one policy"));
            return root;
        }
        catch (YamlException fault)
        {
            errors.Add(new PolicyError((int)fault.Start.Line, (int)fault.Start.Column, "", $"the file is not valid YAML: {fault.Message}"));
            return null;
        }
    }

    static YamlNode Read(Parser parser, int depth)
    {
        var next = parser.Current ?? throw new YamlException("the file ends too early");
        if (depth > Deepest) throw new YamlException(next.Start, next.End, "it is nested deeper than any policy is");
        if (next is AnchorAlias || next is NodeEvent { Anchor.IsEmpty: false }) throw new YamlException(next.Start, next.End, "anchors and aliases (& and *) are not allowed in a policy");
        var (line, column) = ((int)next.Start.Line, (int)next.Start.Column);

        if (parser.TryConsume<Scalar>(out var scalar)) return new YamlNode(YamlKind.Scalar, line, column) { Text = scalar.Value };
        if (parser.TryConsume<SequenceStart>(out _))
        {
            var list = new YamlNode(YamlKind.List, line, column);
            while (!parser.TryConsume<SequenceEnd>(out _)) list.Items.Add(Read(parser, depth + 1));
            return list;
        }
        parser.Consume<MappingStart>();
        var map = new YamlNode(YamlKind.Map, line, column);
        while (!parser.TryConsume<MappingEnd>(out _)) map.Entries.Add((Read(parser, depth + 1), Read(parser, depth + 1)));
        return map;
    }
}
