using System.Buffers;

namespace Baton.Core.Assist.Knowledge;

/// <summary>An article of the local knowledge, as its Markdown says.</summary>
/// <param name="Id">Its file, from the folder on, with forward slashes.</param>
/// <param name="Title">What its front matter says, else its first <c># heading</c>, else its file's name.</param>
/// <param name="Sections">Without markup; what stands before the first heading comes first, with an empty one.</param>
public sealed record Article(string Id, string Title, IReadOnlyList<string> Tags, IReadOnlyList<ArticleSection> Sections)
{
    const int LongestFrontMatter = 50;

    /// <summary>How far the end of a link or comment is looked for; else a text of nothing but beginnings would be read again for each.</summary>
    const int LongestMarkup = 2_000;
    static readonly SearchValues<char> markup = SearchValues.Create("*`_[]!<");

    public static Article Read(string id, string markdown)
    {
        var (title, tags, from) = FrontMatter(markdown);
        var sections = new List<ArticleSection>();
        // Without its markup a text is never longer.
        var buffer = ArrayPool<char>.Shared.Rent(markdown.Length);
        try
        {
            var heading = "";
            var text = new Writer(buffer);
            var isCode = false;
            var lines = new Lines(markdown, from);
            while (lines.Read())
            {
                var line = lines.Line;
                if (line.StartsWith("```") || line.StartsWith("~~~")) isCode = !isCode;
                else if (!isCode && HeadingLevel(line) is var level and > 0)
                {
                    var isTitle = level == 1 && title is null;
                    if (!isTitle) EndSection(sections, heading, ref text);
                    // The same buffer: what stood before the title is kept in front of it.
                    var said = Plain(line[level..].Trim().TrimEnd('#').TrimEnd(), text.Rest);
                    if (isTitle) title = said;
                    else heading = said;
                }
                else if (line.Length > 0) text.AppendLine(line);
            }
            EndSection(sections, heading, ref text);
        }
        finally { ArrayPool<char>.Shared.Return(buffer); }
        return new Article(id, title is { Length: > 0 } ? title : NameOf(id), tags, sections);
    }

    static void EndSection(List<ArticleSection> sections, string heading, ref Writer text)
    {
        if (text.Length > 0 || heading.Length > 0) sections.Add(new ArticleSection(heading, text.Take()));
    }

    static (string? Title, IReadOnlyList<string> Tags, int From) FrontMatter(string markdown)
    {
        var lines = new Lines(markdown, 0);
        if (!lines.Read()) return (null, [], 0);
        if (Value(lines.Line, "tags") is { } single) return (null, List(single), lines.From);
        if (!lines.Line.SequenceEqual("---")) return (null, [], 0);
        string? title = null;
        var tags = new List<string>();
        var isList = false;
        for (var i = 0; i < LongestFrontMatter && lines.Read(); i++)
        {
            var line = lines.Line;
            if (line.SequenceEqual("---") || line.SequenceEqual("...")) return (title, tags, lines.From);
            if (isList && line.StartsWith("- ")) tags.AddRange(List(line[2..].ToString()));
            else
            {
                isList = Value(line, "tags") is { } inline && (inline.Length == 0 || AddAll(tags, inline));
                if (Value(line, "title") is { Length: > 0 } given) title = Unquoted(given);
            }
        }
        // A line that was never closed is a ruler, and what follows is text.
        return (null, [], 0);

        static bool AddAll(List<string> tags, string inline)
        {
            tags.AddRange(List(inline));
            return false;
        }
    }

    static string? Value(ReadOnlySpan<char> line, ReadOnlySpan<char> key) =>
        line.StartsWith(key, StringComparison.OrdinalIgnoreCase) && line[key.Length..].TrimStart() is [':', .. var value] ? value.Trim().ToString() : null;

    static IReadOnlyList<string> List(string value) =>
        [.. value.Trim('[', ']').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Unquoted).Where(t => t.Length > 0).Distinct(StringComparer.Ordinal)];

    static string Unquoted(string value) => value is ['"', .., '"'] or ['\'', .., '\''] ? value[1..^1].Trim() : value;

    static string NameOf(string id)
    {
        var name = id[(id.LastIndexOf('/') + 1)..];
        if (name.EndsWith(".md", StringComparison.OrdinalIgnoreCase)) name = name[..^3];
        return name.Replace('-', ' ').Replace('_', ' ');
    }

    static int HeadingLevel(ReadOnlySpan<char> line)
    {
        var level = line.IndexOfAnyExcept('#');
        return level is > 0 and <= 6 && line[level] == ' ' ? level : 0;
    }

    static string Plain(ReadOnlySpan<char> line, Span<char> buffer)
    {
        var plain = new Writer(buffer);
        plain.AppendLine(line);
        return plain.Take();
    }

    /// <summary>Text without its markup.</summary>
    ref struct Writer(Span<char> buffer)
    {
        readonly Span<char> buffer = buffer;

        public int Length { get; private set; }
        public readonly Span<char> Rest => buffer[Length..];

        public string Take()
        {
            var text = buffer[..Length].ToString();
            Length = 0;
            return text;
        }

        /// <summary>Lines of a section follow each other with a space: the text is for one box on the agent's screen.</summary>
        public void AppendLine(ReadOnlySpan<char> line)
        {
            if (Length > 0) Append(' ');
            while (line.IndexOfAny(markup) is var at and >= 0)
            {
                Append(line[..at]);
                line = line[at..];
                var near = line[..Math.Min(line.Length, LongestMarkup)];
                switch (line[0])
                {
                    // A word may hold one, as in order_id.
                    case '_' when Length > 0 && char.IsLetterOrDigit(buffer[Length - 1]) && line.Length > 1 && char.IsLetterOrDigit(line[1]): Append('_'); break;
                    case '*' or '`' or '_': break;
                    case '!' when line.Length > 1 && line[1] == '[': break;
                    case '[': break;
                    // [text](address): the text stays.
                    case ']' when line.Length > 1 && line[1] == '(' && near.IndexOf(')') is var end and > 0: line = line[end..]; break;
                    case ']': break;
                    case '<' when line.StartsWith("<!--") && near.IndexOf("-->") is var end and > 0: line = line[(end + 2)..]; break;
                    default: Append(line[0]); break;
                }
                line = line[1..];
            }
            Append(line);
        }

        void Append(char c) => buffer[Length++] = c;

        void Append(ReadOnlySpan<char> text)
        {
            text.CopyTo(buffer[Length..]);
            Length += text.Length;
        }
    }

    ref struct Lines(ReadOnlySpan<char> text, int from)
    {
        readonly ReadOnlySpan<char> text = text;

        /// <summary>Where the next line begins.</summary>
        public int From { get; private set; } = from;
        public ReadOnlySpan<char> Line { get; private set; }

        public bool Read()
        {
            if (From >= text.Length) return false;
            var rest = text[From..];
            var end = rest.IndexOf('\n');
            Line = (end < 0 ? rest : rest[..end]).Trim();
            From = end < 0 ? text.Length : From + end + 1;
            return true;
        }
    }
}

/// <param name="Heading">Empty for what stands before the first one.</param>
public sealed record ArticleSection(string Heading, string Text);
