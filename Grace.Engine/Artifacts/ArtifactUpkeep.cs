using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Hosting;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine.Workspaces;
using Marten;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Grace.Engine.Artifacts;

/// <summary>Keeps the artifacts' read side up to date with the log, many at a time.</summary>
public sealed class ArtifactUpkeep(EventLog log, ContentShelf shelf, ILogger<ArtifactUpkeep> logger) : LogFollower(log)
{
    public const string Name = "artifacts";
    const int Small = 64 * 1024;

    public static IEnumerable<Type> Wanted => ArtifactEvents.WireNames.Select(e => e.Type);

    protected override async Task TakeAsync(IReadOnlyList<Recorded> events, IDocumentOperations operations, CancellationToken cancel)
    {
        var told = events.Select(e => (Event: e, Change: ArtifactEvents.Read(e.Type, e.Data))).ToList();
        var texts = await TextsAsync(told.Select(t => t.Change).OfType<ArtifactEvent.Created>(), cancel);
        foreach (var (e, change) in told)
            operations.QueueOperation(new SilentStatement(Statement(e, change, texts)));
    }

    static NpgsqlBatchCommand Statement(Recorded e, ArtifactEvent change, Dictionary<string, ArtifactText> texts)
    {
        var (id, version) = (e.StreamId, e.Version);
        switch (change)
        {
            case ArtifactEvent.Created made:
                var text = texts.GetValueOrDefault(made.ContentHash) ?? new("", "", "");
                var playbook = (made.Provenance["playbooks"] as JsonArray)?.LastOrDefault();
                return Command(Resources.Read("Artifacts/Sql/artifact_put.sql"),
                    id, e.Position, version, made.PipelineId, made.Phase.Name(), made.ArtifactType, made.Attempt, made.ContentHash, made.Size,
                    e.At.ToUniversalTime(), Text(playbook?["id"]?.ToString()),
                    new NpgsqlParameter { Value = (object?)playbook?["version"]?.GetValue<int>() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer },
                    text.Body, text.NameWords, text.Prose, text.CodeWords);
            case ArtifactEvent.Superseded gone:
                return Command("update grace.artifacts set superseded_by = $2, version = greatest(version, $3) where id = $1", id, gone.SupersededBy, version);
            case ArtifactEvent.Reviewed said:
                // Another node may be further on: an older word does not take a newer one's place.
                return Command(
                    "update grace.artifacts set review = $2, review_comment = $3, reviewed_by = $4, reviewed_at = $5, version = $6 where id = $1 and version < $6",
                    id, said.Verdict.ToString().ToLowerInvariant(), Text(said.Comment), said.By, e.At.ToUniversalTime(), version);
            default:
                throw new NotSupportedException($"The artifacts' read side does not know {change.GetType().Name}.");
        }
    }

    /// <summary>By content hash; what cannot be read is left out, told, and found by its names only.</summary>
    async Task<Dictionary<string, ArtifactText>> TextsAsync(IEnumerable<ArtifactEvent.Created> made, CancellationToken cancel)
    {
        Dictionary<string, ArtifactText> texts = [];
        var all = made.ToList();
        var small = await SmallAsync(all, cancel);
        foreach (var one in all)
        {
            if (texts.ContainsKey(one.ContentHash))
                continue;
            texts[one.ContentHash] = new(one.ArtifactType, "", "");
            try
            {
                var bytes = small.GetValueOrDefault(one.ContentHash) ?? await shelf.ReadAsync(one.ContentHash, cancel);
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

    /// <summary>What is small is read together, and one by one, as what is large, where any of it is broken.</summary>
    async Task<Dictionary<string, byte[]>> SmallAsync(List<ArtifactEvent.Created> made, CancellationToken cancel)
    {
        try
        {
            return await shelf.ReadManyAsync([.. made.Where(one => one.Size <= Small).Select(one => one.ContentHash).Distinct()], cancel);
        }
        catch (InvalidDataException)
        {
            return [];
        }
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

    static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar };

    static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(value as NpgsqlParameter ?? new() { Value = value });
        return command;
    }
}
