using System.Globalization;
using System.Text.RegularExpressions;

namespace Grace.Engine.Design;

/// <summary>Understands one entry of a declaration: <c>title: string(80)</c>, <c>tags: string[]?</c>, <c>status: open|done</c>.</summary>
internal static partial class FieldDeclaration
{
    private const int LongestText = 100_000;

    public static bool HasKnownType(string entry) =>
        entry.Split(':', 2) is [_, var type] && (type.Contains('|') || BaseKind(Unmarked(type).TrimEnd('?')) is not null);

    /// <exception cref="TaskRefusedException">The entry has no type, or one that is not known.</exception>
    public static FieldDesign Read(string resource, string entry)
    {
        if (entry.Split(':', 2, StringSplitOptions.TrimEntries) is not [var name, { Length: > 0 } type])
            throw new TaskRefusedException(resource, Declaration.Shorten(entry), "has no type; write name: type", FieldKind.Allowed);

        (name, type) = (Unmarked(name), Unmarked(type));
        var optional = name.EndsWith('?') || type.EndsWith('?');
        name = Unmarked(name.TrimEnd('?', ' '));
        type = type.TrimEnd('?', ' ');
        if (type.Length == 0)
            throw new TaskRefusedException(resource, Declaration.Shorten(entry), "has no type; write name: type", FieldKind.Allowed);
        var place = $"{resource}.{name}";
        return type.Contains('|') ? Choice(place, name, type, optional) : Plain(place, name, type, optional);
    }

    private static FieldDesign Plain(string place, string name, string type, bool optional)
    {
        var kind = BaseKind(type) ?? throw UnknownType.Refusal(place, type);
        var parts = TypePattern().Match(type);
        var isArray = parts.Groups["list"].Success;
        return new FieldDesign(name, kind.Type, isArray, !optional, Length(place, type, kind, parts.Groups["length"].Value), isArray ? FieldKind.MaxItems : null);
    }

    private static int? Length(string place, string type, FieldKind kind, string given)
    {
        if (given.Length == 0) return kind.MaxLength;
        if (kind.Type is not (FieldType.String or FieldType.Text))
            throw new TaskRefusedException(place, type, "gives a length or precision, which this type does not take", $"{kind.Spellings[0]} without it; a length for string and text only");
        return int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length is >= 1 and <= LongestText
            ? length
            : throw new TaskRefusedException(place, type, "has no possible length", $"1 to {LongestText} characters");
    }

    private static FieldDesign Choice(string place, string name, string type, bool optional)
    {
        var choices = type.Split('|', StringSplitOptions.TrimEntries).Select(c => c.Trim('"', '\'')).ToArray();
        foreach (var choice in choices)
        {
            if (choice is "null" or "undefined" or "None")
                throw new TaskRefusedException(place, Declaration.Shorten(type), $"has the choice '{choice}', which says that the field may be missing; write ? after the type", FieldKind.Allowed);
            if (!NameRules.IsChoice(choice))
                throw new TaskRefusedException(place, Declaration.Shorten(type), $"has the choice '{choice}'", NameRules.Choices);
            if (FieldKind.Spelled(choice) is not null)
                throw new TaskRefusedException(place, Declaration.Shorten(type), "mixes types; a field has one type", FieldKind.Allowed);
        }
        if (choices.Distinct().Count() != choices.Length)
            throw new TaskRefusedException(place, Declaration.Shorten(type), "names a choice twice");
        return new FieldDesign(name, FieldType.Choice, IsArray: false, !optional, Choices: choices);
    }

    /// <summary>Without quotes or marks around it; 'open'|'done' keeps those of each choice.</summary>
    private static string Unmarked(string text)
    {
        text = text.Trim();
        while (text.Length > 1 && text[0] == text[^1] && text[0] is '"' or '\'' or '`' or '*' && !text.Contains('|')) text = text[1..^1].Trim();
        return text;
    }

    private static FieldKind? BaseKind(string type) =>
        TypePattern().Match(type.Trim()) is { Success: true } match ? FieldKind.Spelled(match.Groups["base"].Value) : null;

    [GeneratedRegex(@"^(?<base>[A-Za-z]+)(\s*\(\s*(?<length>[0-9]+(\s*,\s*[0-9]+)?)\s*\))?\s*(?<list>\[\s*\])?$")]
    private static partial Regex TypePattern();
}
