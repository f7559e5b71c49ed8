using System.Text.Json.Nodes;
using Npgsql;

namespace Grace.Engine.Learning;

/// <param name="Context">What the next attempt is told; null where the fix needs nothing.</param>
public sealed record Lesson(string MissionId, string Says, string Fix, JsonObject? Context);

/// <summary>What was learnt and approved, as recovery asks for it: a failure is looked up by its cluster, on an index.</summary>
public sealed class Lessons(NpgsqlDataSource database)
{
    /// <summary>The cluster that a failure belongs to, if it was seen before, and what is known to mend it.</summary>
    public async Task<(Cluster? Cluster, IReadOnlyList<Lesson> Lessons)> ForAsync(string failure, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var signature = FailureSignature.Of(failure);
        if (Triage.Match(signature, await LearningBook.Candidates(connection, signature, cancel)) is not { } cluster)
            return (null, []);
        await using var command = new NpgsqlCommand(LearningSql.Lessons, connection) { Parameters = { new() { Value = cluster.Id } } };
        return (cluster, await ReadAsync(command, cancel));
    }

    public async Task<Lesson?> FindAsync(string missionId, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select mission_id, lesson, fix, context::text from grace.lessons where mission_id = $1");
        command.Parameters.Add(new() { Value = missionId });
        return (await ReadAsync(command, cancel)).FirstOrDefault();
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
