using Npgsql;

namespace Grace.Engine.Playbooks;

/// <param name="All">Runs that were decided, and how many of them were proven good.</param>
/// <param name="First">The same, each pipeline counted once by its first: the sample of a trial.</param>
/// <param name="Undecided">Runs whose phase has not ended yet, or never will.</param>
/// <param name="Seconds">The mean of all runs.</param>
public sealed record VersionRate(string PlaybookId, int Version, PlaybookRate All, PlaybookRate First, long Undecided, double Seconds, DateTimeOffset LastAt);

/// <summary>Success of every version of every playbook, as the verification of its phases decided: one row each, read by key.</summary>
public sealed class PlaybookRates(NpgsqlDataSource database)
{
    const string Columns = "playbook_id, version, runs, decided, proven, first_decided, first_proven, seconds, last_at";

    public async Task<IReadOnlyDictionary<(string, int), PlaybookRate>> ReadAsync(string[] playbooks, CancellationToken cancel) =>
        (await RowsAsync("where playbook_id = any($1)", cancel, new NpgsqlParameter { Value = playbooks })).ToDictionary(r => (r.PlaybookId, r.Version), r => r.All);

    public Task<IReadOnlyList<VersionRate>> OfAsync(string playbookId, CancellationToken cancel) =>
        RowsAsync("where playbook_id = $1 order by version desc", cancel, new NpgsqlParameter { Value = playbookId });

    public Task<IReadOnlyList<VersionRate>> AllAsync(CancellationToken cancel) => RowsAsync("order by playbook_id, version desc", cancel);

    async Task<IReadOnlyList<VersionRate>> RowsAsync(string rest, CancellationToken cancel, params NpgsqlParameter[] given)
    {
        await using var command = database.CreateCommand($"select {Columns} from grace.playbook_rates {rest}");
        command.Parameters.AddRange(given);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<VersionRate> rows = [];
        while (await reader.ReadAsync(cancel))
        {
            var (runs, decided) = (reader.GetInt64(2), reader.GetInt64(3));
            rows.Add(new(
                reader.GetString(0), reader.GetInt32(1), new(decided, reader.GetInt64(4)), new(reader.GetInt64(5), reader.GetInt64(6)), runs - decided,
                runs == 0 ? 0 : reader.GetDouble(7) / runs, reader.GetFieldValue<DateTimeOffset>(8)));
        }
        return rows;
    }
}
