using System.Text.RegularExpressions;

namespace Grace.Engine.Design;

/// <summary>One <c>Name(field: type, …)</c>, also with braces, as it stands in a task, not yet understood.</summary>
/// <param name="Entries">What stands between the commas, trimmed.</param>
/// <param name="Start">Where it begins in the task.</param>
/// <param name="Typed">False for a bare list of names, as in <c>Bookmark(title, url)</c>.</param>
internal sealed partial record Declaration(string Name, int Start, IReadOnlyList<string> Entries, bool Typed)
{
    /// <summary>
    /// Finds the declarations and leaves prose alone: "(like this: see below)" after a blank is prose unless its
    /// first entry has a known type, and so is a bare list of names after a word in lower case.
    /// </summary>
    public static IReadOnlyList<Declaration> FindAll(string task)
    {
        var found = new List<Declaration>();
        var from = 0;
        while (Opening().Match(task, from) is { Success: true } opening)
        {
            var start = opening.Index + opening.Length;
            var end = Closing(task, start);
            var entries = Split(task[start..(end ?? task.Length)]);
            var declaration = new Declaration(opening.Groups["name"].Value, opening.Index, entries, entries.Any(e => e.Contains(':')));
            var adjacent = opening.Groups["gap"].Length == 0;
            from = start;
            if (!declaration.Declares(adjacent)) continue;
            if (end is null)
                throw new TaskRefusedException(declaration.Name, Shorten(task[opening.Index..]), "opens a declaration that is never closed", "Name(field: type, …)");
            found.Add(declaration);
            from = end.Value + 1;
        }
        return found;
    }

    public static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "…";

    private bool Declares(bool adjacent)
    {
        if (Entries.Count == 0) return false;
        if (!Typed) return adjacent && char.IsUpper(Name[0]) && Entries.All(e => BareName().IsMatch(e));
        return adjacent ? FirstEntry().IsMatch(Entries[0]) : FieldDeclaration.HasKnownType(Entries[0]);
    }

    private static int? Closing(string task, int start)
    {
        var depth = 1;
        for (var at = start; at < task.Length; at++)
        {
            if (task[at] is '(' or '{') depth++;
            if (task[at] is ')' or '}' && --depth == 0) return at;
        }
        return null;
    }

    private static List<string> Split(string body)
    {
        var (entries, depth, from) = (new List<string>(), 0, 0);
        for (var at = 0; at <= body.Length; at++)
        {
            if (at < body.Length && body[at] is '(' or '{') depth++;
            if (at < body.Length && body[at] is ')' or '}') depth--;
            // A comma inside brackets belongs to a type, as in decimal(10,2).
            if (at < body.Length && (depth > 0 || body[at] is not (',' or ';' or '\n'))) continue;
            entries.Add(body[from..at].Trim());
            from = at + 1;
        }
        entries.RemoveAll(e => e.Length == 0);
        return entries;
    }

    [GeneratedRegex(@"(?<name>[\p{L}_][\p{L}\p{N}_]*)(?<gap>\s*)[({]")]
    private static partial Regex Opening();

    [GeneratedRegex(@"^[^\s:]+\s*:")]
    private static partial Regex FirstEntry();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\??$")]
    private static partial Regex BareName();
}
