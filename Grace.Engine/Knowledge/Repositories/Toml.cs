using System.Text;
using System.Text.RegularExpressions;

namespace Grace.Engine.Knowledge.Repositories;

/// <param name="Table">Header without brackets, "" before the first; array tables end in [].</param>
/// <param name="Value">As written, comments and line ends taken out.</param>
internal sealed record TomlEntry(string Table, string Key, string Value);

/// <summary>
/// As much of TOML as manifests need: tables, keys, strings, arrays over several lines, inline tables. What it does not understand
/// it passes over. It is no validator.
/// </summary>
internal sealed partial record Toml(IReadOnlyList<TomlEntry> Entries, IReadOnlyList<string> Tables)
{
    public static Toml Read(string text)
    {
        var entries = new List<TomlEntry>();
        var tables = new List<string>();
        var table = "";
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = WithoutComment(lines[i]).Trim();
            if (line.StartsWith('['))
            {
                var isArray = line.StartsWith("[[", StringComparison.Ordinal);
                table = string.Join('.', line.Trim('[', ']', ' ').Split('.').Select(part => part.Trim())) + (isArray ? "[]" : "");
                tables.Add(table);
                continue;
            }
            var equals = line.IndexOf('=');
            if (equals <= 0) continue;
            var value = new StringBuilder(line[(equals + 1)..].Trim());
            if (Triple(value.ToString()) is { } quotes)
                while (++i < lines.Length && !lines[i].Contains(quotes, StringComparison.Ordinal)) value.Append('\n').Append(lines[i]);
            else
                for (var depth = Depth(value.ToString()); depth > 0 && ++i < lines.Length;)
                {
                    var next = WithoutComment(lines[i]).Trim();
                    depth += Depth(next);
                    value.Append(' ').Append(next);
                }
            // A dotted key is one in a table of its own: serde.workspace = true.
            var key = line[..equals].Trim();
            var dot = key.IndexOfAny(['"', '\'']) < 0 ? key.LastIndexOf('.') : -1;
            entries.Add(dot < 0
                ? new TomlEntry(table, key.Trim('"', '\''), value.ToString())
                : new TomlEntry(string.Join('.', key[..dot].Split('.', StringSplitOptions.TrimEntries).Prepend(table).Where(part => part.Length > 0)), key[(dot + 1)..].Trim(), value.ToString()));
        }
        return new Toml(entries, tables);
    }

    public string? Text(string table, string key) =>
        Entries.FirstOrDefault(entry => entry.Table == table && entry.Key == key) is { } found ? Strings(found.Value).FirstOrDefault() : null;

    /// <summary>The strings of a value, in order.</summary>
    public static IEnumerable<string> Strings(string value) =>
        Quoted().Matches(value).Select(match => match.Groups[1].Success
            ? match.Groups[1].Value.Replace("\\\"", "\"").Replace("\\\\", "\\")
            : match.Groups[2].Value);

    /// <summary>Of <c>"1.2"</c>, <c>{ version = "1.2", … }</c> or a list of these; null where only a path or an address is given.</summary>
    public static string? Version(string value) =>
        value.StartsWith('{') ? Field(value, "version")
            : value.StartsWith('[') && value.Contains('{') ? string.Join(" or ", Fields().Matches(value).Where(m => m.Groups["name"].Value == "version").Select(m => m.Groups["text"].Value).Distinct()) is { Length: > 0 } several ? several : null
            : value.StartsWith('"') || value.StartsWith('\'') ? Strings(value).FirstOrDefault() : null;

    /// <summary>A text in an inline table.</summary>
    public static string? Field(string value, string name) =>
        Fields().Matches(value).FirstOrDefault(m => m.Groups["name"].Value == name)?.Groups["text"].Value;

    /// <summary>The quotes of a string that goes on over the next lines.</summary>
    private static string? Triple(string value)
    {
        foreach (var quotes in (string[])["\"\"\"", "'''"])
            if (value.StartsWith(quotes, StringComparison.Ordinal) && value.IndexOf(quotes, 3, StringComparison.Ordinal) < 0) return quotes;
        return null;
    }

    private static int Depth(string line)
    {
        var bare = Quoted().Replace(line, "");
        return bare.Count(c => c is '[' or '{') - bare.Count(c => c is ']' or '}');
    }

    private static string WithoutComment(string line)
    {
        var quote = '\0';
        for (var i = 0; i < line.Length; i++)
        {
            if (quote == '\0' && line[i] == '#') return line[..i];
            if (quote == '"' && line[i] == '\\') i++;
            else if (quote != '\0' && line[i] == quote) quote = '\0';
            else if (quote == '\0' && line[i] is '"' or '\'') quote = line[i];
        }
        return line;
    }

    [GeneratedRegex("""
        "((?:[^"\\]|\\.)*)"|'([^']*)'
        """)]
    private static partial Regex Quoted();

    [GeneratedRegex("""\b(?<name>[\w-]+)\s*=\s*["'](?<text>[^"']*)["']""")]
    private static partial Regex Fields();
}
