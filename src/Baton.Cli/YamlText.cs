using System.Text;
using System.Text.Json.Nodes;

namespace Baton.Cli;

/// <summary>A JSON value as YAML, for people: strings stay in JSON's quotes where they could be misread.</summary>
static class YamlText
{
    public static string Of(JsonNode? value)
    {
        var text = new StringBuilder();
        Write(text, value, 0);
        return text.ToString().Trim('\n');
    }

    static void Write(StringBuilder text, JsonNode? value, int depth)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } map:
                foreach (var (key, item) in map)
                {
                    text.Append('\n').Append(' ', depth * 2).Append(key).Append(':');
                    Write(text, item, depth + 1);
                }
                break;
            case JsonArray { Count: > 0 } list when list.All(i => i is JsonValue):
                text.Append(" [").AppendJoin(", ", list.Select(Scalar)).Append(']');
                break;
            case JsonArray { Count: > 0 } list:
                foreach (var item in list)
                {
                    var inner = new StringBuilder();
                    Write(inner, item, depth + 1);
                    text.Append('\n').Append(' ', depth * 2).Append("- ").Append(inner.ToString().TrimStart());
                }
                break;
            default:
                text.Append(' ').Append(Scalar(value));
                break;
        }
    }

    static string Scalar(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        JsonValue v when v.TryGetValue<string>(out var s) && s.Length > 0 && s.All(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_') && char.IsLetter(s[0]) && s is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off") => s,
        _ => value.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }),
    };
}
