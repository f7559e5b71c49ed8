using System.Text.RegularExpressions;

namespace Grace.Engine.Design;

/// <param name="ServiceWords">What the service is about, in lower case; at least one word.</param>
/// <param name="Assumptions">What had to be assumed to get from the words to this.</param>
/// <param name="IsDeclared">Whether the task says which data there is; false where its words had to be guessed from.</param>
/// <param name="AsksForData">Whether it declares data, or its words ask for some to be kept.</param>
/// <param name="Doubts">Parts of the task that may be meant as data, and are not taken as such.</param>
public sealed record TaskReading(
    IReadOnlyList<(string Name, IReadOnlyList<FieldDesign> Fields)> Resources,
    IReadOnlyList<string> ServiceWords,
    IReadOnlyList<string> Assumptions,
    bool IsDeclared,
    bool AsksForData,
    IReadOnlyList<string> Doubts);

/// <summary>
/// Reads what a task declares, as in "Build a bookmark service: Bookmark(title: string, url: uri, tags: string[])",
/// and where it declares nothing, settles on one resource named by its words and says so.
/// </summary>
public static partial class TaskReader
{
    /// <summary>Every task that is not blank gives a reading with at least one resource, or the refusal.</summary>
    /// <exception cref="TaskRefusedException">The task is blank, or a declaration in it cannot be built.</exception>
    public static TaskReading Read(string task)
    {
        if (string.IsNullOrWhiteSpace(task)) throw new TaskRefusedException("task", task, "says nothing", "one sentence that says what to build");

        try
        {
            return Understand(TaskText.Of(task));
        }
        catch (RegexMatchTimeoutException)
        {
            throw new TaskRefusedException("task", Declaration.Shorten(OneLine(task, 60)), "cannot be read in bounded time", "fewer brackets and signs in a row");
        }
    }

    private static TaskReading Understand(string task)
    {
        var assumptions = new List<string>();
        var declarations = Declaration.FindAll(task);
        DeclarationTraces.Refuse(task, declarations);
        var subject = TaskWords.Subject(declarations.Count == 0 ? task : task[..declarations[0].Start]);
        var fields = declarations.Count > 0 ? [] : DataWords.Fields(task);
        var resources = declarations.Count > 0
            ? declarations.Select(d => ReadResource(d, assumptions)).ToList()
            : [Assumed(subject, fields, assumptions)];
        NameRules.Check(resources);
        var isDeclared = declarations.Count > 0 || fields.Count > 0;
        return new TaskReading(resources, subject ?? Naming.Words(resources[0].Name), assumptions, isDeclared, isDeclared || DataWords.Describe(task), Doubts(task, declarations, isDeclared));
    }

    /// <summary>The task on one line, at most <paramref name="limit"/> characters.</summary>
    internal static string OneLine(string text, int limit)
    {
        var line = Blanks().Replace(text, " ").Trim();
        return line.Length <= limit ? line : line[..(limit - 1)].TrimEnd() + "…";
    }

    private static (string Name, IReadOnlyList<FieldDesign> Fields) ReadResource(Declaration declaration, List<string> assumptions)
    {
        if (!NameRules.IsPlain(declaration.Name))
            throw new TaskRefusedException("resource", Declaration.Shorten(declaration.Name), "is not a usable name" + Sign(declaration.Name), "letters a to z, digits and _");
        var name = Naming.Pascal(declaration.Name);
        if (!declaration.Typed) assumptions.Add($"{name} was declared without types: every field is taken as string.");

        var fields = new List<FieldDesign>();
        foreach (var entry in declaration.Entries)
        {
            var field = FieldDeclaration.Read(name, declaration.Typed ? entry : Untyped(entry));
            if (NameRules.IsSetByService(field.Name)) CheckAgrees(name, field, assumptions);
            else fields.Add(field);
        }
        return (name, fields);
    }

    private static string Sign(string text) => TaskText.Foreign(text) is { } why ? $": {why}" : "";

    private static string Untyped(string entry) => entry.EndsWith('?') ? $"{entry[..^1]}: string?" : $"{entry}: string";

    private static void CheckAgrees(string resource, FieldDesign field, List<string> assumptions)
    {
        var own = field.Name.Equals("id", StringComparison.OrdinalIgnoreCase) ? FieldType.Uuid : FieldType.Datetime;
        if (field.Type != own || field.IsArray)
            throw new TaskRefusedException($"{resource}.{field.Name}", field.Name, $"is set by the service itself, as a {FieldKind.Of(own).Spellings[0]}; leave it out or declare it so");
        assumptions.Add($"{resource}.{field.Name} is set by the service itself; clients read it and cannot write it.");
    }

    private static IReadOnlyList<string> Doubts(string task, IReadOnlyList<Declaration> declarations, bool isDeclared) =>
        isDeclared || DataWords.Perhaps(task) is not { } perhaps
            ? DeclarationTraces.Doubts(task, declarations)
            : [.. DeclarationTraces.Doubts(task, declarations), Declaration.Shorten(OneLine(perhaps, 60))];

    private static (string Name, IReadOnlyList<FieldDesign> Fields) Assumed(IReadOnlyList<string>? subject, IReadOnlyList<string> fields, List<string> assumptions)
    {
        string[] words = subject is null ? ["item"] : [.. subject.SkipLast(1), Naming.SingularWord(subject[^1])];
        var name = Naming.Pascal(string.Join('_', words));
        if (name.StartsWith("Sqlite", StringComparison.Ordinal) || Naming.Plural(name) is "health" or "openapi") name += "Item";
        if (fields.Count > 0)
        {
            assumptions.Add($"The fields of {name} are those that the task names in words, each taken as string: {string.Join(", ", fields)}.");
            return (name, [.. fields.Where(f => !NameRules.IsSetByService(f)).Select(f => FieldDeclaration.Read(name, Untyped(f)))]);
        }
        assumptions.Add($"The task declares no data, so the service keeps one resource named by its words: {name}(name: string, description: text?). "
            + "To decide it yourself, declare it in the task, as in Bookmark(title: string, url: uri, tags: string[]).");
        return (name, [FieldDeclaration.Read(name, "name: string"), FieldDeclaration.Read(name, "description: text?")]);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
