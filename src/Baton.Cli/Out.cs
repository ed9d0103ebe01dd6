using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Baton.Cli;

/// <summary>Prints for a person, or one JSON object for a program.</summary>
sealed class Out(bool json)
{
    static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    static readonly JsonSerializerOptions OneLine = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public bool IsJson => json;

    /// <summary>A line for a person; nothing in JSON mode.</summary>
    public void Line(string text = "")
    {
        if (!json) Console.Out.WriteLine(text);
    }

    /// <summary>The answer: the object in JSON mode, else what <paramref name="show"/> prints.</summary>
    public void Answer(JsonNode? value, Action show)
    {
        if (json) Console.Out.WriteLine(value?.ToJsonString(Readable) ?? "null");
        else show();
    }

    /// <summary>One object on one line: for the last line of a longer output.</summary>
    public static void JsonLine(JsonNode value) => Console.Out.WriteLine(value.ToJsonString(OneLine));

    public static void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns) table.AddColumn(new TableColumn(Markup.Escape(column)).NoWrap());
        var any = false;
        foreach (var row in rows)
        {
            any = true;
            table.AddRow([.. row.Select(Markup.Escape)]);
        }
        if (!any)
        {
            Console.Out.WriteLine("None.");
            return;
        }
        // Wide enough for what it holds when the output is no terminal: a cut id is of no use in a pipe.
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 400;
        AnsiConsole.Write(table);
    }
}
