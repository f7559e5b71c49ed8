using System.Text.RegularExpressions;

namespace Grace.Engine.Design;

/// <summary>One <c>Name(field: type, …)</c>, also with other brackets, as it stands in a task, not yet understood.</summary>
/// <param name="Entries">What stands between the commas, trimmed.</param>
/// <param name="Start">Where it begins in the task.</param>
/// <param name="End">Where the text after it begins.</param>
/// <param name="Typed">False for a bare list of names, as in <c>Bookmark(title, url)</c>.</param>
internal sealed partial record Declaration(string Name, int Start, int End, IReadOnlyList<string> Entries, bool Typed)
{
    private const int LongestBody = 20_000;
    private const string Openers = "({[<", Closers = ")}]>";

    /// <summary>
    /// Finds the declarations and leaves prose alone: "(like this: see below)" after a blank is prose unless its
    /// first entry has a known type, and so is a bare list of names after a word in lower case. What looks like data and is
    /// none of these, <see cref="DeclarationTraces"/> finds.
    /// </summary>
    public static IReadOnlyList<Declaration> FindAll(string task)
    {
        var found = new List<Declaration>();
        var from = 0;
        while (Opening().Match(task, from) is { Success: true } opening)
        {
            var (start, bracket) = (opening.Index + opening.Length, opening.Value[^1]);
            var end = Closing(task, start, bracket);
            var entries = Split(task[start..(end ?? task.Length)], bracket);
            var declaration = new Declaration(opening.Groups["name"].Value, opening.Index, (end ?? task.Length - 1) + 1, entries, entries.Any(e => e.Contains(':')));
            from = start;
            if (!declaration.Declares(opening.Groups["gap"].Value, bracket)) continue;
            if (end is null)
                throw new TaskRefusedException(declaration.Name, Shorten(task[opening.Index..]), $"opens a declaration that is never closed by {Closers[Openers.IndexOf(bracket)]}", "Name(field: type, …)");
            found.Add(declaration);
            from = declaration.End;
        }
        return found;
    }

    public static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "…";

    private bool Declares(string gap, char bracket)
    {
        if (Entries.Count == 0) return false;
        var adjacent = !gap.Any(char.IsWhiteSpace) && !gap.Contains(':');
        // "Bookmark": {"title": "string"}, type Bookmark = { title: string }
        var assigned = gap.Contains(':') || gap.Contains('=');
        if (bracket == '{' && assigned) adjacent = true;
        // "Build it: {…}" ends a sentence.
        if (assigned && !char.IsUpper(Name[0]) && gap[0] is ':' or '=' or ' ') return false;
        if (!Typed) return adjacent && gap.Length == 0 && bracket is '(' or '{' && char.IsUpper(Name[0]) && Entries.All(e => BareName().IsMatch(e)) && !IsPluralEnding;
        if (FieldDeclaration.HasKnownType(Entries[0])) return true;
        return adjacent && FirstEntry().IsMatch(Entries[0]) && (bracket is '(' or '{' || char.IsUpper(Name[0]));
    }

    /// <summary>As in "Note(s)".</summary>
    private bool IsPluralEnding => Entries is ["s" or "es" or "n" or "en"];

    private static int? Closing(string task, int start, char bracket)
    {
        var open = new Stack<char>([bracket]);
        for (var at = start; at < task.Length && at - start < LongestBody; at++)
        {
            var sign = task[at];
            // Angles are brackets only inside angles, and an arrow's head is none.
            if (sign is '<' or '>' && (bracket != '<' || (at > 0 && task[at - 1] is '-' or '='))) continue;
            if (Openers.Contains(sign)) open.Push(sign);
            if (!Closers.Contains(sign)) continue;
            if (Openers.IndexOf(open.Pop()) != Closers.IndexOf(sign)) return null;
            if (open.Count == 0) return at;
        }
        return null;
    }

    private static List<string> Split(string body, char bracket)
    {
        var (entries, depth, from) = (new List<string>(), 0, 0);
        for (var at = 0; at <= body.Length; at++)
        {
            if (at < body.Length && body[at] is '(' or '{' or '[') depth++;
            if (at < body.Length && body[at] is ')' or '}' or ']') depth--;
            if (bracket == '<' && at < body.Length && body[at] is '<' or '>') depth += body[at] == '<' ? 1 : -1;
            // A comma inside brackets belongs to a type, as in decimal(10,2).
            if (at < body.Length && (depth > 0 || body[at] is not (',' or ';' or '\n'))) continue;
            entries.Add(body[from..at].Trim());
            from = at + 1;
        }
        entries.RemoveAll(e => e.Length == 0);
        return entries;
    }

    // The name may be marked or quoted: **Bookmark**(…), "Bookmark": {…}.
    [GeneratedRegex(@"(?<![\p{L}\p{N}_-])(?<name>[\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]*)(?<gap>[""'`*]{0,3}\s*(?:[:=]\s*)?)[({\[<]")]
    private static partial Regex Opening();

    [GeneratedRegex(@"^[^\s:]+\s*:(?!//)")]
    private static partial Regex FirstEntry();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\??$")]
    private static partial Regex BareName();
}
