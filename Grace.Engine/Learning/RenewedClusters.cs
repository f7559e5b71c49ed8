using System.Text.Json;
using Grace.Engine.Failures;
using Grace.Engine.Log;
using Npgsql;

namespace Grace.Engine.Learning;

/// <summary>
/// Clusters that earlier rules founded, known by the rules of now: their signature is taken anew from their sample. A cluster keeps its
/// id, because missions and lessons name it.
/// </summary>
static class RenewedClusters
{
    const string Outdated = "select body::text from grace.failure_clusters where coalesce((body->'signature'->>'rules')::int, 0) < $1 order by id";
    const string Put = "update grace.failure_clusters set title = $2, buckets = $3, body = $4::jsonb where id = $1";

    public static Cluster Of(Cluster cluster) => cluster with
    {
        Signature = FailureSignature.Of(cluster.Sample, cluster.Tools.FirstOrDefault()?.Name, null, []).Alone(cluster.Id),
    };

    /// <returns>How many there were.</returns>
    public static async Task<int> RenewAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        List<Cluster> renewed = [];
        await using (var command = database.CreateCommand(Outdated))
        {
            command.Parameters.Add(new() { Value = FailureSignature.CurrentRules });
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
                renewed.Add(Of(JsonSerializer.Deserialize<Cluster>(reader.GetString(0), Wire.Json)!));
        }
        foreach (var some in renewed.Chunk(200))
        {
            await using var batch = database.CreateBatch();
            foreach (var cluster in some)
                batch.BatchCommands.Add(LearningSql.Of(Put, cluster.Id, cluster.Signature.Title, cluster.Signature.Keys.ToArray(), JsonSerializer.Serialize(cluster, Wire.Json)));
            await batch.ExecuteNonQueryAsync(cancel);
        }
        return renewed.Count;
    }
}
