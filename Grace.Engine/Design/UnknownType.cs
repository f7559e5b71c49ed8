using System.Text.RegularExpressions;

namespace Grace.Engine.Design;

/// <summary>What a declared type is that cannot be read, in the words of whoever is used to another notation.</summary>
internal static partial class UnknownType
{
    /// <summary>As other languages call them: words that nobody uses in prose.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.OrdinalIgnoreCase)
    {
        ["str"] = "string", ["varchar"] = "string", ["nvarchar"] = "string", ["char"] = "string", ["clob"] = "text", ["longtext"] = "text", ["int32"] = "int", ["int64"] = "long",
        ["bigint"] = "long", ["smallint"] = "int", ["i32"] = "int", ["i64"] = "long", ["u32"] = "long", ["u64"] = "long", ["serial"] = "int", ["double"] = "number", ["numeric"] = "number",
        ["float64"] = "number", ["float32"] = "number", ["f64"] = "number", ["money"] = "decimal", ["timestamp"] = "datetime", ["timestamptz"] = "datetime", ["guid"] = "uuid", ["hyperlink"] = "uri",
    };

    public static IEnumerable<string> Names => Elsewhere.Keys;

    public static TaskRefusedException Refusal(string place, string type) =>
        new(place, Declaration.Shorten(type), "is not a known type" + (TaskText.Foreign(type) is { } sign ? $": {sign}" : Hint(type) is { } hint ? $" ({hint})" : ""), FieldKind.Allowed);

    private static string? Hint(string type) => type switch
    {
        _ when type.Contains('=') => "a default cannot be declared: leave it and its = out",
        _ when type[0] is '{' => "data inside data is a resource of its own: declare it beside this one, and its id here as uuid",
        _ when Choices().IsMatch(type) => "choices are written as open|done",
        _ when Missing().IsMatch(type) => "what may be missing is written with ? after its type",
        _ when List().IsMatch(type) => "a list is written with [] after the type of its items, as in string[]",
        _ when Elsewhere.TryGetValue(FirstWord().Match(type).Value, out var here) => $"here it is called {here}",
        _ when Note().IsMatch(type) => "behind a type stands its length and no remark, as in string(80)",
        _ when type.EndsWith('!') => "every field without ? is required: leave the ! out",
        _ when char.IsUpper(type[0]) => "to point at another record, declare its id: uuid",
        _ => null,
    };

    [GeneratedRegex(@"^(?:enum|one ?of|choice)\b|^[\w-]+(?:/[\w-]+)+$", RegexOptions.IgnoreCase)]
    private static partial Regex Choices();

    [GeneratedRegex(@"^(?:optional|nullable|maybe|option)\b|\b(?:optional|nullable|null)$", RegexOptions.IgnoreCase)]
    private static partial Regex Missing();

    [GeneratedRegex(@"^(?:list|array|set|collection|seq|vec)\b|^\[|\[\d+\]$|^[\w]+<", RegexOptions.IgnoreCase)]
    private static partial Regex List();

    [GeneratedRegex(@"//|#|--|/\*|\(")]
    private static partial Regex Note();

    [GeneratedRegex("^[A-Za-z0-9]+")]
    private static partial Regex FirstWord();
}
