using System.Buffers;
using System.Text;

namespace Baton.Core.Assist.Knowledge;

/// <summary>An article of the local knowledge, as its Markdown says.</summary>
/// <param name="Id">Its file, from the folder on, with forward slashes.</param>
/// <param name="Title">What its front matter says, else its first <c># heading</c>, else its file's name.</param>
/// <param name="Sections">Without markup; what stands before the first heading comes first, with an empty one.</param>
public sealed record Article(string Id, string Title, IReadOnlyList<string> Tags, IReadOnlyList<ArticleSection> Sections)
{
    const int LongestFrontMatter = 50;
    static readonly SearchValues<char> markup = SearchValues.Create("*`_[]!<");

    public static Article Read(string id, string markdown)
    {
        var (title, tags, from) = FrontMatter(markdown);
        var sections = new List<ArticleSection>();
        var heading = "";
        var text = new StringBuilder();
        var isCode = false;
        foreach (var range in markdown.AsSpan(from).Split('\n'))
        {
            var line = markdown.AsSpan(from)[range].Trim();
            if (line.StartsWith("```") || line.StartsWith("~~~")) isCode = !isCode;
            else if (!isCode && HeadingLevel(line) is var level and > 0)
            {
                var said = Plain(line[level..].Trim().TrimEnd('#').TrimEnd());
                if (level == 1 && title is null) title = said;
                else
                {
                    EndSection();
                    heading = said;
                }
            }
            else if (line.Length > 0) Append(text, line);
        }
        EndSection();
        return new Article(id, title is { Length: > 0 } ? title : NameOf(id), tags, sections);

        void EndSection()
        {
            if (text.Length > 0 || heading.Length > 0) sections.Add(new ArticleSection(heading, text.ToString()));
            text.Clear();
        }
    }

    static (string? Title, IReadOnlyList<string> Tags, int From) FrontMatter(string markdown)
    {
        var lines = new Lines(markdown);
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

    static string Plain(ReadOnlySpan<char> line)
    {
        if (line.IndexOfAny(markup) < 0) return line.ToString();
        var plain = new StringBuilder(line.Length);
        Append(plain, line);
        return plain.ToString();
    }

    // Lines of a section follow each other with a space: the text is for one box on the agent's screen.
    static void Append(StringBuilder to, ReadOnlySpan<char> line)
    {
        if (to.Length > 0) to.Append(' ');
        while (line.IndexOfAny(markup) is var at and >= 0)
        {
            to.Append(line[..at]);
            line = line[at..];
            switch (line[0])
            {
                // A word may hold one, as in order_id.
                case '_' when to.Length > 0 && char.IsLetterOrDigit(to[^1]) && line.Length > 1 && char.IsLetterOrDigit(line[1]): to.Append('_'); break;
                case '*' or '`' or '_': break;
                case '!' when line.Length > 1 && line[1] == '[': break;
                case '[': break;
                // [text](address): the text stays.
                case ']' when line.Length > 1 && line[1] == '(' && line.IndexOf(')') is var end and > 0: line = line[end..]; break;
                case ']': break;
                case '<' when line.StartsWith("<!--") && line.IndexOf("-->") is var end and > 0: line = line[(end + 2)..]; break;
                default: to.Append(line[0]); break;
            }
            line = line[1..];
        }
        to.Append(line);
    }

    ref struct Lines(ReadOnlySpan<char> text)
    {
        readonly ReadOnlySpan<char> text = text;

        /// <summary>Where the next line begins.</summary>
        public int From { get; private set; }
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
