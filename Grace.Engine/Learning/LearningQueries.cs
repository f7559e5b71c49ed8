using System.Text.Json.Nodes;
using Npgsql;

namespace Grace.Engine.Learning;

/// <param name="Number">Of clusters: newest failure first.</param>
public sealed record ClusterRow(string Id, string Title, long Count, long Pipelines, DateTimeOffset FirstAt, DateTimeOffset LastAt, JsonObject Body);

/// <summary>What the learning pages and the API read: clusters and missions, newest first.</summary>
public sealed class LearningQueries(NpgsqlDataSource database)
{
    public async Task<IReadOnlyList<ClusterRow>> ClustersAsync(int limit, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select id, title, count, pipelines, first_at, last_at, body::text from grace.failure_clusters order by last_at desc, id limit $1");
        command.Parameters.Add(new() { Value = (long)limit });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<ClusterRow> rows = [];
        while (await reader.ReadAsync(cancel))
            rows.Add(new(
                reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetFieldValue<DateTimeOffset>(4), reader.GetFieldValue<DateTimeOffset>(5),
                JsonNode.Parse(reader.GetString(6))!.AsObject()));
        return rows;
    }

    /// <summary>The ids of missions, newest first.</summary>
    public async Task<IReadOnlyList<string>> MissionsAsync(int limit, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select id from grace.missions order by launched_at desc, id limit $1");
        command.Parameters.Add(new() { Value = (long)limit });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<string> ids = [];
        while (await reader.ReadAsync(cancel))
            ids.Add(reader.GetString(0));
        return ids;
    }

    public async Task<long> ClusterCountAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select count(*) from grace.failure_clusters");
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }
}
