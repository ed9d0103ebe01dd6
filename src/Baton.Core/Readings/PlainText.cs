using System.Text;
using System.Text.RegularExpressions;

namespace Baton.Core.Readings;

/// <summary>A text as the phrase patterns expect it: lower case, no apostrophes (<c>dont</c>), single spaces, and <c>|</c> where a clause ends.</summary>
static class PlainText
{
    public static string Of(string text)
    {
        var plain = new StringBuilder(text.Length + 8);
        foreach (var character in text)
        {
            if (char.IsLetterOrDigit(character)) plain.Append(char.ToLowerInvariant(character));
            else if (character is '\'' or '’' or '`') continue;
            else if (character is '.' or ',' or ';' or ':' or '!' or '?' or '\n' or '(' or ')') EndClause(plain);
            else if (plain.Length > 0 && plain[^1] != ' ') plain.Append(' ');
        }
        return plain.ToString().Trim(' ', '|');
    }

    /// <summary>A pattern over plain text. Customers write what they like, so matching must be linear: no backtracking, hence no lookaround, and patterns of a size the engine takes.</summary>
    public static Regex Pattern(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    static void EndClause(StringBuilder plain)
    {
        if (plain.Length == 0 || (plain.Length > 1 && plain[^2] == '|')) return;
        plain.Append(plain[^1] == ' ' ? "| " : " | ");
    }
}
