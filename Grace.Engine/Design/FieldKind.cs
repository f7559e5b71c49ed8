using System.Text.Json.Nodes;

namespace Grace.Engine.Design;

/// <summary>
/// All that the design knows of one field type, in one row: how a task may spell it, how it is stored and
/// described, and values that are right, different and wrong.
/// </summary>
/// <param name="MaxLength">The limit unless the task gives one, as in <c>string(80)</c>; null: the type has none.</param>
/// <param name="Rule">What a value has to be, as the end of "… has to be".</param>
internal sealed record FieldKind(
    FieldType Type,
    string[] Spellings,
    string SqlType,
    int? MaxLength,
    string JsonType,
    string? JsonFormat,
    string Sample,
    string Changed,
    string Wrong,
    string Rule)
{
    public const int MaxItems = 100;

    private static readonly FieldKind[] All =
    [
        new(FieldType.String, ["string"], "TEXT", 500, "string", null, "\"First\"", "\"Second\"", "42", "text"),
        new(FieldType.Text, ["text"], "TEXT", 10_000, "string", null, "\"First text\"", "\"Second text\"", "42", "text"),
        new(FieldType.Integer, ["int", "integer"], "INTEGER", null, "integer", "int32", "7", "8", "\"seven\"", "a whole number of 32 bits"),
        new(FieldType.Long, ["long"], "INTEGER", null, "integer", "int64", "7000000000", "8000000000", "7.5", "a whole number of 64 bits"),
        // TEXT keeps a decimal exact; SQLite's REAL would turn 19.95 into its nearest binary neighbour.
        new(FieldType.Number, ["number", "decimal", "float"], "TEXT", null, "number", null, "19.95", "20.5", "\"a lot\"", "a number"),
        new(FieldType.Boolean, ["bool", "boolean"], "INTEGER", null, "boolean", null, "true", "false", "\"yes\"", "true or false"),
        new(FieldType.Date, ["date"], "TEXT", null, "string", "date", "\"2026-01-15\"", "\"2026-02-16\"", "\"2026-02-30\"", "a date, as in 2026-01-31"),
        new(FieldType.Datetime, ["datetime"], "TEXT", null, "string", "date-time", "\"2026-01-15T09:30:00+00:00\"", "\"2026-02-16T10:45:30+00:00\"", "\"2026-01-15T09:30:00\"", "a date and time with its offset, as in 2026-01-31T09:30:00Z"),
        new(FieldType.Uri, ["uri", "url"], "TEXT", 2_048, "string", "uri", "\"https://example.com/first\"", "\"https://example.com/second\"", "\"not a uri\"", "an absolute http or https address"),
        new(FieldType.Email, ["email"], "TEXT", 254, "string", "email", "\"first@example.com\"", "\"second@example.com\"", "\"nobody\"", "an e-mail address"),
        new(FieldType.Uuid, ["uuid"], "TEXT", null, "string", "uuid", "\"6f1c9f4e-3a52-4c1b-9d7e-2f6b8a0c1d3e\"", "\"0b8f2c6a-7d14-4e93-a5b0-91c3d7e4f268\"", "\"123\"", "a UUID"),
        new(FieldType.Choice, [], "TEXT", null, "string", null, "", "", "", "one of the declared choices"),
    ];

    /// <summary>For messages: every spelling a task may use.</summary>
    public static string Allowed { get; } =
        string.Join(", ", All.SelectMany(k => k.Spellings))
        + "; any of these with [] for a list; choices, as in open|done; a trailing ? for optional";

    public static IEnumerable<string> EverySpelling => All.SelectMany(k => k.Spellings);

    public static FieldKind Of(FieldType type) => All.Single(k => k.Type == type);

    public static FieldKind? Spelled(string spelling) =>
        All.FirstOrDefault(k => k.Spellings.Contains(spelling.ToLowerInvariant()));

    public static JsonNode SampleOf(FieldDesign field) =>
        field.IsArray ? new JsonArray(One(field, changed: false), One(field, changed: true)) : One(field, changed: false);

    public static JsonNode ChangedOf(FieldDesign field) =>
        field.IsArray ? new JsonArray(One(field, changed: true)) : One(field, changed: true);

    public static JsonNode WrongOf(FieldDesign field) => field.IsArray ? new JsonArray(WrongOne(field)) : WrongOne(field);

    private static JsonNode One(FieldDesign field, bool changed)
    {
        if (field.Type == FieldType.Choice) return (changed ? field.Choices![^1] : field.Choices![0]);
        var kind = Of(field.Type);
        var sample = JsonNode.Parse(changed ? kind.Changed : kind.Sample)!;
        var plainText = field.Type is FieldType.String or FieldType.Text;
        return plainText && sample.GetValue<string>() is var text && text.Length > field.MaxLength
            ? text[..field.MaxLength.Value]
            : sample;
    }

    private static JsonNode WrongOne(FieldDesign field) => field.Type == FieldType.Choice
        ? string.Join('_', field.Choices!)
        : JsonNode.Parse(Of(field.Type).Wrong)!;
}
