using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Grace.Engine.Design;

/// <summary>
/// What is to be built, precisely enough to build it: the <c>design_spec</c> artifact. It goes through JSON
/// (snake_case) unchanged, since the implement phase reads it back from the shelf.
/// </summary>
/// <param name="Name">kebab-case, e.g. <c>bookmark-service</c>.</param>
/// <param name="PascalName">The same in PascalCase, e.g. <c>BookmarkService</c>.</param>
/// <param name="Summary">The task on one line.</param>
/// <param name="Assumptions">What the task left open and how it was settled; never empty guesses made in silence.</param>
/// <param name="Constraints">What the caller's context asked for, one "key: value" each.</param>
/// <param name="Findings">What research found, one line each.</param>
/// <param name="OpenApi">OpenAPI 3.1 document; the generated service serves this very document.</param>
/// <param name="DatabaseSchema">SQLite statements that may run on every start.</param>
/// <param name="Diagram">Mermaid flowchart.</param>
public sealed record ServiceDesign(
    string Name,
    string PascalName,
    string Summary,
    IReadOnlyList<ResourceDesign> Resources,
    IReadOnlyList<string> Assumptions,
    IReadOnlyList<string> Constraints,
    IReadOnlyList<string> Findings,
    IReadOnlyList<AcceptanceCriterion> AcceptanceCriteria,
    JsonObject OpenApi,
    string DatabaseSchema,
    string Diagram)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this, Json)!.AsObject();

    /// <exception cref="JsonException">The node is not a design; the message says where.</exception>
    public static ServiceDesign FromJson(JsonNode node) =>
        node.Deserialize<ServiceDesign>(Json) ?? throw new JsonException("A design is a JSON object, not null.");
}

/// <param name="Name">PascalCase, singular as declared.</param>
/// <param name="PluralRoute">kebab-case, without a slash, e.g. <c>bookmarks</c>.</param>
/// <param name="Example">A body that a create accepts, every field filled.</param>
/// <param name="ChangedExample">Another one, differing from <paramref name="Example"/> in each field.</param>
public sealed record ResourceDesign(
    string Name,
    string PluralRoute,
    IReadOnlyList<FieldDesign> Fields,
    JsonObject Example,
    JsonObject ChangedExample);

/// <param name="Name">Exactly as declared: it is the JSON name and the column.</param>
/// <param name="IsArray">Whether the field is a list of <paramref name="Type"/>.</param>
/// <param name="MaxLength">In Unicode characters, for each item where it is a list; null where the type has its own bounds.</param>
/// <param name="MaxItems">Only for lists.</param>
/// <param name="Choices">Only for <see cref="FieldType.Choice"/>.</param>
public sealed record FieldDesign(
    string Name,
    FieldType Type,
    bool IsArray,
    bool Required,
    int? MaxLength = null,
    int? MaxItems = null,
    IReadOnlyList<string>? Choices = null);

public enum FieldType { String, Text, Integer, Long, Number, Boolean, Date, Datetime, Uri, Email, Uuid, Choice }

/// <summary>One checkable promise, and all that a generated test needs to check it.</summary>
/// <param name="Id">AC-01 and on, in order.</param>
/// <param name="Check">What kind of test proves it; templates choose by this word.</param>
/// <param name="Resource">The resource's name, or null for a promise of the whole service.</param>
/// <param name="Body">The request body to send, where the check sends one.</param>
/// <param name="Status">The HTTP status that is to come back.</param>
public sealed record AcceptanceCriterion(
    string Id,
    string Text,
    string Check,
    int Status,
    string? Resource = null,
    string? Field = null,
    JsonObject? Body = null);
