using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine.Workspaces;
using Marten;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Grace.Engine.Artifacts;

/// <summary>Keeps the artifacts' read side up to date with the log, many at a time.</summary>
public sealed class ArtifactUpkeep(EventLog log, NpgsqlDataSource database, ArtifactShelf shelf, ILogger<ArtifactUpkeep> logger) : LogFollower(log)
{
    public const string Name = "artifacts";
    const string OfPipeline = "agent.artifact.created";

    public static IEnumerable<Type> Wanted => [typeof(PipelineEvent.ArtifactCreated), .. ArtifactEvents.WireNames.Select(e => e.Type)];

    protected override async Task TakeAsync(IReadOnlyList<Recorded> events, IDocumentOperations operations, CancellationToken cancel)
    {
        var told = events.Select(e => (Event: e, Told: Read(e))).ToList();
        var known = await KnownAsync([.. told.Where(t => t.Told.Change is ArtifactEvent.Created).Select(t => t.Told.Id)], cancel);
        List<string> hashes = [];
        foreach (var (_, (id, change)) in told)
            if (change is ArtifactEvent.Created made && known.Add(id))
                hashes.Add(made.ContentHash);
        var texts = await TextsAsync(told.Select(t => t.Told.Change).OfType<ArtifactEvent.Created>().Where(c => hashes.Contains(c.ContentHash)), cancel);
        foreach (var (e, (id, change)) in told)
            foreach (var command in Commands(e, id, change, texts))
                operations.QueueOperation(new SilentStatement(command));
    }

    static (string Id, ArtifactEvent Change) Read(Recorded e)
    {
        if (e.Type != OfPipeline)
            return (e.StreamId, ArtifactEvents.Read(e.Type, e.Data));
        var made = (PipelineEvent.ArtifactCreated)PipelineEvents.Read(e.Type, e.Data);
        return (made.ArtifactId, new ArtifactEvent.Created(
            made.PipelineId, made.ArtifactType, made.Phase, made.Attempt, made.ContentHash, made.Size, made.MediaType, made.Metadata, made.Provenance));
    }

    static IEnumerable<NpgsqlBatchCommand> Commands(Recorded e, string id, ArtifactEvent change, Dictionary<string, ArtifactText> texts)
    {
        var version = e.Type == OfPipeline ? 0 : e.Version;
        switch (change)
        {
            case ArtifactEvent.Created made:
                var text = texts.GetValueOrDefault(made.ContentHash) ?? new("", "", "");
                var playbook = (made.Provenance["playbooks"] as JsonArray)?.LastOrDefault();
                yield return Command(Resources.Read("Artifacts/Sql/artifact_put.sql"),
                    id, e.Position, version, made.PipelineId, made.Phase.Name(), made.ArtifactType, made.Attempt, made.ContentHash, made.Size,
                    (made.Since ?? e.At).ToUniversalTime(), Text(playbook?["id"]?.ToString()),
                    new NpgsqlParameter { Value = (object?)playbook?["version"]?.GetValue<int>() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer },
                    text.Body, text.NameWords, text.Prose, text.CodeWords);
                if (e.Type == OfPipeline)
                    yield return Command(Resources.Read("Artifacts/Sql/artifact_give_way.sql"), id, made.PipelineId, made.Phase.Name(), made.ArtifactType, e.Position);
                break;
            case ArtifactEvent.Superseded gone:
                yield return Command("update grace.artifacts set superseded_by = $2, version = greatest(version, $3) where id = $1", id, gone.SupersededBy, version);
                break;
            case ArtifactEvent.Reviewed said:
                // Another node may be further on: an older word does not take a newer one's place.
                yield return Command(
                    "update grace.artifacts set review = $2, review_comment = $3, reviewed_by = $4, reviewed_at = $5, version = $6 where id = $1 and version < $6",
                    id, said.Verdict.ToString().ToLowerInvariant(), Text(said.Comment), said.By, e.At.ToUniversalTime(), version);
                break;
            default:
                throw new NotSupportedException($"The artifacts' read side does not know {change.GetType().Name}.");
        }
    }

    /// <summary>By content hash; what cannot be read is left out, told, and found by its names only.</summary>
    async Task<Dictionary<string, ArtifactText>> TextsAsync(IEnumerable<ArtifactEvent.Created> made, CancellationToken cancel)
    {
        Dictionary<string, ArtifactText> texts = [];
        foreach (var one in made)
        {
            if (texts.ContainsKey(one.ContentHash))
                continue;
            texts[one.ContentHash] = new(one.ArtifactType, "", "");
            try
            {
                var bytes = await shelf.ReadAsync(one.ContentHash, cancel);
                var content = one.MediaType == "application/json" ? JsonNode.Parse(bytes) : JsonValue.Create(Encoding.UTF8.GetString(bytes));
                texts[one.ContentHash] = ArtifactText.Of(one.ArtifactType, content, await SourceAsync(one, content, cancel));
            }
            catch (Exception broken) when (broken is InvalidDataException or KeyNotFoundException or JsonException or GitFailedException)
            {
                logger.LogError("The {Type} {Hash} cannot be searched: {Error}", one.ArtifactType, one.ContentHash, broken.Message);
            }
        }
        return texts;
    }

    /// <summary>The files that the artifact changed, where its own diff is cut short.</summary>
    async Task<string?> SourceAsync(ArtifactEvent.Created made, JsonNode? content, CancellationToken cancel)
    {
        if (content is not JsonObject code || code["diff_cut"]?.GetValueKind() != JsonValueKind.True
            || made.Metadata["bundle"]?.GetValue<string>() is not { } bundle || code["commit"]?.GetValue<string>() is not { } commit)
            return null;
        using var commits = await CommitStore.OfBundlesAsync([await shelf.ReadAsync(bundle, cancel)], cancel);
        return await commits.TextAsync(commit, [.. ((JsonArray)code["files"]!).Select(f => f!["path"]!.GetValue<string>())], cancel);
    }

    async Task<HashSet<string>> KnownAsync(string[] ids, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select id from grace.artifacts where id = any($1)");
        command.Parameters.Add(new() { Value = ids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        HashSet<string> known = [];
        while (await reader.ReadAsync(cancel))
            known.Add(reader.GetString(0));
        return known;
    }

    static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar };

    static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(value as NpgsqlParameter ?? new() { Value = value });
        return command;
    }
}
