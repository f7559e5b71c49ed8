using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Dapper;
using Grace.Engine.Hosting;
using Grace.Engine.Text;
using Npgsql;

namespace Grace.Engine.Artifacts;

/// <summary>A row of a list of artifacts: no payload.</summary>
public sealed record ArtifactSummary
{
    public required string ArtifactId { get; init; }
    public required string PipelineId { get; init; }
    public required string ArtifactType { get; init; }
    public required string Phase { get; init; }
    public required int Attempt { get; init; }
    public required string ContentHash { get; init; }
    public required long Size { get; init; }
    public required DateTime CreatedAt { get; init; }
    public string? SupersededBy { get; init; }
    public string? Review { get; init; }
    public string? ReviewComment { get; init; }
    public string? ReviewedBy { get; init; }
    public DateTime? ReviewedAt { get; init; }
    public string? PlaybookId { get; init; }
    public int? PlaybookVersion { get; init; }

    /// <summary>Only of a search: how well it matches, comparable within that search, and where.</summary>
    public double? Rank { get; init; }
    public Excerpt? Excerpt { get; init; }

    [JsonIgnore] public long Position { get; init; }
    [JsonIgnore] public string? Headline { get; init; }
    [JsonIgnore] public string? Body { get; init; }
}

/// <param name="Review">accepted, questioned, or none.</param>
/// <param name="After">The cursor of the page before: of a search the number of those seen, otherwise the last one's position.</param>
public sealed record ArtifactFilter(
    string? Search = null, string? Type = null, string? Phase = null, string? Review = null, string? Pipeline = null, long After = 0, int Limit = 20);

public sealed record ArtifactPage(IReadOnlyList<ArtifactSummary> Artifacts, long? Next);

/// <summary>Reads of the artifacts' read side.</summary>
public sealed partial class ArtifactQueries(NpgsqlDataSource database)
{
    /// <summary>Matches of one search that are ranked and can be paged through: the newest.</summary>
    public const int MostFound = 1000;
    const int Seconds = 15;

    const string Columns = """
        id as ArtifactId, pipeline_id as PipelineId, type as ArtifactType, phase, attempt, content_hash as ContentHash, size,
        created_at as CreatedAt, superseded_by as SupersededBy, review, review_comment as ReviewComment, reviewed_by as ReviewedBy,
        reviewed_at as ReviewedAt, playbook_id as PlaybookId, playbook_version as PlaybookVersion, position
        """;

    public async Task<ArtifactSummary?> FindAsync(string artifactId, CancellationToken cancel = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await connection.QuerySingleOrDefaultAsync<ArtifactSummary>(
            new CommandDefinition($"select {Columns} from grace.artifacts where id = @artifactId", new { artifactId }, cancellationToken: cancel));
    }

    /// <summary>Of a search the best first, otherwise the newest.</summary>
    public async Task<ArtifactPage> ListAsync(ArtifactFilter filter, CancellationToken cancel = default)
    {
        var given = new DynamicParameters(new { filter.Type, filter.Phase, filter.Review, filter.Pipeline, limit = filter.Limit + 1 });
        var narrowed = Narrowed(filter);
        await using var connection = await database.OpenConnectionAsync(cancel);
        if (string.IsNullOrWhiteSpace(filter.Search))
        {
            given.Add("after", filter.After);
            var rows = await Query($"select {Columns} from grace.artifacts a where true{narrowed}{(filter.After > 0 ? " and position < @after" : "")} order by position desc limit @limit");
            return new([.. rows.Take(filter.Limit)], rows.Count > filter.Limit ? rows[filter.Limit - 1].Position : null);
        }
        var asked = SearchWords.Bounded(filter.Search);
        var words = Word().Matches(asked).Select(m => m.Value).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (words.Count == 0)
            return new([], null);
        given.Add("text", asked);
        given.Add("prefixes", string.Join(" & ", words.Select(w => w + ":*")));
        given.Add("most", MostFound);
        given.Add("skip", filter.After);
        var found = await Query(string.Format(
            System.Globalization.CultureInfo.InvariantCulture, Resources.Read("Artifacts/Sql/artifacts_search.sql"), Asked(asked), narrowed, Columns));
        var page = found.Take(filter.Limit).Select(a => a with
        {
            Excerpt = a.Body is null ? Excerpt.Marked(a.Headline!) : Excerpt.Around(a.Body, words), Headline = null, Body = null,
        });
        return new([.. page], found.Count > filter.Limit ? filter.After + filter.Limit : null);

        async Task<List<ArtifactSummary>> Query(string sql) =>
            (await connection.QueryAsync<ArtifactSummary>(new CommandDefinition(sql, given, commandTimeout: Seconds, cancellationToken: cancel))).AsList();
    }

    /// <summary>As in a web search (quotes, or, -); words alone also find names that begin with them.</summary>
    static string Asked(string text) => text.Contains('"') || text.Contains(" -", StringComparison.Ordinal) || text.StartsWith('-') || text.Contains(" or ", StringComparison.OrdinalIgnoreCase)
        ? "websearch_to_tsquery('english', @text) || websearch_to_tsquery('simple', @text)"
        : "websearch_to_tsquery('english', @text) || to_tsquery('simple', @prefixes)";

    /// <summary>Only what is asked for, so that the planner sees which index serves it.</summary>
    static string Narrowed(ArtifactFilter filter) =>
        (filter.Type is null ? "" : " and a.type = @Type")
        + (filter.Phase is null ? "" : " and a.phase = @Phase")
        + (filter.Pipeline is null ? "" : " and a.pipeline_id = @Pipeline")
        + filter.Review switch { null => "", "none" => " and a.review is null", _ => " and a.review = @Review" };

    [GeneratedRegex(@"[\p{L}\p{N}\p{M}]+")]
    private static partial Regex Word();
}
