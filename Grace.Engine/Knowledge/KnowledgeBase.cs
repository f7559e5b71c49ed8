using Dapper;
using Grace.Engine.Hosting;
using Grace.Engine.Text;
using Npgsql;

namespace Grace.Engine.Knowledge;

/// <summary>
/// What Grace knows: the shipped handbook, the team's Markdown and what earlier pipelines made, cut into passages and
/// searched by words in PostgreSQL. It finds and quotes; it never summarises, so every finding can be checked.
/// </summary>
/// <param name="database">Its database has the tables of <c>Knowledge/Sql/knowledge.sql</c>.</param>
public sealed class KnowledgeBase(NpgsqlDataSource database, TimeProvider clock)
{
    private const int CommandSeconds = 15;

    /// <summary>
    /// Indexes the Markdown below a folder: new and changed files by their hash, and forgets files that are gone. A folder that is
    /// missing changes nothing, since an unmounted disk is no reason to forget; the report names it.
    /// </summary>
    public async Task<IndexReport> IndexFolderAsync(string folder, CancellationToken cancel = default)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!Directory.Exists(root)) return new IndexReport(0, 0, 0, 0, [new SkippedDocument(root, "The folder does not exist.")]);
        var skipped = new List<SkippedDocument>();
        return await IndexCollectionAsync($"folder:{root}", KnowledgeFolder.Read(root, skipped), skipped, cancel);
    }

    /// <summary>Indexes the handbook that ships with this version and forgets chapters that no longer ship.</summary>
    public Task<IndexReport> IndexHandbookAsync(CancellationToken cancel = default) =>
        IndexCollectionAsync(
            KnowledgeKind.Handbook,
            Handbook.Chapters().Select(chapter => new KnowledgeDocument(
                $"handbook:{chapter.Name}", KnowledgeKind.Handbook, KnowledgeKind.Handbook,
                Path.GetFileNameWithoutExtension(chapter.Name), $"handbook/{chapter.Name}", chapter.Text)),
            [],
            cancel);

    /// <summary>
    /// Indexes one artifact under its identity; indexing it again replaces it. Its first megabyte counts, and its block quotes do
    /// not.
    /// </summary>
    public async Task IndexArtifactAsync(
        string artifactId, string pipelineId, string type, string title, string text, CancellationToken cancel = default)
    {
        (artifactId, pipelineId, type) = (CleanText.Line(artifactId, 200), CleanText.Line(pipelineId, 200), CleanText.Line(type, 200));
        var document = new KnowledgeDocument(
            $"artifact:{artifactId}", KnowledgeKind.Artifact, $"artifact:{artifactId}", title,
            $"/api/agent-pipeline/pipelines/{Uri.EscapeDataString(pipelineId)}/artifacts/{Uri.EscapeDataString(artifactId)}",
            CleanText.Of(text, KnowledgeFolder.FileLimit), pipelineId, type);
        await PutAsync(document, keepTitle: true, cancel);
    }

    /// <summary>
    /// The passages that answer a question best: first those with all its words (web search syntax: quotes, or, -), then, while
    /// there is room, those with the words that tell passages apart. At most three of one document, so that one long text does not
    /// crowd out the rest. Any text is a valid question.
    /// </summary>
    /// <param name="limit">Between 1 and 50; outside it is brought to the nearest.</param>
    /// <param name="kinds">Of <see cref="KnowledgeKind"/>; null for all.</param>
    /// <param name="notPipeline">
    /// Who asks: left out is what this pipeline made itself, which is no evidence for its own work, and what others made about another repository.
    /// </param>
    public async Task<IReadOnlyList<KnowledgeFinding>> SearchAsync(
        string query, int limit = 8, IReadOnlyCollection<string>? kinds = null, string? notPipeline = null, CancellationToken cancel = default)
    {
        var question = new KnowledgeQuery(
            SearchWords.Bounded(query), SearchWords.Significant(query), Math.Clamp(limit, 1, 50), kinds?.ToArray(), notPipeline);
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await question.RunAsync(connection, CommandSeconds, cancel);
    }

    private async Task<IndexReport> IndexCollectionAsync(
        string collection, IEnumerable<KnowledgeDocument> documents, List<SkippedDocument> skipped, CancellationToken cancel)
    {
        var known = await KnownAsync(collection, cancel);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        int added = 0, changed = 0, unchanged = 0;
        foreach (var document in documents)
        {
            if (!seen.Add(document.SourceKey)) continue;
            if (!known.TryGetValue(document.SourceKey, out var before)) added++;
            else if (before.ContentHash == document.ContentHash && before.CutVersion == MarkdownPassages.Version)
            {
                unchanged++;
                continue;
            }
            else changed++;
            await PutAsync(document, keepTitle: false, cancel);
        }
        var gone = known.Keys.Where(key => !seen.Contains(key)).ToArray();
        if (gone.Length > 0) await ForgetAsync(collection, gone, cancel);
        return new IndexReport(added, changed, unchanged, gone.Length, skipped);
    }

    private async Task PutAsync(KnowledgeDocument document, bool keepTitle, CancellationToken cancel)
    {
        // What an artifact quotes is another document's word; indexed here too, it would be cited from the copy, and then from
        // the copy's copy.
        var (found, passages) = MarkdownPassages.Cut(
            document.Kind == KnowledgeKind.Artifact ? MarkdownPassages.WithoutQuotes(document.Text) : document.Text);
        var given = CleanText.Line(document.FallbackTitle, 200);
        var title = keepTitle || string.IsNullOrEmpty(found) ? given : found;

        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var documentId = await connection.ExecuteScalarAsync<long>(Command("document_put", new
        {
            document.SourceKey,
            document.Kind,
            document.Collection,
            title,
            document.Uri,
            document.ContentHash,
            cutVersion = MarkdownPassages.Version,
            passageCount = passages.Count,
            document.PipelineId,
            document.ArtifactType,
            now = clock.GetUtcNow(),
        }, transaction, cancel));
        await connection.ExecuteAsync(Command("passages_replace", new
        {
            documentId,
            title,
            headings = passages.Select(passage => passage.Heading).ToArray(),
            bodies = passages.Select(passage => passage.Body).ToArray(),
        }, transaction, cancel));
        await transaction.CommitAsync(cancel);
    }

    private async Task<Dictionary<string, Known>> KnownAsync(string collection, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var rows = await connection.QueryAsync<Known>(Command("document_known", new { collection }, null, cancel));
        return rows.ToDictionary(row => row.SourceKey, StringComparer.Ordinal);
    }

    private async Task ForgetAsync(string collection, string[] gone, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await connection.ExecuteAsync(Command("document_remove", new { collection, gone }, null, cancel));
    }

    private static CommandDefinition Command(string name, object arguments, NpgsqlTransaction? transaction, CancellationToken cancel) =>
        new(Resources.Read($"Knowledge/Sql/{name}.sql"), arguments, transaction, CommandSeconds, cancellationToken: cancel);

    private sealed record Known(string SourceKey, string ContentHash, int CutVersion);
}
