using System.Text.RegularExpressions;

namespace Grace.Engine.Design;

/// <summary>
/// What in a task looks like declared data and was not read as such: other notations, other languages, tables, lists. A
/// service without it would not be what was asked for, so it is refused with what would be right, or at least asked about.
/// </summary>
internal static partial class DeclarationTraces
{
    private const string Right = "Name(field: type, …), as in Bookmark(title: string, url: uri, tags: string[])";
    private static readonly string Types = string.Join('|', FieldKind.EverySpelling.Concat(UnknownType.Names).OrderByDescending(t => t.Length));

    // title: string · title -> string · "title" = "string": a type is where a word, and not a sentence, stands.
    private static readonly Regex Pair = New($@"(?<![\p{{L}}\p{{N}}_-])[""'`*]{{0,2}}(?<field>[\p{{L}}_][\p{{L}}\p{{N}}_-]*)[""'`*]{{0,2}}\??\s*(?:[:=]{Quoted}|(?:::|:=|->|=>|[:=\u2192\u21D2\u27A1])\s*{Quoted}{Tail}(?=[ \t]*(?:$|[\r\n]|[^\s\p{{L}}\p{{N}}.'/_-]|\.(?:\s|$)|and\b|or\b)))");

    // | title | string |
    private static readonly Regex Cell = New($@"\|\s*`?(?:{Types})`?{Tail}\s*\|");

    // title (string) and url (uri)
    private static readonly Regex InParens = New($@"(?<![\p{{L}}\p{{N}}_-])(?<field>[\p{{L}}_][\p{{L}}\p{{N}}_-]*)\s*\((?:{Types}){Tail}(?:,\s*\w+)?\)");

    // string title · title varchar(80) NOT NULL · public string Title { get; set; }
    private static readonly Regex Typed = New($@"^[""'`\[]?(?:(?:public|private|protected|internal|readonly|required|final|static|const|let|val|var|optional|repeated)\s+)*(?:(?:{Types}){Tail}\s+[\p{{L}}_][\p{{L}}\p{{N}}_]*[""'`\]]?(?:\s*$|\s*[={{;])|[\p{{L}}_][\p{{L}}\p{{N}}_]*[""'`\]]?\s+(?:{Types}){Tail}(?:\s|$))");

    private const string Tail = @"(?:\s*\(\s*\d+(?:\s*,\s*\d+)?\s*\))?(?:\s*\[\s*\d*\s*\])?[?!]?[""'`]?";

    private static string Quoted => $@"[""'`]?(?:{Types})\b";

    /// <exception cref="TaskRefusedException">Something declares data in a notation that is not read.</exception>
    public static void Refuse(string task, IReadOnlyList<Declaration> read)
    {
        var rest = Rest(task, read);
        if (Inherited().Match(task) is { Success: true } heir && read.Any(d => d.Start >= heir.Index && d.Start < heir.Index + heir.Length))
            throw new TaskRefusedException("task", Declaration.Shorten(heir.Value), "takes fields from elsewhere, which cannot be read here; declare every field", Right);
        // What is said again of a field that was read takes nothing away from it.
        var known = read.SelectMany(d => d.Entries).Select(e => e.Split(':')[0].Trim(' ', '?', '"', '\'', '`')).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (Pair.Matches(rest).FirstOrDefault(m => !known.Contains(m.Groups["field"].Value)) is { } pair) throw Unread(pair.Value);
        if (Cell.Match(rest) is { Success: true } cell) throw Unread(Line(rest, cell.Index));
        if (InParens.Matches(rest).Where(m => !known.Contains(m.Groups["field"].Value)).ToList() is { Count: > 0 } fields && (fields.Count > 1 || !Prose().IsMatch(fields[0].Value)))
            throw Unread(rest[fields[0].Index..(fields[^1].Index + fields[^1].Length)]);
        foreach (var group in Groups().Matches(rest).Where(g => g.Groups["gap"].Length == 0 || g.Value.Contains('{') || Entries(g).All(Typed.IsMatch)))
            if (Entries(group).Any(Typed.IsMatch)) throw Unread(group.Value);
    }

    /// <summary>What may be meant as data, in the task's own words: a person has to say.</summary>
    public static IReadOnlyList<string> Doubts(string task, IReadOnlyList<Declaration> read)
    {
        var rest = Rest(task, read);
        return [.. Groups().Matches(rest).Where(g => char.IsUpper(g.Value[0]) && !Plural().IsMatch(g.Value) && (g.Groups["gap"].Length == 0 || (Entries(g) is { Count: > 1 } names && names.All(n => Word().IsMatch(n)))))
            .Select(g => Declaration.Shorten(TaskReader.OneLine(g.Value, 60))).Distinct()];
    }

    private static TaskRefusedException Unread(string part) =>
        new("task", Declaration.Shorten(TaskReader.OneLine(part.Trim(), 60)), "looks like declared data, in a notation that is not read", Right);

    /// <summary>The task without what was read, every other sign in its place.</summary>
    private static string Rest(string task, IReadOnlyList<Declaration> read)
    {
        var rest = task.ToCharArray();
        foreach (var declaration in read) Array.Fill(rest, '\n', declaration.Start, Math.Min(declaration.End, rest.Length) - declaration.Start);
        return new(rest);
    }

    private static string Line(string text, int at) => text[(text.LastIndexOf('\n', at) + 1)..(text.IndexOf('\n', at) is var end and >= 0 ? end : text.Length)];

    private static List<string> Entries(Match group) =>
        [.. group.Groups["body"].Value.Split([',', ';', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    private static Regex New(string pattern) => new(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(2));

    // Two levels of brackets are as deep as fields lie; the bound keeps what is never closed from being read again and again.
    [GeneratedRegex(@"(?<![\p{L}\p{N}_])(?<name>[\p{L}_][\p{L}\p{N}_]{0,100})[""'`*\]]{0,2}(?<gap>\s?)(?:\((?<body>(?>(?:[^(){}]|\((?>[^()]{0,500})\)){0,3000}))\)|\{(?<body>(?>(?:[^{}]|\{(?>[^{}]{0,500})\}){0,3000}))\})")]
    private static partial Regex Groups();

    [GeneratedRegex(@"\b(?:interface|class|struct|record|type|message|entity|model)\s+\w+(?:<[^<>]*>)?\s*(?:\b(?:extends|implements)\b|:)\s*[\w.<>, ]+(?=\{)", RegexOptions.IgnoreCase)]
    private static partial Regex Inherited();

    // "(text)", "(email)" and "(date)" stand in sentences too.
    [GeneratedRegex(@"\((?:text|email|date|url|number|long)\)$", RegexOptions.IgnoreCase)]
    private static partial Regex Prose();

    [GeneratedRegex(@"\((?:e?s|e?n|\d+)\)$")]
    private static partial Regex Plural();

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{N}_]*\??$")]
    private static partial Regex Word();
}
