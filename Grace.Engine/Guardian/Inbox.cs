using System.Text.Json.Nodes;
using Dapper;
using Npgsql;

namespace Grace.Engine.Guardian;

/// <summary>One thing that waits for a person.</summary>
/// <param name="Version">What the decision is made on; pass it back as expected_version.</param>
/// <param name="Item">kind (approval, escalation, pause), phase, reason, evidence, actions; for an approval its id and tree.</param>
public sealed record Waiting(string PipelineId, string Task, string RequestedBy, long Version, DateTimeOffset Since, JsonObject Item);

/// <summary>What waits for a person's decision, oldest first: one look at one index.</summary>
public sealed class Inbox(NpgsqlDataSource database)
{
    public const int Most = 200;

    public async Task<IReadOnlyList<Waiting>> ReadAsync(CancellationToken cancel = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var rows = await connection.QueryAsync<(string Id, string Task, string By, long Version, DateTime Since, string Item)>(new CommandDefinition("""
            select id, task, requested_by, version, coalesce(waiting_since, updated_at), waiting::text
            from grace.pipelines where waiting is not null order by waiting_since, number limit @Most
            """, new { Most }, cancellationToken: cancel));
        return [.. rows.Select(r => new Waiting(r.Id, r.Task, r.By, r.Version, new(DateTime.SpecifyKind(r.Since, DateTimeKind.Utc)), (JsonObject)JsonNode.Parse(r.Item)!))];
    }
}
