using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using HandlebarsDotNet;

namespace Grace.Engine.Design;

/// <summary>What templates may call beside Handlebars' own words: eq, json, pretty, indent, sorted, trimmed.</summary>
internal static class TemplateWords
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions OneLine = new(Readable) { WriteIndented = false };

    public static void AddTo(IHandlebars engine)
    {
        engine.RegisterHelper("eq", (_, arguments) => Equals(arguments[0], arguments[1]));
        // A string literal in most languages, quotes included.
        engine.RegisterHelper("json", (output, _, arguments) => output.WriteSafeString(JsonSerializer.Serialize(arguments[0], OneLine)));
        engine.RegisterHelper("pretty", (output, _, arguments) => output.WriteSafeString(Pretty(arguments[0])));
        engine.RegisterHelper("indent", (output, _, arguments) => output.WriteSafeString(Indent(Pretty(arguments[1]), (int)arguments[0]!)));
        engine.RegisterHelper("sorted", (output, options, context, _) =>
            output.WriteSafeString(Lines(options.Template(), lines => lines.OrderBy(l => l.TrimEnd(';'), StringComparer.OrdinalIgnoreCase))));
        engine.RegisterHelper("trimmed", (output, options, context, _) => output.WriteSafeString(options.Template().TrimEnd() + "\n"));
    }

    private static string Pretty(object? value) => (value as JsonNode)?.ToJsonString(Readable) ?? "null";

    private static string Indent(string text, int by) => Lines(text, lines => lines.Select(l => new string(' ', by) + l)).TrimEnd('\n');

    private static string Lines(string text, Func<IEnumerable<string>, IEnumerable<string>> change) =>
        string.Concat(change(text.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(l => l + "\n"));
}
