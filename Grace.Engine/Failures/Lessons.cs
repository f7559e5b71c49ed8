using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Log;
using Npgsql;

namespace Grace.Engine.Failures;

/// <param name="Context">What the next attempt is told; null where the fix needs nothing.</param>
public sealed record Lesson(string MissionId, string Says, string Fix, JsonObject? Context);

/// <summary>What was learnt and approved, as recovery asks for it: a failure is looked up by its cluster, on an index.</summary>
public sealed class Lessons(NpgsqlDataSource database)
{
    const string Likest = """
        select body::text from grace.failure_clusters c where c.buckets && $1::varchar[]
        order by cardinality(array(select unnest(c.buckets) intersect select unnest($1::varchar[]))) desc, c.id limit $2
        """;

    /// <summary>The cluster that a failure belongs to, if it was seen before, and what is known to mend it.</summary>
    /// <param name="tests">The failed tests, where there is a report.</param>
    public async Task<(Cluster? Cluster, IReadOnlyList<Lesson> Lessons)> ForAsync(string failure, IReadOnlyList<string> tests, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var signature = FailureSignature.Of(failure, null, null, tests);
        if (Triage.Match(signature, await CandidatesAsync(connection, signature, cancel)) is not { } cluster)
            return (null, []);
        await using var command = new NpgsqlCommand("select mission_id, lesson, fix, context::text from grace.lessons where cluster_id = $1 order by mission_id desc", connection) { Parameters = { new() { Value = cluster.Id } } };
        return (cluster, await ReadAsync(command, cancel));
    }

    public async Task<Lesson?> FindAsync(string missionId, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select mission_id, lesson, fix, context::text from grace.lessons where mission_id = $1");
        command.Parameters.Add(new() { Value = missionId });
        return (await ReadAsync(command, cancel)).FirstOrDefault();
    }

    /// <summary>The clusters that a failure may belong to: those that share most of its keys.</summary>
    public static async Task<IReadOnlyList<Cluster>> CandidatesAsync(NpgsqlConnection connection, FailureSignature signature, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(Likest, connection);
        command.Parameters.Add(new() { Value = signature.Keys.ToArray() });
        command.Parameters.Add(new() { Value = (long)Triage.MostCandidates });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<Cluster> found = [];
        while (await reader.ReadAsync(cancel))
            found.Add(JsonSerializer.Deserialize<Cluster>(reader.GetString(0), Wire.Json)!);
        return found;
    }

    static async Task<List<Lesson>> ReadAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<Lesson> lessons = [];
        while (await reader.ReadAsync(cancel))
            lessons.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.IsDBNull(3) ? null : JsonNode.Parse(reader.GetString(3)) as JsonObject));
        return lessons;
    }
}
